"""A document of titled sections as a tagged PDF that claims PDF/UA-1.

It prints what is no report of findings, such as a design brief: paragraphs, lists, facts, tables,
quotations and drawings, in the language of the document. As in the report, the Typst template is
fixed and every text in it is set as a string, never as markup; fonts come with the package, so the
same document gives the same pages on every machine.

It does not check that an alternative text says what a drawing shows; a person must.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from typing import Any

from commonlight.findings.glyphs import drawable

__all__ = ["render_document"]

_FACE = "Source Sans 3"
_WEB_FACE = "Helvetica Neue"


def render_document(document: Mapping[str, Any], *, made_on: date) -> bytes:
    """A document as PDF/UA-1 on A4.

    Parameters
    ----------
    document : mapping
        ``language`` (two letters), ``kind``, ``title``, ``issuer``, ``place``, ``version``,
        ``state``, ``facts`` (pairs), ``marks``, ``notes``, ``missing_title``, ``missing``,
        ``contents_title``, ``page_of`` (with ``{page}`` and ``{pages}``), and ``sections``: each
        with ``title``, ``paragraphs``, ``empty``, ``asks``, ``is_lead`` and ``blocks``. A block
        has a ``kind``: ``note``, ``quote``, ``items``, ``facts``, ``table`` or ``figure``.
    made_on : date
        The day that the file carries; the same document and day give the same bytes.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    KeyError
        Where the document lacks a part.

    Examples
    --------
    >>> from datetime import date
    >>> part = {"title": "In short", "paragraphs": ["It works."], "empty": "", "asks": "",
    ...         "is_lead": True, "blocks": []}
    >>> made = render_document({"language": "en", "kind": "Brief", "title": "Light",
    ...     "issuer": "Safer Lakeside", "place": "Lakeside", "version": "1", "state": "Draft",
    ...     "facts": [["Place", "Station"]], "marks": [], "notes": [], "missing_title": "Missing",
    ...     "missing": [], "contents_title": "Contents", "page_of": "{page} of {pages}",
    ...     "sections": [part]}, made_on=date(2026, 5, 4))
    >>> made[:5]
    b'%PDF-'
    """
    import typst

    content = {name: _shown(document[name]) for name in _PARTS}
    made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    room = files("commonlight.findings")
    with (
        as_file(room.joinpath("fonts")) as fonts,
        as_file(room.joinpath("templates/document.typ")) as template,
    ):
        compiled: bytes = typst.compile(
            str(template),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(content, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["ua-1"],
            timestamp=made,
            format="pdf",
        )
    return compiled


_PARTS = (
    "language",
    "kind",
    "title",
    "issuer",
    "place",
    "version",
    "state",
    "facts",
    "marks",
    "notes",
    "missing_title",
    "missing",
    "contents_title",
    "page_of",
    "sections",
)


def _shown(value: Any) -> Any:
    """Every text as the fonts can draw it; drawings in the face of the document."""
    if isinstance(value, str):
        return drawable(value.replace(_WEB_FACE, _FACE) if value.startswith("<svg") else value)
    if isinstance(value, Mapping):
        if "node" in value:
            return _shown(value["text"])
        shown = {name: _shown(one) for name, one in value.items()}
        return {**shown, "weights": _weights(shown)} if value.get("kind") == "table" else shown
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    return value


def _weights(table: Mapping[str, Any]) -> list[float]:
    """How wide the columns are against each other: a long text gets more room, none gets all."""
    columns = zip(table["heads"], *table["rows"], strict=True)
    longest = [max(_length(cell) for cell in column) for column in columns]
    return [round(min(max(one, 9), 120) ** 0.5, 2) for one in longest]


def _length(cell: Any) -> int:
    return max(map(len, cell), default=0) if isinstance(cell, list) else len(cell)
