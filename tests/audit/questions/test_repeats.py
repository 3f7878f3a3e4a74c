from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from commonlight.analysis.precision import coordinate_precision
from commonlight.audit.layers import Layer
from commonlight.audit.questions import repeats
from commonlight.audit.questions.repeats import repeat_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def at(layer_of: Callable[..., Layer], x: Any, y: Any, day: Any, **more: Any) -> Layer:
    start = np.datetime64("2023-01-01T12:00:00") + np.asarray(day, dtype=int) * 86_400
    return layer_of(start, x=np.asarray(x, float), y=np.asarray(y, float), **more)


def pairs(rng: np.random.Generator, n: int, same: int, near: int) -> tuple[np.ndarray, ...]:
    """Points all over in space and time; so many are followed two days later, here or 50 m off."""
    x, y, day = rng.uniform(0, 4000, n), rng.uniform(0, 3000, n), rng.integers(0, 700, n)
    shift = np.concatenate([np.zeros(same), np.full(near, 50.0)])
    few = same + near
    return (
        np.concatenate([x, x[:few] + shift]),
        np.concatenate([y, y[:few]]),
        np.concatenate([day, day[:few] + 2]),
    )


def ask(layer: Layer, told: Told) -> Any:
    return told(repeat_findings(layer, rng=np.random.default_rng(1)))["near-repeat"]


@pytest.fixture(autouse=True)
def fewer_permutations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "PERMUTATIONS", 199)


def test_planted_repeats_are_found(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = ask(at(layer_of, *pairs(np.random.default_rng(1), 400, 40, 60)), told)
    assert found.certainty is Certainty.CLEAR
    assert "within 7 days" in found.sentence
    assert "times as often at the same place" in found.sentence
    assert "within 100 metres" in found.sentence
    assert found.numbers["same_place_p"] == pytest.approx(1 / 200)
    assert found.numbers["near_ratio"] > 5
    same = found.table.rows[0]
    assert same[:3] == ("same place", "0 to under 7 days", 40)
    assert found.method.parameters["incidents"] == "500"


def test_repeats_nearby_only(layer_of: Callable[..., Layer], told: Told) -> None:
    found = ask(at(layer_of, *pairs(np.random.default_rng(2), 400, 0, 60)), told)
    assert found.certainty is Certainty.CLEAR
    assert "Repeats at the same place are not clearly more than chance gives." in found.sentence


def test_victims_of_one_event_are_no_repeat(layer_of: Callable[..., Layer], told: Told) -> None:
    """A hundred events with a second victim each: same place, same day, an hour later."""
    x, y, day = pairs(np.random.default_rng(8), 400, 0, 0)
    start = np.datetime64("2023-01-01T12:00:00") + np.r_[day * 86_400, day[:100] * 86_400 + 3600]
    layer = layer_of(start, x=np.r_[x, x[:100]], y=np.r_[y, y[:100]])
    found = ask(layer, told)
    assert found.certainty is Certainty.NOT_SHOWN
    assert found.method.parameters["incidents"] == "400"
    assert any("100 of 500 records lie at the same place" in limit for limit in found.limits)


def test_one_event_with_many_victims_cannot_tell(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    found = ask(at(layer_of, np.full(60, 500), np.full(60, 500), np.zeros(60)), told)
    assert found.certainty is Certainty.CANNOT_TELL


def test_without_planted_repeats_the_level_holds(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """Two tests at 5 % together; more than 5 of 30 cities have P < 1 %."""
    rng = np.random.default_rng(3)
    found = [ask(at(layer_of, *pairs(rng, 200, 0, 0)), told) for _ in range(30)]
    assert sum(item.certainty is Certainty.CLEAR for item in found) <= 5
    quiet = next(item for item in found if item.certainty is Certainty.NOT_SHOWN)
    assert "do not clearly repeat" in quiet.sentence


def test_areas_only_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    nowhere = np.full(50, np.nan)
    found = ask(at(layer_of, nowhere, nowhere, np.arange(50), area=["W01"] * 50), told)
    assert found.certainty is Certainty.CANNOT_TELL
    assert "the source gives areas, no points" in found.sentence
    assert found.chart is None


def test_piled_up_points_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    rng = np.random.default_rng(4)
    x, y = (np.repeat(rng.uniform(0, 3000, 20), 40) for _ in range(2))
    layer = at(layer_of, x, y, rng.integers(0, 700, 800), precision=coordinate_precision(x, y))
    found = ask(layer, told)
    assert found.certainty is Certainty.CANNOT_TELL
    assert "distances between them mean little" in found.sentence


def test_months_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y, day = pairs(np.random.default_rng(5), 100, 0, 0)
    found = ask(at(layer_of, x, y, day, time_kind=["month"] * 100), told)
    assert found.certainty is Certainty.CANNOT_TELL
    assert "30.4 days only" in found.sentence


def test_too_few_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y, day = pairs(np.random.default_rng(6), 20, 0, 0)
    assert ask(at(layer_of, x[:19], y[:19], day[:19]), told).certainty is Certainty.CANNOT_TELL
    assert ask(at(layer_of, x, y, day), told).certainty is not Certainty.CANNOT_TELL


def test_reports_and_years_are_not_asked(layer_of: Callable[..., Layer]) -> None:
    x, y, day = pairs(np.random.default_rng(6), 30, 0, 0)
    rng = np.random.default_rng(1)
    assert repeat_findings(at(layer_of, x, y, day, record_kind="reports"), rng=rng) == []
    assert repeat_findings(at(layer_of, x, y, day, time_kind=["year"] * 30), rng=rng) == []


def test_burglary_goes_before_larger_kinds(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y, day = pairs(np.random.default_rng(7), 100, 0, 0)
    kinds = ["break-in"] * 30 + ["theft"] * 70
    codes = ["05012"] * 30 + ["0502"] * 70
    found = ask(at(layer_of, x, y, day, type=kinds, iccs=codes), told)
    assert "\u2018break-in\u2019" in found.question
    assert found.method.parameters["incidents"] == "30"


def test_the_newest_are_taken_of_too_many(
    layer_of: Callable[..., Layer], told: Told, monkeypatch: pytest.MonkeyPatch, plain: Plain
) -> None:
    monkeypatch.setattr(repeats, "MOST_INCIDENTS", 60)
    found = ask(at(layer_of, *pairs(np.random.default_rng(8), 100, 0, 0)), told)
    assert found.method.parameters["incidents"] == "60"
    assert any("The newest 60 of 100 incidents were used" in limit for limit in found.limits)


def test_windows_are_taken_at_their_middle(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y, day = pairs(np.random.default_rng(9), 60, 0, 0)
    start = np.datetime64("2023-01-01T12:00:00") + day * 86_400
    end = start + np.timedelta64(10, "h")
    layer = at(layer_of, x, y, day, end=end, time_kind=["interval"] * 60)
    assert any("middle of the time window" in limit for limit in ask(layer, told).limits)
