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

from commonlight.audit.answers_layer import AnswersLayer, make_answers_layer
from commonlight.audit.layers import AreaLayer, Layer, make_layer
from commonlight.cli.console import as_json
from commonlight.findings.charts import render_chart
from commonlight.findings.maps import render_map
from commonlight.findings.model import Finding, SourceNote
from commonlight.sources.answers import AnswerItem, Answers, GroupColumn
from commonlight.sources.codebook import Codebook, CodebookItem, Construct

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


def item(name: str, values: Any, **about: Any) -> AnswerItem:
    """Answers to one question: a rating from 0 to 10, unless other things are said of it."""
    values = np.asarray(values, dtype=np.float64)
    options: dict[str, Any] = {
        "construct": Construct.SAFETY,
        "wording": f"{name.capitalize()}?",
        "scale": "0 to 10",
        "lowest": 0.0,
        "highest": 10.0,
        "high_is": "safe",
    }
    if "labels" in about:
        options |= {"kind": "category", "scale": "", "lowest": None, "highest": None}
    choices = about.pop("choices", {})
    return AnswerItem(
        item=CodebookItem(name=name, **(options | about)),
        values=values,
        missing=np.where(np.isnan(values), 0, -1).astype(np.int8),
        meanings=("no answer",),
        choices=choices,
    )


def grouped(name: str, codes: Any, labels: Sequence[str]) -> GroupColumn:
    return GroupColumn(name=name, codes=np.asarray(codes, dtype=np.int32), labels=tuple(labels))


@pytest.fixture
def question() -> Callable[..., AnswerItem]:
    """Answers to one question, with what the codebook says of it."""
    return item


@pytest.fixture
def survey_of(areas: AreaLayer) -> Callable[..., AnswersLayer]:
    """A survey from its questions; `area` holds positions of the twelve wards, -1 for none."""

    def make(*items: AnswerItem, **given: Any) -> AnswersLayer:
        n = items[0].values.size
        name, within = given.get("name", "survey"), given.get("areas", areas)
        weight, area = given.get("weight"), given.get("area")
        groups = {
            key: grouped(key, codes, labels)
            for key, (codes, labels) in given.get("groups", {}).items()
        }
        design = {
            key: None if key not in given else grouped(key, given[key], sorted(map(str, range(99))))
            for key in ("stratum", "cluster")
        }
        answers = Answers(
            name=name,
            version="1",
            n=n,
            codebook=Codebook(
                name=given.get("survey", "Survey of Testham"),
                wave=given.get("wave", "2024"),
                items=tuple(one.item for one in items),
            ),
            weight=np.ones(n) if weight is None else np.asarray(weight, dtype=float),
            weighted=weight is not None,
            area=None if area is None else grouped("area", area, [f"W{i:02d}" for i in range(12)]),
            stratum_population=None,
            replicate_weights=None,
            day=given.get("day"),
            items={one.item.name: one for one in items},
            groups=groups,
            **design,
        )
        note = source_note(id=name, name="Survey", kind="answers", witness="survey")
        return make_answers_layer(
            answers,
            name=name,
            noun="residents",
            source=note,
            areas=within,
            **({"compared": given["compared"]} if "compared" in given else {}),
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
