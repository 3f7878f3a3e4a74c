"""The quality panel counts what the table holds."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.quality import source_quality

HEADER = "id,at,noted,lon,lat,ward,type,use"


@pytest.fixture
def quality_of(tmp_path):
    """The quality of rows under the header."""

    def run(lines, **changes):
        parts = {
            "kind": "incidents",
            "name": "test",
            "time": TimeColumns(start="at"),
            "recorded": "noted",
            "place": PlaceColumns(x="lon", y="lat", crs="EPSG:4326", area="ward", required=False),
            "type": TypeColumns(column="type"),
            "keep": {"use": "use"},
        }
        path = tmp_path / "file.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n")
        import_source(path, Mapping(**(parts | changes)), lake=tmp_path / "lake", name="s")
        return source_quality(Lake(tmp_path / "lake").open("s"))

    return run


def row(i, day, *, wait=1, place="13.4{0:04d},52.5", ward="", kind="theft", use="shop"):
    where = place.format(i % 5000) if place else ","
    return f"A{i},{day},{day + timedelta(days=wait)},{where},{ward},{kind},{use}"


def every_day(days, **options):
    first = date(2020, 1, 1)
    return [row(i, first + timedelta(days=i), **options) for i in range(days)]


def test_completeness_delay_and_places_are_counted(quality_of):
    lines = every_day(120, wait=2)
    lines += [row(900 + i, date(2020, 3, 1), place="", ward="W1", use="") for i in range(60)]
    lines += [row(990 + i, date(2020, 3, 1), place="") for i in range(20)]
    found = quality_of(lines)
    assert (found.read, found.accepted, found.rejected, found.rows) == (200, 200, 0, 200)
    shares = {c.column: c.share for c in found.columns}
    assert shares["local_use"] == pytest.approx(0.7)
    assert shares["x"] == pytest.approx(0.6)
    assert shares["type"] == 1.0
    assert (found.located.points, found.located.areas, found.located.nowhere) == pytest.approx(
        (0.6, 0.3, 0.1)
    )
    assert found.delay.median == 2
    assert found.delay.most == 2
    assert found.delay.known == 1.0
    assert (found.first_day, found.last_day) == ("2020-01-01", "2020-04-29")
    assert "24 months" in found.notes[0]
    assert found.changes == ()
    assert json.loads(json.dumps(found.to_json()))["rows"] == 200


def test_a_month_without_records_is_named(quality_of):
    lines = [line for line in every_day(200) if "2020-03-" not in line.split(",")[1]]
    assert quality_of(lines).empty_months == ("2020-03",)


def test_a_field_that_stays_empty_from_a_month_on_is_found(quality_of):
    rng = np.random.default_rng(1)
    lines, i = [], 0
    for month in range(36):
        for _ in range(rng.poisson(60)):
            day = date(2020 + month // 12, month % 12 + 1, int(rng.integers(1, 29)))
            empty = rng.random() < 0.03 or month >= 22
            kind = "theft" if rng.random() < 0.6 else "damage"
            lines.append(row(i, day, kind=kind, use="" if empty else "shop"))
            i += 1
    found = quality_of(lines)
    assert found.months == 36
    assert [(c.kind, c.name, c.month) for c in found.changes] == [
        ("missing", "local_use", "2021-11")
    ]
    assert quality_of(lines) == found


def test_times_by_year_are_not_searched(quality_of):
    lines = [f"A{i},{2000 + i % 20},,13.4,52.5,,theft,shop" for i in range(100)]
    found = quality_of(lines, time=TimeColumns(start="at", formats=("%Y",)), recorded=None)
    assert "known to the year" in found.notes[0]
    assert found.delay is None


def test_a_table_without_places_or_times_is_judged_too(quality_of):
    lines = every_day(30)
    found = quality_of(lines, place=None, time=None, recorded=None)
    assert found.located is None or found.located.nowhere == 1.0
    assert found.first_day is None
    assert "Without times" in found.notes[0]
