"""From files to a report: a small city with police records and citizen reports."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import AuditConfig, load_config
from commonlight.audit.intake import Intake, take_in
from commonlight.audit.run import audit_report, run_audit
from commonlight.cli.console import as_json
from commonlight.findings.model import Block, Certainty, Report

POLICE = """
[[source]]
name = "thefts"
noun = "thefts"
path = "thefts.csv"
mapping = "thefts.toml"
"""
CITIZENS = """
[[source]]
name = "reports"
noun = "reports"
path = "reports.csv"
mapping = "reports.toml"
"""
CONFIG = """
[audit]
city = "Testham"
period = ["2023-01-01", "2024-12-31"]
made_on = "2025-02-01"
crs = "EPSG:25832"
{sources}
[areas]
path = "areas.geojson"
code = "code"
name = "name"
noun = "wards"
crs = "EPSG:25832"

[population]
path = "people.csv"
area = "code"
count = "n"
year = 2023

[output]
formats = ["html", "data"]
"""
THEFTS_MAPPING = """
kind = "incidents"
name = "Thefts"
publisher = "Police of Testham"
licence = "CC0"
id = "id"
time = { start = "at", formats = ["%Y-%m-%d %H:%M"] }
place = { x = "x", y = "y", crs = "EPSG:25832" }
"""
REPORTS_MAPPING = """
kind = "reports"
name = "Reports"
publisher = "Testham"
witness = "residents"
time = { start = "month", formats = ["%Y-%m"] }
place = { area = "code" }
count = "n"
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("testham")
    rng = np.random.default_rng(1)
    x, y = 500_000 + rng.uniform(0, 4000, 2000), 5_500_000 + rng.uniform(0, 3000, 2000)
    at = np.datetime64("2023-01-01T00:00") + rng.integers(0, 730 * 1440, 2000)
    rows: list[tuple[Any, ...]] = [
        (i, str(at[i]).replace("T", " "), f"{x[i]:.1f}", f"{y[i]:.1f}") for i in range(2000)
    ]
    rows += [(2000, "2023-02-31 10:00", x[0], y[0]), (2001, "", x[0], y[0])]
    write(folder / "thefts.csv", ("id", "at", "x", "y"), rows)
    codes = [f"W{i:02d}" for i in range(12)]
    months = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
    reports = [(code, month, rng.poisson(20) + 1) for code in codes for month in months]
    write(folder / "reports.csv", ("code", "month", "n"), reports)
    people = [(code, 1000) for code in codes[:11]] + [("Z99", 50), ("Z98", 60)]
    write(folder / "people.csv", ("code", "n"), people)
    (folder / "areas.geojson").write_text(json.dumps(squares(codes)))
    (folder / "thefts.toml").write_text(THEFTS_MAPPING)
    (folder / "reports.toml").write_text(REPORTS_MAPPING)
    for name, sources in (
        ("police", POLICE),
        ("both", POLICE + CITIZENS),
        ("turned", CITIZENS + POLICE),
    ):
        (folder / f"{name}.toml").write_text(CONFIG.format(sources=sources))
    return folder


