"""Dates and numbers as French readers write them."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.forms import DateField
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext, override, trans_real

from commonlight.web.ui.missing_translations import own_texts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATE_FORMAT", "21 novembre 2026"),
        ("SHORT_DATE_FORMAT", "21/11/2026"),
        ("DATETIME_FORMAT", "21 novembre 2026 à 09:05"),
        ("SHORT_DATETIME_FORMAT", "21/11/2026 09:05"),
        ("YEAR_MONTH_FORMAT", "novembre 2026"),
    ],
)
def test_a_date(name: str, written: str):
    with override("fr"):
        assert date_format(datetime(2026, 11, 21, 9, 5), name) == written


def test_a_number_has_narrow_spaces_and_a_comma():
    with override("fr"):
        assert (
            number_format(1234567.5, 1)
            == "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,5"
        )


@pytest.mark.parametrize("typed", ["2026-11-21", "21/11/2026", "21.11.2026"])
def test_a_date_is_read_as_it_is_written_in_france_or_switzerland(typed: str):
    with override("fr"):
        assert DateField().clean(typed) == date(2026, 11, 21)


@pytest.mark.parametrize(("n", "word"), [(0, "ligne"), (1, "ligne"), (2, "lignes")])
def test_none_and_one_are_singular(n: int, word: str):
    with override("fr"):
        told = ngettext("%(n)s row.", "%(n)s rows.", n) % {"n": n}
    assert told == f"{n} {word}."


@pytest.mark.parametrize(
    "wrong",
    [" [;:!?»]", "\N{NO-BREAK SPACE}[;:!?»]", "« ", "«(?!\N{NARROW NO-BREAK SPACE})", r"\w'\w"],
)
def test_signs_stand_as_french_sets_them(wrong: str):
    catalogue = trans_real.translation("fr")
    ours = {text: catalogue._catalog.get(text, "") for text in own_texts()}
    assert {text: said for text, said in ours.items() if re.search(wrong, said)} == {}
