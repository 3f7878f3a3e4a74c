"""Days as each language writes them, where the framework's formats cannot: le 1er décembre.

A format has one form for all days of a month. French counts the first one, "1er", and no other.
Templates need nothing: their filter `date` is the one of `templatetags.dates`. Code takes
`date_format` from here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import get_language

__all__ = ["date_format", "format_for"]

FIRST = {"fr": r"j\e\r"}
"""How the first day of a month is written before the name of the month, by language."""

_DAY_BEFORE_MONTH = re.compile(r"(?<!\\)j(?= [FMNE])")


def date_format(value: Any, format: str | None = None) -> str:
    """A day or moment in one of the formats of the language, such as `DATE_FORMAT`."""
    return formats.date_format(value, format_for(value, format))


def format_for(value: Any, format: str | None) -> str | None:
    """The format that was asked for, unless the first of a month has a form of its own."""
    first = FIRST.get((get_language() or "").partition("-")[0])
    if first is None or not isinstance(value, date) or value.day != 1:
        return format
    pattern = str(formats.get_format(format or "DATE_FORMAT"))
    return _DAY_BEFORE_MONTH.sub(lambda _found: first, pattern)
