"""Recognise an export of survey software and make a first mapping and codebook of it.

What this does not answer: what the survey is worth. Who was asked and who answered is not
in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonlight.sources.codebook import Codebook
from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.guess_tables import FirstRecords
from commonlight.sources.guess_times import guess_times
from commonlight.sources.mapping import Mapping as SourceMapping
from commonlight.sources.mapping import PlaceColumns, TimeColumns
from commonlight.sources.mapping_files import keep_codebook_columns
from commonlight.sources.survey_exports import kobo, limesurvey
from commonlight.sources.survey_exports.draft import SurveyDraft
from commonlight.sources.survey_exports.structure import FormStructure, read_structure

__all__ = ["SurveyGuess", "guess_survey", "survey_software"]

_LAST = "Publisher, licence and attribution are for you to fill in; so is the wave of the codebook."

_Draft = Callable[..., SurveyDraft]
_Day = Callable[[Sequence[str], Mapping[str, Sequence[str]]], str | None]


@dataclass(frozen=True)
class SurveyGuess:
    """A mapping and a codebook to correct, and the reasons."""

    mapping: SourceMapping
    codebook: Codebook
    notes: tuple[str, ...]


def survey_software(header: Sequence[str]) -> str | None:
    """LimeSurvey or KoboToolbox, by the names of the columns; None = neither.

    Examples
    --------
    >>> survey_software(["id", "submitdate", "lastpage", "startlanguage", "Q1"])
    'LimeSurvey'
    """
    if limesurvey.is_limesurvey(header):
        return "LimeSurvey"
    return "KoboToolbox" if kobo.is_kobo(header) else None


def guess_survey(
    table: FirstRecords,
    path: Path,
    *,
    personal: Mapping[str, str],
    structure: Path | str | None = None,
) -> SurveyGuess | None:
    """A first mapping and codebook of an export; None where it is no such export.

    Parameters
    ----------
    table : FirstRecords
        The first records of the file.
    path : Path
        The file, for its name.
    personal : mapping of str to str
        Columns that look like data about persons, and why.
    structure : path or str or None
        Structure file of the form.

    Raises
    ------
    UnreadableFileError
        If the structure file cannot be read.
    """
    _refuse_vv(table, path)
    software = survey_software(table.header)
    if software is None:
        return None
    form = None if structure is None else read_structure(structure)
    draft_of: _Draft = limesurvey.limesurvey_draft
    day_of: _Day = limesurvey.submission_column
    if software == "KoboToolbox":
        draft_of, day_of = kobo.kobo_draft, kobo.interview_column
    name = re.sub(r"[\W_]+", " ", path.name.split(".")[0]).strip() or "survey"
    header = [column for column in table.header if table.header.count(column) == 1]
    draft = draft_of(header, table.columns, structure=form, personal=personal, name=name)
    day = day_of(table.header, table.columns)
    time, time_notes = _time(table, day, software)
    mapping = SourceMapping(
        kind="answers",
        name=draft.codebook.name,
        witness="survey",
        file=table.file,
        id=_id(table, software),
        time=time,
        place=_place(draft.design.get("area")),
        weight=draft.design.get("weight"),
        stratum=draft.design.get("stratum"),
        cluster=draft.design.get("cluster"),
        drop=draft.dropped,
    )
    notes = (*table.notes, *_known(software, form), *time_notes, *draft.notes, _LAST)
    return SurveyGuess(keep_codebook_columns(mapping, draft.codebook), draft.codebook, notes)


def _refuse_vv(table: FirstRecords, path: Path) -> None:
    """LimeSurvey's VV file has two lines of names, so its columns are not what they seem."""
    second = {cells[0] for cells in table.columns.values() if cells}
    if {"submitdate", "startlanguage"} <= second:
        raise UnreadableFileError(
            f"{path.name} is a VV export of LimeSurvey, with two lines of names; use Responses, "
            "Export, Export responses, and choose CSV with the codes and texts of questions"
        )


def _known(software: str, form: FormStructure | None) -> tuple[str, ...]:
    known = f"The columns are those of an export of {software}."
    return (known,) if form is None else (known, f"Questions were read from the {form.source}.")


def _time(
    table: FirstRecords, day: str | None, software: str
) -> tuple[TimeColumns | None, tuple[str, ...]]:
    if day is None:
        return None, ("The export has no dates: nothing can be said about when people answered.",)
    cells = list(table.columns[day])
    guess = guess_times(cells, named=True)
    if guess is None:
        return None, (f"{day!r} holds no dates in a form that is known.",)
    notes = [f"{day!r} was taken as the day of the answer."]
    without = table.n_rows - len(cells)
    if without:
        what = "were not submitted" if software == "LimeSurvey" else "have no day"
        notes.append(
            f"{without} of the first {table.n_rows} answers {what}; an import rejects them with "
            "the reason 'no time'."
        )
    return TimeColumns(start=day, formats=guess.formats), tuple(notes)


def _id(table: FirstRecords, software: str) -> str | None:
    if software == "KoboToolbox":
        return next((name for name in ("_uuid", "_id") if name in table.header), None)
    codes = {limesurvey.parse_heading(name).code: name for name in table.header}
    return codes.get("id")


def _place(area: str | None) -> PlaceColumns | None:
    return None if area is None else PlaceColumns(area=area, required=False)
