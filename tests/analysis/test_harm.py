from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.harm import comparable_sets, harm_counts, harm_totals, joint_share

NAN = float("nan")


def drawn(seed: int, areas: int = 6, kinds: int = 5, sets: int = 3):
    """Counts, and ranges of weights of which some are one number and some are missing."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(1, 20, (areas, kinds)))
    low = np.exp(rng.uniform(0, 8, (sets, kinds)))
    high = low * np.where(rng.random((sets, kinds)) < 0.5, 1, np.exp(rng.uniform(0, 3, low.shape)))
    gone = rng.random(kinds) < 0.2
    low[0, gone] = high[0, gone] = np.nan
    return counts, low, high


def corners(low: np.ndarray, high: np.ndarray):
    return product(*[sorted({lo, hi}) for lo, hi in zip(low, high, strict=True)])


def test_two_areas_by_hand() -> None:
    """100 thefts and 1 robbery beside 50 and 4, weights 1 and 20: 120 and 130 of 250."""
    found = harm_counts([[100, 1], [50, 4]], [[1, 20]])
    assert found.total.tolist() == [[120, 130]]
    assert found.share.tolist() == [[120 / 250, 130 / 250]]
    assert found.rank_best.tolist() == found.rank_worst.tolist() == [[2, 1]]
    assert found.kind_share.tolist() == [[150 / 250, 100 / 250]]
    assert found.effective_count[0, 0] == pytest.approx(120**2 / (100 + 400))
    assert found.available
    assert not found.reason


@pytest.mark.parametrize("seed", range(12))
def test_bounds_of_shares_are_those_of_all_corners(seed: int) -> None:
    """Every combination of ends of the ranges, one by one."""
    counts, low, high = drawn(seed)
    found = harm_counts(counts, low, weights_upper=high, minimum_coverage=0)
    used = np.isfinite(low).all(axis=0)
    for s in range(len(low)):
        areas, kinds = [], []
        for weights in corners(low[s, used], high[s, used]):
            total = counts[:, used] @ np.array(weights)
            areas.append(total / total.sum())
            of_kind = counts[:, used].sum(axis=0) * np.array(weights)
            kinds.append(of_kind / of_kind.sum())
        np.testing.assert_allclose(found.share_lower[s], np.min(areas, axis=0), rtol=1e-12)
        np.testing.assert_allclose(found.share_upper[s], np.max(areas, axis=0), rtol=1e-12)
        np.testing.assert_allclose(
            found.kind_share_lower[s, used], np.min(kinds, axis=0), rtol=1e-12
        )
        np.testing.assert_allclose(
            found.kind_share_upper[s, used], np.max(kinds, axis=0), rtol=1e-12
        )
        assert np.isnan(found.kind_share[s, ~used]).all()


@pytest.mark.parametrize("seed", range(8))
def test_ranks_hold_all_ranks_of_all_corners(seed: int) -> None:
    counts, low, high = drawn(seed)
    found = harm_counts(counts, low, weights_upper=high, minimum_coverage=0)
    used = np.isfinite(low).all(axis=0)
    for s in range(len(low)):
        ranks = []
        for weights in corners(low[s, used], high[s, used]):
            total = counts[:, used] @ np.array(weights)
            ranks.append([1 + int((total > mine).sum()) for mine in total])
        assert (found.rank_best[s] <= np.min(ranks, axis=0)).all()
        assert (found.rank_worst[s] >= np.max(ranks, axis=0)).all()
        assert (found.rank_best[s] <= found.rank_worst[s]).all()


@pytest.mark.parametrize("seed", range(6))
def test_bounds_of_a_joint_share_are_those_of_all_corners(seed: int) -> None:
    counts, low, high = drawn(seed)
    whole, used = counts.sum(axis=0), np.isfinite(low).all(axis=0)
    group = np.arange(5) < 2
    lower, upper = joint_share(whole, low, group, weights_upper=high)
    for s in range(len(low)):
        shares = []
        for weights in corners(low[s, used], high[s, used]):
            harm = whole[used] * np.array(weights)
            shares.append(harm[group[used]].sum() / harm.sum())
        assert lower[s] == pytest.approx(min(shares), rel=1e-12)
        assert upper[s] == pytest.approx(max(shares), rel=1e-12)


def test_a_group_needs_an_entry_for_each_kind() -> None:
    with pytest.raises(ValueError, match="group must have 2 entries"):
        joint_share([1, 2], [[1, 2]], [True])


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3))
def test_the_unit_of_a_set_changes_no_share(seed: int, scale: float) -> None:
    counts, low, high = drawn(seed)
    first = harm_counts(counts, low, weights_upper=high, minimum_coverage=0)
    second = harm_counts(counts, scale * low, weights_upper=scale * high, minimum_coverage=0)
    np.testing.assert_allclose(first.share_lower, second.share_lower, rtol=1e-9)
    np.testing.assert_allclose(first.share_upper, second.share_upper, rtol=1e-9)
    np.testing.assert_allclose(first.effective_count, second.effective_count, rtol=1e-9)


@given(seed=st.integers(0, 10_000))
def test_the_order_of_areas_and_kinds_changes_nothing(seed: int) -> None:
    counts, low, high = drawn(seed)
    rng = np.random.default_rng(seed)
    a, k = rng.permutation(counts.shape[0]), rng.permutation(counts.shape[1])
    before = [item.copy() for item in (counts, low, high)]
    first = harm_counts(counts, low, weights_upper=high, minimum_coverage=0)
    second = harm_counts(counts[a][:, k], low[:, k], weights_upper=high[:, k], minimum_coverage=0)
    np.testing.assert_allclose(first.share[:, a], second.share, rtol=1e-9)
    np.testing.assert_allclose(first.share_lower[:, a], second.share_lower, rtol=1e-9)
    assert (first.rank_worst[:, a] == second.rank_worst).all()
    assert (first.used[k] == second.used).all()
    for item, copy in zip((counts, low, high), before, strict=True):
        np.testing.assert_array_equal(item, copy)


@given(seed=st.integers(0, 10_000))
def test_shares_lie_in_their_bounds_and_add_up(seed: int) -> None:
    counts, low, high = drawn(seed)
    found = harm_counts(counts, low, weights_upper=high, minimum_coverage=0)
    known = np.isfinite(found.share)
    assert (found.share_lower[known] <= found.share[known] + 1e-12).all()
    assert (found.share_upper[known] >= found.share[known] - 1e-12).all()
    for row in found.share[known.all(axis=1)]:
        assert row.sum() == pytest.approx(1)
    assert (found.rank_best <= found.rank_worst).all()


def test_a_missing_weight_is_not_a_weight_of_zero() -> None:
    """The second kind has no weight in one set, so no set counts it; nobody gets 0 for it."""
    found = harm_counts([[10, 90], [20, 0]], [[1, 5], [1, NAN]], minimum_coverage=0)
    assert found.used.tolist() == [True, False]
    assert found.share.tolist() == [[10 / 30, 20 / 30]] * 2
    assert found.share_used == 30 / 120
    assert found.covered.tolist() == [1, 30 / 120]
    assert found.weight_left_out.tolist() == [450 / 480, 0]


def test_too_little_covered_is_said() -> None:
    found = harm_counts([[10, 90], [20, 0]], [[1, 5], [1, NAN]])
    assert not found.available
    assert found.reason == ("kinds that all sets weight hold 25 % of the events; 60 % are needed")
    assert harm_counts([[0, 0]], [[1, 2]]).reason == "there are no events"


def test_switching_the_set_shows_a_range() -> None:
    found = harm_counts([[100, 1], [50, 4]], [[1, 20], [1, 100]])
    least, most = found.share_range()
    assert least.tolist() == [200 / 650, 130 / 250]
    assert most.tolist() == [120 / 250, 450 / 650]
    assert [item.tolist() for item in found.rank_range()] == [[2, 1], [2, 1]]
    assert found.first_kinds() == ((0,), (1,))


def test_the_first_kind_under_a_range_may_be_two() -> None:
    found = harm_counts([[10, 10, 10]], [[1, 4, 2]], weights_upper=[[1, 5, 6]])
    assert found.first_kinds() == ((1, 2),)


def test_areas_alike_share_their_ranks() -> None:
    found = harm_counts([[5, 1], [5, 1], [9, 9]], [[1, 20], [1, 30]])
    assert found.rank_best.tolist() == [[2, 2, 1]] * 2
    assert found.rank_worst.tolist() == [[3, 3, 1]] * 2
    ranged = harm_counts([[5, 1], [5, 1], [9, 9]], [[1, 20]], weights_upper=[[1, 30]])
    assert ranged.rank_worst.tolist() == [[3, 3, 1]]


def test_sets_that_leave_too_little_are_not_compared() -> None:
    weights = [[1, 1, 1, 1], [1, 1, NAN, NAN], [NAN, NAN, 1, 1], [1, 1, 1, NAN]]
    counts = [40, 30, 20, 10]
    assert comparable_sets(counts, weights, maximum_left_out=1) == (0, 1, 3)
    assert comparable_sets(counts, weights, minimum_coverage=0.9) == (0, 3)
    assert comparable_sets([0, 0, 0, 0], weights) == ()


def test_sets_with_one_kind_in_common_are_not_compared() -> None:
    assert comparable_sets([90, 10, 0], [[1, 2, 1], [3, NAN, 1]]) == (0,)


def test_a_set_without_what_weighs_most_elsewhere_is_not_compared() -> None:
    """In the kind that the second set lacks, the first has 20 of 120, then 60 of 160."""
    counts = [60, 40, 10]
    assert comparable_sets(counts, [[1, 1, 2], [1, 1, NAN]]) == (0, 1)
    assert comparable_sets(counts, [[1, 1, 6], [1, 1, NAN]]) == (0,)
    assert comparable_sets(counts, [[1, 1, 6], [1, 1, NAN]], maximum_left_out=0.4) == (0, 1)
    low, high = [[1, 1, 2], [1, 1, NAN]], [[1, 1, 10], [1, 1, NAN]]
    assert comparable_sets(counts, low, weights_upper=high) == (0,)


def test_the_effective_count_of_equal_weights_is_the_count() -> None:
    assert harm_counts([[7, 5]], [[3, 3]]).effective_count.tolist() == [[12]]


def test_the_effective_count_gives_the_standard_error() -> None:
    """Spread of the weighted count of Poisson counts, against one over the root."""
    rng = np.random.default_rng(4)
    rates, weights = np.array([80.0, 6.0, 0.5]), np.array([2.0, 365.0, 5475.0])
    totals = rng.poisson(rates, (40_000, 3)) @ weights
    mean = rates @ weights
    effective = mean**2 / (rates @ weights**2)
    assert totals.std() / totals.mean() == pytest.approx(effective**-0.5, rel=0.02)


def test_national_means_lie_in_the_printed_range_of_forces() -> None:
    """Cambridge index 2026 by police.uk category: the range over 42 forces holds the mean of all.

    Subgroup medians, recorded offences of 2024/25 in England and Wales and ranges over forces as
    printed in CCHI_SOURCES.md and data/cchi_weights.csv of isthisben/cbl-realcrime.
    """
    printed = {
        (190.70, 252.52): ([166_316, 78_332], [273.5, 183.5]),
        (4.94, 18.19): ([432_167, 22_837], [2, 185]),
        (3.25, 3.96): ([135_651, 66_504], [3, 5]),
        (159.07, 235.12): (
            [524, 516_757, 804_983, 598_830, 2_244, 71_509, 135_333],
            [5475, 365, 10, 10, 365, 2555, 182.25],
        ),
    }
    for (low, high), (counts, weights) in printed.items():
        assert low < harm_totals(counts, weights).lower / sum(counts) < high


@pytest.mark.parametrize(
    ("counts", "weights", "upper", "message"),
    [
        ([[1, 2]], [[1, 2, 3]], None, "same kinds"),
        ([1, 2], [[1, 2]], None, "same kinds"),
        ([[1, -2]], [[1, 2]], None, "0 or more"),
        ([[1, NAN]], [[1, 2]], None, "0 or more"),
        ([[1, 2]], [[0, 2]], None, "above 0"),
        ([[1, 2]], [[1, 2]], [[1, NAN]], "above 0"),
        ([[1, 2]], [[1, 2]], [[1, 1]], "no smaller"),
        ([[1, 2]], [[1, 2]], [[1, 2, 3]], "shape"),
    ],
)
def test_bad_input(counts, weights, upper, message) -> None:
    with pytest.raises(ValueError, match=message):
        harm_counts(counts, weights, weights_upper=upper)


def test_coverage_must_be_a_share() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        harm_counts([[1]], [[1]], minimum_coverage=NAN)
