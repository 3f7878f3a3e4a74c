from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from survey_export_files import LIME_HEAD, SAFE, lime_rows, write_csv, write_workbook

from commonlight.sources.answers import Answers, read_answers
from commonlight.sources.codebook import Construct
from commonlight.sources.codebook_files import dump_codebook, parse_codebook
from commonlight.sources.errors import MappingError, SourceError
from commonlight.sources.guess import Guess, guess_mapping
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping_files import dump_mapping, load_mapping
from commonlight.sources.survey_exports.limesurvey import parse_heading

PERSONAL = {
    "token",
    "ipaddr",
    "refurl",
    "firstname",
    "lastname",
    "email",
    "attribute_1",
}
TEXT = """class\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tother
S\t\tlanguage\t\ten\t\t\t
SL\t\tsurveyls_title\t\tFeelings 2024\t\ten\t
G\t\tFeelings\t1\t\t\ten\t
Q\tG\tSEX\t1\t<p>What is your gender?</p>\t\ten\t
Q\tF\tS1\t1\tHow safe do you feel walking alone in your neighbourhood?\t\ten\t
SQ\t0\tdark\t\tAfter dark\t\ten\t
SQ\t0\tday\t\tDuring the day\t\ten\t
A\t0\tA1\t\tVery safe\t\ten\t
A\t0\tA2\t\tSafe\t\ten\t
A\t0\tA3\t\tUnsafe\t\ten\t
A\t0\tA4\t\tVery unsafe\t\ten\t
A\t0\tA9\t\tDon't know\t\ten\t
Q\tN\tP1\t1\tFrom 0 to 10, how much do you trust the police?\t\ten\t
Q\tM\tV1\tP1.NAOK > 0\tWhich of these happened to you?\t\ten\tY
SQ\t0\tbag\t\tA bag was stolen\t\ten\t
SQ\t0\thit\t\tI was hit\t\ten\t
Q\tT\tT1\t1\tWhat else would you like to say?\t\ten\t
Q\tS\tDIST\t1\tDistrict\t\ten\t
"""


def export(tmp_path: Path, *, full: bool = False, code_only: str = "") -> Path:
    """Headings with their texts, or codes alone with parts in brackets or after ``_``."""
    head = [parse_only(name) for name in LIME_HEAD] if code_only else LIME_HEAD
    if code_only == "_":
        head = [name.replace("[", "_").replace("]", "") for name in head]
    path = tmp_path / "results-survey123456.csv"
    return write_csv(path, [head, *lime_rows(full=full)], blank_line=True)


def parse_only(name: str) -> str:
    return name.split(". ")[0]


def structure(tmp_path: Path) -> Path:
    path = tmp_path / "survey.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def answers_of(path: Path, guess: Guess, tmp_path: Path) -> Answers:
    assert guess.codebook is not None
    result = import_source(path, guess.mapping, lake=tmp_path / "lake", name="s")
    assert (result.read, result.accepted, result.reasons) == (40, 36, {"no time": 4})
    return read_answers(Lake(tmp_path / "lake").open("s"), guess.codebook)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Q1", ("Q1", None, None, "")),
        ("Q1[SQ001]", ("Q1", "SQ001", None, "")),
        ("Q1[SQ001][2]. How? [a] [b]", ("Q1", "SQ001", "2", "How? [a] [b]")),
        ("Q1[SQ001_SQ002]", ("Q1", "SQ001_SQ002", None, "")),
        ("Q1[other]. Which? [Other]", ("Q1", "other", None, "Which? [Other]")),
        ("Q1. Two\nlines", ("Q1", None, None, "Two lines")),
        ("Q1_SQ001", ("Q1", "SQ001", None, "")),
        ("attribute_2. Team", ("attribute_2", None, None, "Team")),
        ("Date submitted", ("submitdate", None, None, "Date submitted")),
        ("How safe do you feel?", ("", None, None, "How safe do you feel?")),
    ],
)
def test_headings(heading: str, parts: tuple[object, ...]) -> None:
    found = parse_heading(heading)
    assert (found.code, found.part, found.scale, found.text) == parts


def test_the_guess_says_what_it_recognised(tmp_path: Path) -> None:
    guess = guess_mapping(export(tmp_path))
    notes = " ".join(guess.notes)
    assert "export of LimeSurvey" in notes
    assert "4 of the first 40 answers were not submitted" in notes
    assert "p1 (99)" in notes
    assert "The construct of 4 questions was guessed" in notes
    assert "'V1[other]. Which of these happened to you? [Other]'" in notes
    assert "example.org" not in notes
    mapping = guess.mapping
    assert (mapping.kind, mapping.witness) == ("answers", "survey")
    assert (mapping.id, mapping.weight) == ("id. Response ID", "WT. Weight")
    assert mapping.place is not None
    assert mapping.place.area == "DIST. District"


def test_person_columns_are_dropped_with_the_reason(tmp_path: Path) -> None:
    guess = guess_mapping(export(tmp_path))
    assert {parse_heading(name).code for name in guess.mapping.drop} == PERSONAL
    for name in guess.mapping.drop:
        assert any(repr(name) in note and "is about persons (" in note for note in guess.notes)
    kept = {*guess.mapping.keep.values()}
    assert not kept & set(guess.mapping.drop)
    assert not any("T1." in name for name in kept)


def test_without_the_drops_the_import_stops(tmp_path: Path) -> None:
    from dataclasses import replace

    path = export(tmp_path)
    bare = replace(guess_mapping(path).mapping, drop=())
    with pytest.raises(SourceError, match="data about persons"):
        import_source(path, bare, lake=tmp_path / "lake", name="s")


