"""Knox tables against the Near Repeat Calculator on burglary and arson in Chicago, 2016.

The tables are the output of J. Ratcliffe's Near Repeat Calculator 1.3 as kept in W. Steenbeek's
R package NearRepeat (inst/extdata, data from the Crime Open Database). The calculator has a
known defect, shown in that package's vignette "NRC": a band that it labels "a to b" really
holds [a - 1, b). The tests use the true bands and keep the calculator's labels in view.
"""

from __future__ import annotations

import csv
import gzip
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commonlight.analysis.near_repeat import knox_table

SET = "us_chicago_near_repeat"
BURGLARY = {
    "distance_bands": (0, 100, 200, 300, math.inf),
    "time_bands": (0, 7, 14, 21, math.inf),
    "same_place_distance": 1.0,
    "metric": "manhattan",
}
ARSON = {
    "distance_bands": (0, 200, 400, 600, math.inf),
    "time_bands": (0, 1, 2, 3, math.inf),
    "same_place_distance": 0.01,
    "metric": "manhattan",
}


def incidents(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with gzip.open(folder / SET / name, "rt") as stream:
        rows = list(csv.DictReader(stream))
    day = [date.fromisoformat(row["date"]).toordinal() for row in rows]
    xy = np.array([[float(row["X"]), float(row["Y"])] for row in rows])
    return xy[:, 0], xy[:, 1], np.array(day)


def published(folder: Path, name: str) -> np.ndarray:
    with (folder / SET / name).open() as stream:
        return np.array([[float(v) for v in row[1:]] for row in list(csv.reader(stream))[1:]])


def table(x, y, day, *, permutations=1, seed=1, **options):
    rng = np.random.default_rng(seed)
    return knox_table(x, y, day, permutations=permutations, rng=rng, **options)


def as_32_bit(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32).astype(np.float64)


@pytest.mark.parametrize(
    "name", ["nrc_be_month1_observed.csv", "true_interval_be_month1_observed.csv"]
)
def test_burglary_observed_cell_by_cell(shared_data, name):
    x, y, day = incidents(shared_data, "chicago_be_month1.csv.gz")
    result = table(x, y, day, **BURGLARY)
    np.testing.assert_array_equal(result.observed, published(shared_data, name))
    assert result.observed.sum() == 469_965  # README: all pairs of 970 burglaries


def test_burglary_with_the_calculators_labels_at_their_word(shared_data):
    """DEFECT OF THE ORIGINAL: "1 to 100" read as [1, 101) and "8 to 14" as [8, 15) differ."""
    x, y, day = incidents(shared_data, "chicago_be_month1.csv.gz")
    result = table(
        x,
        y,
        day,
        distance_bands=(0, 101, 201, 301, math.inf),
        time_bands=(0, 8, 15, 22, math.inf),
        same_place_distance=1.0,
        metric="manhattan",
    )
    expected = [  # README of the data set, after W. Steenbeek
        [29, 4, 5, 2],
        [45, 15, 7, 2],
        [106, 48, 21, 13],
        [88, 64, 46, 15],
        [206611, 138108, 88321, 36415],
    ]
    np.testing.assert_array_equal(result.observed, expected)
    assert (result.observed != published(shared_data, "nrc_be_month1_observed.csv")).any()


def test_arson_observed_cell_by_cell_with_32_bit_coordinates(shared_data):
    """The calculator keeps coordinates as 32-bit floats; one pair at 399.961 m depends on it."""
    x, y, day = incidents(shared_data, "chicago_arson.csv.gz")
    result = table(as_32_bit(x), as_32_bit(y), day, **ARSON)
    np.testing.assert_array_equal(result.observed, published(shared_data, "nrc_arson_observed.csv"))


def test_arson_observed_cell_by_cell_in_double_precision(shared_data):
    x, y, day = incidents(shared_data, "chicago_arson.csv.gz")
    result = table(x, y, day, **ARSON)
    np.testing.assert_array_equal(
        result.observed, published(shared_data, "true_interval_arson_observed.csv")
    )
    assert result.observed[2, 3] == 141  # 140 in the calculator's table
    assert result.observed[3, 3] == 233  # 234 in the calculator's table


@pytest.mark.parametrize(
    ("data", "ratios", "options", "iterations"),
    [
        ("chicago_be_month1.csv.gz", "nrc_be_month1_knox_ratio.csv", BURGLARY, 20),
        ("chicago_arson.csv.gz", "nrc_arson_knox_ratio.csv", ARSON, 100),
    ],
)
def test_knox_ratios_within_monte_carlo_error(shared_data, data, ratios, options, iterations):
    """The published expectation is a mean over 20 or 100 permutations only."""
    x, y, day = incidents(shared_data, data)
    result = table(as_32_bit(x), as_32_bit(y), day, permutations=1999, **options)
    theirs = published(shared_data, ratios)
    known = (theirs > 0) & (result.observed > 0)
    their_mean = result.observed[known] / theirs[known]
    error = result.null_sd[known] * math.sqrt(1 / iterations + 1 / 1999)
    rounding = their_mean * 0.0005 / theirs[known]
    assert (np.abs(their_mean - result.expected[known]) <= 4 * error + rounding).all()
    np.testing.assert_array_equal(theirs[~known & (result.expected > 0)], 0)


def test_key_ratios_of_burglary(shared_data):
    """README: 1.652 at the same place, 1.685 at 1-100 m, 1.318 at 101-200 m, p 0.05 (of 20)."""
    x, y, day = incidents(shared_data, "chicago_be_month1.csv.gz")
    result = table(x, y, day, permutations=1999, **BURGLARY)
    for row, ratio in enumerate((1.652, 1.685, 1.318)):
        error = ratio * result.null_sd[row, 0] / result.expected[row, 0] / math.sqrt(20)
        assert abs(result.knox_ratio[row, 0] - ratio) < 3 * error
    assert (result.p_value[:3, 0] < 0.05).all()


def test_key_ratio_of_arson(shared_data):
    """README: 74.25 at 1-200 m in the first column, p 0.01 (of 100)."""
    x, y, day = incidents(shared_data, "chicago_arson.csv.gz")
    result = table(x, y, day, permutations=1999, **ARSON)
    mean = 9 / 74.25  # the calculator's expectation, over 100 permutations
    error = result.null_sd[1, 0] * math.sqrt(1 / 100 + 1 / 1999)
    assert abs(result.expected[1, 0] - mean) < 3 * error
    assert result.p_value[1, 0] <= 0.01


def test_p_values_agree_with_the_calculators_verdicts(shared_data):
    """Where the calculator's p is 0.01 (of 100), ours is small too; where it is 1, it is not."""
    x, y, day = incidents(shared_data, "chicago_arson.csv.gz")
    result = table(as_32_bit(x), as_32_bit(y), day, permutations=999, **ARSON)
    theirs = published(shared_data, "nrc_arson_p_value.csv")
    assert (result.p_value[theirs == 0.01] < 0.05).all()
    assert (result.p_value[theirs == 1.0] > 0.5).all()


def test_pointpats_counts_the_same_pairs(shared_data):
    """One band against pointpats 2.5, whose bands are closed on the right."""
    pointpats = pytest.importorskip("pointpats")
    x, y, day = incidents(shared_data, "chicago_be_month1.csv.gz")
    theirs = pointpats.Knox(
        np.column_stack([x, y]), day[:, None].astype(float), delta=250.0, tau=6.5, permutations=0
    )
    ours = table(x, y, day, distance_bands=(0, 250), time_bands=(0, 7), same_place_distance=None)
    assert ours.observed[0, 0] == theirs.statistic_
