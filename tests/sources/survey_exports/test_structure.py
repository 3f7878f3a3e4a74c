from __future__ import annotations

from pathlib import Path

import pytest
from survey_export_files import SURVEY, write_workbook, xlsform

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.survey_exports.structure import flat_text, read_structure


def rows(table: str, *cells: dict[str, str]) -> str:
    inner = "".join(
        "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items()) + "</row>"
        for row in cells
    )
    return f"<{table}><rows>{inner}</rows></{table}>"


def lss(tmp_path: Path, *tables: str, kind: str = "Survey") -> Path:
    path = tmp_path / "survey.lss"
    text = "".join(tables)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><document>'
        f"<LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>623</DBVersion>"
        f"<languages><language>de</language><language>en</language></languages>{text}</document>",
        encoding="utf-8",
    )
    return path


Q = {"gid": "1", "parent_qid": "0", "relevance": "1", "other": "N"}
NEW = (
    rows("groups", {"gid": "2", "group_order": "1"}, {"gid": "1", "group_order": "2"}),
    rows(
        "questions",
        {**Q, "qid": "10", "type": "F", "title": "S1", "question_order": "1"},
        {**Q, "qid": "20", "type": "L", "title": "P1", "question_order": "2", "other": "Y"},
        {**Q, "qid": "30", "type": "M", "title": "V1", "question_order": "1", "gid": "2"}
        | {"relevance": "P1 == 'A1'"},
    ),
    rows(
        "subquestions",
        {"qid": "11", "parent_qid": "10", "title": "b", "question_order": "2", "scale_id": "0"},
        {"qid": "12", "parent_qid": "10", "title": "a", "question_order": "1", "scale_id": "0"},
        {"qid": "31", "parent_qid": "30", "title": "bag", "question_order": "1", "scale_id": "0"},
    ),
    rows(
        "answers",
        {"aid": "1", "qid": "10", "code": "A2", "sortorder": "2", "scale_id": "0"},
        {"aid": "2", "qid": "10", "code": "A1", "sortorder": "1", "scale_id": "0"},
        {"aid": "3", "qid": "20", "code": "A1", "sortorder": "1", "scale_id": "0"},
    ),
    rows(
        "question_l10ns",
        {"qid": "10", "question": "<p>Wie sicher?</p>", "language": "de"},
        {"qid": "10", "question": "How safe?", "language": "en"},
        {"qid": "11", "question": "Tags", "language": "de"},
        {"qid": "12", "question": "Nachts", "language": "de"},
        {"qid": "20", "question": "Polizei?", "language": "de"},
        {"qid": "30", "question": "Was?", "language": "de"},
        {"qid": "31", "question": "Tasche", "language": "de"},
    ),
    rows(
        "answer_l10ns",
        {"aid": "1", "answer": "unsicher", "language": "de"},
        {"aid": "2", "answer": "sicher", "language": "de"},
        {"aid": "1", "answer": "unsafe", "language": "en"},
        {"aid": "3", "answer": "gut", "language": "de"},
    ),
    rows("surveys_languagesettings", {"surveyls_language": "de", "surveyls_title": "Umfrage"}),
)


def test_lss_with_texts_in_their_own_tables(tmp_path: Path) -> None:
    form = read_structure(lss(tmp_path, *NEW))
    assert (form.title, form.language) == ("Umfrage", "de")
    assert [q.code for q in form.questions] == ["V1", "S1", "P1"]
    crimes, safety, police = form.questions
    assert (safety.text, safety.kind) == ("Wie sicher?", "category")
    assert list(safety.labels.items()) == [("A1", "sicher"), ("A2", "unsicher")]
    assert list(safety.parts.items()) == [("a", "Nachts"), ("b", "Tags")]
    assert police.labels == {"A1": "gut", "-oth-": "Other"}
    assert (crimes.kind, crimes.labels) == ("multiple", {"bag": "Tasche"})
    assert (crimes.asked_of, safety.asked_of) == ("P1 == 'A1'", "")


def test_lss_of_older_versions_has_texts_beside_the_questions(tmp_path: Path) -> None:
    own = {"qid": "5", "type": "Y", "title": "Y1", "question_order": "1", **Q}
    old = rows(
        "questions",
        {**own, "question": "Opfer?<br />", "language": "de"},
        {**own, "question": "Victim?", "language": "en"},
    )
    (question,) = read_structure(lss(tmp_path, old)).questions
    assert (question.text, question.labels) == ("Opfer?", {"Y": "Yes", "N": "No"})


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("N", "number"),
        ("K", "number"),
        ("T", "text"),
        ("X", "other"),
        ("D", "other"),
        ("5", "category"),
    ],
)
def test_kinds_of_questions(tmp_path: Path, type_: str, kind: str) -> None:
    row = {**Q, "qid": "1", "type": type_, "title": "A", "question_order": "1", "question": "?"}
    (question,) = read_structure(lss(tmp_path, rows("questions", row))).questions
    assert question.kind == kind


def test_xlsform(tmp_path: Path) -> None:
    form = read_structure(xlsform(tmp_path / "form.xlsx"))
    by_code = {q.code: q for q in form.questions}
    assert by_code["sex"].path == ("about",)
    assert by_code["sex"].group_texts == ("About you",)
    assert by_code["sex"].labels == {"f": "Woman", "m": "Man"}
    assert by_code["police"].kind == "number"
    assert by_code["bye"].kind == "other"
    assert form.language == "en"


def test_xlsform_without_settings_takes_the_first_label(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "f.xlsx", survey=SURVEY, choices=[["list_name", "name"]])
    form = read_structure(path)
    assert form.language == "en"
    assert {q.code: q for q in form.questions}["dark"].text.startswith("How safe")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"x", "no structure of a form"),
        ("a.lss", b"<document>", "not readable XML"),
        ("a.lss", b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "survey"),
        ("a.lss", b"<!DOCTYPE x [<!ENTITY a 'b'>]><document/>", "entities"),
        ("a.txt", b"a\tb\n1\t2\n", "class, type/scale"),
        ("a.txt", b"\xff\xfe\x00", "not readable text"),
        ("a.xlsx", b"PK", "not a readable Excel file"),
    ],
)
def test_files_that_are_no_structure(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=message):
        read_structure(tmp_path / name)


def test_a_workbook_of_answers_is_no_form(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", Sheet=[["a"], ["1"]])
    with pytest.raises(UnreadableFileError, match="no XLSForm"):
        read_structure(path)
    with pytest.raises(UnreadableFileError, match="there is no file"):
        read_structure(tmp_path / "none.lss")


def test_markup_is_taken_away() -> None:
    assert flat_text("<style>p {}</style><p>A &amp;<br/> B</p>") == "A & B"
