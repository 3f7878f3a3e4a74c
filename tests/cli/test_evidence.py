"""``commonlight evidence``: the same answers as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
ROOM = Path(__file__).parents[1] / "evidence" / "room"


def test_words_of_three_languages_give_the_same_practices(cli: Cli) -> None:
    found = [
        [one["id"] for one in cli("evidence", "search", *words.split(), "--json").json["practices"]]
        for words in ("Einbruch", "robatori amb força", "burglary")
    ]
    assert found[0] == found[1] == found[2] != []


def test_a_search_says_why_and_that_nothing_was_found(cli: Cli) -> None:
    said = cli("evidence", "search", "Einbruch")
    assert "“Einbruch” is understood as: burglary" in said.out
    assert "(by: Einbruch)" in said.out
    none = cli("evidence", "search", "xylophone")
    assert none.code == 0
    assert "Practices: nothing found" in none.out
    assert "records it as a gap" in none.out


def test_a_practice_is_shown_with_what_is_not_known(cli: Cli) -> None:
    said = cli("evidence", "show", "anti_trafficking_measures")
    assert "Not studied, or not found by us" in said.out
    assert "Law: unknown" in said.out
    secondary = cli("evidence", "show", "problem_oriented_policing")
    assert "Read in another text that quotes it" in secondary.out


def test_a_statement_is_shown_with_whose_inference_follows(cli: Cli) -> None:
    assert "our inference" in cli("evidence", "show", "TE-009").out
    assert cli("evidence", "show", "TE-009", "--json").json["id"] == "TE-009"


def test_what_does_not_exist_is_refused_with_the_next_step(cli: Cli) -> None:
    said = cli("evidence", "show", "magic")
    assert said.code == 7
    assert "no practice and no statement 'magic'" in said.line


def test_an_empty_cell_says_so(cli: Cli) -> None:
    assert cli("evidence", "cells").out.count("none found") == 1
    assert len(cli("evidence", "cells", "--json").json) == 16


def test_check_counts_what_it_read(cli: Cli) -> None:
    assert cli("evidence", "check", "--json").json["practices"] == 54
    assert cli("evidence", "check", ROOM, "--json").json["practices"] == 2


def test_check_names_the_first_fault(cli: Cli, tmp_path: Path) -> None:
    for path in ROOM.iterdir():
        text = path.read_text(encoding="utf-8").replace("value: -10", "value: ten")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    said = cli("evidence", "check", tmp_path)
    assert said.code == 7
    assert "practices.yaml, line 21, practices.lamps.effects.lamps__burglary.value" in said.line
