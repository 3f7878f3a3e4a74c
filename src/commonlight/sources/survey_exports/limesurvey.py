"""LimeSurvey's export of answers as CSV or Excel: which column is what.

Headings are codes (``Q1[SQ001]``), codes and texts (``Q1[SQ001]. How safe ... [by day]``), or
texts. Answers are codes or texts. What this does not answer: why an answer is empty. Short
answers leave a choice that was not made and a question that was not asked empty alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commonlight.sources.survey_exports.draft import (
    Drafting,
    Question,
    SurveyDraft,
    seen_answers,
)
from commonlight.sources.survey_exports.structure import FormQuestion, FormStructure

__all__ = ["Heading", "is_limesurvey", "limesurvey_draft", "parse_heading", "submission_column"]

_HEADING = re.compile(
    r"(?P<code>[A-Za-z]\w*)(?:\[(?P<part>[^\]]+)\])?(?:\[(?P<scale>\d)\])?"
    r"(?:\s*\.\s+(?P<text>.+)|\.?)",
    re.DOTALL,
)
_LAST_PART = re.compile(r"\[([^\[\]]*)\]\s*$")

SYSTEM = {
    "id": "Response ID",
    "submitdate": "Date submitted",
    "lastpage": "Last page",
    "startlanguage": "Start language",
    "seed": "Seed",
    "startdate": "Date started",
    "datestamp": "Date last action",
}
PERSONAL = {
    "ipaddr": "IP address",
    "refurl": "address of the page before, which may name a person",
    "token": "access code, which names a participant",
    "firstname": "first name",
    "lastname": "last name",
    "email": "e-mail address",
    "emailstatus": "e-mail address",
    "participant_id": "number of a participant",
    "completed": "list of participants",
    "sent": "list of participants",
    "remindersent": "list of participants",
    "usesleft": "list of participants",
}
_PERSONAL_TEXTS = {
    "ip address": "ipaddr",
    "referrer url": "refurl",
    "access code": "token",
    "token": "token",
    "first name": "firstname",
    "last name": "lastname",
    "email address": "email",
}
_YES = ("Y", "Yes", "Ja", "Oui", "Sí", "Si", "Sì", "Sim", "Tak", "Jah")
_NO = ("N", "No", "Nein", "Non", "Não", "Nee", "Nie", "Ei")
_NOT_ASKED = ("N/A", "n/v", "k. A.", "NV")


@dataclass(frozen=True)
class Heading:
    """A heading taken apart."""

    column: str
    code: str
    part: str | None
    scale: str | None
    text: str


def parse_heading(column: str) -> Heading:
    """Take a heading apart.

    A code of LimeSurvey has no ``_``; what follows one is the part of a question.

    Examples
    --------
    >>> heading = parse_heading("Q1[SQ001]. How safe? [by day]")
    >>> heading.code, heading.part, heading.text
    ('Q1', 'SQ001', 'How safe? [by day]')
    """
    bare = column.strip()
    by_text = {text.casefold(): code for code, text in SYSTEM.items()} | _PERSONAL_TEXTS
    if bare.casefold() in by_text:
        return Heading(column, by_text[bare.casefold()], None, None, bare)
    found = _HEADING.fullmatch(bare)
    if found is None:
        return Heading(column, "", None, None, bare)
    text = " ".join((found["text"] or "").split())
    code, part = found["code"], found["part"]
    if part is None and "_" in code and not _is_of_participant(code):
        code, _, part = code.partition("_")
    return Heading(column, code, part, found["scale"], text)


def _is_of_participant(code: str) -> bool:
    return code in PERSONAL or re.fullmatch(r"attribute_\d+", code) is not None


def is_limesurvey(header: Sequence[str]) -> bool:
    """Whether a table has the columns that every export of LimeSurvey has."""
    codes = {parse_heading(name).code for name in header}
    return "id" in codes and len(codes & {"submitdate", "lastpage", "startlanguage", "seed"}) >= 2


def submission_column(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> str | None:
    """The column with the day of the answer: of submission, else of the last action or start.

    LimeSurvey writes 1 January 1980 where a survey keeps no dates.
    """
    by_code = {parse_heading(name).code: name for name in header}
    for code in ("submitdate", "datestamp", "startdate"):
        cells = columns.get(by_code.get(code, ""), [])
        if cells and not all(cell.startswith("1980-01-01") for cell in cells):
            return by_code[code]
    return None


def limesurvey_draft(
    header: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    *,
    structure: FormStructure | None,
    personal: Mapping[str, str],
    name: str,
) -> SurveyDraft:
    """A first codebook of an export.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    columns : mapping of str to sequence of str
        Cells that are not empty, by column.
    structure : FormStructure or None
        The form, where its structure file is given.
    personal : mapping of str to str
        Columns that look like data about persons, and why.
    name : str
        Name of the survey, where the structure has none.
    """
    drafting = Drafting()
    asked = {q.code: q for q in structure.questions} if structure else {}
    sets: dict[str, list[Heading]] = {}
    for heading in map(parse_heading, header):
        reason = _is_personal(heading) or personal.get(heading.column)
        if reason:
            drafting.drop(heading.column, reason)
        elif heading.code in SYSTEM or _is_timing(heading.code):
            continue
        elif _is_comment(heading):
            drafting.pass_over(heading.column, "free text, which may name persons")
        else:
            sets.setdefault(heading.code or heading.column, []).append(heading)
    for headings in sets.values():
        for question in _questions(headings, columns, asked):
            drafting.add(question)
    return drafting.finish(structure, name=name)


def _is_personal(heading: Heading) -> str | None:
    if heading.code in PERSONAL:
        return PERSONAL[heading.code]
    return "attribute of a participant" if _is_of_participant(heading.code) else None


def _is_timing(code: str) -> bool:
    return code == "interviewtime" or re.fullmatch(r"(group|question)[Tt]ime\d+", code) is not None


def _is_comment(heading: Heading) -> bool:
    return heading.part is not None and heading.part.endswith(("other", "comment"))


def _questions(
    headings: Sequence[Heading],
    columns: Mapping[str, Sequence[str]],
    asked: Mapping[str, FormQuestion],
) -> list[Question]:
    form = asked.get(headings[0].code)
    parts = [heading for heading in headings if heading.part is not None]
    if len(parts) == len(headings) and _is_multiple(headings, columns, form):
        return [_multiple(headings, columns, form)]
    seen = _shared_answers(headings, columns) if form is None else None
    return [_single(heading, columns, form, seen) for heading in headings]


def _shared_answers(
    headings: Sequence[Heading], columns: Mapping[str, Sequence[str]]
) -> tuple[str | None, dict[str, str]] | None:
    """Answers of an array of questions, which share one scale."""
    if len(headings) < 2:
        return None
    return seen_answers([cell for heading in headings for cell in columns[heading.column]])


def _is_multiple(
    headings: Sequence[Heading], columns: Mapping[str, Sequence[str]], form: FormQuestion | None
) -> bool:
    if form is not None:
        return form.kind == "multiple"
    cells = {cell for heading in headings for cell in columns[heading.column]}
    if len(headings) < 2 or not cells & set(_YES):
        return False
    not_asked = bool(cells & set(_NOT_ASKED))
    return cells == {"Y"} or (not_asked and cells <= {*_YES, *_NO, *_NOT_ASKED})


def _multiple(
    headings: Sequence[Heading], columns: Mapping[str, Sequence[str]], form: FormQuestion | None
) -> Question:
    cells = {cell for heading in headings for cell in columns[heading.column]}
    texts = {heading.part or heading.code: _part_text(heading) for heading in headings}
    labels = {c: (form.labels.get(c) if form else None) or texts[c] or c for c in texts}
    return Question(
        name=_slug(headings[0].code),
        text=form.text if form else _LAST_PART.sub("", headings[0].text).strip(),
        cells=sorted(cells),
        kind="multiple",
        labels=labels,
        columns={heading.part or heading.code: heading.column for heading in headings},
        asked_of=form.asked_of if form else "",
        missing={cell: "not asked" for cell in _NOT_ASKED if cell in cells},
        chosen=tuple(cell for cell in _YES if cell in cells),
        not_chosen=tuple(cell for cell in _NO if cell in cells),
    )


def _part_text(heading: Heading) -> str:
    found = _LAST_PART.search(heading.text)
    return found.group(1).strip() if found else ""


def _single(
    heading: Heading,
    columns: Mapping[str, Sequence[str]],
    form: FormQuestion | None,
    seen: tuple[str | None, dict[str, str]] | None,
) -> Question:
    cells = columns[heading.column]
    name = heading.code or heading.text[:40]
    code = "_".join(filter(None, (name, heading.part, heading.scale)))
    kind, labels = _known(heading, form, cells) if form is not None else seen or (None, {})
    return Question(
        name=_slug(code),
        text=_text_of(heading, form),
        cells=cells,
        column=heading.column,
        kind=kind,
        labels=labels,
        asked_of=form.asked_of if form is not None else "",
        missing={cell: "not asked" for cell in _NOT_ASKED if cell in set(cells)},
    )


def _known(
    heading: Heading, form: FormQuestion, cells: Sequence[str]
) -> tuple[str | None, dict[str, str]]:
    """Kind and answers by the form.

    Those of a second scale are judged by the cells, as are yes and no in another language than
    the form's own.
    """
    if form.kind not in ("category", "number", "text") or heading.scale == "2":
        return None, {}
    if form.kind == "category" and cells:
        named = {*form.labels, *form.labels.values(), *_NOT_ASKED}
        if named.isdisjoint(cells):
            return None, {}
    return form.kind, dict(form.labels)


def _text_of(heading: Heading, form: FormQuestion | None) -> str:
    if form is None:
        return heading.text
    part = heading.part or ""
    row, _, column = part.partition("_")
    texts = [form.parts.get(part) or form.parts.get(row), form.columns.get(column)]
    return form.text + "".join(f" [{text}]" for text in texts if text)


def _slug(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", code.casefold()).strip("_") or "question"
