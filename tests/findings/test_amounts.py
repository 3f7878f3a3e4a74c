"""Numbers, shares, lists, days and periods in words."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonlight.findings.amounts import (
    about_one_in,
    age,
    capital,
    count,
    counted,
    day,
    estimate,
    hours,
    listing,
    month_name,
    number,
    percent,
    period,
    rate,
    rounded,
    weekday_name,
)


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def test_thousands_are_set_apart_by_a_space_that_does_not_break():
    assert number(1234567) == "1\u202f234\u202f567"
    assert number(-1234.56, decimals=1) == "−1\u202f234.6"


@pytest.mark.parametrize("value", [None, nan, inf, -inf])
def test_a_number_that_is_not_there_is_not_known(value):
    for write in (number, rounded, percent, about_one_in, rate):
        assert write(value) == "not known"


def test_a_rounded_nothing_has_no_sign():
    assert number(-0.2) == "0"


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_can_be_read_back(value):
    assert int(number(value).replace("\u202f", "").replace("−", "-")) == value


@given(st.integers(1, 10**9))
def test_a_rounded_number_is_within_five_percent(value):
    text = rounded(value)
    near = int(text.replace("about ", "").replace("\u202f", ""))
    assert abs(near - value) <= 0.05 * value
    assert text.startswith("about ") == (near != value)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (1e-9, "less than 1 %"),
        (0.0049, "less than 1 %"),
        (0.0051, "1 %"),
        (0.5, "50 %"),
        (0.9949, "99 %"),
        (0.9951, "more than 99 %"),
        (1.0, "100 %"),
        (1.234, "123 %"),
    ],
)
def test_percent(share, words):
    assert plain(percent(share)) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "1 in 2"),
        (0.198, "about 1 in 5"),
        (0.67, "about 2 in 3"),
        (0.1, "1 in 10"),
        (0.012, "about 1 in 83"),
        (0.00123, "about 1 in 810"),
        (0.999, "more than 99 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
    ],
)
def test_about_one_in(share, words):
    assert plain(about_one_in(share)) == words


@given(st.floats(0.0001, 0.9999))
def test_a_fraction_in_words_is_close_to_the_share(share):
    text = about_one_in(share).replace("\u202f", "")
    assume(" in " in text)
    top, bottom = text.replace("about ", "").split(" in ")
    assert abs(int(top) / int(bottom) - share) <= 0.055 * share


def test_small_counts_are_covered_and_never_blank():
    assert [count(n) for n in (None, 0, 1, 4, 5)] == [
        "not known",
        "none",
        "under 5",
        "under 5",
        "5",
    ]
    with pytest.raises(ValueError, match="cannot be negative; got -1"):
        count(-1)


def test_counted_picks_the_noun():
    assert counted(1, "robbery", "robberies") == "1 robbery"
    assert plain(counted(12345, "incident")) == "12 345 incidents"
    assert counted(0, "incident") == "0 incidents"


@pytest.mark.parametrize(
    ("items", "limit", "words"),
    [
        ([], 3, "none"),
        (["A"], 3, "A"),
        (["A", "B"], 1, "A and B"),
        (["A", "B", "C"], 3, "A, B and C"),
        (["A", "B", "C", "D"], 3, "A, B, C and D"),
        (["A", "B", "C", "D", "E"], 3, "A, B, C and 2 others"),
        (["A", "B", "C", "D", "E"], 2, "A, B and 3 others"),
    ],
)
def test_listing(items, limit, words):
    assert listing(items, limit=limit) == words


def test_a_list_of_no_names_is_refused():
    with pytest.raises(ValueError, match="at least 1 name"):
        listing(["A"], limit=0)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2022, 1, 1), (2022, 12, 31), "2022"),
        ((2019, 1, 1), (2022, 12, 31), "2019 to 2022"),
        ((2022, 3, 1), (2022, 3, 31), "March 2022"),
        ((2024, 2, 1), (2024, 2, 29), "February 2024"),
        ((2023, 2, 1), (2023, 2, 27), "1 February to 27 February 2023"),
        ((2021, 3, 1), (2022, 6, 30), "March 2021 to June 2022"),
        ((2022, 3, 2), (2022, 6, 5), "2 March to 5 June 2022"),
        ((2022, 3, 2), (2022, 3, 2), "2 March 2022"),
        ((2021, 12, 30), (2022, 1, 2), "30 December 2021 to 2 January 2022"),
    ],
)
def test_period(first, last, words):
    assert period(date(*first), date(*last)) == words


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="must not end before"):
        period(date(2022, 2, 1), date(2022, 1, 1))


@given(st.dates(), st.integers(0, 2000), st.integers(0, 2000))
def test_different_periods_read_differently(first, one, two):
    assume(one != two)
    assume(first < date(9990, 1, 1))
    texts = {period(first, first + timedelta(days=n)) for n in (one, two)}
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (59, "59 days"),
        (60, "2 months"),
        (243, "8 months"),
        (715, "23 months"),
        (731, "2 years"),
        (1525, "4 years"),
    ],
)
def test_age(days, words):
    assert age(days) == f"{words} old on the day of this report"


def test_age_unknown_and_in_the_future():
    assert age(None) == "of unknown age"
    assert age(-1) == "reaches beyond the day of this report"


def test_rates_and_estimates():
    assert plain(rate(0.12)) == "0.12 per 1 000 residents"
    assert plain(rate(1234.5, per=100000)) == "1 234 per 100 000 residents"
    assert estimate(3, 2, None) == "3 (interval not known)"
    assert estimate(None, 1, 2) == "not known"


def test_days_and_hours():
    assert day(date(2024, 2, 29)) == "29 February 2024"
    assert day(None) == "not known"
    assert hours(0) == "between midnight and 01:00"
    assert hours(23) == "between 23:00 and midnight"
    assert month_name(12) == "December"
    assert weekday_name(0) == "Monday"
    assert capital("über") == "Über"
    for bad, write in ((13, month_name), (7, weekday_name), (24, hours)):
        with pytest.raises(ValueError, match="got"):
            write(bad)
