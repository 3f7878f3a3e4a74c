"""The public version with every count rounded at random, in place of gaps.

Rounded counts are the same everywhere for the same records. Everything that was worked out from
exact counts (rates, shares, intervals, tests, maps of rates) is left out: it would say more than
the rounded counts do. What this does not give: tables that add up, or rates; readers can set a
rounded count against the residents beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commonlight.analysis.disclosure.cells import Cell
from commonlight.analysis.disclosure.perturb import round_cells
from commonlight.audit.publishing.faces import RAW_LABELS, in_order
from commonlight.audit.publishing.hidden import key_of, source_cells
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.findings.model import (
    BarChart,
    Certainty,
    CountCells,
    Finding,
    HeatChart,
    SourceNote,
    Table,
)

__all__ = ["ROUNDED_SENTENCE", "rounded_findings", "rounded_source"]

ROUNDED_SENTENCE = "The counts behind this are in the table, rounded to multiples of {base}."

_NOT_SHOWN = (
    "What the records say about this is left out of the public version, which shows rounded "
    "counts alone."
)
Rounded = Mapping[str, Mapping[frozenset[tuple[str, str]], int]]


def rounded_findings(findings: tuple[Finding, ...], rules: PublicationRules) -> list[Finding]:
    """The findings with rounded counts and nothing worked out from exact ones.

    Raises
    ------
    PublishingError
        There is no secret to round with.
    """
    secret = rules.secret()
    rounded = {
        source: round_cells(
            [Cell(key, count) for key, count in cells.items()],
            base=rules.base,
            key=secret + source.encode(),
        )
        for source, cells in source_cells(findings).items()
    }
    return [_finding(item, rounded, rules) for item in findings]


def rounded_source(note: SourceNote) -> SourceNote:
    """A source without its numbers of rows, which are exact."""
    return replace(
        note, rows_read=None, rows_accepted=None, rows_rejected=None, rejected_reasons={}
    )


def _finding(finding: Finding, rounded: Rounded, rules: PublicationRules) -> Finding:
    if not finding.cells:
        return replace(finding, cells=())
    table = _table(finding, rounded, rules)
    sentence, certainty = finding.sentence, finding.certainty
    if _has_numbers(sentence):
        sentence = ROUNDED_SENTENCE.format(base=rules.base) if table else _NOT_SHOWN
        certainty = Certainty.DESCRIPTIVE if table else Certainty.CANNOT_TELL
    return replace(
        finding,
        sentence=sentence,
        certainty=certainty,
        details=tuple(text for text in finding.details if not _has_numbers(text)),
        limits=tuple(text for text in finding.limits if not _has_numbers(text)),
        method=replace(finding.method, parameters={}),
        table=table,
        chart=_chart(finding, table, rounded),
        map=finding.map if "map" in finding.free else None,
        numbers={},
        cells=(),
    )


def _has_numbers(text: str) -> bool:
    return re.search(r"\d|\btwice\b|\bhalf\b", text, re.IGNORECASE) is not None


def _items(finding: Finding, face: str) -> list[CountCells]:
    return [item for item in finding.cells if item.shown_in == face]


def _table(finding: Finding, rounded: Rounded, rules: PublicationRules) -> Table | None:
    """Names, rounded counts and what is free of records; sorted by what is shown."""
    items, table = _items(finding, "table"), finding.table
    counted = {item.column: item for item in items if item.column}
    if table is None or not counted or any(item.selected for item in items):
        return None
    lost = {name for item in items for name in (*item.derived, *item.fitted)}
    kept = [n for n, column in enumerate(table.columns) if column.name not in lost]
    rows = []
    for r, row in enumerate(table.rows):
        if any(_rare(item, r, rules) for item in items):
            continue
        values: list[Any] = list(row)
        for n, column in enumerate(table.columns):
            item = counted.get(column.name)
            if item is not None:
                values[n] = rounded[item.source][key_of(item, r)]
        rows.append(tuple(values[n] for n in kept))
    columns = tuple(table.columns[n] for n in kept)
    if not in_order(items):
        first = next(n for n, column in enumerate(columns) if column.name in counted)
        rows.sort(key=lambda row: (-row[first], str(row[0])))
    return Table(columns=columns, rows=tuple(rows), caption=table.caption) if rows else None


def _rare(item: CountCells, row: int, rules: PublicationRules) -> bool:
    return bool(RAW_LABELS & set(item.dimensions)) and item.counts[row] < rules.minimum_count


def _chart(finding: Finding, table: Table | None, rounded: Rounded) -> BarChart | HeatChart | None:
    """Bars of the rounded counts, or the rounded cells of a heat chart of counts."""
    chart = finding.chart
    if isinstance(chart, HeatChart):
        return _heat(finding, chart, rounded)
    drawn = next((item for item in finding.cells if item.chart), None)
    if not isinstance(chart, BarChart) or table is None or drawn is None:
        return None
    if drawn.chart != (drawn.column,):
        return None
    names = [column.name for column in table.columns]
    value = names.index(drawn.column)
    label = next(
        n for n, column in enumerate(table.columns) if _labels(chart, finding, column.name)
    )
    rows = table.rows[: len(chart.categories)]
    series = replace(chart.series[0], values=tuple(float(row[value]) for row in rows))
    return replace(
        chart,
        title=table.caption,
        description=f"{table.caption}, rounded. All values are in the table.",
        categories=tuple(str(row[label]) for row in rows),
        series=(series,),
        highlight=(),
    )


def _labels(chart: BarChart, finding: Finding, name: str) -> bool:
    assert finding.table is not None
    column = [item.name for item in finding.table.columns].index(name)
    return set(chart.categories) <= {str(row[column]) for row in finding.table.rows}


def _heat(finding: Finding, chart: HeatChart, rounded: Rounded) -> HeatChart | None:
    items = _items(finding, "chart")
    if not items:
        return None
    item, width = items[0], len(chart.column_labels)
    values = [float(rounded[item.source][key_of(item, i)]) for i in range(len(item.keys))]
    caption = finding.table.caption if finding.table is not None else finding.question
    return replace(
        chart,
        title=caption,
        description=f"{caption}, rounded.",
        values=tuple(tuple(values[i : i + width]) for i in range(0, len(values), width)),
    )
