"""KoboToolbox's export of answers as CSV or Excel: which column is what.

Headings are names or labels, with or without their groups (``group/question``). A multiple
answer is a list of codes in one column, a column of 0 and 1 for each choice, or both. What
this does not answer: where somebody lives. Points that a form recorded are not read, because
a form is often filled in at home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from commonlight.sources.survey_exports.draft import Drafting, Question, SurveyDraft
from commonlight.sources.survey_exports.structure import FormQuestion, FormStructure

__all__ = ["interview_column", "is_kobo", "kobo_draft"]

SEPARATORS = ("/", ".", "-", "_", ":")
"""What may stand between a group and a question, and between a question and a choice."""

SYSTEM = frozenset(
    """start end today audit _id _uuid _submission_time _validation_status _notes _status _tags
    _index __version__ _version_ _parent_table_name _parent_index _submission__id
    _submission__uuid _submission__submission_time _submission__validation_status
    _submission__notes _submission__status _submission__tags _xform_id_string _attachments
    formhub/uuid meta/instanceID meta/instanceName meta/deprecatedID meta/rootUuid""".split()
)
PERSONAL = {
    "_submitted_by": "account of the interviewer",
    "_submission__submitted_by": "account of the interviewer",
    "username": "account of the interviewer",
    "email": "e-mail address",
    "deviceid": "number of a device",
    "subscriberid": "number of a phone card",
    "simserial": "number of a phone card",
    "phonenumber": "phone number",
    "_geolocation": "point where the form was filled in, which may be a home",
    "background-audio": "recording",
}
_POINT = re.compile(r"_?.*_(latitude|longitude|altitude|precision)$")
_ZERO_ONE = frozenset({"0", "1", "0.0", "1.0", "true", "false", "TRUE", "FALSE", "True", "False"})


def is_kobo(header: Sequence[str]) -> bool:
    """Whether a table has the columns that every export of KoboToolbox has."""
    return "_submission_time" in header and bool({"_id", "_uuid"} & set(header))


def interview_column(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> str | None:
    """The column with the day of the interview: today, else the start, else the upload."""
    for name in ("today", "start", "_submission_time"):
        if name in header and columns.get(name):
            return name
    return None


def kobo_draft(
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
        The form, where its XLSForm is given.
    personal : mapping of str to str
        Columns that look like data about persons, and why.
    name : str
        Name of the survey, where the structure has none.
    """
    drafting = Drafting()
    free = []
    for column in header:
        reason = _is_personal(column, header) or personal.get(column)
        if reason:
            drafting.drop(column, reason)
        elif column not in SYSTEM:
            free.append(column)
    forms = _by_heading(structure, free)
    taken: set[str] = set()
    for column in free:
        if column in taken:
            continue
        question = _question(column, free, columns, forms.get(column))
        taken |= {column, *question.columns.values()}
        taken |= set(_choices(column, free, columns, forms.get(column)).values())
        form = forms.get(column)
        if form is not None and form.kind == "other":
            drafting.pass_over(column, "nothing in it can be counted")
        else:
            drafting.add(question)
    return drafting.finish(structure, name=name)


def _is_personal(column: str, header: Sequence[str]) -> str | None:
    """Why a column is about persons: an account, a device, or a point."""
    last = column.rsplit("/", 1)[-1]
    if last in PERSONAL and (column.startswith("_") or last == column):
        return PERSONAL[last]
    if column.startswith("_geolocation"):
        return PERSONAL["_geolocation"]
    point = f"{last.removeprefix('_').rsplit('_', 1)[0]}"
    if _POINT.fullmatch(last) and _has_point(point, header):
        return PERSONAL["_geolocation"]
    return PERSONAL["_geolocation"] if _has_point(last, header) else None


def _has_point(question: str, header: Sequence[str]) -> bool:
    """Whether a question has its latitude and longitude in columns beside it."""
    ends = [name.rsplit("/", 1)[-1].removeprefix("_") for name in header]
    return f"{question}_latitude" in ends and f"{question}_longitude" in ends


def _by_heading(structure: FormStructure | None, header: Sequence[str]) -> dict[str, FormQuestion]:
    """Questions of the form by the headings they have in the export."""
    found: dict[str, FormQuestion] = {}
    for form in structure.questions if structure else ():
        for heading in _headings(form):
            if heading in header and heading not in found:
                found[heading] = form
                break
    return found


def _headings(form: FormQuestion) -> Iterator[str]:
    """Every way in which an export may name a question; the fullest first."""
    for separator in SEPARATORS:
        yield separator.join((*form.path, form.code))
        yield separator.join((*form.group_texts, form.text))
    yield form.code
    yield form.text


def _question(
    column: str,
    header: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    form: FormQuestion | None,
) -> Question:
    choices = _choices(column, header, columns, form)
    cells = columns[column]
    single = column.rsplit("/", 1)[-1]
    name = _slug(form.code if form is not None else single)
    known = form is not None and form.kind in ("category", "number", "text")
    multiple = bool(choices) or (form is not None and form.kind == "multiple")
    labels = dict(form.labels) if form is not None else {}
    if choices:
        labels = {code: labels.get(code, code) for code in choices}
    return Question(
        name=name,
        text=_text_of(single, form),
        cells=cells,
        column=None if choices else column,
        kind="multiple" if multiple else (form.kind if form is not None and known else None),
        labels=labels,
        columns=choices,
        separator=" " if multiple and not choices else None,
        asked_of=form.asked_of if form is not None else "",
        lowest=form.lowest if form is not None else None,
        highest=form.highest if form is not None else None,
    )


def _text_of(heading: str, form: FormQuestion | None) -> str:
    """The wording: from the form, else a heading of several words, as labels are."""
    if form is not None:
        return form.text
    return heading if len(heading.split()) >= 3 else ""


def _choices(
    column: str,
    header: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    form: FormQuestion | None,
) -> dict[str, str]:
    """Columns of 0 and 1 for the choices of a question, by code."""
    if form is not None and form.kind != "multiple":
        return {}
    for separator in SEPARATORS:
        beside = [n for n in header if n.startswith(column + separator) and n != column]
        found = {name[len(column) + len(separator) :]: name for name in beside}
        flags = {c: n for c, n in found.items() if set(columns[n]) <= _ZERO_ONE}
        if form is not None:
            codes = {label: code for code, label in form.labels.items()}
            flags = {codes.get(c, c): n for c, n in flags.items() if c in codes or c in form.labels}
        elif not _listed_in(columns[column], flags):
            flags = {}
        if flags:
            return flags
    return {}


def _listed_in(cells: Sequence[str], flags: Mapping[str, str]) -> bool:
    """Whether the cells are lists of the names of columns beside them."""
    names = sorted(flags, key=len, reverse=True)
    if len(names) < 2 or not cells:
        return False
    rest = list(cells)
    for name in names:
        rest = [cell.replace(name, "") for cell in rest]
    return not any(cell.strip() for cell in rest)


def _slug(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", code.casefold()).strip("_")[:60] or "question"
