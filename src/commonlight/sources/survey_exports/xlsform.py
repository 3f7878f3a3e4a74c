"""XLSForm workbooks, the questionnaires of KoboToolbox and ODK.

What this does not answer: which answers a calculation or a constraint refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.survey_exports.structure import FormQuestion, FormStructure, flat_text

__all__ = ["read_xlsform"]

Row = dict[str, str]

_KINDS = {
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "text": "text",
    "select_one": "category",
    "select_multiple": "multiple",
}


def read_xlsform(path: Path) -> FormStructure:
    """Read a workbook with the sheets ``survey`` and ``choices``.

    Raises
    ------
    UnreadableFileError
        If it is not one.
    """
    sheets = _sheets(path)
    if "survey" not in sheets or not all("type" in row for row in sheets["survey"][:1]):
        raise UnreadableFileError(
            f"{path.name} is no XLSForm; it has no sheet 'survey' with a column 'type'. Download "
            "the form itself, not its answers"
        )
    settings = (sheets.get("settings") or [{}])[0]
    language = _language(sheets["survey"], settings.get("default_language", ""))
    choices = _choices(sheets.get("choices", []), language)
    return FormStructure(
        source=f"XLSForm {path.name}",
        questions=tuple(_questions(sheets["survey"], choices, language)),
        title=settings.get("form_title", ""),
        language=_code(language),
    )


def _sheets(path: Path) -> dict[str, list[Row]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = {name.casefold(): name for name in book.sheet_names}
            wanted = [n for n in ("survey", "choices", "settings") if n in names]
            raw = {n: book.get_sheet_by_name(names[n]).to_python() for n in wanted}
    except (CalamineError, OSError):
        raise UnreadableFileError(
            f"{path.name} is not a readable Excel file, or has a password"
        ) from None
    return {name: _rows(cells) for name, cells in raw.items()}


def _rows(cells: list[list[Any]]) -> list[Row]:
    if not cells:
        return []
    heads = [str(cell).strip() for cell in cells[0]]
    rows = [dict(zip(heads, map(_text, line), strict=False)) for line in cells[1:]]
    return [{k: v for k, v in row.items() if k} for row in rows if any(row.values())]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _language(rows: list[Row], stated: str) -> str:
    """The column with the labels: that of the language stated, else the first."""
    names = [n for n in (rows[0] if rows else {}) if re.fullmatch(r"label(::?.*)?", n.strip())]
    for name in names:
        if stated and stated.casefold() in name.casefold():
            return name
    return names[0] if names else "label"


def _code(label: str) -> str | None:
    """The language in ``label::English (en)``: its code, else its name."""
    found = re.search(r"\(([\w-]+)\)\s*$", label) or re.search(r"::?\s*(\S.*)$", label)
    return found.group(1) if found else None


def _choices(rows: list[Row], label: str) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    for row in rows:
        name = row.get("list_name") or row.get("list name") or ""
        code = row.get("name") or row.get("value") or ""
        if name and code:
            lists.setdefault(name, {})[code] = flat_text(row.get(label, "")) or code
    return lists


def _questions(
    rows: list[Row], choices: dict[str, dict[str, str]], label: str
) -> list[FormQuestion]:
    path: list[Row] = []
    made = []
    for row in rows:
        words = row.get("type", "").replace("begin ", "begin_").replace("end ", "end_").split()
        words = [*words, ""]
        if words[0] in ("begin_group", "begin_repeat"):
            path.append(row)
        elif words[0] in ("end_group", "end_repeat"):
            path = path[:-1]
        elif row.get("name"):
            made.append(_question(row, words, path, choices, label))
    return made


def _question(
    row: Row, words: list[str], path: list[Row], choices: dict[str, dict[str, str]], label: str
) -> FormQuestion:
    routes = [*(part.get("relevant", "") for part in path), row.get("relevant", "")]
    limits = dict(re.findall(r"(start|end)\s*=\s*(-?[\d.]+)", row.get("parameters", "")))
    kind = _KINDS.get(words[0], "other")
    listed = choices.get(words[1], {})
    if "or_other" in words and listed:
        listed = {**listed, "other": "Other"}
    return FormQuestion(
        code=row["name"],
        text=flat_text(row.get(label, "")) or row["name"],
        kind=kind,
        labels=listed,
        asked_of=" and ".join(route for route in routes if route),
        lowest=float(limits["start"]) if "start" in limits else None,
        highest=float(limits["end"]) if "end" in limits else None,
        path=tuple(part.get("name", "") for part in path),
        group_texts=tuple(flat_text(part.get(label, "")) or part.get("name", "") for part in path),
    )
