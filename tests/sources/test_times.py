"""Times against Python's own reading of them."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.cells import column_of_array
from commonlight.sources.errors import MappingError
from commonlight.sources.times import (
    EMPTY,
    IMPOSSIBLE,
    NO_FORMAT,
    OK,
    TIME_KINDS,
    compile_formats,
    parse_hours,
    parse_times,
)

FORMATS = [
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y-%m",
    "%Y",
    "%d %B %Y",
    "%d-%b-%y %H",
    "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S",
]


def read(texts, formats=(), **options):
    first, last, kind, status = parse_times(
        column_of_array(pa.array(texts)), compile_formats(tuple(formats)), **options
    )
    moments = [m.astype("datetime64[s]").tolist() for m in (first, last)]
    return [
        (s, *((None,) * 3 if s else (a, b, TIME_KINDS[k])))
        for s, a, b, k in zip(status.tolist(), *moments, kind.tolist(), strict=True)
    ]


def slow_read(text, formats):
    """strptime for each format in turn, and the reach of what it names."""
    fitted = False
    for form in formats:
        try:
            moment = datetime.strptime(text, form)
        except ValueError as error:
            fitted = fitted or "does not match" not in str(error)
            continue
        return OK, moment, moment + _reach(moment, form), _kind(form)
    return (IMPOSSIBLE if fitted else NO_FORMAT, None, None, None)


def _kind(form):
    if "%M" in form:
        return "instant"
    for mark, kind in (("%H", "hour"), ("%d", "day"), ("%m", "month"), ("%b", "month")):
        if mark in form:
            return kind
    return "year"


def _reach(moment, form):
    days = calendar.monthrange(moment.year, moment.month)[1]
    year = 366 if calendar.isleap(moment.year) else 365
    return {
        "instant": timedelta(0),
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "month": timedelta(days=days),
        "year": timedelta(days=year),
    }[_kind(form)]


@given(
    moment=st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2068, 12, 31)),
    form=st.sampled_from(FORMATS),
)
@settings(max_examples=300)
def test_equals_strptime(moment, form):
    text = moment.strftime(form)
    assert read([text], [form])[0] == slow_read(text, [form])


@given(text=st.text("0123456789-/: .TZPAM", max_size=20), form=st.sampled_from(FORMATS[:5]))
@settings(max_examples=300)
def test_takes_nothing_that_strptime_refuses(text, form):
    if text and text == text.strip() and read([text], [form])[0][0] == OK:
        slow = text
        if form.endswith("%S"):
            slow = text.split(".")[0].split(",")[0].rstrip("Z")
        assert slow_read(slow, [form])[0] == OK


def test_several_formats_are_tried_for_each_row():
    rows = read(
        ["31.12.2020", "12/31/2020", "2020-12-31", "31-12-2020"],
        ["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d"],
    )
    assert [row[0] for row in rows] == [OK, OK, OK, NO_FORMAT]
    assert {row[1] for row in rows[:3]} == {datetime(2020, 12, 31)}


def test_a_format_that_gives_an_impossible_date_leaves_the_next_its_turn():
    rows = read(["13/05/2020", "05/13/2020", "13/13/2020"], ["%m/%d/%Y", "%d/%m/%Y"])
    assert [row[1] for row in rows] == [datetime(2020, 5, 13), datetime(2020, 5, 13), None]
    assert rows[2][0] == IMPOSSIBLE


def test_us_twelve_hour_clock():
    rows = read(["01/31/2020 11:15:00 PM", "01/31/2020 12:00:00 AM"], ["%m/%d/%Y %I:%M:%S %p"])
    assert [row[1] for row in rows] == [datetime(2020, 1, 31, 23, 15), datetime(2020, 1, 31)]


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02T03:04:05",
        "2020-01-02T03:04:05Z",
        "2020-01-02T03:04:05.123",
        "2020-01-02 03:04:05",
        "2020-01-02T03:04:05.123456+02:00",
        "2020-01-02T03:04:05-0530",
    ],
)
def test_iso_8601_as_written(text):
    assert read([text])[0] == (
        OK,
        datetime(2020, 1, 2, 3, 4, 5),
        datetime(2020, 1, 2, 3, 4, 5),
        "instant",
    )


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-29",
        "2020-13-01",
        "2020-00-10",
        "2020-01-32",
        "2020-01-01 25:00",
        "2020-01-01 10:60",
        "0020-01-01",
    ],
)
def test_impossible_times(text):
    assert read([text])[0][0] == IMPOSSIBLE


@pytest.mark.parametrize(
    "text", ["yesterday", "2020-1", "20200101x", "2020-01-01 10:00:00.", "2020-01-01T"]
)
def test_no_format(text):
    assert read([text], ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S"])[0][0] == NO_FORMAT


def test_empty_and_24_hours():
    assert read([None, ""])[0][0] == EMPTY
    assert read(["2020-01-01 24:00"])[0][0] == IMPOSSIBLE
    assert read(["2020-01-01 24:00"], allow_24=True)[0][1] == datetime(2020, 1, 2)


def test_hours():
    values, fine = parse_hours(np.array([0.0, 23.0, 24.0, -1.0, 1.5, np.nan]))
    assert fine.tolist() == [True, True, False, False, False, False]
    assert parse_hours(np.array([24.0]), allow_24=True)[1].tolist() == [True]
    assert values.tolist()[:2] == [0, 23]


@pytest.mark.parametrize("form", ["%d.%m", "%Y-%j", "%Y %"])
def test_formats_that_cannot_be_read(form):
    with pytest.raises(MappingError, match="time format"):
        compile_formats((form,))
