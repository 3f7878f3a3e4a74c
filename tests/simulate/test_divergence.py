"""Planted divergence: the margins are as stated, and nothing is planted where nothing is."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from commonlight.simulate.divergence import (
    FELT_ITEM,
    divergence_city,
    equal_city,
    expected_recorded,
)
from commonlight.simulate.files import write_city


@pytest.fixture(scope="module")
def planted():
    return divergence_city(answers_per_area=40, seed=5, incidents=30_000)


def _apart(city):
    """Distances from the border: of the recorded rate as a share, of the felt share in points."""
    people = city.areas.population
    rate = expected_recorded(city) / people
    felt = city.truth.felt
    share = felt.concern[FELT_ITEM]
    return rate / ((rate @ people) / people.sum()) - 1, share - felt.city(share)


def test_every_area_is_clear_of_both_borders_by_the_stated_margin(planted):
    city, survey = planted
    recorded, felt = _apart(city)
    assert np.abs(recorded).min() > 0.25 - 1e-6
    assert np.abs(felt).min() > 0.20 - 1e-6
    assert np.abs(recorded).max() < 0.5
    assert np.abs(felt).max() < 0.35
    names = {(1, 1): "both high", (0, 1): "felt only", (1, 0): "recorded only", (0, 0): "both low"}
    sides = zip(recorded > 0, felt > 0, strict=True)
    assert city.truth.divergence == tuple(names[int(r), int(f)] for r, f in sides)
    assert [city.truth.divergence.count(name) for name in names.values()] == [15] * 4
    assert np.bincount(survey.area).tolist() == [40] * 60


def test_recorded_counts_are_as_expected(planted):
    city, _ = planted
    counts = city.truth.recorded.sum(axis=(0, 2))
    z = (counts - expected_recorded(city)) / np.sqrt(counts)
    assert np.mean(z**2) < 1.6


def test_other_feelings_move_the_same_way_and_disorder_does_not(planted):
    city, _ = planted
    felt, above = city.truth.felt, _apart(city)[1] > 0
    for column in ("worry_burglary", "worry_violence", "safe_area_day", "avoids_places"):
        share = felt.concern[column]
        assert ((share > felt.city(share)) == above).mean() > 0.9
    litter = felt.concern["problem_litter"]
    assert ((litter > felt.city(litter)) == above).mean() < 0.75


def test_the_city_is_written_with_this_very_survey(planted, tmp_path):
    city, survey = planted
    write_city(city, tmp_path, exactly=40)
    with (tmp_path / "simulated_survey.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row[FELT_ITEM]) for row in rows] == survey.codes[FELT_ITEM].tolist()
    assert [row["area_code"] for row in rows] == [city.areas.codes[a] for a in survey.area]


def test_areas_of_an_equal_city_are_equal():
    city, _ = equal_city(answers_per_area=20, seed=2, incidents=20_000)
    recorded, felt = _apart(city)
    assert np.abs(recorded).max() < 1e-6
    assert np.abs(felt).max() < 1e-6


def test_borderline_areas_lie_within_a_tenth_of_the_margin():
    city, _ = divergence_city(answers_per_area=20, seed=2, incidents=20_000, borderline=1.0)
    recorded, felt = _apart(city)
    assert np.abs(felt).max() < 0.04
    assert np.abs(recorded).min() > 0.25 - 1e-6


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"felt_margin": 0.5}, "felt_margin must be from 0 to 0.3"),
        ({"recorded_margin": float("nan")}, "recorded_margin must be from 0 to 0.6"),
        ({"borderline": 1.1}, "borderline must be from 0 to 1"),
        ({"n_areas": 4}, "n_areas must be from 40 to 600"),
    ],
)
def test_bad_arguments_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        divergence_city(**wrong)
