from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from commonlight.evidence.offences import EvidenceError
from commonlight.evidence.survey_items import (
    criticism,
    load_items,
    read_items,
    single_item_warning,
)
from commonlight.sources.codebook import Construct

KNOWLEDGE = Path(__file__).resolve().parents[3] / "shared" / "knowledge" / "survey_items.yaml"
TEXT = """
title: Items
method_notes: []
constructs:
- {name: worry about victimisation, codebook: worry}
items:
- {id: a, construct: worry about victimisation, dimension: null, paraphrase: p, scale: s,
   variable: null, source: book, recommended_use: u, caveats: [], benchmarks: [
   {area: X, year: '2020', measure: m, percent: 10, kind: level, source: book,
    confidence: secondary, note: ''}]}
criticisms: []
sources:
  book: {title: A book, year: 2020, read: full}
"""


def test_all_items_of_the_knowledge_are_there() -> None:
    if not KNOWLEDGE.is_file():
        pytest.skip(f"needs {KNOWLEDGE}")
    source = yaml.safe_load(KNOWLEDGE.read_text(encoding="utf-8"))
    items = load_items().items
    assert len(items) == source["meta"]["n_items"] == 33
    for row in source["items"]:
        item = items[row["id"]]
        assert (item.construct, item.scale) == (row["construct"], row["response_scale"])
        assert len(item.benchmarks) >= len(row["benchmarks"])
        known = {(b.area, b.year, b.measure): b.percent for b in item.benchmarks}
        for mark in row["benchmarks"]:
            key = (str(mark["area"]), str(mark["year"]), str(mark["measure"]))
            assert known[key] == mark["percent"]


def test_constructs_have_the_names_of_a_codebook_or_none() -> None:
    items = load_items()
    names = {c.codebook for c in items.constructs.values()} - {None}
    assert len(names) == 8
    assert names <= {construct.value for construct in Construct}
    assert items.codebook_construct("safety_alone_dark") == "safety"
    assert items.codebook_construct("avoid_places") == "behaviour"
    assert items.codebook_construct("police_effectiveness") is None  # not trust
    assert len(items.of_construct("collective_efficacy")) == 10


@pytest.mark.parametrize(
    ("item", "area", "year", "percent"),
    [
        # OJP/NCJRS abstract of Allen (2006), worry about crime, British Crime Survey 2004/05
        ("safety_alone_dark", "England and Wales", "2004/05", {10, 20}),
        ("worry_burglary", "England and Wales", "2004/05", {12}),
        ("worry_vehicle", "England and Wales", "2004/05", {13}),
        ("worry_violence", "England and Wales", "2004/05", {16}),
        ("fear_quality_of_life", "England and Wales", "2004/05", {64, 31, 5}),
        # ONS, Focus on public perceptions of crime, chapter 2, CSEW 2013/14
        ("crime_trend_local", "England and Wales", "2013/14", {61, 32, 9, 55}),
        ("worry_burglary", "England and Wales", "2013/14", {11}),
        ("perceived_risk", "England and Wales", "2013/14", {19}),
        # Eurostat news of 10 March 2021
        ("crime_vandalism_area", "EU27", "2019", {11.0}),
        ("crime_vandalism_area", "Bulgaria", "2019", {20.2}),
        # Forum Kriminalprävention 4/2022 on SKiD 2020
        ("victim_12m_screener", "Germany", "2020", {12.2, 12.1}),
    ],
)
def test_benchmarks_as_printed(item: str, area: str, year: str, percent: set[float]) -> None:
    marks = load_items().item(item).benchmarks
    assert {b.percent for b in marks if (b.area, b.year) == (area, year)} == percent


def test_what_another_text_quotes_is_secondary() -> None:
    """The figures of 2023 were read on a page that repeats Eurostat."""
    marks = load_items().item("crime_vandalism_area").benchmarks
    assert {b.confidence for b in marks if b.source == "eus2023"} == {"secondary"}
    assert {b.confidence for b in marks if b.source == "eus2019"} == {"full text"}


def test_a_change_is_not_a_level() -> None:
    changes = [b for i in load_items().items.values() for b in i.benchmarks if b.kind == "change"]
    assert [(b.percent, b.source) for b in changes] == [(-57.8, "branas")]


def test_the_criticism_of_the_night_walk_names_its_sources() -> None:
    found = criticism("safety_alone_dark")
    assert found is not None
    assert len(found.points) == 5
    assert all(point.sources for point in found.points)
    dois = {source.doi for point in found.points for source in point.sources}
    assert "10.1177/1477370808090834" in dois  # Gray, Jackson, Farrall (2008)
    assert found.next_step
    assert criticism("trust_police") is None


@pytest.mark.parametrize(
    ("constructs", "items"),
    [
        (["safety"], []),
        (["safety", "trust_police", "victimisation"], []),
        ([], ["safety_alone_dark"]),
        (["safety"], ["safety_alone_dark", "safety_alone_day", "trust_police"]),
    ],
)
def test_the_night_walk_alone_raises_its_criticism(constructs: list, items: list) -> None:
    found = single_item_warning(constructs, items=items)
    assert found is not None
    assert found.item == "safety_alone_dark"
    assert found.missing == ("worry", "perceived_risk", "behaviour")
    assert found.criticism.points
    assert found.text.endswith(".")


@pytest.mark.parametrize(
    ("constructs", "items"),
    [
        ([], []),
        (["trust_police"], []),
        (["safety", "worry"], []),
        (["safety", "perceived_risk"], ["safety_alone_dark"]),
        (["safety"], ["safety_alone_dark", "avoid_places"]),
        (["safety"], ["safety_alone_day"]),
    ],
)
def test_no_warning_where_other_constructs_stand_beside_it(constructs: list, items: list) -> None:
    assert single_item_warning(constructs, items=items) is None


def test_an_item_that_is_not_there() -> None:
    with pytest.raises(EvidenceError, match="no survey item 'mood'"):
        criticism("mood")
    with pytest.raises(EvidenceError, match="no survey item 'mood'"):
        single_item_warning(["safety"], items=["mood"])


def test_items_are_read() -> None:
    assert read_items(TEXT, file="t.yaml").item("a").benchmarks[0].percent == 10


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("construct: worry about victimisation", "construct: mood", "construct 'mood'"),
        ("source: book, recommended", "source: none, recommended", "source 'none'"),
        ("percent: 10", "percent: 101", "between 0 and 100"),
        ("percent: 10", "percent: -10", "between 0 and 100"),
        ("percent: 10", "percent: null", "between 0 and 100"),
        ("confidence: secondary", "confidence: sure", "confidence must be one of"),
        ("scale: s,", "", "scale is missing"),
        ("method_notes: []", "", "method_notes is missing"),
        ("criticisms: []", "criticisms: [{item: b, points: [], next_step: n}]", "no item 'b'"),
    ],
)
def test_files_that_are_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        read_items(TEXT.replace(old, new, 1), file="t.yaml")
