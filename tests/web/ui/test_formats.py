"""Dates, numbers and plurals are written as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.forms import DateField
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext, override

DAY = date(2026, 11, 3)
MOMENT = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "long", "short", "moment"),
    [
        ("en", "3 November 2026", "3 Nov 2026", "3 November 2026, 09:05"),
        ("de", "3. November 2026", "03.11.2026", "3. November 2026, 09:05"),
        ("fr", "3 novembre 2026", "03/11/2026", "3 novembre 2026 à 09:05"),
    ],
)
def test_dates(language: str, long: str, short: str, moment: str) -> None:
    with override(language):
        assert date_format(DAY, "DATE_FORMAT") == long
        assert date_format(DAY, "SHORT_DATE_FORMAT") == short
        assert date_format(MOMENT, "DATETIME_FORMAT") == moment


@pytest.mark.parametrize(
    ("language", "number"),
    [("en", f"12{NARROW}345.5"), ("de", f"12{NARROW}345,5"), ("fr", f"12{NARROW}345,5")],
)
def test_numbers(language: str, number: str) -> None:
    with override(language):
        assert number_format(12345.5, use_l10n=True, force_grouping=True) == number


@pytest.mark.parametrize(("language", "typed"), [("de", "3.11.2026"), ("fr", "3/11/2026")])
def test_a_day_may_be_typed_as_the_language_writes_it(language: str, typed: str) -> None:
    with override(language):
        assert DateField(localize=True).clean(typed) == DAY
        assert DateField().clean("2026-11-03") == DAY


@pytest.mark.parametrize(
    ("language", "one", "several", "none"),
    [
        ("de", "Noch 1 Tag", "Noch 3 Tage", "Noch 0 Tage"),
        ("en", "1 day left", "3 days left", "0 days left"),
    ],
)
def test_plurals(language: str, one: str, several: str, none: str) -> None:
    def told(days: int) -> str:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}

    with override(language):
        assert [told(1), told(3), told(0)] == [one, several, none]


def test_french_counts_nothing_in_the_singular() -> None:
    with override("fr"):
        words = [ngettext("%(days)d day left", "%(days)d days left", days) for days in (0, 1, 2)]
    assert words[0] == words[1] != words[2]
