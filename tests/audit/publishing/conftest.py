"""A report with one finding of each kind, whose counts are chosen so that some are small."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.findings.model import (
    AreaMap,
    BarChart,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    GridMap,
    LineChart,
    MethodNote,
    Report,
    Series,
    SourceNote,
    Table,
)

#: Counts of areas A to H; C is small, and one other must go with it.
AREAS = {"A": 310, "B": 121, "C": 3, "D": 88, "E": 41, "F": 17, "G": 9, "H": 66}
TOTAL = sum(AREAS.values())
METHOD = MethodNote(name="Counting", page="methods/counting", summary="Counts.")


def source(**changes: Any) -> SourceNote:
    values: dict[str, Any] = {
        "id": "thefts",
        "name": "Thefts",
        "kind": "incidents",
        "publisher": "Police",
        "licence": "CC0",
        "first_day": date(2023, 1, 1),
        "last_day": date(2023, 12, 31),
        "age_days": 30,
        "rows_read": TOTAL + 20,
        "rows_accepted": TOTAL,
        "rows_rejected": 20,
        "digest": "sha256 0123456789abcdef",
        "notes": (
            "Coordinates are in EPSG:25832.",
            "Read from /records/anna/thefts_2023.csv.",
            "3 thefts without a place.",
            "Asked anna.muster@example.org.",
        ),
        "rejected_reasons": {"no time": 20},
    }
    return SourceNote(**(values | changes))


def finding(name: str = "areas", **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "id": f"thefts.{name}",
        "block": Block.PROBLEMS,
        "question": "Where are the most thefts?",
        "sentence": f"Ward A holds 310 of {TOTAL} thefts.",
        "certainty": Certainty.DESCRIPTIVE,
        "method": METHOD,
        "sources": ("thefts",),
        "limits": ("A count is no measure of risk.",),
    }
    return Finding(**(values | changes))


def by_area(**changes: Any) -> Finding:
    """Areas by count, with a rate, a chart of the five highest and a map."""
    ranked = sorted(AREAS.items(), key=lambda item: -item[1])
    codes = tuple((code,) for code, _ in ranked)
    counts = tuple(count for _, count in ranked)
    table = Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="count", label="Thefts", numeric=True),
            Column(name="residents", label="Residents", numeric=True, free=True),
            Column(name="rate", label="Rate", numeric=True, decimals=1),
        ),
        rows=tuple((code, f"Ward {code}", n, 1000, float(n)) for code, n in ranked),
        caption="Thefts by ward",
    )
    squares = tuple(shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(len(AREAS)))
    values: dict[str, Any] = {
        "details": (
            "Ward C has the fewest: 3.",
            f"There were {TOTAL} thefts.",
            "4 of 8 wards lie by the river.",
        ),
        "chart": BarChart(
            title="The five wards with the most",
            description="Ward A 310.",
            categories=tuple(f"Ward {code}" for code, _ in ranked[:5]),
            series=(Series(label="Thefts", values=tuple(map(float, counts[:5]))),),
            x_label="Thefts",
        ),
        "map": AreaMap(
            title="Thefts, 8 wards",
            description="Numbered: Ward A and Ward C.",
            geometries=squares,
            labels=tuple(f"Ward {code}" for code in AREAS),
            values=np.array(list(AREAS.values()), dtype=float),
            breaks=(50.0, 100.0),
            unit="thefts",
            crs="EPSG:25832",
            marked=(0, 2),
        ),
        "table": table,
        "numbers": {"total": TOTAL, "least": 3},
        "cells": (
            CountCells(
                source="thefts", dimensions=(), keys=((),), counts=(TOTAL,), shown_in="text"
            ),
            CountCells(
                source="thefts",
                dimensions=("area",),
                keys=codes,
                counts=counts,
                column="count",
                derived=("rate",),
                chart=("count",),
            ),
            CountCells(
                source="thefts",
                dimensions=("area",),
                keys=tuple((code,) for code in AREAS),
                counts=tuple(AREAS.values()),
                shown_in="map",
            ),
        ),
    }
    return finding(**(values | changes))


def by_month(counts: tuple[int, ...]) -> Finding:
    months = tuple(f"{m:02d}" for m in range(1, len(counts) + 1))
    return finding(
        "trend",
        sentence="There was no clear change in thefts.",
        chart=LineChart(
            title="Between few and many",
            description="Line.",
            x=tuple(float(i) for i in range(len(counts))),
            x_tick_labels={0.0: "January"},
            series=(Series(label="a month", values=tuple(map(float, counts))),),
            x_label="Month",
            y_label="Thefts",
            marks=((1.0, float(counts[1]), "lowest"),),
        ),
        table=Table(
            columns=(
                Column(name="month", label="Month"),
                Column(name="count", label="Thefts", numeric=True),
            ),
            rows=tuple(zip(months, counts, strict=True)),
            caption="Thefts by month",
        ),
        cells=(
            CountCells(
                source="thefts",
                dimensions=("year", "month"),
                keys=tuple(("2023", month) for month in months),
                counts=counts,
                column="count",
                chart=("count",),
            ),
        ),
    )


def on_a_grid(counts: tuple[int, ...], *, size: float = 200.0) -> Finding:
    """Cells by density; the last one has a tenth of the size of the others."""
    areas = (*((size / 1000) ** 2 for _ in counts[:-1]), (size / 1000) ** 2 / 10)
    values = np.array([n / area for n, area in zip(counts, areas, strict=True)])
    return finding(
        "hot-spots",
        sentence="No place stands out.",
        map=GridMap(
            title="Thefts per square kilometre",
            description="Map of cells.",
            cells=tuple(shapely.box(size * i, 0, size * (i + 1), size) for i in range(len(counts))),
            values=values,
            breaks=(200.0, 1000.0),
            unit="thefts per km\u00b2",
            crs="EPSG:25832",
            cell_size=size,
            cell_areas=areas,
        ),
        cells=(
            CountCells(
                source="thefts",
                dimensions=("cell",),
                keys=tuple((str(i),) for i in range(len(counts))),
                counts=counts,
                shown_in="map",
            ),
        ),
    )


def make_report(*findings: Finding, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "title": "Local safety audit",
        "city": "Testham",
        "period": (date(2023, 1, 1), date(2023, 12, 31)),
        "made_on": date(2024, 1, 31),
        "version": "0",
        "simulated": False,
        "one_sided": True,
        "headline_findings": tuple(item.id for item in findings),
        "findings": findings,
        "sources": (source(),),
        "missing": (),
        "absent_voices": (),
        "run": {"Configuration": "testham.toml", "Seed": "1"},
    }
    return Report(**(values | changes))


@pytest.fixture
def make() -> dict[str, Any]:
    """The makers above, for tests in other files."""
    return {
        "report": make_report,
        "finding": finding,
        "by_area": by_area,
        "by_month": by_month,
        "on_a_grid": on_a_grid,
        "source": source,
        "areas": AREAS,
        "total": TOTAL,
    }