def test_codes_without_a_structure(tmp_path: Path) -> None:
    path = export(tmp_path)
    guess = guess_mapping(path)
    answers = answers_of(path, guess, tmp_path)
    assert set(answers.items) == {"s1_dark", "s1_day", "p1", "v1"}
    dark = answers.items["s1_dark"]
    assert list(dark.item.labels) == list(SAFE)
    assert dark.item.time_of_day == "after dark"
    assert dark.item.construct == Construct.SAFETY
    # The parts of one question share a scale, even where an answer was not given to one.
    assert answers.items["s1_day"].item.labels == dark.item.labels
    assert answers.items["p1"].missing_counts == {"code 99, meaning to be filled in": 3}
    assert answers.items["v1"].item.labels == {"bag": "A bag was stolen", "hit": "I was hit"}
    assert answers.groups["sex"].counts() == {"F": 16, "M": 20}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("code_only", ["", "[]", "_"])
def test_codes_and_texts_give_the_same_answers(tmp_path: Path, full: bool, code_only: str) -> None:
    """With the form's structure, whatever the headings and answers."""
    path = export(tmp_path, full=full, code_only=code_only)
    guess = guess_mapping(path, structure=structure(tmp_path))
    assert any("LimeSurvey structure survey.txt" in note for note in guess.notes)
    answers = answers_of(path, guess, tmp_path)
    used = [k for k in range(40) if k % 10]
    dark = answers.items["s1_dark"]
    expected = [np.nan if k % 5 == 4 else k % 5 + 1 for k in used]
    np.testing.assert_array_equal(dark.values, expected)
    assert dark.missing_counts == {"does not know": 8}
    assert dark.item.wording.endswith("neighbourhood? [After dark]")
    asked = [k for k in used if k % 4]
    crimes = answers.items["v1"]
    assert crimes.item.asked_of == "P1.NAOK > 0"
    bag = crimes.choices["bag"]
    if full:
        assert crimes.missing_counts == {"not asked": len(used) - len(asked)}
        assert np.nansum(bag) == sum(k % 2 == 0 for k in asked)
    else:
        assert set(crimes.missing_counts) == {"not asked, or no answer"}
        assert np.nansum(bag) == sum(k % 2 == 0 for k in asked)
    assert answers.groups["sex"].labels == ("Female", "Male")
    assert answers.groups["sex"].counts() == {"Female": 16, "Male": 20}
    assert answers.codebook.name == "Feelings 2024"


def test_multiple_answers_without_a_structure_in_any_form_of_code(tmp_path: Path) -> None:
    path = export(tmp_path, code_only="_")
    crimes = answers_of(path, guess_mapping(path), tmp_path).items["v1"]
    assert set(crimes.choices) == {"bag", "hit"}
    assert crimes.item.labels == {"bag": "bag", "hit": "hit"}


def test_yes_and_no_in_another_language_than_the_form(tmp_path: Path) -> None:
    head = [*LIME_HEAD[:5], "Y1"]
    rows = [[*row[:5], ("Ja", "Nein")[k % 2]] for k, row in enumerate(lime_rows())]
    path = write_csv(tmp_path / "a.csv", [head, *rows])
    form = tmp_path / "survey.txt"
    form.write_text(TEXT.splitlines()[0] + "\nQ\tY\tY1\t1\tOpfer?\t\tde\t\n", encoding="utf-8")
    victim = answers_of(path, guess_mapping(path, structure=form), tmp_path).items["y1"]
    assert victim.item.labels == {"Ja": "Ja", "Nein": "Nein"}
    assert victim.n_answered == 36


def test_the_draft_can_be_written_and_used(tmp_path: Path) -> None:
    path = export(tmp_path)
    guess = guess_mapping(path)
    assert guess.codebook is not None
    text = dump_codebook(guess.codebook)
    assert parse_codebook(text, "draft") == guess.codebook
    (tmp_path / "m.toml").write_text(dump_mapping(guess.mapping), encoding="utf-8")
    assert load_mapping(tmp_path / "m.toml") == guess.mapping


def test_a_survey_without_dates(tmp_path: Path) -> None:
    head = [name for name in LIME_HEAD if not name.startswith(("datestamp", "startdate"))]
    where = [LIME_HEAD.index(name) for name in head]
    rows = [[row[k] for k in where] for row in lime_rows(submitted=False) if row[1]]
    guess = guess_mapping(write_csv(tmp_path / "a.csv", [head, *rows]))
    assert guess.mapping.time is None
    assert any("has no dates" in note for note in guess.notes)


def test_headings_that_stand_twice_are_not_taken(tmp_path: Path) -> None:
    head = [*LIME_HEAD, "Q9. Twice", "Q9. Twice"]
    rows = [[*row, "1", "2"] for row in lime_rows()]
    path = write_csv(tmp_path / "a.csv", [head, *rows])
    guess = guess_mapping(path)
    assert "Q9. Twice" not in guess.mapping.keep.values()
    assert any("Several columns are named 'Q9. Twice'" in note for note in guess.notes)
    assert answers_of(path, guess, tmp_path).n == 36


def test_an_excel_export(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", Responses=[LIME_HEAD, *lime_rows()])
    assert answers_of(path, guess_mapping(path), tmp_path).n == 36


def test_a_vv_file_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "vvexport.csv"
    names = ["id", "submitdate", "lastpage", "startlanguage", "S1_dark"]
    rows = [["Response ID", "Date submitted", "Last page", "Start language", "How safe"], names]
    rows += [["1", "2024-03-01 10:00:00", "3", "en", "A1"]]
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    with pytest.raises(SourceError, match=r"VV export.*CSV"):
        guess_mapping(path)


def test_a_structure_for_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,type\n2024-01-01,Theft\n2024-01-02,Arson\n")
    with pytest.raises(MappingError, match="leave the structure out"):
        guess_mapping(path, structure=structure(tmp_path))
