"""The audit of Barcelona, which residents alone speak in, against what came with the survey.

Ajuntament de Barcelona (2020), Enquesta de Victimitzacio de Barcelona, CC BY. Figures stand in
the data set's README (section "Known facts"): weighted with PES, 98 and 99 as missing, standard
errors of R's package `survey` with strata = DISTRICTE. An interval at 95 % of a mean is the mean
and 1.96 standard errors either way: with 4,700 answers in 10 strata Student's t has no other
second decimal.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from commonlight.audit.config import load_config
from commonlight.audit.run import run_audit
from commonlight.findings.model import AreaMap, Block, Certainty, Finding, Report
from commonlight.sources.codebook import load_codebook

EXAMPLE = Path(__file__).parents[2] / "examples" / "barcelona.toml"
VERSIONS = ("internal", "public")
DISTRICTS = (
    "Ciutat Vella",
    "Eixample",
    "Sants-Montjuïc",
    "Les Corts",
    "Sarrià-Sant Gervasi",
    "Gràcia",
    "Horta-Guinardó",
    "Nou Barris",
    "Sant Andreu",
    "Sant Martí",
)
SAFETY = (4.053, 6.203, 5.614, 6.792, 6.468, 6.768, 5.790, 5.432, 5.973, 5.521)
SAFETY_SE = (0.114, 0.103, 0.114, 0.095, 0.116, 0.104, 0.119, 0.120, 0.117, 0.113)
VICTIMS = (0.452, 0.334, 0.260, 0.262, 0.298, 0.331, 0.316, 0.255, 0.276, 0.320)
BY_AREA = (
    "survey.problem-dirt.areas",
    "survey.safety-neighbourhood.areas",
    "survey.victim.areas",
)
DIVERGENCE = "survey.lived-through-safety-neighbourhood.divergence"
CLASSES = {"both high", "felt only", "recorded only", "both low", "cannot tell"}


@dataclass(frozen=True)
class Audit:
    reports: dict[str, Report]
    folder: Path

    def finding(self, version: str, name: str) -> Finding:
        return self.reports[version].finding(name)

    def page(self, version: str) -> str:
        return (self.folder / version / "report.html").read_text(encoding="utf-8")

    def rows(self, version: str, name: str) -> list[dict[str, str]]:
        path = self.folder / version / "data" / "tables" / f"{name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def map(self, version: str, name: str) -> list[dict[str, Any]]:
        path = self.folder / version / "data" / "maps" / f"{name}.geojson"
        return [f["properties"] for f in json.loads(path.read_text())["features"]]


@pytest.fixture(scope="module")
def audit(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("barcelona")
    config = replace(load_config(EXAMPLE), formats=("html", "data"))
    done = run_audit(config, folder=folder, lake=folder / "lake")
    assert done.public is not None
    return Audit({"internal": done.report, "public": done.public}, folder)


def table(finding: Finding) -> list[dict[str, Any]]:
    assert finding.table is not None
    names = [column.name for column in finding.table.columns]
    return [dict(zip(names, row, strict=True)) for row in finding.table.rows]


# What was read


def test_every_answer_is_read_and_residents_alone_speak(audit: Audit) -> None:
    report = audit.reports["internal"]
    note = report.sources[0]
    assert (note.rows_read, note.rows_accepted, note.rows_rejected) == (4_734, 4_734, 0)
    assert not report.one_sided
    assert "the police, and those who report to them" in report.absent_voices
    assert "4 734 residents answered from 10 February 2020 to 6 March 2020" in (
        report.finding("survey.respondents").sentence.replace("\u202f", " ")
    )
    assert not any(finding.one_sided for finding in report.findings)


# Figures of the README, in finding, table and CSV of both versions


@pytest.mark.parametrize(
    ("finding", "item", "mean", "se"),
    [
        ("survey.safety", "safety_neighbourhood", 5.8524, 0.0373),
        ("survey.safety", "safety_city", 5.2137, 0.0339),
        ("survey.trust-police", "police_mossos", 6.6607, 0.0391),
        ("survey.trust-police", "police_urban", 6.2906, 0.0408),
    ],
)
def test_ratings(audit: Audit, finding: str, item: str, mean: float, se: float) -> None:
    low, high = mean - 1.9605 * se, mean + 1.9605 * se
    title = next(
        i.title for i in load_codebook("barcelona-victimisation-2020").items if i.name == item
    )
    for version in VERSIONS:
        found = audit.finding(version, finding)
        numbers = found.numbers[item]
        within = 0.00006 if version == "internal" else 0.00051  # the public one is rounded
        assert numbers["estimate"] == pytest.approx(mean, abs=within)
        assert (numbers["lower"], numbers["upper"]) == pytest.approx(
            (low, high), abs=0.0003 + within
        )
        texts = [rf"{v:.1f}\b|{v:.2f}\b" for v in (mean, low, high)]
        said = r"({}) \(between ({}) and ({})\)".format(*texts)
        assert re.search(said, found.sentence)
        assert re.search(said, audit.page(version))
        for rows in (table(found), audit.rows(version, finding)):
            (row,) = [row for row in rows if row["item"].lower() == title.lower()]
            shown = [float(row[name]) for name in ("estimate", "lower", "upper")]
            assert shown == pytest.approx([mean, low, high], abs=0.051)


@pytest.mark.parametrize(
    ("item", "share"),
    [
        ("victim", 30.89),
        ("victim_personal", 23.66),
        ("victim_vehicle", 8.18),
        ("victim_home", 3.54),
        ("victim_second_home", 0.95),
        ("victim_business", 0.86),
    ],
)
def test_victims(audit: Audit, item: str, share: float) -> None:
    for version in VERSIONS:
        numbers = audit.finding(version, "survey.victimisation").numbers[item]
        assert 100 * numbers["estimate"] == pytest.approx(share, abs=0.0051)
        rows = audit.rows(version, "survey.victimisation")
        assert any(abs(float(row["estimate"]) - share) < 0.051 for row in rows)


def test_the_error_of_victims_is_the_published_one(audit: Audit) -> None:
    """SE 0.72 points: the interval, drawn on the logit scale, is 2 x 1.96 of them wide."""
    numbers = audit.finding("internal", "survey.victimisation").numbers["victim"]
    width = 100 * (numbers["upper"] - numbers["lower"])
    assert width == pytest.approx(2 * 1.9605 * 0.72, abs=0.03)
    assert "31 % (between 29 % and 32 %) of those who answered" in (
        audit.finding("public", "survey.victimisation").sentence.replace("\u202f", " ")
    )


def test_women_and_men(audit: Audit) -> None:
    for version in VERSIONS:
        rows = audit.rows(version, "survey.victim.groups")
        shares = {row["group"]: float(row["estimate"]) for row in rows}
        assert shares["women"] == pytest.approx(30.3, abs=0.051)
        assert shares["men"] == pytest.approx(31.6, abs=0.051)


@pytest.mark.parametrize("version", VERSIONS)
def test_districts(audit: Audit, version: str) -> None:
    safety = {r["area"]: r for r in audit.rows(version, "survey.safety-neighbourhood.areas")}
    victims = {r["area"]: r for r in audit.rows(version, "survey.victim.areas")}
    within = 0.0006 if version == "internal" else 0.051
    for name, mean, se, share in zip(DISTRICTS, SAFETY, SAFETY_SE, VICTIMS, strict=True):
        assert float(safety[name]["direct"]) == pytest.approx(mean, abs=within)
        half = (float(safety[name]["direct_upper"]) - float(safety[name]["direct_lower"])) / 2
        # 400 to 600 answers: t between 1.964 and 1.966.
        assert half == pytest.approx(1.965 * se, abs=0.0012 + 2 * (within > 0.01) * 0.025)
        assert float(victims[name]["direct"]) / 100 == pytest.approx(share, abs=0.00101)


# No ranking, and no construct merged with another


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", [*BY_AREA, DIVERGENCE])
def test_districts_stand_in_the_order_of_their_names_and_none_is_marked(
    audit: Audit, version: str, name: str
) -> None:
    found = audit.finding(version, name)
    shown = [row["area"] for row in audit.rows(version, name)]
    assert shown == sorted(shown)
    assert set(shown) == set(DISTRICTS)
    assert isinstance(found.map, AreaMap)
    assert found.map.marked == ()
    assert not any(feature["marked"] for feature in audit.map(version, name))


@pytest.mark.parametrize("version", VERSIONS)
def test_no_sentence_names_a_district_or_calls_one_worst(audit: Audit, version: str) -> None:
    for found in audit.reports[version].findings:
        if found.id.startswith("survey."):
            said = " ".join((found.sentence, *found.details))
            assert not [name for name in DISTRICTS if name in said], found.id
            assert not re.search(r"\b(worst|safest|most unsafe|dangerous|least safe)\b", said)


def test_constructs_are_never_merged(audit: Audit) -> None:
    """Each number belongs to one item, and each finding to items of one construct."""
    book = load_codebook("barcelona-victimisation-2020")
    construct = {item.name: item.construct for item in book.items}
    title = {item.title.lower(): item.name for item in book.items}
    told: list[str] = []
    for found in audit.reports["internal"].findings:
        if not found.id.startswith("survey.") or found.id.count(".") != 1:
            continue
        if found.id == "survey.respondents":
            continue
        items = [name.split("/")[0] for name in found.numbers]
        assert {construct[name].value.replace("_", "-") for name in items} == {
            found.id.removeprefix("survey.")
        }
        told += items
        rows = [row["item"].split(":")[0].lower() for row in table(found)]
        assert {title[name] for name in rows} == set(items)
    assert len(told) == len(set(told))
    findings = [*BY_AREA, "survey.victim.groups", "survey.police-mossos.groups"]
    for name in findings:
        keys = {key[0] for cells in audit.finding("internal", name).cells for key in cells.keys}
        assert len(keys) == 1


# Divergence: what residents lived through against how safe they feel


def test_divergence_speaks_of_victims_and_safety_by_district(audit: Audit) -> None:
    rows = table(audit.finding("internal", DIVERGENCE))
    lived = {row["area"]: row["recorded"] for row in rows}
    felt = {row["area"]: row["felt"] for row in rows}
    for name, mean, share in zip(DISTRICTS, SAFETY, VICTIMS, strict=True):
        assert lived[name] / 100 == pytest.approx(share, abs=0.000501)
        assert felt[name] == pytest.approx(mean, abs=0.000501)


def test_a_class_is_given_only_where_both_intervals_are_clear_of_the_city(audit: Audit) -> None:
    """The city's values from the README's districts, weighted as the city is: 30.89 and 5.8524."""
    for row in table(audit.finding("internal", DIVERGENCE)):
        recorded = _side(row["recorded_lower"], row["recorded_upper"], 30.89)
        unsafe = -_side(row["felt_lower"], row["felt_upper"], 5.8524)
        expected = {
            (1, 1): "both high",
            (-1, 1): "felt only",
            (1, -1): "recorded only",
            (-1, -1): "both low",
        }.get((recorded, unsafe), "cannot tell")
        assert row["class"] == expected, row["area"]
        assert bool(row["unclear"]) == (expected == "cannot tell")


def _side(low: float, high: float, border: float) -> int:
    return 1 if low > border else -1 if high < border else 0


def test_the_old_town_is_both_high_by_any_reading(audit: Audit) -> None:
    """45 of 100 victims against 31 (SE about 2), safety 4.1 against 5.9 (SE 0.1)."""
    classes = {row["area"]: row["class"] for row in table(audit.finding("internal", DIVERGENCE))}
    assert classes["Ciutat Vella"] == "both high"
    assert "recorded only" not in classes.values()


@pytest.mark.parametrize("version", VERSIONS)
def test_map_list_and_csv_give_one_class(audit: Audit, version: str) -> None:
    listed = {r["area"]: r["class"] for r in table(audit.finding(version, DIVERGENCE))}
    written = {r["area"]: r["class"] for r in audit.rows(version, DIVERGENCE)}
    drawn = {f["label"]: f["kind"] for f in audit.map(version, DIVERGENCE)}
    assert listed == written == drawn
    assert set(listed.values()) <= CLASSES


def test_public_and_internal_say_the_same_of_the_districts(audit: Audit) -> None:
    """Every district has 400 answers and more, so nothing has to be withheld."""
    for name in (*BY_AREA, DIVERGENCE):
        public, internal = (audit.finding(version, name) for version in ("public", "internal"))
        assert public.sentence == internal.sentence
        verdict = "class" if name == DIVERGENCE else "verdict"
        assert [r[verdict] for r in table(public)] == [r[verdict] for r in table(internal)]


def test_missing_blocks_are_named(audit: Audit) -> None:
    report = audit.reports["public"]
    assert {item.block for item in report.missing} >= {Block.CAUSES, Block.SERVICES}
    assert all(
        report.finding(name).certainty is not Certainty.CANNOT_TELL
        for name in report.headline_findings
    )
