"""The settings of an audit: what goes in, and a first guess from what the workspace holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind
from commonlight.web.data.models import DataSet
from commonlight.web.ui.punctuation import named

__all__ = ["SurveyQuestion", "datasets_in", "first_guess", "survey_questions", "whole_years"]

MINIMUM_COUNT = 5


@dataclass(frozen=True)
class SurveyQuestion:
    """A question of a survey, under the name that an audit knows it by."""

    name: str
    wording: str


def datasets_in(settings: Mapping[str, Any]) -> list[str]:
    """The short names of all data sets that an audit reads, each once."""
    parts = [settings.get(key) or [] for key in ("sources", "areas", "population")]
    parts += [settings.get(key) or [] for key in ("residents", "similar")]
    named = [item["dataset"] for part in parts for item in part if item.get("dataset")]
    streets = settings.get("streets") or {}
    if streets.get("dataset"):
        named.append(streets["dataset"])
    return list(dict.fromkeys(named))


def first_guess(datasets: Iterable[DataSet], *, today: date) -> dict[str, Any]:
    """Settings from the data sets that are there: all observations, one set of areas.

    Which witnesses are laid beside each other is left to the audit, which knows the questions.
    """
    ready = [one for one in datasets if one.current is not None]
    observed = [one for one in ready if one.kind in OBSERVATION_KINDS]
    areas = _first(ready, DataKind.AREAS)
    population = _first(ready, DataKind.POPULATION)
    streets = _first(ready, DataKind.STREETS)
    return {
        "period": [day.isoformat() for day in whole_years(observed, today=today)],
        "sources": [_source(one, areas) for one in observed],
        "areas": [{"dataset": areas.slug}] if areas else [],
        "population": (
            [{"dataset": population.slug, "areas": areas.slug if areas else ""}]
            if population
            else []
        ),
        "divergence": [],
        "streets": {"dataset": streets.slug} if streets else None,
        "publish": {"minimum_count": MINIMUM_COUNT},
        "cell_size": None,
    }


def _first(datasets: Iterable[DataSet], kind: str) -> DataSet | None:
    return next((one for one in datasets if one.kind == kind), None)


def _source(dataset: DataSet, areas: DataSet | None) -> dict[str, Any]:
    return {
        "dataset": dataset.slug,
        "noun": dataset.noun,
        "areas": areas.slug if areas else "",
        "exclude_types": [],
    }


def whole_years(datasets: Iterable[DataSet], *, today: date) -> tuple[date, date]:
    """The whole calendar years that the records cover, at most three; else the last year."""
    spans = [
        (one.current.first_day, one.current.last_day)
        for one in datasets
        if one.kind == DataKind.INCIDENTS
        and one.current is not None
        and one.current.first_day
        and one.current.last_day
    ]
    if not spans:
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    start = first.year if (first.month, first.day) == (1, 1) else first.year + 1
    end = last.year if (last.month, last.day) == (12, 31) else last.year - 1
    if start > end:
        return first, last
    return date(max(start, end - 2), 1, 1), date(end, 12, 31)


def survey_questions(datasets: Iterable[DataSet]) -> list[SurveyQuestion]:
    """The questions of surveys about safety and worry, then the others, from the codebooks."""
    found = []
    for dataset in datasets:
        if dataset.kind != DataKind.ANSWERS or dataset.current is None:
            continue
        items = _codebook(dataset.current.manifest).get("item") or []
        found += [(_rank(item), dataset, item) for item in items if item.get("name")]
    found.sort(key=lambda entry: entry[0])
    return [
        SurveyQuestion(
            f"{dataset.slug}.{item['name']}",
            named(dataset.name, item.get("wording") or item["name"]),
        )
        for _, dataset, item in found
    ]


def _codebook(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The codebook that a version keeps as the text of its file."""
    import tomllib

    return tomllib.loads(manifest.get("codebook") or "")


def _rank(item: Mapping[str, Any]) -> int:
    order = ("safety", "worry", "perceived_risk", "perceived_disorder")
    construct = item.get("construct", "")
    return order.index(construct) if construct in order else len(order)
