"""Has each kind its own place and time?"""

from __future__ import annotations

from typing import Any

import numpy as np

from commonlight.analysis.aoristic import aoristic_profile
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.hours import busiest_stretch, hours_of_week, stretch_words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table

__all__ = ["profile_findings"]

#: Kinds with fewer incidents get no row: their peaks would be chance.
FEWEST = 200
#: Kinds in the table, the largest first.
SHOWN = 12


def profile_findings(layer: Layer) -> list[Finding]:
    """Where and when each of the larger kinds is most frequent."""
    counts = layer.kind_counts()
    order = np.argsort(-counts, kind="stable")[:SHOWN]
    kinds = [int(i) for i in order if counts[i] >= FEWEST]
    if len(kinds) < 2 or (not _has_hours(layer) and layer.areas is None):
        return []
    rows = [_row(layer, kind) for kind in kinds]
    if not any("hours" in row or "area" in row for row in rows):
        return []
    return [
        Finding(
            id=f"{layer.name}.kind-profiles",
            block=Block.PROBLEMS,
            question=_question(layer),
            sentence=_sentence(layer, rows),
            certainty=Certainty.DESCRIPTIVE,
            method=method("aoristic" if layer.resolution == "interval" else "description"),
            sources=(layer.name,),
            limits=(
                "The busiest hours and areas of each kind are a description; with few incidents "
                "they can move from year to year.",
                "Measures that fit one kind need not fit another: look at each on its own.",
            ),
            table=_table(layer, rows),
            numbers={"kinds": len(kinds)},
            cells=tuple(_cells(layer, rows)),
        )
    ]


def _cells(layer: Layer, rows: list[dict[str, Any]]) -> list[CountCells]:
    """Each kind, and of it those in its busiest hours and in its busiest area."""
    parts: list[tuple[tuple[str, ...], str, str, dict[str, Any]]] = [
        (("kind",), "", "count", {"column": "count"})
    ]
    if _has_hours(layer):
        shown = {"derived": ("hours", "hours_share")}
        parts.append((("kind", "stretch"), "hours", "hours_count", shown))
    if layer.areas is not None:
        shown = {"derived": ("area", "area_share")}
        parts.append((("kind", "area"), "area_code", "area_count", shown))
    return [
        CountCells(
            source=layer.name,
            dimensions=dimensions,
            keys=tuple((row["kind"], row.get(value, ""))[: len(dimensions)] for row in rows),
            counts=tuple(row.get(count, row["count"]) for row in rows),
            selected=True,
            **shown,
        )
        for dimensions, value, count, shown in parts
    ]


def _has_hours(layer: Layer) -> bool:
    return layer.resolution in ("instant", "hour", "interval")


def _question(layer: Layer) -> str:
    if not _has_hours(layer):
        return f"Has each kind of {layer.noun} its own place?"
    place = "place and time" if layer.areas is not None else "time"
    return f"Has each kind of {layer.noun} its own {place}?"


def _row(layer: Layer, kind: int) -> dict[str, Any]:
    """One kind: its count, its busiest stretch of hours and its busiest area."""
    chosen = layer.kind == kind
    count = int(layer.count[chosen].sum())
    row: dict[str, Any] = {"kind": layer.kinds[kind], "count": count}
    if _has_hours(layer):
        start, end = hours_of_week(layer)
        grid = aoristic_profile(
            start[chosen], end[chosen], weights=layer.count[chosen]
        ).profile.reshape(7, 24)
        first, share = busiest_stretch(grid)
        row |= {
            "hours": stretch_words(first),
            "hours_share": 100 * share,
            "hours_count": min(round(share * count), count),
        }
    if layer.areas is not None:
        in_areas = layer.area_counts(chosen)
        if in_areas.sum():
            top = int(np.argmax(in_areas))
            row |= {
                "area": layer.areas.labels[top],
                "area_share": 100 * in_areas[top] / in_areas.sum(),
                "area_code": layer.areas.codes[top],
                "area_count": int(in_areas[top]),
            }
    return row


def _sentence(layer: Layer, rows: list[dict[str, Any]]) -> str:
    key, verb = ("hours", "from") if _has_hours(layer) else ("area", "in")
    named = [row for row in rows if row.get(key)]
    first = named[0]
    other = next((row for row in named if row[key] != first[key]), None)
    if other is None:
        return f"All larger kinds are most frequent {verb} {first[key]}."
    return (
        f"\u2018{first['kind']}\u2019 is recorded most {verb} {first[key]}, "
        f"\u2018{other['kind']}\u2019 {verb} {other[key]}."
    )


def _table(layer: Layer, rows: list[dict[str, Any]]) -> Table:
    columns = [
        Column(name="kind", label="Kind, as recorded"),
        Column(name="count", label="Count", numeric=True),
    ]
    if _has_hours(layer):
        columns += [
            Column(name="hours", label="Busiest eight hours"),
            Column(
                name="hours_share", label="Held in these hours", unit="%", numeric=True, decimals=0
            ),
        ]
    if layer.areas is not None:
        columns += [
            Column(name="area", label="Busiest area"),
            Column(
                name="area_share", label="Held in this area", unit="%", numeric=True, decimals=0
            ),
        ]
    return Table(
        columns=tuple(columns),
        rows=tuple(tuple(row.get(column.name) for column in columns) for row in rows),
        caption="Where and when each kind is most frequent",
    )
