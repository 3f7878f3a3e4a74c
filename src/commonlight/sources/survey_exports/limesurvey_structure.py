"""LimeSurvey's structure files: ``.lss`` (XML) and ``.txt`` (tab-separated).

Versions before 4 keep texts beside the questions, later ones in tables of their own; both
are read. What this does not answer: what default answers and quotas did to the answers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.survey_exports.structure import FormQuestion, FormStructure, flat_text

__all__ = ["read_lss", "read_txt"]

Row = dict[str, str]

_YES_NO = {"Y": "Yes", "N": "No"}
_FIXED: dict[str, dict[str, str]] = {
    "Y": _YES_NO,
    "G": {"F": "Female", "M": "Male"},
    "C": {"Y": "Yes", "U": "Uncertain", "N": "No"},
    "E": {"I": "Increase", "S": "Same", "D": "Decrease"},
    "5": {str(k): str(k) for k in range(1, 6)},
    "A": {str(k): str(k) for k in range(1, 6)},
    "B": {str(k): str(k) for k in range(1, 11)},
}
_KINDS = dict.fromkeys("YGCE5ABL!OFH1", "category")
_KINDS |= dict.fromkeys("MP", "multiple") | dict.fromkeys("NK:", "number")
_KINDS |= dict.fromkeys("STUQ;", "text")


def read_lss(path: Path) -> FormStructure:
    """Read a ``.lss`` file.

    Raises
    ------
    UnreadableFileError
        If it is not one.
    """
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise UnreadableFileError(f"{path.name} defines entities, which no LimeSurvey file does")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise UnreadableFileError(f"{path.name} is not readable XML: {error}") from None
    if root.findtext("LimeSurveyDocType") != "Survey":
        raise UnreadableFileError(
            f"{path.name} is not the structure of a LimeSurvey survey; export it as .lss"
        )
    language = root.findtext("languages/language") or ""
    tables = {table.tag: _rows(table) for table in root if table.find("rows") is not None}
    questions = _in_language(tables, "questions", "question_l10ns", "qid", language)
    parts = _in_language(tables, "subquestions", "question_l10ns", "qid", language)
    answers = _in_language(tables, "answers", "answer_l10ns", "aid", language)
    settings = tables.get("surveys_languagesettings", [])
    titles = [r for r in settings if r.get("surveyls_language", language) == language]
    return FormStructure(
        source=f"LimeSurvey structure {path.name}",
        questions=tuple(_question(row, parts, answers) for row in _ordered(questions, tables)),
        title=flat_text(titles[0].get("surveyls_title", "")) if titles else "",
        language=language or None,
    )


def _rows(table: ElementTree.Element) -> list[Row]:
    return [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")]


def _in_language(
    tables: Mapping[str, list[Row]], name: str, texts: str, key: str, language: str
) -> list[Row]:
    """Rows of a table with their texts in one language, from whichever table has them."""
    own = [r for r in tables.get(name, []) if r.get("language", language) == language]
    there = {r.get(key): r for r in tables.get(texts, []) if r.get("language") == language}
    return [{**there.get(row.get(key), {}), **{k: v for k, v in row.items() if v}} for row in own]


def _ordered(questions: list[Row], tables: Mapping[str, list[Row]]) -> list[Row]:
    orders = {r.get("gid"): _int(r.get("group_order")) for r in tables.get("groups", [])}
    top = [row for row in questions if row.get("parent_qid", "0") in ("", "0")]
    return sorted(top, key=lambda r: (orders.get(r.get("gid"), 0), _int(r.get("question_order"))))


def _int(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else 0


def _question(row: Row, parts: list[Row], answers: list[Row]) -> FormQuestion:
    own = [part for part in parts if part.get("parent_qid") == row.get("qid")]
    own.sort(key=lambda part: _int(part.get("question_order")))
    codes = [answer for answer in answers if answer.get("qid") == row.get("qid")]
    codes.sort(key=lambda answer: _int(answer.get("sortorder")))
    return _made(
        code=row.get("title", ""),
        text=row.get("question", ""),
        type_=row.get("type", ""),
        other=row.get("other") == "Y",
        relevance=row.get("relevance", ""),
        parts=_texts(own, "title", "question", "0"),
        columns=_texts(own, "title", "question", "1"),
        labels=_texts(codes, "code", "answer", "0"),
    )


def _texts(rows: Iterable[Row], code: str, text: str, scale: str) -> dict[str, str]:
    chosen = [row for row in rows if (row.get("scale_id") or "0") == scale]
    return {row.get(code, ""): flat_text(row.get(text, "")) or row.get(code, "") for row in chosen}


def _made(
    *,
    code: str,
    text: str,
    type_: str,
    other: bool,
    relevance: str,
    parts: dict[str, str],
    columns: dict[str, str],
    labels: dict[str, str],
) -> FormQuestion:
    kind = _KINDS.get(type_, "other")
    labels = _FIXED.get(type_, labels)
    if other and kind == "category":
        labels = {**labels, "-oth-": "Other"}
    return FormQuestion(
        code=code,
        text=flat_text(text),
        kind=kind,
        labels=parts if kind == "multiple" else labels,
        parts={} if kind == "multiple" else parts,
        columns=columns,
        asked_of="" if relevance.strip() in ("", "1") else relevance.strip(),
    )


def read_txt(path: Path) -> FormStructure:
    """Read a tab-separated ``.txt`` structure.

    Raises
    ------
    UnreadableFileError
        If it is not one.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t"))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(f"{path.name} is not readable text: {error}") from None
    if not rows or not {"class", "type/scale", "name", "text"} <= set(rows[0]):
        raise UnreadableFileError(
            f"{path.name} is not LimeSurvey's tab-separated structure; its first line has the "
            "names class, type/scale, name and text"
        )
    language = _base_language(rows)
    own = [row for row in rows if (row.get("language") or language) == language]
    return FormStructure(
        source=f"LimeSurvey structure {path.name}",
        questions=tuple(_from_rows(own)),
        title=_setting(own, "SL", "surveyls_title"),
        language=language or None,
    )


def _base_language(rows: list[Row]) -> str:
    stated = _setting(rows, "S", "language")
    return stated or next((row["language"] for row in rows if row.get("language")), "")


def _setting(rows: list[Row], kind: str, name: str) -> str:
    found = (row for row in rows if row["class"] == kind and row["name"] == name)
    return flat_text(next((row["text"] or "" for row in found), ""))


def _from_rows(rows: list[Row]) -> list[FormQuestion]:
    """Questions; the rows of parts and answers follow the question they belong to."""
    made: list[FormQuestion] = []
    head: Row | None = None
    tables: dict[str, dict[str, str]] = {}

    def close() -> None:
        if head is not None:
            made.append(
                _made(
                    code=head["name"],
                    text=head["text"] or "",
                    type_=head["type/scale"],
                    other=head.get("other") == "Y",
                    relevance=head.get("relevance") or "",
                    **tables,
                )
            )

    for row in rows:
        if row["class"] == "Q":
            close()
            head, tables = row, {"parts": {}, "columns": {}, "labels": {}}
        elif row["class"] == "SQ" and head is not None:
            where = "columns" if row["type/scale"] == "1" else "parts"
            tables[where][row["name"]] = flat_text(row["text"] or "") or row["name"]
        elif row["class"] == "A" and head is not None and row["type/scale"] in ("", "0"):
            tables["labels"][row["name"]] = flat_text(row["text"] or "") or row["name"]
    close()
    return made
