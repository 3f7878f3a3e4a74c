"""Views of an audit, and audits of versions that are already in the lake."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import AuditConfig, DivergenceConfig, config_from_dict, load_config
from commonlight.audit.errors import AuditConfigError
from commonlight.audit.intake import take_in
from commonlight.audit.publishing.public import publish
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.audit.run import audit_report, run_audit
from commonlight.audit.selection import Selection, areas_in_view, cautions_of, view_noun
from commonlight.audit.series import monthly
from commonlight.findings.folder import report_content
from commonlight.findings.model import Report
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city
from commonlight.sources.lake import Lake


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the demo city, with its first audit's lake."""
    folder = tmp_path_factory.mktemp("demo")
    write_city(simulate_city(incidents=10_000, seed=1), folder, rejects_share=0.005)
    take_in(load_config(folder / "audit.toml"), lake=folder / "lake", progress=lambda *_: None)
    return folder


@pytest.fixture(scope="module")
def config(city: Path) -> AuditConfig:
    return load_config(city / "audit.toml")


@pytest.fixture(scope="module")
def pinned(city: Path, config: AuditConfig) -> AuditConfig:
    """The same audit over versions of the lake."""
    sources = [
        replace(source, version=Lake(city / "lake").open(source.name).id, paths=(), mapping="")
        for source in config.sources
    ]
    return replace(config, sources=tuple(sources))


def reported(config: AuditConfig, lake: Path) -> Report:
    return audit_report(config, take_in(config, lake=lake, progress=lambda *_: None))


@pytest.fixture(scope="module")
def whole(city: Path, config: AuditConfig) -> Report:
    return reported(config, city / "lake")


def viewed(city: Path, pinned: AuditConfig, **selection: Any) -> Report:
    return reported(replace(pinned, select=Selection(**selection)), city / "lake")


def total(report: Report, finding: str) -> int:
    table = report.finding(finding).table
    names = [column.name for column in table.columns]
    return sum(row[names.index("count")] for row in table.rows)


# --- versions of the lake


