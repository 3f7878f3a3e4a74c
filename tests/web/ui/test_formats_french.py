"""Dates and numbers as French readers write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.forms import DateField
from django.template import Context, Template
from django.utils.formats import date_format, number_format
from django.utils.timezone import override as override_zone
from django.utils.translation import ngettext, override, trans_real

from commonlight.web.ui.dates import date_format as own_date_format
from commonlight.web.ui.missing_translations import own_texts

SHOWN = "{{ day|date:name }}"


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


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATE_FORMAT", "1er décembre 2026"),
        ("MONTH_DAY_FORMAT", "1er décembre"),
        ("DATETIME_FORMAT", "1er décembre 2026 à 09:05"),
        ("SHORT_DATE_FORMAT", "01/12/2026"),
        ("SHORT_DATETIME_FORMAT", "01/12/2026 09:05"),
        ("YEAR_MONTH_FORMAT", "décembre 2026"),
        ("Y-m-d", "2026-12-01"),
    ],
)
def test_the_first_of_a_month_in_code_and_in_templates(name: str, written: str):
    moment = datetime(2026, 12, 1, 9, 5)
    with override("fr"):
        assert own_date_format(moment, name) == written
        assert Template(SHOWN).render(Context({"day": moment, "name": name})) == written


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 12, 1), "1er décembre 2026"),
        ("fr", date(2026, 12, 2), "2 décembre 2026"),
        ("fr", date(2026, 12, 11), "11 décembre 2026"),
        ("fr", datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "1er décembre 2026"),
        ("fr", None, ""),
        ("fr", "soon", ""),
        ("fr", time(9, 5), ""),
        ("de", date(2026, 12, 1), "1. Dezember 2026"),
        ("en", date(2026, 12, 1), "1 December 2026"),
    ],
)
def test_a_day_of_a_template(language: str, day: Any, written: str):
    with override(language), override_zone("Europe/Paris"):
        assert Template("{{ day|date }}").render(Context({"day": day})) == written
        assert Template(SHOWN).render(Context({"day": day, "name": "DATE_FORMAT"})) == written


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
