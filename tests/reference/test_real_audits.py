"""The audits of five real cities, against what their publishers and READMEs state.

Figures come from the README of each data set, or are counted anew from the raw file here with
the standard library; none is copied from the audit's own output.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.analysis.assign import AreaIndex
from commonlight.audit.config import load_config
from commonlight.audit.run import run_audit
from commonlight.findings.html import ONE_SIDED
from commonlight.findings.model import Block, Certainty, Finding, Report, SourceNote
from commonlight.sources.lake import Lake

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Audit:
    report: Report
    folder: Path

    def __getitem__(self, name: str) -> Finding:
        return self.report.finding(name)

    @property
    def html(self) -> str:
        return (self.folder / "internal" / "report.html").read_text(encoding="utf-8")


def made(name: str, folder: Path) -> Audit:
    config = replace(load_config(EXAMPLES / f"{name}.toml"), formats=("html", "data"))
    return Audit(run_audit(config, folder=folder, lake=folder / "lake").report, folder)


@pytest.fixture(scope="module")
def lancashire(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return made("lancashire", tmp_path_factory.mktemp("lancashire"))


@pytest.fixture(scope="module")
def west_yorkshire(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return made("west-yorkshire", tmp_path_factory.mktemp("west-yorkshire"))


@pytest.fixture(scope="module")
def berlin(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return made("berlin", tmp_path_factory.mktemp("berlin"))


@pytest.fixture(scope="module")
def chicago(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return made("chicago", tmp_path_factory.mktemp("chicago"))


@pytest.fixture(scope="module")
def barcelona(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return made("barcelona", tmp_path_factory.mktemp("barcelona"))


@pytest.fixture(params=["lancashire", "west_yorkshire", "berlin", "chicago", "barcelona"])
def any_audit(request: pytest.FixtureRequest) -> Audit:
    audit: Audit = request.getfixturevalue(request.param)
    return audit


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def raw(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def column(finding: Finding, *names: str) -> list[tuple[Any, ...]]:
    assert finding.table is not None
    where = [item.name for item in finding.table.columns]
    return [tuple(row[where.index(name)] for name in names) for row in finding.table.rows]


# All five; Barcelona has tests of its own in test_barcelona_audit.py


def test_every_row_is_accounted_for(any_audit: Audit) -> None:
    for note in any_audit.report.sources:
        assert note.rows_read == note.rows_accepted + note.rows_rejected
        assert sum(note.rejected_reasons.values()) == note.rows_rejected


def test_sources_have_an_age_and_a_digest(any_audit: Audit) -> None:
    for note in any_audit.report.sources:
        assert note.last_day is not None
        assert note.age_days == (any_audit.report.made_on - note.last_day).days
        assert "sha256 " in note.digest
        assert note.name in any_audit.html


def test_absent_voices_are_named_with_a_next_step(any_audit: Audit) -> None:
    html = any_audit.html
    assert any_audit.report.missing
    for item in any_audit.report.missing:
        if item.block is not Block.CONTEXT:
            assert item.voice in any_audit.report.absent_voices
        assert item.next_step.split(",")[0] in html
    assert any("victim support" in voice for voice in any_audit.report.absent_voices)


def test_all_six_blocks_are_in_the_page(any_audit: Audit) -> None:
    for block in Block:
        assert block.title in any_audit.html


def test_the_headline_is_at_most_six_sentences_that_tell_something(any_audit: Audit) -> None:
    names = any_audit.report.headline_findings
    assert 1 <= len(names) <= 6
    assert all(any_audit[name].certainty is not Certainty.CANNOT_TELL for name in names)


def test_every_finding_has_its_source_and_limits(any_audit: Audit) -> None:
    known = {note.id for note in any_audit.report.sources}
    for finding in any_audit.report.findings:
        assert set(finding.sources) <= known
        assert finding.limits


@pytest.mark.parametrize("city", ["lancashire", "berlin", "chicago"])
def test_recorded_crime_alone_is_marked_one_sided_on_every_block(
    city: str, request: pytest.FixtureRequest
) -> None:
    audit: Audit = request.getfixturevalue(city)
    assert audit.report.one_sided
    blocks = {f.block for f in audit.report.findings if f.one_sided}
    assert Block.PROBLEMS in blocks
    assert audit.html.count(f'<p class="side">{ONE_SIDED}') == len(blocks)


# Lancashire: data.police.uk, anti-social behaviour in 2022 (README: known facts)

ASB = "anti-social-behaviour"


def test_lancashire_reads_every_incident(lancashire: Audit) -> None:
    note = lancashire.report.sources[0]
    assert (note.rows_read, note.rows_accepted, note.rows_rejected) == (56_434, 56_434, 0)


def test_lancashire_months(lancashire: Audit) -> None:
    counts = [n for (n,) in column(lancashire[f"{ASB}.trend"], "count")]
    assert counts == [4415, 4087, 5028, 5236, 5174, 4913, 5187, 5672, 4662, 4538, 4034, 3488]
    assert lancashire[f"{ASB}.trend"].certainty is Certainty.CANNOT_TELL


def test_lancashire_wards_with_most_incidents(lancashire: Audit) -> None:
    counts = column(lancashire[f"{ASB}.rates"], "count", "area")
    assert sorted(counts, reverse=True)[:5] == [
        (2005, "City Centre"),
        (1572, "Talbot"),
        (1372, "Bloomfield"),
        (1361, "Claremont"),
        (1119, "Blackburn Central"),
    ]
    assert sum(n for n, _ in counts) == 56_434
    assert len(counts) == 271


def of_kind(audit: Audit, kind: str) -> SourceNote:
    """The only source of a kind."""
    (found,) = [note for note in audit.report.sources if note.kind == kind]
    return found


def test_boundaries_are_a_source_with_an_age(lancashire: Audit) -> None:
    wards = of_kind(lancashire, "areas")
    assert (wards.rows_read, wards.publisher) == (271, "Office for National Statistics")
    assert wards.age_days == 32
    assert wards.id in lancashire["context.areas"].sources


def test_lancashire_says_which_wards_have_no_residents(lancashire: Audit) -> None:
    context = lancashire["context.areas"]
    assert "26 wards have no count of residents and get no rate" in plain(" ".join(context.limits))
    without = [name for name, n in column(context, "area", "residents") if n is None]
    assert len(without) == 26
    verdicts = dict(column(lancashire[f"{ASB}.rates"], "area", "verdict"))
    assert {verdicts[name] for name in without} == {"too few to say"}
    people = of_kind(lancashire, "population")
    # 285 rows of an older ward set, of which 245 match (README).
    assert (people.rows_read, people.rows_accepted, people.rows_rejected) == (285, 245, 40)


def test_lancashire_says_nothing_below_wards_or_months(lancashire: Audit) -> None:
    """17,848 places for 56,434 incidents: the publisher snaps them to map points."""
    for name in ("hot-spots", "near-repeat", "hours"):
        assert lancashire[f"{ASB}.{name}"].certainty is Certainty.CANNOT_TELL
    details = lancashire[f"{ASB}.coverage"].details + lancashire[f"{ASB}.hot-spots"].details
    assert any("map points" in text for text in details)
    assert any("single streets" in text for text in lancashire.report.cautions)
    assert "month only" in lancashire[f"{ASB}.hours"].sentence
    assert not [f for f in lancashire.report.findings if f.id.endswith(".weeks")]


# West Yorkshire: data.police.uk, July of three years, and FixMyStreet


def test_west_yorkshire_reads_all_three_files(west_yorkshire: Audit) -> None:
    note = west_yorkshire.report.sources[0]
    assert note.rows_read == note.rows_accepted == 27_176 + 28_537 + 31_635
    months = column(west_yorkshire["recorded-crime.trend"], "month", "count")
    assert months == [("Jul 2016", 27_176), ("Jul 2017", 28_537), ("Jul 2018", 31_635)]


def test_west_yorkshire_counts_what_has_no_place(west_yorkshire: Audit) -> None:
    """1,347 + 1,541 + 883 rows without coordinates and without area (README)."""
    details = plain(" ".join(west_yorkshire["recorded-crime.coverage"].details))
    assert f"{1_347 + 1_541 + 883:,}".replace(",", " ") + " " in details


def test_west_yorkshire_has_two_witnesses(west_yorkshire: Audit) -> None:
    report = west_yorkshire.report
    assert not report.one_sided
    assert {note.witness for note in report.sources} == {"police", "residents", "statistics"}
    assert "What residents report to the municipality" not in {m.name for m in report.missing}
    assert report.sources[1].rows_read == 31_985
    assert not any(f.one_sided for f in report.findings if f.id.startswith("citizen-reports."))


def test_west_yorkshire_kinds_by_year(west_yorkshire: Audit) -> None:
    changes = {
        kind: (before, after)
        for kind, before, after in column(
            west_yorkshire["recorded-crime.kinds-change"], "kind", "before", "after"
        )
    }
    assert changes["Violence and sexual offences"] == (7_503, 10_358)
    assert changes["Anti-social behaviour"] == (5_955, 5_442)
    assert changes["Burglary"] == (2_231, 2_029)
    kinds = dict(column(west_yorkshire["recorded-crime.kinds"], "kind", "count"))
    assert kinds["Violence and sexual offences"] == 6_000 + 7_503 + 10_358
    assert sum(kinds.values()) == 87_348


def test_west_yorkshire_warns_that_recording_changed(west_yorkshire: Audit) -> None:
    """The rise of violence there is largely better recording (README)."""
    limits = " ".join(west_yorkshire["recorded-crime.kinds-change"].limits)
    assert "recording rules" in limits


def test_west_yorkshire_residents(west_yorkshire: Audit) -> None:
    assert "2 226 058 residents" in plain(west_yorkshire["context.areas"].sentence)
    assert west_yorkshire["context.areas"].numbers["areas"] == 1_388


# Berlin: bicycle thefts and the crime atlas


@pytest.fixture(scope="module")
def berlin_thefts(shared_data: Path) -> list[tuple[datetime, datetime, str, str]]:
    """Start, end, planning area and kind of each theft, by the standard library alone."""
    rows = []
    for row in raw(shared_data / "eu_berlin_bike_theft" / "thefts_2022_2023.csv.gz"):
        moments = [
            datetime.strptime(row[f"TATZEIT_{end}_DATUM"], "%d.%m.%Y").replace(
                hour=int(row[f"TATZEIT_{end}_STUNDE"])
            )
            for end in ("ANFANG", "ENDE")
        ]
        rows.append((moments[0], moments[1], row["LOR"], row["DELIKT"]))
    return rows


def half_in(counts: Counter[str]) -> int:
    """How many areas, the busiest first, hold half."""
    sizes = np.sort(list(counts.values()))[::-1]
    return int(np.searchsorted(np.cumsum(sizes), sizes.sum() / 2) + 1)


def test_berlin_reads_every_theft(berlin: Audit, berlin_thefts: list[Any]) -> None:
    note = berlin.report.sources[0]
    assert note.rows_read == note.rows_accepted == len(berlin_thefts) == 29_791


def test_berlin_half_of_thefts_in_few_planning_areas(
    berlin: Audit, berlin_thefts: list[tuple[datetime, datetime, str, str]]
) -> None:
    # The whole file: 109 areas hold half (README). The audit ends on 30 April 2023.
    assert half_in(Counter(area for *_, area, _ in berlin_thefts)) == 109
    used = [area for start, _, area, _ in berlin_thefts if start.date() <= date(2023, 4, 30)]
    finding = berlin["bicycle-thefts.concentration"]
    assert finding.numbers["places_half"] == half_in(Counter(used))
    assert f"in {half_in(Counter(used))} of 542 planning areas" in plain(finding.sentence)
    assert berlin["bicycle-thefts.coverage"].numbers["used"] == len(used)


def test_berlin_kinds_of_theft(
    berlin: Audit, berlin_thefts: list[tuple[datetime, datetime, str, str]]
) -> None:
    used = [kind for start, *_, kind in berlin_thefts if start.date() <= date(2023, 4, 30)]
    assert dict(column(berlin["bicycle-thefts.kinds"], "kind", "count")) == Counter(used)


def test_berlin_busiest_planning_areas(
    berlin: Audit, berlin_thefts: list[tuple[datetime, datetime, str, str]]
) -> None:
    used = Counter(area for start, _, area, _ in berlin_thefts if start.date() <= date(2023, 4, 30))
    shown = dict(column(berlin["bicycle-thefts.rates"], "code", "count"))
    assert {code: shown[code] for code in used} == used
    assert used.most_common(1)[0][0] == "09100101"


def test_berlin_hours_are_spread_over_windows(
    berlin: Audit, berlin_thefts: list[tuple[datetime, datetime, str, str]]
) -> None:
    """Each theft spread evenly from start to end by the obvious loop over hours.

    A window of no length is put into its own hour.
    """
    week = np.zeros(168)
    for start, end, *_ in berlin_thefts:
        if start.date() > date(2023, 4, 30):
            continue
        first = 24 * start.weekday() + start.hour
        hours = int((end - start).total_seconds() // 3600)
        for hour in range(max(hours, 1)):
            week[(first + hour) % 168] += 1 / max(hours, 1)
    chart = berlin["bicycle-thefts.hours"].chart
    assert chart is not None
    shown = np.array(chart.values).ravel()  # type: ignore[union-attr]
    assert shown.sum() == pytest.approx(week.sum())
    assert shown == pytest.approx(week, rel=1e-6, abs=1e-6)


def test_berlin_atlas_years(berlin: Audit, shared_data: Path) -> None:
    totals: Counter[str] = Counter()
    robbery: Counter[str] = Counter()
    kinds = ("Robbery", "Injury", "Threat", "Theft", "Fire", "Damage", "Drugs")
    for row in raw(shared_data / "eu_berlin_crime_atlas" / "crimes_bzr_2012_2019.csv.gz"):
        totals[row["Year"]] += sum(int(row[kind]) for kind in kinds)
        robbery[row["Year"]] += int(row["Robbery"])
    # README, by year from 2012.
    assert list(robbery.values()) == [6283, 6088, 5583, 5318, 5046, 4165, 4202, 4395]
    assert dict(column(berlin["crime-atlas.trend"], "year", "count")) == totals
    changes = column(berlin["crime-atlas.kinds-change"], "kind", "before", "after")
    assert ("Robbery", 4202, 4395) in changes


def test_berlin_residents_with_suppressed_counts(berlin: Audit, shared_data: Path) -> None:
    path = shared_data / "eu_berlin_bike_theft" / "population_plr_2022_06_30.csv"
    with path.open(encoding="utf-8", newline="") as file:
        given = [row["Gesamt"] for row in csv.DictReader(file)]
    people = of_kind(berlin, "population")
    hidden = sum(not n.strip() for n in given)
    assert people.rows_read == len(given) == 542
    assert people.rejected_reasons == {"no count of residents is given": hidden}
    assert berlin["context.planning-areas"].numbers["residents"] == 3_821_881


def test_berlin_without_points_says_nothing_of_places(berlin: Audit) -> None:
    ids = {finding.id for finding in berlin.report.findings}
    assert "bicycle-thefts.hot-spots" not in ids
    assert berlin["bicycle-thefts.near-repeat"].certainty is Certainty.CANNOT_TELL
    assert "areas, no points" in berlin["bicycle-thefts.near-repeat"].sentence


# Chicago: aggravated assaults 2010 to 2019


def test_chicago_reads_every_assault(chicago: Audit) -> None:
    note = chicago.report.sources[0]
    assert (note.rows_read, note.rows_accepted) == (148_636, 148_636)


def test_chicago_years(chicago: Audit) -> None:
    years: Counter[str] = Counter()
    for month, count in column(chicago["aggravated-assaults.trend"], "month", "count"):
        years[month[-4:]] += count
    assert list(years.values()) == [
        17324,
        15920,
        15103,
        12950,
        12943,
        13284,
        15329,
        15022,
        15433,
        15328,
    ]


def test_chicago_districts_with_most_incidents(chicago: Audit) -> None:
    counts = column(chicago["aggravated-assaults.areas"], "code", "count")
    assert counts[:5] == [
        ("11", 12_816),
        ("7", 12_431),
        ("6", 10_977),
        ("4", 10_882),
        ("3", 10_186),
    ]


def test_chicago_points_outside_every_polygon(chicago: Audit, shared_data: Path) -> None:
    """90 incidents lie outside every polygon (README); they carry a district all the same."""
    from commonlight.sources.areas import read_areas

    table = Lake(chicago.folder / "lake").open("aggravated-assaults").table()
    polygons = read_areas(
        shared_data / "us_chicago_assaults" / "police_districts_2018.geojson",
        code="district",
        target_crs="EPSG:26971",
    ).polygons
    x, y = (table.column(name).to_numpy() for name in ("x", "y"))
    assert int((AreaIndex(polygons).assign(x, y) < 0).sum()) == 90
    assert sum(n for _, n in column(chicago["aggravated-assaults.areas"], "code", "count")) == (
        148_636
    )


def test_chicago_no_residents_no_rates(chicago: Audit) -> None:
    ids = {finding.id.rsplit(".", 1)[-1] for finding in chicago.report.findings}
    assert not ids & {"rates", "quiet-areas", "clusters"}
    assert "Residents by area" in {item.name for item in chicago.report.missing}
