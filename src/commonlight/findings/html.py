"""The report as one HTML file: no scripts, no outside requests, good on paper.

Everything that comes from a report is escaped by the template engine. The only markup that is
passed through is our own drawings. Each chart and map is drawn twice, for wide and for narrow
screens; a style rule shows one and takes the other out of the page for everyone, so that a
screen reader meets each picture once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from commonlight.findings import words
from commonlight.findings.charts import render_chart
from commonlight.findings.maps import MarkedPlace, marked_list, render_map
from commonlight.findings.model import (
    WITHHELD,
    AreaMap,
    Block,
    Certainty,
    Chart,
    Column,
    Finding,
    GridMap,
    Map,
    MethodNote,
    MissingSource,
    Report,
    Table,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["ONE_SIDED", "PRINTED_ROWS", "SHOWN_ROWS", "SIMULATED", "render_html"]

WIDE, NARROW = 720, 320
"""Widths in pixels of the two drawings of each picture."""

SHOWN_ROWS = 60
"""A table on the page holds at most so many rows; the data folder holds all."""

PRINTED_ROWS = 12
"""A table on paper holds at most so many rows."""

SIMULATED = "Simulated city: every figure is invented"
ONE_SIDED = "Rests on police records alone"

_SYMBOLS = {
    Certainty.CLEAR: "●",
    Certainty.TENTATIVE: "◐",
    Certainty.NO_CLEAR_CHANGE: "○",
    Certainty.NOT_SHOWN: "◇",
    Certainty.CANNOT_TELL: "?",
    Certainty.DESCRIPTIVE: "–",
}
_BLOCK_MATTER = {
    Block.CONTEXT: "the place, the people and what this audit rests on",
    Block.PROBLEMS: "what happens, where and when, and what worries people",
    Block.VICTIMS: "what is done, and to whom",
    Block.CAUSES: "what makes it more likely",
    Block.SERVICES: "what is already being done",
    Block.STRENGTHS: "what holds the city together",
}
_ADDRESS = re.compile(r"(?:https?://|doi:(?=10\.))[^\s<>\"]+[^\s<>\".,;)]")


@dataclass(frozen=True)
class _Figure:
    """A picture in both widths, its heading, and the list that says the same.

    Its description is the text alternative inside the drawing; who sees the picture does not
    need it again in words.
    """

    title: str
    wide: Markup
    narrow: Markup
    places: tuple[MarkedPlace, ...]
    unlisted: int
    mark_label: str
    unit: str
    kind: str


@dataclass(frozen=True)
class _BlockView:
    block: Block
    matter: str
    findings: tuple[Finding, ...]
    missing: tuple[MissingSource, ...]


def render_html(report: Report) -> str:
    """Render a report as one self-contained HTML document.

    Parameters
    ----------
    report : Report
        The report.

    Returns
    -------
    str
        The document, to be written as UTF-8.

    Raises
    ------
    KeyError
        Where `headline_findings` names a finding that the report does not hold.
    ValueError
        Where two findings share an identifier, or a chart or map cannot be drawn.
    """
    check_identifiers(report)
    template = _environment().get_template("report.html")
    return template.render(
        report=report,
        name=_name(report),
        headline=[report.finding(name) for name in report.headline_findings],
        blocks=_blocks(report),
        methods=_methods(report),
        certainties=_certainties(report),
        names={source.id: source for source in report.sources},
        style=_style(report),
        shown_rows=SHOWN_ROWS,
        printed_rows=PRINTED_ROWS,
        one_sided=ONE_SIDED,
        simulated=SIMULATED,
    )


def check_identifiers(report: Report) -> None:
    """Refuse a report in which two findings share an identifier."""
    seen: set[str] = set()
    for finding in report.findings:
        if finding.id in seen:
            raise ValueError(f"two findings of the report share the identifier {finding.id!r}")
        seen.add(finding.id)


def _certainties(report: Report) -> tuple[Certainty, ...]:
    """The tags that the report uses, the firmest first."""
    used = {finding.certainty for finding in report.findings}
    return tuple(level for level in Certainty if level in used)


def _name(report: Report) -> str:
    """Title and city, once each."""
    return report.title if report.city in report.title else f"{report.title}: {report.city}"


def _blocks(report: Report) -> tuple[_BlockView, ...]:
    return tuple(
        _BlockView(
            block,
            _BLOCK_MATTER[block],
            report.in_block(block),
            tuple(item for item in report.missing if item.block is block),
        )
        for block in Block
    )


def _methods(report: Report) -> tuple[MethodNote, ...]:
    found: dict[tuple[str, str], MethodNote] = {}
    for finding in report.findings:
        found.setdefault((finding.method.page, finding.method.name), finding.method)
    return tuple(found[key] for key in sorted(found))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("commonlight.findings", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.number,
        day=words.day,
        age=words.age,
        listing=words.listing,
        capital=words.capital,
        anchor=_anchor,
        document=_document,
        cell=_cell,
        linked=_linked,
        tag=words.certainty_tag,
        meaning=words.certainty_meaning,
        symbol=_SYMBOLS.__getitem__,
        figures=_figures,
        figure=_grouped,
    )
    environment.globals.update(
        period=words.period, counted=words.counted, heading=_heading, rows=rows_words
    )
    return environment


def _figures(finding: Finding) -> tuple[_Figure, ...]:
    figures = []
    if finding.chart is not None:
        figures.append(_figure(finding.chart))
    if finding.map is not None:
        figures.append(_figure(finding.map))
    return tuple(figures)


def _figure(picture: Chart | Map) -> _Figure:
    from markupsafe import Markup

    if isinstance(picture, AreaMap | GridMap):
        wide, narrow = (render_map(picture, width=width) for width in (WIDE, NARROW))
        places, mark_label, unit = marked_list(picture), picture.mark_label, picture.unit
        unlisted = len(picture.marked) - len(places)
    else:
        wide, narrow = (render_chart(picture, width=width) for width in (WIDE, NARROW))
        places, mark_label, unit, unlisted = (), "", "", 0
    return _Figure(
        picture.title,
        Markup(wide),
        Markup(narrow),
        places,
        unlisted,
        mark_label,
        unit,
        "map" if isinstance(picture, AreaMap | GridMap) else "chart",
    )


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return words.number(None)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and column.numeric:
        return words.number(float(value), decimals=column.decimals)
    return str(value)


def rows_words(value: int | None) -> str:
    """A number of rows; without one it is withheld."""
    return WITHHELD if value is None else words.number(value)


def _grouped(value: str) -> str:
    """A parameter that is a whole number of five digits or more, in groups of three."""
    return words.number(int(value)) if re.fullmatch("[1-9][0-9]{4,14}", value) else value


def _heading(column: Column, table: Table) -> str:
    repeated = not column.unit or column.unit.lower() in {column.label.lower(), "count"}
    return (
        column.label
        if repeated or column.unit in table.caption
        else (f"{column.label} ({column.unit})")
    )


def _anchor(identifier: str) -> str:
    """An identifier as the end of an HTML id: no spaces, nothing to escape in a link."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", identifier)


