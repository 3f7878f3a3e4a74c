"""The whole room: what comes with the package, and what a spoiled file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from importlib.resources import files
from pathlib import Path

import pytest

from commonlight.evidence.offences import EvidenceError
from commonlight.evidence.room import FILES, Room, load_room, read_room

PRACTICES, SOURCES = "practices.yaml", "practice_sources.yaml"
STATEMENTS, COSTS, TERMS = "statements.yaml", "unit_costs.yaml", "search_terms.yaml"
VOCABULARY = "vocabulary.yaml"
NULLS = "authors: null, year: null, url: null, doi: null, type: null"

#: File, what stands there, what is put there, the line of the fault, and words of the error.
FAULTS = [
    (
        PRACTICES,
        "metric: percent_change",
        "metric: per_cent",
        20,
        "lamps__burglary.metric: 'per_cent' is not in the list metrics",
    ),
    (
        PRACTICES,
        "value: -10",
        "value: many",
        21,
        "lamps__burglary.value: must be a number; got 'many'",
    ),
    (PRACTICES, "value: -10", "value: .nan", 21, "must be finite; got nan"),
    (PRACTICES, "value: -10", "value: -1", 21, "value: lies outside its range"),
    (PRACTICES, "value: -10", "value: null", 22, "value_is: must say what the figure is"),
    (PRACTICES, "ci_low: -18", "ci_low: null", 25, "range_is: a range needs both ends"),
    (PRACTICES, "value: -0.2", "value: -0.15", 38, "value: is not the middle of its range"),
    (
        PRACTICES,
        "{level: low, reasons: Read in the press.}",
        "{level: moderate, reasons: Read in the press.}",
        50,
        "a figure read in a text that quotes the source is rated low at most",
    ),
    (
        PRACTICES,
        "source: press2021",
        "source: hearsay",
        48,
        "'hearsay' is not among the sources of the practice",
    ),
    (
        PRACTICES,
        "sources: [review2020, press2021]",
        "sources: [review2020, press2021, lost]",
        60,
        "no source 'lost'",
    ),
    (PRACTICES, "id: lamps__trust", "id: trust", 34, "id: must begin with lamps__"),
    (
        PRACTICES,
        "id: lamps__trust",
        "id: lamps__burglary",
        34,
        "the effect 'lamps__burglary' stands twice",
    ),
    (
        PRACTICES,
        "text: Light at night., basis: reviewer_synthesis",
        "text: null, basis: reviewer_synthesis",
        55,
        "a text needs its basis",
    ),
    (PRACTICES, "text: Light at night.", "text: ''", 55, "must not be empty"),
    (
        PRACTICES,
        "text: More eyes., basis: sourced, sources: [review2020]",
        "text: More eyes., basis: sourced, sources: []",
        51,
        "must name them",
    ),
    (PRACTICES, "    see_also: [talks]\n", "", 7, "lamps: see_also is missing"),
    (
        PRACTICES,
        "    see_also: [talks]\n",
        "    see_also: [lamps]\n",
        61,
        "no other practice 'lamps'",
    ),
    (
        PRACTICES,
        "    see_also: [talks]\n",
        "    see_also: [talks]\n    stars: 5\n",
        62,
        "lamps.stars: unknown keys stars",
    ),
    (
        PRACTICES,
        "check_again_on: 2028-11-21",
        "check_again_on: soon",
        64,
        "must be a day such as 2026-11-21; got 'soon'",
    ),
    (
        PRACTICES,
        "check_again_on: 2028-11-21",
        "check_again_on: 2020-01-01",
        64,
        "must be after the day",
    ),
    (PRACTICES, "superseded_by: lamps", "superseded_by: lanterns", 107, "no practice 'lanterns'"),
    (
        PRACTICES,
        "core_elements_basis: mechanism",
        "core_elements_basis: null",
        58,
        "core elements need their basis",
    ),
    (
        PRACTICES,
        "prevention_level: primary",
        "prevention_level: null",
        14,
        "a level needs its basis",
    ),
    (PRACTICES, "  - id: talks\n", "  - id: lamps\n", 66, "'lamps' stands twice"),
    (
        PRACTICES,
        "metric: direction_only\n        value: null\n        value_is: null",
        "metric: direction_only\n        value: 3\n        value_is: printed",
        79,
        "is direction only, yet there is a figure",
    ),
    (
        PRACTICES,
        "confidence: seen_in_fulltext",
        "confidence: not_found",
        91,
        "an effect that was not found is none",
    ),
    (
        PRACTICES,
        "focus_areas: [public_spaces]\n    themes: []",
        "focus_areas: []\n    themes: []",
        69,
        "must name at least one",
    ),
    (
        PRACTICES,
        "source: review2020, confidence: seen_in_abstract}\npractices",
        "source: gone, confidence: seen_in_abstract}\npractices",
        5,
        "no source 'gone'",
    ),
    (PRACTICES, "checked: 2026-11-21\n", "checked: lately\n", 3, "checked: must be a day"),
    (SOURCES, "ref: press2021", "ref: press2022", 60, "no source 'press2021'"),
    (
        SOURCES,
        "sources:\n",
        f"sources:\n  - {{ref: idle, title: A, {NULLS}, confidence: secondary}}\n",
        4,
        "no practice rests on 'idle'",
    ),
    (
        STATEMENTS,
        "count: 1}\n  - {kind: gap",
        "count: 2}\n  - {kind: gap",
        6,
        "trend x public_spaces has 1 statements, not 2",
    ),
    (STATEMENTS, "  - {kind: gap, focus_area: organised_crime}\n", "", 9, "the empty cells are"),
    (
        STATEMENTS,
        "title: Nobody asks residents",
        "title: More lamps",
        38,
        "'More lamps' stands twice",
    ),
    (
        STATEMENTS,
        "implication_is: ours",
        "implication_is: null",
        29,
        "must say whose inference it is",
    ),
    (STATEMENTS, "superseded_by: TR-1", "superseded_by: TR-9", 45, "no statement 'TR-9'"),
    (STATEMENTS, "    kind: gap\n", "    kind: rumour\n", 36, "'rumour' is not in the list kinds"),
    (COSTS, "amount: 1200", "amount: null", 7, "is null exactly where the figure was not found"),
    (COSTS, "amount: 1200", "amount: -5", 7, "must be above 0; got -5"),
    (COSTS, "iccs: ['0501']", "iccs: ['9999']", 7, "no offence class '9999'"),
    (COSTS, "iccs_fit: close", "iccs_fit: neat", 7, "must be one of close"),
    (COSTS, "practice: lamps", "practice: torches", 10, "no practice 'torches'"),
    (TERMS, "de: [Lärm]", "de: []", 21, "needs words in en, de"),
    (TERMS, "near: [lane]", "near: [street]", 20, "names a concept that does not exist"),
    (TERMS, "practices: [talks]", "practices: [walks]", 12, "names a practice that does not exist"),
    (TERMS, "en: [lane, lanes]", "en: [lane, Lane]", 17, "a word stands twice"),
    (
        TERMS,
        "problem_types: [burglary]",
        "problem_types: [burglars]",
        8,
        "'burglars' is not in the list problem_types",
    ),
    (TERMS, "en: [against, from]", "en: [to]", 22, "must be one word of 4 letters or more"),
    (TERMS, "en: [against, from]", "en: [noise]", 22, "is a word of a concept"),
    (TERMS, "de: [über]", "fr: [dans]", 22, "is not among the languages of the file"),
    (VOCABULARY, "  - {id: trend, label: Trend}", "  - {id: trend}", 16, "label is missing"),
    (VOCABULARY, "ratings:", "rankings:", 0, "ratings is missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "words"), FAULTS)
def test_a_fault_is_named_with_file_line_and_field(
    spoiled: Callable[..., Room], file: str, old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(EvidenceError) as told:
        spoiled(file, old, new)
    text = str(told.value)
    assert words in text
    assert text.startswith(PRACTICES if "press2021" in text else file)
    if line:
        assert f", line {line}, " in text


def test_a_folder_that_lacks_a_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"lacks vocabulary\.yaml"):
        read_room(tmp_path)


def test_no_yaml_is_refused(spoiled: Callable[..., Room]) -> None:
    with pytest.raises(EvidenceError, match=r"statements\.yaml is not valid YAML"):
        spoiled(STATEMENTS, "licence: EUPL-1.2", "licence: [EUPL-1.2")


def test_what_is_read_cannot_be_changed(small: Room) -> None:
    with pytest.raises(FrozenInstanceError):
        small.practice("lamps").name = "Torches"  # type: ignore[misc]


def test_the_room_of_the_package() -> None:
    room = load_room()
    assert len(room.practices.practices) == 54
    assert len(room.statements.statements) == 124
    assert len(room.unit_costs.costs) == 54
    assert room is load_room()


def test_an_id_that_is_none_names_the_next_step() -> None:
    room = load_room()
    assert room.thing("cctv") is room.practice("cctv")
    assert room.thing("TE-009") is room.statement("TE-009")
    for look in (room.thing, room.practice, room.statement):
        with pytest.raises(EvidenceError, match="evidence search"):
            look("magic")


def test_the_files_name_no_place_on_a_disk() -> None:
    data = files("commonlight.evidence").joinpath("data")
    for name in FILES:
        text = data.joinpath(name).read_text(encoding="utf-8")
        assert "/work" not in text
        assert json.dumps(text)
