from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from survey_export_files import (
    TAIL,
    kobo_head,
    kobo_rows,
    write_csv,
    write_workbook,
    xlsform,
)

from commonlight.sources.answers import Answers, read_answers
from commonlight.sources.codebook import Construct
from commonlight.sources.guess import Guess, guess_mapping
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake


def export(tmp_path: Path, *, labels: bool, separator: str = "/", excel: bool = False) -> Path:
    rows = [kobo_head(labels=labels, separator=separator), *kobo_rows(labels=labels)]
    if excel:
        return write_workbook(tmp_path / "a.xlsx", Feelings=rows)
    return write_csv(tmp_path / "a.csv", rows)


def answers_of(path: Path, guess: Guess, tmp_path: Path) -> Answers:
    assert guess.codebook is not None
    result = import_source(path, guess.mapping, lake=tmp_path / "lake", name="s")
    assert (result.read, result.accepted) == (40, 40)
    return read_answers(Lake(tmp_path / "lake").open("s"), guess.codebook)


def test_the_guess_says_what_it_recognised(tmp_path: Path) -> None:
    guess = guess_mapping(export(tmp_path, labels=False))
    notes = " ".join(guess.notes)
    assert "export of KoboToolbox" in notes
    assert "The wording is not in the export for 'dark', 'police', 'crimes'" in notes
    mapping = guess.mapping
    assert mapping.time is not None
    assert (mapping.kind, mapping.id, mapping.time.start) == ("answers", "_uuid", "today")
    assert mapping.place is not None
    assert (mapping.place.area, mapping.place.x) == ("about/district", None)


@pytest.mark.parametrize("labels", [False, True])
def test_persons_accounts_and_points_are_dropped(tmp_path: Path, labels: bool) -> None:
    guess = guess_mapping(export(tmp_path, labels=labels))
    where = "Where?" if labels else "feel/where"
    name = "What is your name?" if labels else "about/full_name"
    latitude = "_Where?_latitude" if labels else "feel/_where_latitude"
    assert {where, name, latitude, "_submitted_by"} <= set(guess.mapping.drop)
    assert any("account of the interviewer" in note for note in guess.notes)
    assert any("may be a home" in note for note in guess.notes)


def test_an_export_with_the_phone_of_the_device(tmp_path: Path) -> None:
    head = ["deviceid", "phonenumber", "simserial", "username", *kobo_head(labels=False)]
    rows = [["ee.x:a", "5551234", "89", "inter7", *row] for row in kobo_rows(labels=False)]
    guess = guess_mapping(write_csv(tmp_path / "a.csv", [head, *rows]))
    assert {"deviceid", "phonenumber", "simserial", "username"} <= set(guess.mapping.drop)


@pytest.mark.parametrize(
    ("labels", "separator", "excel"),
    [
        (False, "/", False),
        (False, "_", False),
        (False, ".", True),
        (True, "/", True),
        (True, "/", False),
    ],
)
def test_with_the_form_every_export_gives_the_same(
    tmp_path: Path, labels: bool, separator: str, excel: bool
) -> None:
    path = export(tmp_path, labels=labels, separator=separator, excel=excel)
    guess = guess_mapping(path, structure=xlsform(tmp_path / "form.xlsx"))
    answers = answers_of(path, guess, tmp_path)
    assert set(answers.items) == {"dark", "police", "crimes"}
    dark = answers.items["dark"]
    np.testing.assert_array_equal(dark.values, [1, 2, 3, np.nan] * 10)
    assert dark.missing_counts == {"does not know": 10}
    assert dark.item.wording == "How safe do you feel alone after dark?"
    assert dark.item.construct == Construct.SAFETY
    police = answers.items["police"]
    assert (police.item.lowest, police.item.highest) == (0, 10)
    np.testing.assert_array_equal(police.values, [k % 11 for k in range(40)])
    crimes = answers.items["crimes"]
    assert crimes.item.asked_of == "${dark} != 'ns'"
    assert crimes.missing_counts == {"not asked, or no answer": 10}
    asked = [k for k in range(40) if k % 4 != 3]
    assert np.nansum(crimes.choices["bag"]) == sum(k % 3 < 2 for k in asked)
    assert np.nansum(crimes.choices["hit"]) == sum(k % 3 == 1 for k in asked)
    assert answers.groups["sex"].counts() == {"Woman": 20, "Man": 20}
    assert answers.codebook.language == "en"
    assert answers.codebook.name == "Feelings of safety"


@pytest.mark.parametrize("labels", [False, True])
def test_without_the_form_choices_are_found(tmp_path: Path, labels: bool) -> None:
    path = export(tmp_path, labels=labels)
    guess = guess_mapping(path)
    answers = answers_of(path, guess, tmp_path)
    multiple = [i for i in answers.items.values() if i.item.kind == "multiple"]
    assert len(multiple) == 1
    assert len(multiple[0].choices) == 3
    assert multiple[0].n_answered == 30


def test_a_list_without_columns_of_its_own(tmp_path: Path) -> None:
    """The export "select many: single column" has no columns of 0 and 1."""
    head = kobo_head(labels=False)
    drop = [k for k, name in enumerate(head) if name.startswith("feel/crimes/")]
    rows = [head, *kobo_rows(labels=False)]
    rows = [[cell for k, cell in enumerate(row) if k not in drop] for row in rows]
    path = write_csv(tmp_path / "a.csv", rows)
    guess = guess_mapping(path, structure=xlsform(tmp_path / "form.xlsx"))
    crimes = answers_of(path, guess, tmp_path).items["crimes"]
    assert crimes.item.separator == " "
    assert np.nansum(crimes.choices["hit"]) == sum(k % 3 == 1 for k in range(40) if k % 4 != 3)


def test_system_columns_are_no_questions(tmp_path: Path) -> None:
    guess = guess_mapping(export(tmp_path, labels=False))
    assert not set(guess.mapping.keep.values()) & {*TAIL, "start", "today"}
