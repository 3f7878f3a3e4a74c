"""Snap points, piles and rounding are noticed; true points with true repeats are not."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from commonlight.analysis import precision
from commonlight.analysis.precision import coordinate_precision


def read_points(path, x, y):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [(row[x], row[y]) for row in csv.DictReader(file) if row[x] and row[y]]
    return np.array(rows, dtype=float).T


def addresses(rng, n_streets=400, per_street=60):
    """Houses every 8 to 12 m along streets of a town 6 km across."""
    start = rng.uniform(0, 6000, (n_streets, 1, 2))
    turn = rng.uniform(0, 2 * np.pi, n_streets)
    along = np.cumsum(rng.uniform(8, 12, (n_streets, per_street)), axis=1)
    step = np.stack([np.cos(turn), np.sin(turn)], axis=-1)[:, None, :]
    return (start + along[:, :, None] * step).reshape(-1, 2)


def true_events(rng, n, repeat_share):
    """Events at addresses of unequal risk; a share repeats at the same or the next address."""
    houses = addresses(rng)
    risk = rng.gamma(0.6, size=len(houses))
    chosen = rng.choice(len(houses), n, p=risk / risk.sum())
    again = np.flatnonzero(rng.random(n) < repeat_share)
    again = again[again > 0]
    for i in again:
        earlier = chosen[rng.integers(0, i)]
        chosen[i] = min(earlier + (rng.random() < 0.3), len(houses) - 1)
    return houses[chosen].T


@pytest.mark.parametrize("n", [500, 2_000, 8_000, 30_000, 100_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_true_points_with_repeats_are_not_flagged(n, seed):
    judged = coordinate_precision(*true_events(np.random.default_rng(seed), n, 0.25))
    assert judged.street_level, judged
    assert not judged.piled_up
    assert judged.rounding_m == 0


def test_thirty_per_cent_on_one_per_cent_switches_street_level_off():
    """Features, row 2: 30 % of rows on 1 % of coordinates."""
    rng = np.random.default_rng(3)
    alone = rng.uniform(0, 10_000, (2, 7_000))
    busy = rng.uniform(0, 10_000, (2, 70))[:, rng.integers(0, 70, 3_000)]
    judged = coordinate_precision(*np.hstack([alone, busy]))
    assert judged.piled_up
    assert not judged.street_level
    assert judged.share_on_busiest == pytest.approx(0.30, abs=0.005)
    assert judged.reason.startswith(
        "30\u202f% of the 10\u202f000 points lie on 71 of 7\u202f070 coordinates"
    )


def test_true_points_moved_to_map_points_are_flagged():
    rng = np.random.default_rng(4)
    events = true_events(rng, 3_000, 0.25).T
    map_points = addresses(rng)[::8]
    nearest = np.array([((map_points - e) ** 2).sum(axis=1).argmin() for e in events])
    judged = coordinate_precision(*map_points[nearest].T)
    assert judged.piled_up
    assert "fixed map points" in judged.reason


def test_lancashire_is_recognised_as_snapped(shared_data):
    """17,848 distinct pairs for 56,434 rows (README of the data set)."""
    points = read_points(shared_data / "uk_lancashire_asb/asb_2022.csv.gz", "longitude", "latitude")
    judged = coordinate_precision(*points, unit="degree")
    assert (judged.n_points, judged.n_places) == (56_434, 17_848)
    assert judged.piled_up
    assert not judged.street_level
    assert judged.rounding_m == pytest.approx(11.1, abs=0.1)


@pytest.mark.parametrize("year", ["2016", "2017", "2018"])
def test_west_yorkshire_is_recognised_as_snapped(shared_data, year):
    path = shared_data / f"uk_west_yorkshire_street/{year}-07-west-yorkshire-street.csv.gz"
    judged = coordinate_precision(*read_points(path, "Longitude", "Latitude"), unit="degree")
    assert judged.piled_up
    assert judged.rounding_m == 0


@pytest.mark.parametrize("name", ["chicago_be", "chicago_be_month1", "chicago_arson"])
def test_chicago_near_repeat_files_are_true_points(shared_data, name):
    """Burglaries by block: 10,666 places for 11,701 events; most repeats come in twos."""
    points = read_points(shared_data / f"us_chicago_near_repeat/{name}.csv.gz", "X", "Y")
    judged = coordinate_precision(*points)
    assert judged.street_level
    assert judged.share_apart < 0.05


def test_chicago_assaults_are_rounded_but_readable(shared_data):
    """Rounded upstream to 4 decimals (README): neighbouring places stay 8 to 11 m apart."""
    path = shared_data / "us_chicago_assaults/assaults_2010_2019.csv.gz"
    judged = coordinate_precision(*read_points(path, "longitude", "latitude"), unit="degree")
    assert judged.street_level
    assert judged.rounding_m == pytest.approx(11.1, abs=0.1)
    assert judged.share_repeated > 0.7
    assert "rounded to steps of about 11 m" in judged.reason


@pytest.mark.parametrize(("step", "readable"), [(10.0, True), (50.0, True), (100.0, False)])
def test_whole_metre_grids_are_reported(step, readable):
    rng = np.random.default_rng(5)
    points = np.floor(rng.uniform(0, 40_000, (2, 2_000)) / step) * step + step / 2
    judged = coordinate_precision(*points)
    assert judged.rounding_m == step
    assert judged.street_level is readable


@pytest.mark.parametrize(("decimals", "metres"), [(2, 1112), (3, 111.2), (4, 11.12), (5, 1.112)])
def test_decimals_of_a_degree_are_reported_in_metres(decimals, metres):
    rng = np.random.default_rng(6)
    points = np.round(rng.uniform([[8.0], [50.0]], [[8.6], [50.4]], (2, 3_000)), decimals)
    judged = coordinate_precision(*points, unit="degree")
    assert judged.rounding_m == pytest.approx(metres, rel=0.01)
    assert judged.street_level is (decimals >= 4)


def test_rounding_before_projection_leaves_a_trace():
    rng = np.random.default_rng(7)
    degrees = np.round(rng.uniform([[8.0], [50.0]], [[8.1], [50.1]], (2, 60_000)), 4)
    shrink = np.cos(np.radians(degrees[1]))
    judged = coordinate_precision(degrees[0] * 111_195 * shrink, degrees[1] * 111_195)
    assert 6.5 < judged.rounding_m < 11.5


def test_one_default_place_for_many_is_a_pile():
    rng = np.random.default_rng(8)
    points = np.hstack([rng.uniform(0, 5_000, (2, 300)), np.full((2, 200), 2_500.0)])
    judged = coordinate_precision(*points)
    assert judged.largest_pile == 200
    assert judged.piled_up


def test_counts_by_place_say_the_same_as_points():
    points = true_events(np.random.default_rng(9), 5_000, 0.3)
    places, n = np.unique(points, axis=1, return_counts=True)
    halves = np.hstack([places, places])
    split = np.concatenate([n // 2, n - n // 2])
    assert coordinate_precision(*halves, counts=split) == coordinate_precision(*points)


def test_a_random_sample_says_the_same_of_snapped_points():
    rng = np.random.default_rng(10)
    points = (rng.integers(0, 60, (2, 400_000)) + rng.random((2, 1))) * 97.3
    for size in (400_000, 40_000):
        assert coordinate_precision(*points[:, rng.permutation(400_000)[:size]]).piled_up


def test_order_origin_and_missing_points_do_not_matter():
    rng = np.random.default_rng(11)
    points = true_events(rng, 3_000, 0.25)
    judged = coordinate_precision(*points)
    mixed = np.hstack([points[:, rng.permutation(3_000)], [[np.nan, np.inf, 1], [1, 2, np.nan]]])
    assert coordinate_precision(*mixed) == judged
    moved = coordinate_precision(points[0] + 400_000.0, points[1] + 5_600_000.0)
    assert moved.share_apart == pytest.approx(judged.share_apart, abs=1e-3)


def test_few_points_are_not_judged():
    judged = coordinate_precision(np.zeros(99), np.zeros(99))
    assert judged.street_level
    assert not judged.piled_up
    assert "too few to judge" in judged.reason


@pytest.mark.parametrize("points", [np.empty((2, 0)), np.full((2, 5), np.nan), np.zeros((2, 500))])
def test_result_is_plain_and_finite(points):
    judged = coordinate_precision(*points)
    text = json.dumps(asdict(judged), allow_nan=False)
    assert json.loads(text)["n_points"] in (0, 500)


def test_input_is_not_changed():
    points = np.random.default_rng(12).random((2, 200))
    before = points.copy()
    coordinate_precision(*points)
    np.testing.assert_array_equal(points, before)


def test_constants_are_written_on_the_page():
    page = Path(__file__).resolve().parents[2] / "docs" / "methods" / "coordinate-precision.md"
    text = page.read_text(encoding="utf-8")
    for name in ("FEWEST_POINTS", "BUSIEST_SHARE", "PILE", "APART_M", "APART_SHARE",
                 "COARSEST_ROUNDING_M"):  # fmt: skip
        row = next(line for line in text.splitlines() if f"`{name}`" in line)
        assert f"{getattr(precision, name):g}" in row


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "feet"}, "unit must be"),
        ({"counts": [1, -1]}, "counts must not be negative"),
        ({"counts": [1]}, "equally long"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        coordinate_precision([1.0, 2.0], [1.0, 2.0], **change)
