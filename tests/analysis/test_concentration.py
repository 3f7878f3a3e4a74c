from __future__ import annotations

import csv
import gzip
from collections import Counter
from itertools import product
from math import factorial
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.concentration import (
    concentration,
    expected_gini_at_random,
    gini,
)

counts_of_places = st.lists(st.integers(0, 30), min_size=2, max_size=40).filter(
    lambda c: sum(c) > 0
)


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def obvious_gini(counts: list[int]) -> float:
    """Mean difference of all pairs over twice the mean."""
    n, total = len(counts), sum(counts)
    return sum(abs(a - b) for a in counts for b in counts) / (2.0 * n * total)


@pytest.mark.parametrize(
    ("counts", "plain", "adjusted"),
    [
        # Examples in the documentation of lorenzgini 0.1.2 (Steenbeek & Bernasco), gini.R,
        # the authors' package for doi:10.1007/s10940-016-9324-7.
        ([10, 8, 2] + [0] * 7, 0.78, 0.78),
        ([5, 2, 1] + [0] * 7, 0.8, 0.75),
        ([10] + [0] * 9, 0.9, 0.9),
        ([10] + [0] * 99, 0.99, 0.9),
    ],
)
def test_published_values(counts: list[int], plain: float, adjusted: float) -> None:
    result = concentration(counts, rng=rng())
    assert result.gini == pytest.approx(plain, abs=1e-12)
    assert result.gini_adjusted == pytest.approx(adjusted, abs=1e-12)


def test_adjusted_is_zero_where_whole_events_are_spread_as_evenly_as_they_can_be() -> None:
    result = concentration([1] * 7 + [0] * 13, rng=rng())
    assert result.gini == pytest.approx(0.65)
    assert result.gini_adjusted == pytest.approx(0.0, abs=1e-12)


@given(counts_of_places)
def test_gini_agrees_with_all_pairs(counts: list[int]) -> None:
    assert gini(counts) == pytest.approx(obvious_gini(counts), abs=1e-12)


@given(counts_of_places, st.randoms())
def test_order_of_places_does_not_matter(counts: list[int], random: Random) -> None:
    shuffled = list(counts)
    random.shuffle(shuffled)
    a = concentration(counts, rng=rng(), simulations=19)
    b = concentration(shuffled, rng=rng(), simulations=19)
    assert a.gini == b.gini
    assert a.place_shares == b.place_shares
    assert np.array_equal(a.lorenz_y, b.lorenz_y)


@given(counts_of_places, st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
def test_fewest_places_agrees_with_adding_one_by_one(counts: list[int], share: float) -> None:
    result = concentration(counts, rng=rng(), shares=(share,), simulations=19)
    held, places = 0, 0
    for count in sorted(counts, reverse=True):
        if held >= share * sum(counts) - 1e-9:
            break
        held, places = held + count, places + 1
    assert result.place_shares[0].n_places == places


@pytest.mark.parametrize(("places", "events"), [(2, 1), (2, 5), (3, 4), (4, 5), (5, 3)])
def test_expected_gini_agrees_with_listing_every_outcome(places: int, events: int) -> None:
    total = 0.0
    for counts in product(range(events + 1), repeat=places):
        if sum(counts) == events:
            ways = factorial(events) / np.prod([factorial(c) for c in counts])
            total += ways / places**events * obvious_gini(list(counts))
    assert expected_gini_at_random(places, events) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize(("places", "events"), [(2000, 300), (500, 5000), (50, 200_000)])
def test_excess_is_zero_in_expectation_for_events_at_random(places: int, events: int) -> None:
    draw = np.random.default_rng(7)
    excess = []
    for _ in range(200):
        counts = draw.multinomial(events, np.full(places, 1 / places))
        expected = expected_gini_at_random(places, events)
        excess.append((gini(counts) - expected) / (1 - 1 / places - expected))
    error = np.std(excess) / np.sqrt(len(excess))
    assert abs(np.mean(excess)) < 4 * error


def test_share_at_random_and_p_value_for_events_at_random() -> None:
    draw = np.random.default_rng(8)
    low = 0
    for _ in range(200):
        counts = np.bincount(draw.integers(0, 300, 200), minlength=300)
        result = concentration(counts, rng=draw, simulations=99)
        low += result.p_value <= 0.05
        share = result.place_shares[1]
        assert share.share_of_places == pytest.approx(share.share_expected_at_random, abs=0.05)
    assert low <= 20  # 5 % of 200 with more than 3 standard errors


def test_all_in_one_place_has_excess_one() -> None:
    result = concentration([9, 0, 0, 0], rng=rng())
    assert result.gini_excess == pytest.approx(1.0)
    assert result.p_value == pytest.approx(1 / 200)


def test_lorenz_curve_runs_from_zero_to_one_below_the_diagonal() -> None:
    result = concentration([3, 0, 1, 7], rng=rng())
    assert result.lorenz_x.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert result.lorenz_y == pytest.approx([0, 0, 1 / 11, 4 / 11, 1])


def test_same_seed_same_result_and_inputs_are_not_changed() -> None:
    counts = np.array([5, 0, 2, 9])
    before = counts.copy()
    first, second = concentration(counts, rng=rng()), concentration(counts, rng=rng())
    assert first.place_shares == second.place_shares
    assert np.array_equal(counts, before)


def test_no_event_is_not_available() -> None:
    result = concentration([0, 0, 0], rng=rng())
    assert not result.available
    assert "no event" in result.reason
    assert np.isnan(result.gini)


@pytest.mark.parametrize("bad", [[1], [1, -1], [1, 0.5], [1, float("nan")], [[1, 2], [3, 4]]])
def test_bad_counts(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="counts must be"):
        concentration(bad, rng=rng())


def test_bad_settings() -> None:
    with pytest.raises(ValueError, match="shares must be"):
        concentration([1, 2], rng=rng(), shares=(0.0,))
    with pytest.raises(ValueError, match="simulations"):
        concentration([1, 2], rng=rng(), simulations=5)


def test_berlin_bike_thefts_in_planning_areas(shared_data: Path) -> None:
    folder = shared_data / "eu_berlin_bike_theft"
    with gzip.open(folder / "thefts_2022_2023.csv.gz", "rt", encoding="utf-8") as lines:
        thefts = Counter(row["LOR"] for row in csv.DictReader(lines))
    counts = list(thefts.values()) + [0] * (542 - len(thefts))
    result = concentration(counts, rng=rng())
    # README of the data set: 29,791 rows, 540 of 542 areas, 109 areas hold half.
    assert (result.n_events, result.n_places) == (29_791, 542)
    assert len(thefts) == 540
    assert result.place_shares[1].n_places == 109
    assert result.place_shares[1].share_of_places == pytest.approx(109 / 542)
    assert result.place_shares[1].share_expected_at_random > 0.4
    assert result.p_value == pytest.approx(1 / 200)
