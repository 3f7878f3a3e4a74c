"""What a form asked, as its structure file says: questions, answers and routes.

LimeSurvey writes ``.lss`` and a tab-separated ``.txt``, KoboToolbox an XLSForm workbook. What
a structure does not answer: whether the form was changed while answers came in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from commonlight.sources.errors import UnreadableFileError

__all__ = ["FormQuestion", "FormStructure", "flat_text", "read_structure"]

KINDS = ("number", "category", "multiple", "text", "other")
"""Kinds of questions; `other` has nothing to count: dates, files, texts on the screen."""


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """One question of a form.

    Parameters
    ----------
    code : str
        Its code or name.
    text : str
        As shown, without markup.
    kind : str
        One of :data:`KINDS`.
    labels : mapping of str to str
        Answers by code; for a multiple answer, its choices.
    parts : mapping of str to str
        Rows of an array of questions: text by code.
    columns : mapping of str to str
        Columns of an array with two directions: text by code.
    asked_of : str
        The condition under which it is asked, as the form writes it; empty = everybody.
    lowest, highest : float or None
        Limits of a number.
    path : tuple of str
        Groups around it, from the outside.
    group_texts : tuple of str
        Labels of these groups.
    """

    code: str
    text: str
    kind: str
    labels: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    asked_of: str = ""
    lowest: float | None = None
    highest: float | None = None
    path: tuple[str, ...] = ()
    group_texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormStructure:
    """A form.

    Parameters
    ----------
    source : str
        What was read, for example ``LimeSurvey structure survey.lss``.
    questions : tuple of FormQuestion
        In their order.
    title : str
        Title of the survey.
    language : str or None
        Language of the texts.
    """

    source: str
    questions: tuple[FormQuestion, ...]
    title: str = ""
    language: str | None = None


def read_structure(path: Path | str) -> FormStructure:
    """Read the structure file of a form.

    Parameters
    ----------
    path : path or str
        LimeSurvey ``.lss`` or ``.txt``, or an XLSForm workbook.

    Returns
    -------
    FormStructure
        Questions with their answers.

    Raises
    ------
    UnreadableFileError
        If the file is none of these.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xls"):
        from commonlight.sources.survey_exports.xlsform import read_xlsform

        return read_xlsform(path)
    if suffix in (".lss", ".txt", ".tsv"):
        from commonlight.sources.survey_exports.limesurvey_structure import read_lss, read_txt

        return read_lss(path) if suffix == ".lss" else read_txt(path)
    raise UnreadableFileError(
        f"{path.name} is no structure of a form; give the .lss or .txt of LimeSurvey, or the "
        "XLSForm workbook of KoboToolbox"
    )


def flat_text(html: str) -> str:
    """Text without markup, on one line.

    Examples
    --------
    >>> flat_text("<p>How safe<br />do you feel?</p>")
    'How safe do you feel?'
    """
    bare = re.sub(r"(?s)<(script|style).*?</\1>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())
