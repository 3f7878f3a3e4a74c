"""Whether the first line of a table holds names of columns, and how to show names.

What this does not answer: whether a line of plain words is a record. Such a line is taken
as names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from commonlight.sources.contacts import is_contact
from commonlight.sources.errors import UnreadableFileError

__all__ = ["check_header", "listed"]

_DATE = re.compile(r"(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{2,4})([ T].*)?")
_FRACTION = re.compile(r"[-+]?\d+[.,]\d{2,}")


def check_header(cells: Sequence[str], name: str) -> None:
    """Refuse a first line that is a record; its cells are not shown.

    Parameters
    ----------
    cells : sequence of str
        The first line.
    name : str
        The file, for the message.

    Raises
    ------
    UnreadableFileError
        If a cell is a date, a decimal number, an e-mail address or a phone number.
    """
    for k, cell in enumerate(cells, start=1):
        what = _what(cell.strip())
        if what:
            raise UnreadableFileError(
                f"the first line of {name} seems to be a record, as cell {k} is {what}; put a line "
                "with the names of the columns above it"
            )


def _what(cell: str) -> str | None:
    if is_contact(cell):
        return "an e-mail address or phone number"
    if _DATE.fullmatch(cell):
        return "a date"
    return "a decimal number" if _FRACTION.fullmatch(cell) else None


def listed(names: Sequence[str], *, most: int = 20) -> str:
    """Names in quotes, cut where there are many.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    text = ", ".join(repr(name if len(name) <= 60 else f"{name[:57]}...") for name in names[:most])
    return text if len(names) <= most else f"{text} and {len(names) - most} more"
