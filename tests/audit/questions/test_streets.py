"""How little of the street network holds how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.audit.questions.streets import FEWEST_POINTS, street_findings
from commonlight.sources.streets import StreetLines


def streets(n: int = 60) -> StreetLines:
    """Parallel streets of 1 km, 50 m apart."""
    lines = tuple(shapely.LineString([(0, 50 * k), (1000, 50 * k)]) for k in range(n))
    return StreetLines(lines=lines, ids=tuple(map(str, range(n))), crs="EPSG:25832")


def incidents(layer_of: Any, on: np.ndarray, **more: Any) -> Any:
    """One incident in each street named, at random places and minutes."""
    rng = np.random.default_rng(1)
    at = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 1440, on.size) * 60
    return layer_of(at, x=rng.uniform(1, 999, on.size), y=50.0 * on, **more)


def test_half_on_six_of_sixty_streets(layer_of: Any, told: Any) -> None:
    """300 incidents in 6 streets of 60, 300 in the other 54: half lie on a tenth of the length."""
    on = np.concatenate([np.repeat(np.arange(6), 50), np.tile(np.arange(6, 60), 6)[:300]])
    found = told(street_findings(incidents(layer_of, on), streets()))["streets"]
    assert found.numbers["length_share_half"] == pytest.approx(0.1)
    assert "10\u202f% of its length" in found.sentence
    assert found.sources == ("thefts", "streets")
    assert any("No street is named here" in text for text in found.limits)
    assert [row[0] for row in found.table.rows] == [25, 50, 75]
    values = found.chart.series[0].values
    assert values == tuple(sorted(values))


def test_what_lies_far_from_every_street_is_counted_as_such(layer_of: Any, told: Any) -> None:
    on = np.concatenate([np.repeat(np.arange(60), 5), np.full(100, 80)])  # 1 km off
    found = told(street_findings(incidents(layer_of, on), streets()))["streets"]
    assert any(text.startswith("25\u202f%") for text in found.details)


def test_too_little_says_nothing(layer_of: Any) -> None:
    on = np.tile(np.arange(60), 5)
    assert street_findings(incidents(layer_of, on), None) == []
    assert street_findings(incidents(layer_of, on), streets(10)) == []
    assert street_findings(incidents(layer_of, on[: FEWEST_POINTS - 1]), streets()) == []
    assert street_findings(incidents(layer_of, on, record_kind="reports"), streets()) == []