def _document(page: str) -> str:
    """The file of a documentation page; a bare name is a page among the methods."""
    return f"docs/{page if '/' in page else f'methods/{page}'}.md"


def _linked(text: str) -> Markup:
    """Escape a text and turn the web addresses and DOIs in it into links."""
    from markupsafe import Markup, escape

    parts, position = [], 0
    for match in _ADDRESS.finditer(text):
        address = match.group()
        target = re.sub("^doi:", "https://doi.org/", address)
        parts.append(escape(text[position : match.start()]))
        parts.append(Markup('<a href="{}">{}</a>').format(target, address))
        position = match.end()
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def _style(report: Report) -> Markup:
    """The style sheet, with what stands in the margin of every printed page."""
    from markupsafe import Markup

    text = files("commonlight.findings").joinpath("templates/report.css").read_text("utf-8")
    marks = {
        "top-left": SIMULATED if report.simulated else "",
        "top-right": ONE_SIDED if report.one_sided else "",
        "bottom-center": report.publication.mark if report.publication else "",
        "bottom-left": f"{_name(report)}, {words.day(report.made_on)}",
    }
    boxes = "".join(
        f"@{place} {{ content: {_css_string(words_)}; }}\n"
        for place, words_ in marks.items()
        if words_
    )
    return Markup(text.replace("/* marks on every page */", boxes))


def _css_string(text: str) -> str:
    """A CSS string in which everything but letters, digits and spaces is a code point."""
    safe = "".join(
        char if char.isascii() and (char.isalnum() or char == " ") else f"\\{ord(char):06x} "
        for char in text
    )
    return f'"{safe}"'
