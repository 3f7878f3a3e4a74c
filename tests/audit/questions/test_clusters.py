from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.questions.clusters import cluster_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
SIDE = 9


@pytest.fixture
def chessboard(areas: AreaLayer) -> AreaLayer:
    """81 squares, nine by nine, with a thousand residents each."""
    n = SIDE * SIDE
    return replace(
        areas,
        codes=tuple(f"C{i:02d}" for i in range(n)),
        labels=tuple(f"Square {i}" for i in range(n)),
        polygons=tuple(
            shapely.box(1000 * (i % SIDE), 1000 * (i // SIDE), 1000 * (i % SIDE) + 1000,
                        1000 * (i // SIDE) + 1000)
            for i in range(n)
        ),
        population=np.full(n, 1000.0),
    )  # fmt: skip


def with_counts(layer_of: Callable[..., Layer], areas: AreaLayer, counts: np.ndarray) -> Layer:
    start = np.full(counts.size, np.datetime64("2023-05-05T12:00:00"))
    return layer_of(start, area=list(areas.codes), count=counts.tolist(), areas=areas)


def ask(layer: Layer, told: Told) -> dict[str, Any]:
    return told(cluster_findings(layer, rng=np.random.default_rng(1)))


def test_a_planted_corner_is_found(
    layer_of: Callable[..., Layer], chessboard: AreaLayer, told: Told
) -> None:
    """The nine squares of one corner have four times the rate of the rest."""
    place = np.arange(SIDE * SIDE)
    corner = (place % SIDE < 3) & (place // SIDE < 3)
    counts = np.random.default_rng(2).poisson(np.where(corner, 200, 50))
    found = ask(with_counts(layer_of, chessboard, counts), told)["clusters"]
    assert found.certainty is Certainty.CLEAR
    assert found.numbers["groups"] == 1
    marked = set(found.map.marked)
    assert 10 in marked  # the middle of the corner
    # Neighbours of the corner may be drawn in, the far half may not.
    assert all(i % SIDE < 5 and i // SIDE < 5 for i in marked)
    assert found.sentence.startswith(f"In {len(marked)} of 81 wards")


def test_another_seed_marks_the_same_areas(
    layer_of: Callable[..., Layer], chessboard: AreaLayer, told: Told
) -> None:
    """A middle with twice the rate, of which chance alone would mark some and not others."""
    place = np.arange(SIDE * SIDE)
    middle = (abs(place % SIDE - 4) <= 1) & (abs(place // SIDE - 4) <= 1)
    counts = np.random.default_rng(6).poisson(np.where(middle, 100, 50))
    layer = with_counts(layer_of, chessboard, counts)
    marked = {
        told(cluster_findings(layer, rng=np.random.default_rng(seed)))["clusters"].map.marked
        for seed in range(4)
    }
    assert len(marked) == 1


def test_rates_at_random_do_not_lie_together(
    layer_of: Callable[..., Layer], chessboard: AreaLayer, told: Told
) -> None:
    """With the false discovery rate at 5 %, more than 4 of 20 have P < 1 %."""
    rng = np.random.default_rng(3)
    cities = [rng.poisson(rng.gamma(10, 5, SIDE * SIDE)) for _ in range(20)]
    verdicts = [
        ask(with_counts(layer_of, chessboard, counts), told)["clusters"] for counts in cities
    ]
    assert sum(item.certainty is Certainty.CLEAR for item in verdicts) <= 4
    quiet = next(item for item in verdicts if item.certainty is Certainty.NOT_SHOWN)
    assert "do not lie together" in quiet.sentence


def test_areas_without_residents_are_left_out(
    layer_of: Callable[..., Layer], chessboard: AreaLayer, told: Told
) -> None:
    people = chessboard.population.copy()
    people[:5] = np.nan
    some = replace(chessboard, population=people)
    rng = np.random.default_rng(2)
    counts = rng.poisson(rng.gamma(10, 5, SIDE * SIDE))
    found = ask(with_counts(layer_of, some, counts), told)["clusters"]
    assert found.numbers["tested"] == 76
    assert np.isnan(found.map.values[:5]).all()


def test_nothing_is_said_of_few_areas_or_none(
    layer_of: Callable[..., Layer], chessboard: AreaLayer, areas: AreaLayer
) -> None:
    counts = np.full(12, 50)
    layers = [
        with_counts(layer_of, areas, counts),
        with_counts(layer_of, replace(chessboard, polygons=()), np.full(81, 50)),
        with_counts(layer_of, replace(chessboard, population=None), np.full(81, 50)),
        with_counts(layer_of, chessboard, np.full(81, 50)),
        layer_of([np.datetime64("2023-05-05")], areas=None),
    ]
    rng = np.random.default_rng(1)
    assert [cluster_findings(layer, rng=rng) for layer in layers] == [[]] * 5
