"""Whatever the records look like, every question gives an answer that can be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.analysis.precision import coordinate_precision
from commonlight.audit.config import AuditConfig
from commonlight.audit.intake import Intake
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.publishing.public import publish
from commonlight.audit.questions.similar import AreaVariables
from commonlight.audit.run import _ask, audit_report
from commonlight.findings.folder import write_folder
from commonlight.findings.html import render_html
from commonlight.sources.streets import StreetLines

CONFIG = AuditConfig(
    city="Testham",
    sources=(),
    period=(date(2023, 1, 1), date(2024, 12, 31)),
    made_on=date(2025, 1, 1),
)
RESOLUTIONS = {"instant": 0, "hour": 3600, "interval": 20 * 3600, "day": 86400}
KINDS = np.array(["theft", "burglary", "damage", "noise"], dtype=object)
CODES = {"theft": "0502", "burglary": "05012", "damage": "0504", "noise": None}


def some_areas(areas: AreaLayer, rng: np.random.Generator) -> AreaLayer | None:
    """No areas, areas without residents, with some unknown, or without a map."""
    choice = int(rng.integers(6))
    if choice == 0:
        return None
    if choice == 1:
        return replace(areas, population=None, population_source=None)
    if choice == 2:
        return replace(areas, polygons=())
    if choice == 3:
        few = int(rng.integers(1, 5))
        return replace(
            areas,
            codes=areas.codes[:few],
            labels=areas.labels[:few],
            polygons=areas.polygons[:few],
            population=np.full(few, 50.0),
        )
    if choice == 4:
        known = np.where(rng.random(12) < 0.4, rng.uniform(0, 3000, 12), np.nan)
        return replace(areas, population=known)
    return areas


def some_layer(layer_of: Callable[..., Layer], areas: AreaLayer, rng: np.random.Generator) -> Layer:
    n = int(rng.choice([0, 1, 3, 40, 400]))
    start = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 86400, n)
    resolution = str(rng.choice([*RESOLUTIONS, "month", "year"]))
    if resolution in RESOLUTIONS:
        end = start + RESOLUTIONS[resolution]
    else:
        unit = f"datetime64[{resolution[0].upper()}]"
        start = start.astype(unit)
        end = (start + 1).astype("datetime64[s]")
        start = start.astype("datetime64[s]")
    kind = KINDS[rng.integers(0, int(rng.integers(1, 5)), n)]
    x, y = rng.uniform(-500, 4500, n), rng.uniform(-500, 3500, n)
    missing = rng.random(n) < rng.choice([0, 0.05, 1])
    x[missing] = y[missing] = np.nan
    if rng.random() < 0.3:
        x, y = np.round(x / 1000) * 1000 + 500, np.round(y / 1000) * 1000 + 500
    codes = [f"W{i:02d}" if i < 12 else None for i in rng.integers(0, 15, n)]
    columns: dict[str, Any] = {
        "end": end,
        "time_kind": [resolution] * n,
        "type": kind.tolist(),
        "iccs": [CODES[item] for item in kind],
        "x": x,
        "y": y,
        "area": codes if rng.random() < 0.5 else [None] * n,
        "count": rng.integers(0 if rng.random() < 0.2 else 1, 4, n).tolist(),
        "areas": some_areas(areas, rng),
        "record_kind": str(rng.choice(["incidents", "reports"])),
        "precision": coordinate_precision(x, y),
    }
    return layer_of(start, **columns)


def some_intake(layer: Layer, rng: np.random.Generator) -> Intake:
    """An intake of one layer, with or without streets and variables to compare areas by."""
    streets, variables = None, {}
    if rng.random() < 0.5:
        lines = tuple(
            shapely.LineString([(0, 250 * k), (4000, 250 * k)])
            for k in range(int(rng.choice([1, 60])))
        )
        streets = StreetLines(lines=lines, ids=tuple(map(str, range(len(lines)))), crs="EPSG:25832")
    if layer.areas is not None and rng.random() < 0.5:
        values = rng.normal(size=(len(layer.areas.codes), 3))
        values[rng.random(values.shape) < 0.1] = np.nan
        names = ("flats", "bars", "age")
        variables = {layer.areas.name: AreaVariables(names=names, values=values, source="v")}
    return Intake(
        layers=(layer,),
        areas=(layer.areas,) if layer.areas is not None else (),
        sources=(layer.source,),
        crs=layer.crs,
        streets=streets,
        variables=variables,
    )


@pytest.mark.parametrize("seed", range(120))
def test_random_records_never_break_a_question(
    seed: int, layer_of: Callable[..., Layer], areas: AreaLayer, told: Callable[..., Any]
) -> None:
    rng = np.random.default_rng([7, seed])
    layer = some_layer(layer_of, areas, rng)
    found = told(_ask(layer, CONFIG, some_intake(layer, rng)))
    assert "coverage" in found
    assert all(item.id.startswith("thefts.") for item in found.values())
    assert {layer.name} <= set(found["coverage"].sources)


@pytest.mark.parametrize("seed", range(15))
def test_random_records_always_make_a_page_and_a_folder(
    seed: int, layer_of: Callable[..., Layer], areas: AreaLayer, tmp_path: Path
) -> None:
    rng = np.random.default_rng([8, seed])
    layer = some_layer(layer_of, areas, rng)
    intake = some_intake(layer, rng)
    report = audit_report(CONFIG, intake)
    assert report.one_sided
    page = render_html(report)
    for finding in report.findings:
        assert finding.sentence in unescape(page)
    write_folder(report, tmp_path / "data")
    assert (tmp_path / "data" / "findings.json").is_file()


@pytest.mark.parametrize("seed", range(25))
def test_random_records_always_make_a_public_version_that_keeps_its_word(
    seed: int, layer_of: Callable[..., Layer], areas: AreaLayer, tmp_path: Path
) -> None:
    layer = some_layer(layer_of, areas, np.random.default_rng([8, seed]))
    intake = Intake(
        layers=(layer,),
        areas=(layer.areas,) if layer.areas is not None else (),
        sources=(layer.source,),
        crs=layer.crs,
    )
    report = audit_report(CONFIG, intake)
    publication = publish(report, rules=CONFIG.publish, nouns={"thefts": "thefts"})
    render_html(publication.report)
    write_folder(publication.report, tmp_path / "data")
    assert publication.left_out == {}
    inside = {item.id: item for item in report.findings}
    for finding in publication.report.findings:
        before = inside[finding.id]
        if finding.table is None or before.table is None:
            continue
        names = [column.name for column in finding.table.columns]
        for item in before.cells:
            if item.shown_in != "table" or not item.column:
                continue
            column = names.index(item.column)
            shown = [row[column] for row in finding.table.rows]
            assert not [value for value in shown if isinstance(value, int) and 0 < value < 5]
            gone = publication.hidden.rows(item)
            assert sum(isinstance(value, str) for value in shown) <= len(gone)
