"""Time formats from samples of cells, with the evidence for day first or month first.

What this does not answer: which of ``03/04/2020`` is the day, where no cell of the sample
has a number above 12. It then says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["TimeGuess", "guess_times"]

_CLOCK = r"(?P<clock>[ T]+(?P<h>\d{1,2}):\d{2}(?P<s>:\d{2})?(?P<f>[.,]\d+)?(?P<p> ?[AaPp][Mm])?)?"
_ZONE = r"(?P<z>Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"(?P<Y>\d{{4}})(?P<sep>[-/.])\d{{1,2}}(?P=sep)\d{{1,2}}{_CLOCK}{_ZONE}")
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<Y>\d{4}|\d{2})" + _CLOCK
)
_WORDS = re.compile(
    r"\d{1,2}(?P<sep>[ -])(?P<b>[A-Z][a-z]{2,8})(?P=sep)(?P<Y>\d{4}|\d{2})" + _CLOCK
)
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTH = re.compile(r"(19|20)\d{2}(?P<sep>[-/])(0[1-9]|1[0-2])")
_PACKED = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(19|20)\d{2}(?:\.0)?")


@dataclass(frozen=True)
class TimeGuess:
    """Formats of a column of times.

    Parameters
    ----------
    formats : tuple of str
        strptime formats, the commonest first.
    note : str
        The evidence, in words.
    share : float
        Share of the cells that the formats fit.
    sure : bool
        False where day and month cannot be told apart.
    """

    formats: tuple[str, ...]
    note: str
    share: float
    sure: bool = True


def guess_times(cells: Sequence[str], *, named: bool) -> TimeGuess | None:
    """Formats that fit most of the cells; None where the cells are no times.

    Parameters
    ----------
    cells : sequence of str
        Cells that are not empty.
    named : bool
        Whether the column's name speaks of time; bare years and packed dates need that.

    Examples
    --------
    >>> guess_times(["31/12/2020", "05/01/2021"], named=True).formats
    ('%d/%m/%Y',)
    """
    if not cells:
        return None
    dayfirst, note, sure = _order(cells)
    found: dict[str, int] = {}
    for cell in cells:
        text = _format(cell, dayfirst=dayfirst, named=named)
        if text is not None:
            found[text] = found.get(text, 0) + 1
    share = sum(found.values()) / len(cells)
    if share < 0.6:
        return None
    if list(found) == ["%Y-%m-%d"] and _only_months(cells):
        note = "every date is the first of a month, so only the month is known"
        return TimeGuess(("%Y-%m-01",), note, share)
    formats = tuple(sorted(found, key=lambda text: -found[text]))[:6]
    last = any(text.startswith(("%d", "%m")) for text in formats)
    return TimeGuess(formats, note if last else "", share, sure or not last)


def _only_months(cells: Sequence[str]) -> bool:
    return len(cells) >= 20 and all(cell.endswith("-01") for cell in cells)


def _order(cells: Sequence[str]) -> tuple[bool, str, bool]:
    """Whether the day comes first, the evidence, and whether it is certain."""
    matches = [m for cell in cells if (m := _YEAR_LAST.fullmatch(cell))]
    if not matches:
        return True, "", True
    first = max(int(m["a"]) for m in matches)
    second = max(int(m["b"]) for m in matches)
    if first > 12 >= second:
        return True, f"day first, because {first} occurs first", True
    if second > 12 >= first:
        return False, f"month first, because {second} occurs second", True
    if first > 12:
        return True, "both day-first and month-first dates occur; day first was taken", False
    dots = all(m["sep"] == "." for m in matches)
    if dots:
        return True, "day first, because dates with points are written so; no day above 12", False
    american = any(m["p"] for m in matches)
    order = "month first, because of AM and PM" if american else "day first was taken"
    return not american, f"day and month cannot be told apart (none is above 12); {order}", False


def _format(cell: str, *, dayfirst: bool, named: bool) -> str | None:
    m = _YEAR_FIRST.fullmatch(cell)
    if m:
        sep = m["sep"]
        return f"%Y{sep}%m{sep}%d{_clock(m)}{'%z' if m['z'] else ''}"
    m = _YEAR_LAST.fullmatch(cell)
    if m:
        sep, year = m["sep"], "%Y" if len(m["Y"]) == 4 else "%y"
        order = ("%d", "%m") if dayfirst else ("%m", "%d")
        if int(m["a"] if dayfirst else m["b"]) > 31 or int(m["b"] if dayfirst else m["a"]) > 12:
            order = order[::-1]
        return f"{order[0]}{sep}{order[1]}{sep}{year}{_clock(m)}"
    m = _WORDS.fullmatch(cell)
    if m and m["b"][:3].lower() in _MONTHS:
        return f"%d{m['sep']}%b{m['sep']}{'%Y' if len(m['Y']) == 4 else '%y'}{_clock(m)}"
    m = _MONTH.fullmatch(cell)
    if m:
        return f"%Y{m['sep']}%m"
    if named and _PACKED.fullmatch(cell):
        return "%Y%m%d"
    return "%Y" if named and _YEAR.fullmatch(cell) else None


def _clock(m: re.Match[str]) -> str:
    if not m["clock"]:
        return ""
    text = "T" if m["clock"].startswith("T") else " "
    text += "%I:%M" if m["p"] else "%H:%M"
    text += ":%S" if m["s"] else ""
    text += m["f"][0] + "%f" if m["f"] else ""
    return text + ("" if not m["p"] else " %p" if " " in m["p"] else "%p")