def test_a_version_gives_the_findings_of_the_files_and_writes_nothing(
    city: Path, pinned: AuditConfig, whole: Report, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(city / "lake", lake)
    before = {p: p.stat().st_mtime_ns for p in lake.rglob("*")}
    again = reported(pinned, lake)
    assert {p: p.stat().st_mtime_ns for p in lake.rglob("*")} == before
    assert report_content(again) == report_content(whole)


def test_points_are_moved_where_a_version_lies_in_another_system(
    city: Path, pinned: AuditConfig
) -> None:
    own = take_in(pinned, lake=city / "lake", progress=lambda *_: None)
    moved = take_in(replace(pinned, crs="EPSG:25833"), lake=city / "lake", progress=lambda *_: None)
    for one, other in zip(own.layers, moved.layers, strict=True):
        assert one.crs == "EPSG:25832"
        assert other.crs == "EPSG:25833"
        assert not np.allclose(np.sort(one.x), np.sort(other.x))
        counts = [layer.area_counts() for layer in (one, other)]
        assert np.abs(counts[0] - counts[1]).sum() <= 2


def test_a_version_that_is_not_there_is_named(city: Path, pinned: AuditConfig) -> None:
    sources = (replace(pinned.sources[0], version="0009-nothing"),)
    with pytest.raises(ValueError, match="has no version 0009-nothing of 'recorded-crime'"):
        take_in(replace(pinned, sources=sources), lake=city / "lake", progress=lambda *_: None)


# --- configurations that are no files


def test_settings_from_a_database_are_checked_like_a_file(city: Path, config: AuditConfig) -> None:
    made = config_from_dict(
        {
            "audit": {
                "city": config.city,
                "period": ["2023-01-01", "2025-12-31"],
                "made_on": "2026-01-14",
            },
            "source": [{"name": "recorded-crime", "version": "0001-abc", "noun": "incidents"}],
            "areas": {
                "path": "simulated_areas.geojson",
                "code": "area_code",
                "name": "area_name",
            },
            "select": {"iccs": ["05"], "main_view": True},
        },
        base=city,
    )
    assert made.sources[0].version == "0001-abc"
    assert made.sources[0].paths == ()
    assert made.areas[0].path == (city / "simulated_areas.geojson").resolve()
    assert made.select == Selection(iccs=("05",), main_view=True)
    assert made.made_on == date(2026, 1, 14)
    assert made.origin is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"audit": {"city": "X"}}, r"settings, \[source\]: no source is named"),
        (
            {"audit": {}, "source": {"name": "a", "version": "1", "path": "a.csv"}},
            "so that path says nothing",
        ),
        ({"audit": {}, "source": {"name": "a", "version": ""}}, "version must be a text"),
        ({"select": {"iccs": "05"}}, "unknown key|no source"),
        ({"audit": {}, "source": {"name": "a"}}, "path is missing"),
    ],
)
def test_what_is_wrong_with_settings_is_said(settings: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(AuditConfigError, match=said):
        config_from_dict({"audit": {}} | settings, base=tmp_path)


@pytest.mark.parametrize("given", [{"iccs": "05"}, {"areas": [1]}, {"kinds": ["x"]}])
def test_a_selection_is_lists_of_texts(given: Any, tmp_path: Path) -> None:
    settings = {
        "audit": {"city": "X", "period": ["2024-01-01", "2024-12-31"]},
        "source": {"name": "a", "version": "0001-a"},
        "select": given,
    }
    with pytest.raises(AuditConfigError, match=r"\[select\]"):
        config_from_dict(settings, base=tmp_path)


# --- views


def test_a_class_takes_in_all_below_it(city: Path, pinned: AuditConfig, whole: Report) -> None:
    kinds = whole.finding("recorded-crime.kinds").table
    names = [column.name for column in kinds.columns]
    iccs, count = names.index("iccs"), names.index("count")
    wanted = sum(row[count] for row in kinds.rows if (row[iccs] or "").startswith("05"))
    report = viewed(city, pinned, iccs=("05",))
    assert total(report, "recorded-crime.kinds") == wanted > 0
    assert total(report, "recorded-crime.rates") <= wanted
    fewer = viewed(city, pinned, iccs=("0501",))
    assert 0 < total(fewer, "recorded-crime.kinds") < wanted


def test_a_view_says_what_it_is_about(city: Path, pinned: AuditConfig, whole: Report) -> None:
    codes = [row[0] for row in whole.finding("recorded-crime.rates").table.rows[:2]]
    names = [row[1] for row in whole.finding("recorded-crime.rates").table.rows[:2]]
    report = viewed(city, pinned, iccs=("0501",), areas=tuple(codes))
    assert report.title.endswith("only offence classes 0501 and 2 chosen areas")
    assert report.run["View"] == "only offence classes 0501 and 2 chosen areas"
    assert "ICCS 0501" in report.cautions[0]
    assert all(name in report.cautions[1] for name in names)
    trend = report.finding("recorded-crime.trend")
    assert all(name in trend.sentence for name in names)
    assert "ICCS 0501" in trend.sentence
    for finding in report.findings:
        if finding.id.startswith("recorded-crime") and not finding.id.endswith("coverage"):
            said = " ".join((finding.question, finding.sentence, *finding.details))
            assert "ICCS 0501" in said or finding.table is not None, finding.id


def test_a_view_of_areas_counts_and_shows_these_alone(
    city: Path, pinned: AuditConfig, whole: Report
) -> None:
    rows = {row[0]: row for row in whole.finding("recorded-crime.rates").table.rows}
    codes = tuple(sorted(rows))[:6]
    report = viewed(city, pinned, areas=codes)
    shown = {row[0]: row for row in report.finding("recorded-crime.rates").table.rows}
    assert set(shown) == set(codes)
    for code in codes:
        assert shown[code][2:4] == rows[code][2:4]  # incidents and residents
    assert len(report.finding("recorded-crime.rates").map.values) == len(codes)
    assert len(report.finding("context.areas").table.rows) == len(codes)
    divergence = next(f for f in report.findings if f.id.endswith(".divergence"))
    assert {row[0] for row in divergence.table.rows} == set(codes)
    seen = report.finding("site-visits.seen")
    assert {row[0] for row in seen.table.rows} <= set(codes)


@pytest.mark.parametrize(
    "selection",
    [
        {"iccs": ("99",)},
        {"types": ("no such type",)},
        {"areas": ("no such area",)},
        {"iccs": ("99",), "areas": ("no such area",)},
    ],
)
def test_a_view_of_nothing_is_told_and_no_error(
    city: Path, pinned: AuditConfig, selection: Any
) -> None:
    pair = {"recorded": "recorded-crime", "felt": "residents-survey.safety_area"}
    named = replace(pinned, divergence=(DivergenceConfig(**pair),))
    report = viewed(city, named, **selection)
    own = [f.id for f in report.findings if f.id.startswith("recorded-crime.")]
    assert own == ["recorded-crime.coverage"]
    assert "this view leaves out" in report.finding("recorded-crime.coverage").sentence
    if "areas" in selection:
        assert any("No area has the code" in text for text in report.cautions)


def test_one_area_alone_can_be_viewed(city: Path, pinned: AuditConfig, whole: Report) -> None:
    code = whole.finding("recorded-crime.rates").table.rows[0][0]
    report = viewed(city, pinned, areas=(code,))
    assert any(f.id == "recorded-crime.trend" for f in report.findings)
    assert report.finding("recorded-crime.coverage").numbers["used"] > 0


def test_months_without_a_rare_kind_are_no_gaps(city: Path, pinned: AuditConfig) -> None:
    intake = take_in(pinned, lake=city / "lake", progress=lambda *_: None)
    layer = intake.layers[0]
    kind = layer.kinds[int(np.argmin(layer.kind_counts()))]
    rare = take_in(
        replace(pinned, select=Selection(types=(kind,))),
        lake=city / "lake",
        progress=lambda *_: None,
    ).layers[0]
    assert rare.kinds == (kind,)
    assert rare.period == layer.period
    series = monthly(rare)
    assert series.month.tolist() == monthly(layer).month.tolist()
    assert series.gaps == 0
    assert series.counts.sum() == rare.n < layer.n
    assert rare.n + rare.outside_view == layer.n


def test_a_view_stays_inside(city: Path, pinned: AuditConfig, tmp_path: Path) -> None:
    config = replace(pinned, select=Selection(iccs=("05",)), formats=("html",))
    with pytest.raises(PublishingError, match="such a view stays inside"):
        run_audit(config, folder=tmp_path, lake=city / "lake")
    assert (tmp_path / "internal" / "report.html").is_file()
    assert not (tmp_path / "public").exists()
    with pytest.raises(PublishingError, match="stays inside"):
        run_audit(config, folder=tmp_path / "again", lake=city / "lake", only="public")
    assert not (tmp_path / "again").exists()


def test_the_main_view_may_be_published(city: Path, pinned: AuditConfig, tmp_path: Path) -> None:
    config = replace(
        pinned, select=Selection(iccs=("05",), main_view=True), formats=("html", "shelf")
    )
    done = run_audit(config, folder=tmp_path, lake=city / "lake")
    assert done.public is not None
    assert (tmp_path / "public" / "report.html").is_file()
    assert (tmp_path / "public" / "shelf" / "findings.json").is_file()
    assert "ICCS 05" in " ".join(done.public.cautions)
    told = publish(done.report, rules=PublicationRules(minimum_count=5)).report
    assert [f.id for f in told.findings] == [f.id for f in done.public.findings]


def test_the_shelf_of_a_view_of_areas_is_never_about_the_city(
    city: Path, pinned: AuditConfig, whole: Report, tmp_path: Path
) -> None:
    code = whole.finding("recorded-crime.rates").table.rows[0][0]
    config = replace(pinned, select=Selection(areas=(code,)), formats=("shelf",))
    run_audit(config, folder=tmp_path, lake=city / "lake", only="internal")
    shelf = json.loads((tmp_path / "internal" / "shelf" / "findings.json").read_text())
    assert "city" not in {f["detail"]["place"] for f in shelf["findings"]}


# --- the words and arrays of a selection


def test_an_empty_selection_changes_nothing(areas: Any) -> None:
    empty = Selection()
    assert not empty
    assert empty.publishable
    assert view_noun("thefts", empty, areas) == "thefts"
    assert cautions_of(empty, [areas]) == ()
    assert areas_in_view(areas, empty).areas is areas


def test_the_noun_names_two_things_and_counts_more(areas: Any) -> None:
    def noun(**selection: Any) -> str:
        return view_noun("thefts", Selection(**selection), areas)

    assert noun(types=("bicycle",)) == "thefts of kind \u2018bicycle\u2019"
    assert noun(types=("a", "b", "c")) == "thefts of 3 chosen kinds"
    assert noun(areas=("W01", "W02")) == "thefts in Ward 1 and Ward 2"
    assert noun(areas=("W01", "W02", "W03")) == "thefts in 3 chosen wards"
    assert noun(iccs=("9999",)) == "thefts of kind ICCS 9999"


def test_by_class_or_by_type() -> None:
    chosen = Selection(iccs=("0501",), types=("c",))
    columns = {
        "start": np.arange(4),
        "iccs": np.array([0, 1, -1, -1]),
        "type": np.array([0, 1, 2, -1]),
    }
    texts = {"iccs": ("0501", "0502"), "type": ("a", "b", "c")}
    assert chosen.kinds_in_view(columns, texts).tolist() == [True, False, True, False]


def test_areas_in_view_carry_their_residents(areas: Any) -> None:
    with_groups = replace(areas, groups={"sex": {"women": np.arange(12.0)}})
    view = areas_in_view(with_groups, Selection(areas=("W03", "W01")))
    assert view.areas.codes == ("W01", "W03")
    assert view.areas.groups["sex"]["women"].tolist() == [1.0, 3.0]
    assert view.number.tolist() == [-1, 0, -1, 1, *[-1] * 9]
    assert view.holds
    other = areas_in_view(areas, Selection(areas=("elsewhere",)))
    assert other.areas is areas
    assert not other.holds
