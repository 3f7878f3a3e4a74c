"""Small layers, made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from commonlight.audit.layers import AreaLayer, Layer, make_layer
from commonlight.cli.console import as_json
from commonlight.findings.charts import render_chart
from commonlight.findings.maps import render_map
from commonlight.findings.model import Finding, SourceNote

DOCS = Path(__file__).parents[2] / "docs"
#: Words that a finding has no business with: it speaks of records and places.
PERSONS = ("offender", "perpetrator", "suspect", "nationality", "foreign", "ethnic", "criminals")


def source_note(**changes: Any) -> SourceNote:
    values: dict[str, Any] = {
        "id": "thefts",
        "name": "Thefts",
        "kind": "incidents",
        "publisher": "Police of Testham",
        "licence": "CC0",
        "first_day": date(2023, 1, 1),
        "last_day": date(2024, 12, 31),
        "age_days": 30,
        "rows_read": 100,
        "rows_accepted": 98,
        "rows_rejected": 2,
        "digest": "sha256 0",
        "rejected_reasons": {"impossible date": 2},
    }
    return SourceNote(**(values | changes))


@pytest.fixture
def areas() -> AreaLayer:
    """Twelve squares of a kilometre, four by three, with residents."""
    squares = tuple(
        shapely.box(1000 * i, 1000 * j, 1000 * (i + 1), 1000 * (j + 1))
        for j in range(3)
        for i in range(4)
    )
    return AreaLayer(
        name="wards",
        noun="wards",
        codes=tuple(f"W{i:02d}" for i in range(12)),
        labels=tuple(f"Ward {i}" for i in range(12)),
        polygons=squares,
        population=np.full(12, 1000.0),
        population_source="residents",
        crs="EPSG:25832",
    )


@pytest.fixture
def layer_of(areas: AreaLayer) -> Callable[..., Layer]:
    """A layer from start times; other columns may be given by name."""

    def make(start: Any, **columns: Any) -> Layer:
        start = np.asarray(start, dtype="datetime64[s]")
        n = start.size
        options = {
            key: columns.pop(key)
            for key in (
                "period",
                "areas",
                "precision",
                "record_kind",
                "exclude_types",
                "only_inside",
                "place_kind",
            )
            if key in columns
        }
        table = pa.table(
            {
                "start": pa.array(start),
                "end": pa.array(np.asarray(columns.pop("end", start), dtype="datetime64[s]")),
                "time_kind": pa.array(
                    columns.pop("time_kind", ["instant"] * n)
                ).dictionary_encode(),
                "x": pa.array(columns.pop("x", np.full(n, 500.0)), pa.float64()),
                "y": pa.array(columns.pop("y", np.full(n, 500.0)), pa.float64()),
                "area": pa.array(columns.pop("area", [None] * n), pa.string()).dictionary_encode(),
                "type": pa.array(columns.pop("type", ["theft"] * n)).dictionary_encode(),
                "iccs": pa.array(columns.pop("iccs", ["0502"] * n)).dictionary_encode(),
                "count": pa.array(columns.pop("count", [1] * n), pa.int32()),
                **columns,
            }
        )
        return make_layer(
            table,
            name="thefts",
            noun="thefts",
            record_kind=options.pop("record_kind", "incidents"),
            source=source_note(),
            period=options.pop("period", (date(2023, 1, 1), date(2024, 12, 31))),
            areas=options.pop("areas", areas),
            crs="EPSG:25832",
            precision=options.pop("precision", None),
            **options,
        )

    return make


@pytest.fixture
def told() -> Callable[[Sequence[Finding]], dict[str, Finding]]:
    """Findings by the end of their identifier, after checking what all of them must hold."""

    def check(findings: Sequence[Finding]) -> dict[str, Finding]:
        names = [finding.id for finding in findings]
        assert len(set(names)) == len(names)
        for finding in findings:
            _check_finding(finding)
        return {name.rsplit(".", 1)[-1]: item for name, item in zip(names, findings, strict=True)}

    return check


def _check_finding(finding: Finding) -> None:
    assert finding.sentence.endswith("."), finding.sentence
    assert finding.question.endswith("?")
    assert "nan" not in finding.sentence.lower().split()
    assert " of 0 " not in finding.sentence
    assert "the none" not in finding.sentence
    assert (DOCS / f"{finding.method.page}.md").is_file()
    assert finding.method.summary
    assert finding.limits
    assert all(item.strip() for item in (*finding.limits, *finding.details, *finding.sources))
    if finding.chart is not None or finding.map is not None:
        assert finding.table is not None, f"{finding.id} shows a picture without a table"
    if finding.chart is not None:
        assert render_chart(finding.chart, width=640).startswith("<svg")
    if finding.map is not None:
        assert render_map(finding.map, width=640).startswith("<svg")
    json.dumps(as_json(finding.numbers), allow_nan=False)
    if finding.table is not None:
        json.dumps(finding.table.rows)
    text = " ".join((finding.question, finding.sentence, *finding.limits, *finding.details))
    assert not [word for word in PERSONS if word in text.lower()]


@pytest.fixture
def plain() -> Callable[[str], str]:
    """A sentence with ordinary spaces in its numbers."""
    return lambda text: text.replace("\u202f", " ")
