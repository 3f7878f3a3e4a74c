"""Whatever a survey looks like, every question gives an answer that can be shown and published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import AuditConfig, DivergenceConfig
from commonlight.audit.intake import Intake
from commonlight.audit.layers import AreaLayer
from commonlight.audit.publishing.faces import undeclared
from commonlight.audit.publishing.public import publish
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.run import audit_report
from commonlight.audit.visits_layer import VisitsLayer
from commonlight.findings.folder import write_folder
from commonlight.findings.html import render_html
from commonlight.findings.model import Certainty, Report
from commonlight.sources.codebook import Construct

CONFIG = AuditConfig(
    city="Testham",
    sources=(),
    period=(date(2023, 1, 1), date(2024, 12, 31)),
    made_on=date(2025, 1, 1),
)
STEPS = {"1": "very safe", "2": "safe", "3": "unsafe", "4": "very unsafe"}
AGES = ("18-29", "30-64", "65+")


def some_areas(areas: AreaLayer, rng: np.random.Generator) -> AreaLayer | None:
    """None, one alone, without residents, with some unknown, without a map, or with groups."""
    choice = int(rng.integers(7))
    if choice == 0:
        return None
    if choice == 1:
        return replace(
            areas, codes=("W00",), labels=("Ward 0",), polygons=areas.polygons[:1],
            population=np.array([500.0]),
        )  # fmt: skip
    if choice == 2:
        return replace(areas, population=None, population_source=None)
    if choice == 3:
        return replace(areas, population=np.where(rng.random(12) < 0.3, 800.0, np.nan))
    if choice == 4:
        return replace(areas, polygons=())
    groups = {
        "sex": {"women": rng.uniform(0, 500, 12), "men": np.full(12, 400.0)},
        "age": {age: rng.uniform(0, 300, 12) for age in AGES[: int(rng.integers(2, 4))]},
    }
    return replace(areas, groups=groups)


def some_values(rng: np.random.Generator, n: int, codes: int) -> np.ndarray:
    """Numbers, most or all of them missing, or all alike."""
    kind = int(rng.integers(5))
    values = rng.integers(1, codes + 1, n).astype(float)
    if kind == 0:
        values[:] = rng.integers(1, codes + 1)
    values[rng.random(n) < (0, 0.1, 0.1, 0.9, 1)[kind]] = np.nan
    return values


def some_items(question: Callable[..., Any], rng: np.random.Generator, n: int) -> list[Any]:
    """Questions of any construct and kind; the order of the codes is known or not."""
    items = []
    for k in range(int(rng.integers(1, 9))):
        construct = list(Construct)[int(rng.integers(len(Construct)))]
        about: dict[str, Any] = {
            "construct": construct,
            "high_is": [None, "safe", "unsafe", "better", "worse", "more"][int(rng.integers(6))],
            "place": [None, "neighbourhood", "city", "home"][int(rng.integers(4))],
            "exact": bool(rng.random() < 0.8),
        }
        kind = int(rng.integers(4))
        if kind == 1:
            about |= {"labels": STEPS, "share_of": ("3", "4")}
        elif kind == 2:
            about |= {"labels": STEPS}
        elif kind == 3:
            choices = {c: np.where(rng.random(n) < 0.2, 1.0, 0.0) for c in ("a", "b")}
            about |= {"kind": "multiple", "labels": {"a": "here", "b": "there"}, "choices": choices}
        items.append(question(f"q_{k}", some_values(rng, n, 4), **about))
    return items


def some_survey(
    question: Callable[..., Any],
    survey_of: Callable[..., Any],
    areas: AreaLayer | None,
    rng: np.random.Generator,
    **named: Any,
) -> Any:
    n = int(rng.choice([1, 2, 25, 31, 300]))
    given: dict[str, Any] = {"areas": areas, **named}
    if rng.random() < 0.8:
        given["area"] = rng.integers(-1 if rng.random() < 0.7 else 0, 12, n)
    if rng.random() < 0.6:
        given["weight"] = rng.lognormal(0, rng.choice([0.1, 1.5]), n)
    if rng.random() < 0.5:
        given["stratum"] = rng.integers(0, 4, n)
    if rng.random() < 0.5:
        given["cluster"] = rng.integers(0, 30, n)
    if rng.random() < 0.5:
        given["day"] = np.datetime64("2024-03-01") + rng.integers(0, 40, n)
    groups = {}
    if rng.random() < 0.7:
        groups["sex"] = (rng.integers(-1, 2, n), ("women", "men"))
    if rng.random() < 0.7:
        groups["age"] = (rng.integers(-1, 3, n), AGES)
    return survey_of(*some_items(question, rng, n), groups=groups, **given)


def some_visits(areas: AreaLayer | None, note: Any, rng: np.random.Generator) -> VisitsLayer:
    n = int(rng.choice([0, 1, 5, 60]))
    value = rng.integers(0, 5, n).astype(float)
    value[rng.random(n) < rng.choice([0, 0.2, 1])] = np.nan
    start = np.full(n, np.datetime64("2024-05-01T20:00:00"))
    start[rng.random(n) < 0.3] = np.datetime64("NaT")
    inside = -1 if areas is None else len(areas.codes)
    return VisitsLayer(
        name="walk",
        noun="observations",
        source=replace(note, id="walk", name="Walk", kind="visits", witness="site"),
        start=start,
        item=rng.integers(0, 2, n),
        items=("Light", "Litter"),
        value=value,
        area=rng.integers(-1, inside, n) if inside > 0 else np.full(n, -1),
        areas=areas,
    )


def some_intake(
    rng: np.random.Generator, question: Any, survey_of: Any, layer_of: Any, areas: AreaLayer
) -> Intake:
    chosen = some_areas(areas, rng)
    surveys = [some_survey(question, survey_of, chosen, rng, wave="2024")]
    if rng.random() < 0.4:
        surveys.append(some_survey(question, survey_of, chosen, rng, wave="2022", name="before"))
    visits = some_visits(chosen, surveys[0].source, rng)
    start = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 86400, 80)
    kind = str(rng.choice(["incidents", "reports"]))
    thefts = layer_of(
        start, area=[f"W{i:02d}" for i in rng.integers(0, 12, 80)], areas=chosen, record_kind=kind
    )
    layers = (thefts,) if rng.random() < 0.6 else ()
    return Intake(
        layers=layers,
        areas=() if chosen is None else (chosen,),
        sources=tuple(item.source for item in (*layers, *surveys, visits)),
        crs="EPSG:25832",
        surveys=tuple(surveys),
        visits=(visits,),
    )


def random_report(seed: int, *given: Any) -> Report:
    rng = np.random.default_rng([11, seed])
    intake = some_intake(rng, *given)
    chosen: tuple[DivergenceConfig, ...] = ()
    survey = intake.surveys[0]
    known = [m for c in Construct for m in survey.measures(c) if m.higher_is_worse is not None]
    if known and survey.areas is not None and rng.random() < 0.7:
        name = f"survey.{known[0].name}"
        chosen = (DivergenceConfig(recorded=name, felt=name),)
    return audit_report(replace(CONFIG, divergence=chosen), intake)


@pytest.mark.parametrize("seed", range(120))
def test_random_answers_never_break_a_question(
    seed: int, question: Any, survey_of: Any, layer_of: Any, areas: AreaLayer, told: Any
) -> None:
    report = random_report(seed, question, survey_of, layer_of, areas)
    told([item for item in report.findings if not item.id.startswith("context.")])
    found = {item.id: item for item in report.findings}
    assert "survey.respondents" in found
    for item in found.values():
        assert undeclared(item) == (), item.id
        if item.certainty is Certainty.CANNOT_TELL and item.id.startswith("survey."):
            assert "annot" in item.sentence or "othing can be compared" in item.sentence


@pytest.mark.parametrize("seed", range(200, 215))
def test_random_answers_always_make_two_versions(
    seed: int, question: Any, survey_of: Any, layer_of: Any, areas: AreaLayer, tmp_path: Path
) -> None:
    report = random_report(seed, question, survey_of, layer_of, areas)
    public = publish(report, rules=PublicationRules(), nouns={}).report
    for version in (report, public):
        page = unescape(render_html(version))
        assert all(item.sentence in page for item in version.findings)
        write_folder(version, tmp_path / version.audience)
        assert (tmp_path / version.audience / "findings.json").is_file()
