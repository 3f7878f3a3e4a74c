"""Knox table: slow versions, exact p-values, level under the null, invariances, bad input."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from commonlight.analysis.near_repeat import knox_table, near_repeat_obstacle
from commonlight.analysis.near_repeat_kernels import NearPairs, _as_squares, find_pairs
from commonlight.analysis.near_repeat_lanes import count_block
from commonlight.analysis.random_streams import shuffled

BANDS = {"distance_bands": (0, 100, 250), "time_bands": (0, 7, 14)}


def scatter(n=300, *, seed=1, size=2000.0, days=120):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, size, n), rng.uniform(0, size, n), rng.integers(0, days, n)


def table(x, y, day, *, seed=1, permutations=99, **options):
    rng = np.random.default_rng(seed)
    return knox_table(x, y, day, permutations=permutations, rng=rng, **{**BANDS, **options})


def slow_table(x, y, day, distances, times, manhattan=False):
    """Count over the whole n x n matrix."""
    dx, dy = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    away = dx + dy if manhattan else np.hypot(dx, dy)
    apart = np.abs(day[:, None] - day)
    first, second = np.triu_indices(len(x), k=1)
    rows = np.digitize(away[first, second], distances) - 1
    columns = np.digitize(apart[first, second], times) - 1
    counts = np.zeros((len(distances) - 1, len(times) - 1), int)
    for row, column in zip(rows, columns, strict=True):
        if row < counts.shape[0] and column < counts.shape[1]:
            counts[row, column] += 1
    return counts


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(2, 60),
    manhattan=st.booleans(),
    open_distance=st.booleans(),
    open_time=st.booleans(),
    fractions=st.booleans(),
)
def test_counts_equal_the_slow_version(seed, n, manhattan, open_distance, open_time, fractions):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 40, (2, n)) * 25.0  # many ties at the ends of the bands
    day = rng.uniform(0, 40, n) if fractions else rng.integers(0, 40, n)
    distances = (0, 100, 250) + ((math.inf,) if open_distance else ())
    times = (0, 7, 14) + ((math.inf,) if open_time else ())
    ours = table(
        x,
        y,
        day,
        distance_bands=distances,
        time_bands=times,
        metric="manhattan" if manhattan else "euclidean",
        permutations=1,
    )
    with_place = (0, 1.0, *distances[1:])
    np.testing.assert_array_equal(
        ours.observed, slow_table(x, y, day, with_place, times, manhattan)
    )


def test_16_bit_days_and_fractions_give_the_same_permutations():
    x, y, day = scatter()
    whole = table(x, y, day)
    fractions = table(x, y, day / 2, time_bands=(0, 3.5, 7), resolution_days=0.5)
    np.testing.assert_array_equal(whole.expected, fractions.expected)


def test_expectation_agrees_with_its_closed_form():
    """Under shuffled times E[N] = pairs near in space x pairs near in time / all pairs."""
    x, y, day = scatter(400)
    ours = table(
        x, y, day, permutations=2999, distance_bands=(0, 100, math.inf), time_bands=(0, 7, math.inf)
    )
    in_time = ours.observed.sum(axis=0)
    exact = np.outer(ours.n_pairs, in_time) / (400 * 399 / 2)
    error = ours.null_sd / math.sqrt(2999)
    assert (np.abs(ours.expected - exact) <= 4 * error + 1e-9).all()


def test_p_values_agree_with_enumeration_of_all_orders():
    x, y = np.array([0, 10, 90, 300, 310, 600]), np.zeros(6)
    day = np.array([0, 3, 9, 10, 11, 20])
    bands = {"distance_bands": (0, 120), "time_bands": (0, 5), "same_place_distance": None}
    draws = 20_000
    ours = table(x, y, day, permutations=draws, **bands)
    counts = np.array(
        [
            slow_table(x, y, day[list(order)], (0, 120), (0, 5))[0, 0]
            for order in itertools.permutations(range(6))
        ]
    )
    exact = (counts >= ours.observed[0, 0]).mean()
    assert 0.02 < exact < 0.98
    assert ours.p_value[0, 0] == pytest.approx(exact, abs=4 * math.sqrt(exact / draws))
    assert ours.expected[0, 0] == pytest.approx(counts.mean(), abs=4 * counts.std() / draws**0.5)


@pytest.mark.slow
def test_p_values_are_uniform_under_the_null():
    p, mid = [], []
    for seed in range(400):
        x, y, day = scatter(150, seed=seed, size=1000)
        ours = table(x, y, day, seed=seed + 10_000, same_place_distance=None)
        p.append(ours.p_value[1, 0])
        mid.append(ours.mid_p_value[1, 0])
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
    assert np.mean(np.array(p) <= 0.10) >= 0.10 - 3 * math.sqrt(0.10 * 0.90 / 400)
    assert stats.kstest(mid, "uniform").pvalue > 1e-3


def test_planted_near_repeats_are_found_in_their_band_only():
    x, y, day = scatter(400, size=8000, days=365)
    rng = np.random.default_rng(8)
    turn = rng.uniform(0, 2 * math.pi, 400)
    ours = table(
        np.r_[x, x + 50 * np.cos(turn)], np.r_[y, y + 50 * np.sin(turn)], np.r_[day, day + 4]
    )
    assert ours.p_value[1, 0] == 0.01
    assert ours.knox_ratio[1, 0] > 5
    assert ours.knox_ratio[1, 0] > ours.null_upper[1, 0]
    assert (ours.p_value[1:, 1] > 0.01).all()


def test_same_place_repeats_stand_apart():
    ours = table([0, 0, 50], [0, 0.5, 0], [1, 2, 3])
    assert ours.distance_labels[0] == "same place"
    assert ours.observed[:, 0].tolist() == [1, 2, 0]
    together = table([0, 0, 50], [0, 0.5, 0], [1, 2, 3], same_place_distance=None)
    assert together.observed[:, 0].tolist() == [3, 0]
    assert together.distance_labels[0] == "0 to under 100 m"


def test_bands_are_closed_on_the_left():
    ours = table([0, 100], [0, 0], [0, 7])
    assert ours.observed.tolist() == [[0, 0], [0, 0], [0, 1]]
    assert ours.time_labels == ("0 to under 7 days", "7 to under 14 days")


@pytest.mark.parametrize(
    "change",
    [
        lambda x, y, d: (x + 1000, y - 5000, d),
        lambda x, y, d: (x, y, d + 735_000),
        lambda x, y, d: (y, x, d),
        lambda x, y, d: (-x, y, d),
        lambda x, y, d: (x[::-1], y[::-1], d[::-1]),
        lambda x, y, d: (x * 0.6 - y * 0.8, x * 0.8 + y * 0.6, d),
        lambda x, y, d: (x, y, -d),
    ],
    ids=["place", "epoch", "swap", "mirror", "order", "rotation", "reversal"],
)
def test_counts_do_not_change(change):
    x, y, day = scatter()
    np.testing.assert_array_equal(table(x, y, day).observed, table(*change(x, y, day)).observed)


def test_units_may_change_together():
    x, y, day = scatter()
    km = table(
        x / 1024, y / 1024, day, distance_bands=(0, 100 / 1024, 250 / 1024),
        same_place_distance=1 / 1024,
    )  # fmt: skip
    whole = table(x, y, day)
    np.testing.assert_array_equal(whole.observed, km.observed)
    np.testing.assert_array_equal(whole.p_value, km.p_value)


def test_result_does_not_depend_on_threads_but_on_the_seed():
    x, y, day = scatter()
    one, two = table(x, y, day), table(x, y, day, threads=2)
    np.testing.assert_array_equal(one.expected, two.expected)
    np.testing.assert_array_equal(one.p_value, two.p_value)
    assert (table(x, y, day, seed=2).expected != one.expected).any()


def test_first_permutations_do_not_depend_on_how_many_follow():
    """99 permutations are the first 99 of 199: streams are numbered."""
    x, y, day = scatter()
    few, more = table(x, y, day), table(x, y, day, permutations=199)
    rest = more.expected * 199 - few.expected * 99
    np.testing.assert_allclose(rest, np.round(rest), atol=1e-6)
    assert (rest >= 0).all()


def test_many_pairs_of_one_event_do_not_overflow_the_counters():
    """One event with more partners than a 16-bit counter can count."""
    n = 33_000
    pairs = NearPairs(
        order=np.arange(n + 1),
        indptr=np.r_[0, np.full(n + 1, n)].astype(np.int64),
        partner=np.arange(1, n + 1, dtype=np.int32),
        n_bands=1,
    )
    counts = count_block(
        np.zeros(n + 1, np.int16),
        pairs.indptr,
        pairs.partner,
        1,
        np.array([1], np.int16),
        np.uint64(1),
        0,
    )
    assert (counts == n).all()


@pytest.mark.parametrize("kind", [np.int16, np.float64])
@pytest.mark.parametrize("n_edges", [1, 3, 4, 5, 9])
def test_lanes_count_as_one_permutation_at_a_time(kind, n_edges):
    """Vectors of 32 permutations beside the same shuffles, counted one by one."""
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 500, (2, 90))
    day = (rng.integers(0, 120, 90) if kind is np.int16 else rng.uniform(0, 120, 90)).astype(kind)
    pairs = find_pairs(x, y, np.array([80.0, 160.0]), manhattan=False, max_pairs=10_000)
    edges = np.linspace(0, 60, n_edges + 1)[1:].astype(kind)
    key = np.uint64(11)
    counts = count_block(day, pairs.indptr, pairs.partner, 2, edges, key, 32)
    shuffle = np.empty_like(day)
    for lane in (0, 1, 31):
        shuffled(day, shuffle, key, np.uint64(32 + lane))
        for band in range(2):
            lists = [
                (i, j) for i in range(90)
                for j in pairs.partner[pairs.indptr[2 * i + band] : pairs.indptr[2 * i + band + 1]]
            ]  # fmt: skip
            apart = np.array([abs(float(shuffle[i]) - float(shuffle[j])) for i, j in lists])
            slow = [int((apart < edge).sum()) for edge in edges]
            assert counts[band, :, lane].tolist() == slow


@pytest.mark.parametrize("manhattan", [False, True])
def test_pairs_are_those_of_the_whole_matrix(manhattan):
    """Whole coordinates put many pairs exactly on an edge: the band is open there."""
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 60, (2, 250)).astype(float)
    edges = np.array([1.0, 5.0, 13.0])
    found = find_pairs(x, y, edges, manhattan=manhattan, max_pairs=100_000)
    dx, dy = x[:, None] - x, y[:, None] - y
    apart = np.abs(dx) + np.abs(dy) if manhattan else np.sqrt(dx**2 + dy**2)
    band = np.searchsorted(edges, apart, side="right")
    slow = {(i, j, band[i, j]) for i in range(250) for j in range(i) if band[i, j] < 3}
    ours = set()
    for place in range(250 * 3):
        for j in found.partner[found.indptr[place] : found.indptr[place + 1]]:
            a, b = found.order[place // 3], found.order[j]
            ours.add((max(a, b), min(a, b), place % 3))
    assert ours == slow
    assert len(found.partner) == len(slow)


@given(st.floats(1e-3, 1e7))
def test_squares_say_the_same_as_roots(edge):
    """For the floats around the edge, no root needs to be taken."""
    limit = _as_squares(np.array([edge]))[0]
    square = np.float64(limit)
    for _ in range(5):
        square = np.nextafter(square, 0)
    for _ in range(11):
        assert (math.sqrt(square) < edge) == (square < limit)
        square = np.nextafter(square, np.inf)


def test_a_stray_point_costs_nothing():
    x, y, day = scatter()
    ours = table(np.r_[x, 1e9], np.r_[y, 1e9], np.r_[day, 5])
    np.testing.assert_array_equal(ours.observed, table(x, y, day).observed)


def test_inputs_are_not_changed():
    x, y, day = scatter()
    kept = x.copy(), y.copy(), day.copy()
    table(x, y, day)
    for before, after in zip(kept, (x, y, day), strict=True):
        np.testing.assert_array_equal(before, after)


def test_too_many_pairs_are_refused_with_a_number():
    x, y, day = scatter()
    with pytest.raises(ValueError, match=r"about [\d,]+ pairs of 300 events lie within 250 m"):
        table(x, y, day, max_pairs=100)


def test_months_are_too_coarse_for_a_two_week_band():
    x, y, day = scatter()
    with pytest.raises(ValueError, match=r"known to 30\.4 days only.*first time band is 7 days"):
        table(x, y, day, resolution_days=30.4)
    assert near_repeat_obstacle(500, time_bands=(0, 31), resolution_days=30.4) == ""
    assert "too few" in near_repeat_obstacle(3, time_bands=(0, 7), resolution_days=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"distance_bands": (100, 200)}, "distance_bands must start at 0"),
        ({"distance_bands": (0, 200, 100)}, "ascend"),
        ({"distance_bands": (0, math.nan)}, "ascend"),
        ({"distance_bands": (0, math.inf)}, "finite width"),
        ({"time_bands": (0,)}, "time_bands must start at 0"),
        ({"same_place_distance": math.nan}, "same_place_distance must lie between 0"),
        ({"same_place_distance": 100.0}, "same_place_distance must lie between 0"),
        ({"metric": "road"}, "metric must be"),
        ({"permutations": 0}, "permutations must be at least 1"),
        ({"confidence_level": math.nan}, "confidence_level must lie"),
        ({"resolution_days": math.nan}, "resolution_days must be positive"),
        ({"threads": 0}, "threads must be at least 1"),
    ],
)
def test_bad_options(options, words):
    x, y, day = scatter(30)
    with pytest.raises(ValueError, match=words):
        table(x, y, day, **options)


def test_bad_points():
    with pytest.raises(ValueError, match="1 of 3 values are missing"):
        table([0, 1, math.nan], [0, 0, 0], [0, 0, 0])
    with pytest.raises(ValueError, match="same length; got 3, 3, 2"):
        table([0, 1, 2], [0, 0, 0], [0, 0])
    with pytest.raises(ValueError, match="day must be a one-dimensional array of numbers"):
        table([0, 1], [0, 0], np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"))
    with pytest.raises(ValueError, match="needs two incidents; got 1"):
        table([0], [0], [0])