def write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def squares(codes: list[str]) -> dict[str, Any]:
    features = []
    for i, code in enumerate(codes):
        a, b = 500_000 + 1000 * (i % 4), 5_500_000 + 1000 * (i // 4)
        ring = [[a, b], [a + 1000, b], [a + 1000, b + 1000], [a, b + 1000], [a, b]]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code, "name": f"Ward {i}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    return {"type": "FeatureCollection", "crs": crs, "features": features}


def taken(city: Path, name: str, lake: Path) -> tuple[AuditConfig, Intake]:
    config = load_config(city / f"{name}.toml")
    return config, take_in(config, lake=lake, progress=lambda *_: None)


@pytest.fixture(scope="module")
def reports(city: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    lake = tmp_path_factory.mktemp("lake")
    return {
        name: audit_report(*taken(city, name, lake / name)) for name in ("police", "both", "turned")
    }


def test_a_report_answers_in_each_block_it_can_and_names_what_lacks_in_the_rest(
    reports: dict[str, Report],
) -> None:
    report = reports["police"]
    spoken = {block for block in Block if report.in_block(block)}
    silent = {item.block for item in report.missing}
    assert spoken | silent == set(Block)
    assert {Block.CONTEXT, Block.PROBLEMS, Block.VICTIMS} <= spoken


def test_every_row_is_accounted_for(reports: dict[str, Report]) -> None:
    for note in reports["both"].sources:
        assert note.rows_read == note.rows_accepted + note.rows_rejected
        assert sum(note.rejected_reasons.values()) == note.rows_rejected
    sources = {note.kind: note for note in reports["both"].sources}
    thefts, people = sources["incidents"], sources["population"]
    assert (thefts.rows_read, thefts.rows_accepted) == (2002, 2000)
    assert (people.rows_read, people.rows_accepted) == (13, 11)
    assert people.rejected_reasons == {"no area has this code": 2}


def test_sources_have_an_age_on_the_day_of_the_report(reports: dict[str, Report]) -> None:
    thefts = reports["police"].sources[0]
    assert thefts.last_day is not None
    assert thefts.last_day.isoformat() == "2024-12-30"
    assert thefts.age_days == 33
    assert thefts.digest.startswith("sha256 ")


def test_police_alone_is_one_sided_and_two_witnesses_are_not(reports: dict[str, Report]) -> None:
    assert reports["police"].one_sided
    assert any("police records alone" in text for text in reports["police"].cautions)
    assert not reports["both"].one_sided
    assert not any("police records alone" in text for text in reports["both"].cautions)
    assert any("Citizen reports depend on" in text for text in reports["both"].cautions)
    assert set(reports["both"].absent_voices) < set(reports["police"].absent_voices)


def test_only_findings_of_the_police_are_marked_one_sided(reports: dict[str, Report]) -> None:
    for finding in reports["both"].findings:
        if finding.id.startswith("reports."):
            assert not finding.one_sided
    assert reports["both"].finding("thefts.trend").one_sided


def test_all_findings_hold_what_a_finding_must(reports: dict[str, Report], told: Any) -> None:
    for report in reports.values():
        told(report.findings)
        known = {note.id for note in report.sources}
        assert all(set(finding.sources) <= known for finding in report.findings)
        assert all(finding.sources for finding in report.findings)


def test_the_headline_is_short_and_tells_something(reports: dict[str, Report]) -> None:
    for report in reports.values():
        assert 0 < len(report.headline_findings) <= 6
        for name in report.headline_findings:
            assert report.finding(name).certainty is not Certainty.CANNOT_TELL


def test_the_same_seed_gives_the_same_report(
    city: Path, tmp_path: Path, reports: dict[str, Report]
) -> None:
    again = audit_report(*taken(city, "police", tmp_path))
    assert flat(again) == flat(reports["police"])


def test_draws_do_not_hang_on_the_order_of_the_sources(reports: dict[str, Report]) -> None:
    straight, turned = flat(reports["both"]), flat(reports["turned"])
    assert straight["findings"].keys() == turned["findings"].keys()
    # The table of witnesses stands in the order of the sources; nothing in it is drawn.
    for report in (straight, turned):
        rows = report["findings"]["context.witnesses"]["table"]["rows"]
        report["findings"]["context.witnesses"] = sorted(rows)
    assert straight["findings"] == turned["findings"]
    alone = flat(reports["police"])["findings"]
    thefts = {name: item for name, item in alone.items() if name.startswith("thefts.")}
    assert thefts.items() <= straight["findings"].items()


def test_another_seed_moves_only_what_is_drawn(
    city: Path, tmp_path: Path, reports: dict[str, Report]
) -> None:
    config, intake = taken(city, "police", tmp_path)
    other = flat(audit_report(replace(config, seed=5), intake))["findings"]
    first = flat(reports["police"])["findings"]
    assert other["thefts.coverage"] == first["thefts.coverage"]
    assert other["thefts.near-repeat"] != first["thefts.near-repeat"]


def flat(report: Report) -> dict[str, Any]:
    """A report as plain values, its findings by name; shapes as text."""
    text = json.dumps(as_json(report), default=str, sort_keys=True)
    plain: dict[str, Any] = json.loads(text)
    plain["findings"] = {item["id"]: item for item in plain["findings"]}
    return plain


def test_a_run_writes_what_the_configuration_asks_for(city: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, float, float | None]] = []
    done = run_audit(
        load_config(city / "police.toml"),
        folder=tmp_path / "out",
        lake=tmp_path / "lake",
        progress=lambda *step: steps.append(step),
    )
    written = [path.relative_to(tmp_path / "out").as_posix() for path in done.written]
    assert written == [
        "internal/report.html",
        "internal/data",
        "internal/withheld.md",
        "public/report.html",
        "public/data",
    ]
    assert all(path.exists() for path in done.written)
    assert not (tmp_path / "out" / "report.pdf").exists()
    assert {step for step, *_ in steps} >= {"Asking questions", "Writing the report"}
    summary = done.summary()
    json.dumps(summary, allow_nan=False)
    assert summary["sources"][0]["read"] == 2002
    assert summary["headline"] == [item.sentence for item in done.headline()]
    assert set(summary["seconds"]) >= {"reading sources", "writing public html"}


def test_a_period_without_records_makes_a_report_that_says_so(
    city: Path, tmp_path: Path, told: Callable[..., Any]
) -> None:
    from datetime import date

    config = load_config(city / "police.toml")
    empty = replace(config, period=(date(2010, 1, 1), date(2010, 12, 31)))
    done = run_audit(empty, folder=tmp_path / "out", lake=tmp_path / "lake")
    found = told(done.report.findings)
    assert found["coverage"].sentence.startswith("No record of thefts lies in the audit's period")
    assert "trend" not in found
