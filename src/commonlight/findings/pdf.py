"""The report as a tagged PDF that claims PDF/UA-1, in the order of the HTML report.

The Typst template is fixed; the report reaches it as JSON and every text in it is set as a
string, never as markup, so a label from a city's file can run nothing. Fonts come with the
package: the same report gives the same pages on every machine.

Scripts that the fonts do not hold (Arabic, emoji, Chinese) are written as code points. A claim
of PDF/UA-1 covers what a machine can test; reading order and the sense of alternative texts
need a person.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from commonlight.findings import html, words
from commonlight.findings.charts import render_chart
from commonlight.findings.glyphs import drawable
from commonlight.findings.maps import marked_list, render_map
from commonlight.findings.model import (
    AreaMap,
    Chart,
    Finding,
    GridMap,
    Map,
    MethodNote,
    Report,
    SourceNote,
    Table,
)

__all__ = ["PDF_ROWS", "render_pdf"]

PDF_ROWS = 25
"""A table of at most so many rows is printed whole; the data folder holds all of any table."""

FIRST_ROWS = html.PRINTED_ROWS
"""Of a longer table, so many rows are printed."""

_LINE = 96
"""So many letters fit in a line of a table; a wider one shares out its columns."""

_SHORT = 14
"""A column of so many letters is never made wider than its text."""

_WIDTH = 640


def render_pdf(report: Report, path: str | os.PathLike[str]) -> None:
    """Write a report as a tagged PDF (PDF/UA-1), A4.

    Parameters
    ----------
    report : Report
        The report.
    path : path-like
        Where the file is written; an older file is replaced in one step.

    Raises
    ------
    KeyError
        Where `headline_findings` names a finding that the report does not hold.
    ValueError
        Where two findings share an identifier, or a chart or map cannot be drawn.
    """
    html.check_identifiers(report)
    _write(Path(path), _compile(_content(report), report))


def _compile(content: dict[str, Any], report: Report) -> bytes:
    import typst

    made = datetime(*report.made_on.timetuple()[:3], tzinfo=UTC)
    inputs = {"report": json.dumps(content, ensure_ascii=False, sort_keys=True)}
    room = files("commonlight.findings")
    with (
        as_file(room.joinpath("fonts")) as fonts,
        as_file(room.joinpath("templates/report.typ")) as template,
    ):
        compiled: bytes = typst.compile(
            str(template),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            timestamp=made,
            format="pdf",
        )
    return compiled


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False, suffix=".pdf") as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _content(report: Report) -> dict[str, Any]:
    names = {source.id: source.name for source in report.sources}
    content = {
        "title": report.title,
        "document_title": _document_title(report),
        "name": html._name(report),
        "city": "" if report.city in report.title else report.city,
        "period": words.period(*report.period),
        "made_on": words.day(report.made_on),
        "version": report.version,
        "simulated": html.SIMULATED if report.simulated else "",
        "one_sided": html.ONE_SIDED if report.one_sided else "",
        "mark": report.publication.mark if report.publication else "",
        "version_text": list(report.publication.text) if report.publication else [],
        "headline": [_headline(report.finding(name)) for name in report.headline_findings],
        "cautions": list(report.cautions),
        "certainties": [
            [words.certainty_tag(level), words.certainty_meaning(level)]
            for level in html._certainties(report)
        ],
        "blocks": [_block(view, names, report) for view in html._blocks(report)],
        "sources": [_source(source) for source in report.sources],
        "missing": [
            {"name": m.name, "voice": words.capital(m.voice), "why": m.why, "next": m.next_step}
            for m in report.missing
        ],
        "absent": [words.capital(voice) for voice in report.absent_voices],
        "methods": [_method(method) for method in html._methods(report)],
        "run": _pairs({k: v for k, v in report.run.items() if k.lower() != "commonlight"}),
    }
    drawn: dict[str, Any] = _drawable(content)
    return drawn


def _document_title(report: Report) -> str:
    mark = "[Simulated] " if report.simulated else ""
    mark += "[Internal] " if report.audience == "internal" else ""
    return f"{mark}{html._name(report)}, {words.period(*report.period)}"


def _headline(finding: Finding) -> dict[str, str]:
    tag = words.certainty_tag(finding.certainty)
    return {"id": finding.id, "sentence": finding.sentence, "tag": tag}


def _block(view: Any, names: Mapping[str, str], report: Report) -> dict[str, Any]:
    return {
        "title": view.block.title,
        "matter": words.capital(view.matter) + ".",
        "findings": [_finding(finding, names, report) for finding in view.findings],
        "missing": [{"name": m.name, "next": m.next_step} for m in view.missing],
    }


def _finding(finding: Finding, names: Mapping[str, str], report: Report) -> dict[str, Any]:
    return {
        "id": finding.id,
        "question": finding.question,
        "sentence": finding.sentence,
        "tag": words.certainty_tag(finding.certainty),
        "one_sided": html.ONE_SIDED if finding.one_sided and not report.one_sided else "",
        "details": list(finding.details),
        "figures": [_figure(item) for item in (finding.chart, finding.map) if item is not None],
        "table": None if finding.table is None else _table(finding.table),
        "limits": list(finding.limits),
        "method": finding.method.name,
        "sources": words.listing([names.get(s, s) for s in finding.sources], limit=20)
        if finding.sources
        else "",
    }


def _figure(picture: Chart | Map) -> dict[str, Any]:
    if isinstance(picture, AreaMap | GridMap):
        drawing = render_map(picture, width=_WIDTH)
        places = [
            [str(place.number), f"{words.capital(place.label)} ({place.value})"]
            for place in marked_list(picture)
        ]
    else:
        drawing, places = render_chart(picture, width=_WIDTH), []
    return {
        "title": picture.title,
        "description": picture.description or picture.title,
        "svg": drawing,
        "places": places,
        "unit": getattr(picture, "unit", ""),
    }


def _table(table: Table) -> dict[str, Any]:
    shown = len(table.rows) if len(table.rows) <= PDF_ROWS else FIRST_ROWS
    heads = [html._heading(column, table) for column in table.columns]
    rows = [
        [html._cell(v, c) for v, c in zip(row, table.columns, strict=True)]
        for row in table.rows[:shown]
    ]
    widths = [max(map(len, cells)) for cells in zip(heads, *rows, strict=True)]
    fits = sum(widths) + 3 * len(widths) <= _LINE
    return {
        "caption": table.caption,
        "heads": heads,
        "own_width": [fits or width <= _SHORT for width in widths],
        "numeric": [column.numeric for column in table.columns],
        "rows": rows,
        "left_out": (
            f"The first {shown} of {words.number(len(table.rows))} rows. "
            "The data folder that belongs to this report holds all of them."
            if len(table.rows) > shown
            else ""
        ),
    }


def _source(source: SourceNote) -> dict[str, Any]:
    facts = [
        ("Kind", words.capital(source.kind)),
        ("Publisher", source.publisher or "Not stated"),
        ("Licence", source.licence or "Not stated"),
        ("Witness", words.capital(source.witness)),
        ("Days covered", words.period(source.first_day, source.last_day)),
        ("Age", words.capital(words.age(source.age_days))),
        ("Rows read", html.rows_words(source.rows_read)),
        ("Rows accepted", html.rows_words(source.rows_accepted)),
        ("Rows rejected", html.rows_words(source.rows_rejected)),
        ("Rejected because", _reasons(source.rejected_reasons)),
        ("Attribution", source.attribution),
        ("Digest", source.digest),
    ]
    return {
        "name": source.name,
        "facts": [[key, value] for key, value in facts if value],
        "notes": list(source.notes),
    }


def _reasons(reasons: Mapping[str, int]) -> str:
    return "; ".join(f"{why} ({words.number(n)})" for why, n in reasons.items())


def _method(method: MethodNote) -> dict[str, Any]:
    return {
        "name": method.name,
        "page": method.page,
        "summary": method.summary,
        "parameters": [
            [words.capital(key), html._grouped(str(value))]
            for key, value in method.parameters.items()
        ],
        "references": list(method.references),
    }


def _pairs(values: Mapping[str, Any]) -> list[list[str]]:
    return [[words.capital(str(key)), str(value)] for key, value in values.items()]


def _drawable(value: Any) -> Any:
    """Pass every text through the font's coverage, also the words inside drawings."""
    if isinstance(value, str):
        return _drawn(value)
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def _drawn(text: str) -> str:
    return drawable(text)
