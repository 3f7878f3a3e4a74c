"""Tables beside charts, with numbers as the reader writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import count
from math import isfinite
from typing import Any

from django.utils.formats import localize, number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

__all__ = ["Cell", "Column", "Table", "as_table", "shown_number"]


@dataclass(frozen=True)
class Column:
    """One column; `decimals` is for numbers."""

    label: Any
    numeric: bool = False
    decimals: int = 0
    unit: Any = ""


@dataclass(frozen=True)
class Cell:
    """What is shown, and what a sort goes by."""

    text: Any
    value: str
    numeric: bool


@dataclass(frozen=True)
class Table:
    """A caption, columns and rows; numbers are given as numbers, None is "not known"."""

    caption: Any
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def cells(self) -> Iterable[list[Cell]]:
        """The rows as they are shown."""
        for row in self.rows:
            yield [_cell(value, column) for value, column in zip(row, self.columns, strict=True)]

    @property
    def body(self) -> SafeString:
        """The rows as HTML; there may be thousands of cells, so they are joined here."""
        rows = ("".join(map(_drawn, cells, count())) for cells in self.cells)
        return SafeString("".join(f"<tr>{row}</tr>\n" for row in rows))


def as_table(given: Table | Mapping[str, Any]) -> Table:
    """A table as such, or as the data folder of a report writes it."""
    if isinstance(given, Table):
        return given
    columns = tuple(
        Column(
            one.get("label") or one.get("name", ""),
            bool(one.get("numeric")),
            int(one.get("decimals") or 0),
            one.get("unit", ""),
        )
        for one in given["columns"]
    )
    return Table(given.get("caption", ""), columns, tuple(tuple(row) for row in given["rows"]))


def shown_number(value: float, decimals: int = 0) -> str:
    """A number with the reader's own signs for decimals and thousands."""
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def _drawn(cell: Cell, place: int) -> str:
    """A cell; the first one heads its row, unless it is a number."""
    text = conditional_escape(localize(cell.text))
    if not place and not cell.numeric:
        return f'<th scope="row">{text}</th>'
    kind = ' class="number"' if cell.numeric else ""
    value = f' data-value="{escape(cell.value)}"' if cell.value else ""
    return f"<td{kind}{value}>{text}</td>"


def _cell(value: Any, column: Column) -> Cell:
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return Cell(_("not known"), "", column.numeric)
    if column.numeric and isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(shown_number(value, column.decimals), repr(value), True)
    return Cell(value, "", column.numeric)
