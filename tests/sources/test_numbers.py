"""Numbers against Python's own reading of them, to the last bit."""

from __future__ import annotations

import math
import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.cells import column_of_array
from commonlight.sources.numbers import EMPTY, NOT_FINITE, NOT_NUMBER, OK, parse_numbers

#: Thousands that are set apart are read too, which Python does not; they have tests of their own.
THOUSANDS_APART = re.compile(r"\d[ ,]\d{3}")


def read(texts, **options):
    values, status = parse_numbers(column_of_array(pa.array(texts, pa.string())), **options)
    return list(zip(values.tolist(), status.tolist(), strict=True))


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
def test_every_number_comes_back_to_the_last_bit(value):
    for text in (repr(value), f"{value:.6f}", f"{value:+.17g}"):
        assert read([text]) == [(float(text), OK)]


@given(st.text("0123456789.,-+eE nainf_", max_size=12))
@settings(max_examples=300)
def test_takes_what_python_takes(text):
    if text != text.strip() or not text or THOUSANDS_APART.search(text):
        return
    try:
        expected = float(text.replace("_", "x"))
    except ValueError:
        expected = None
    value, status = read([text])[0]
    if expected is None:
        assert status == NOT_NUMBER
    elif math.isfinite(expected):
        assert (value, status) == (expected, OK)
    else:
        assert status == NOT_FINITE


def test_decimal_comma():
    assert read(["1,5", "-0,25", "7"], decimal=",") == [(1.5, OK), (-0.25, OK), (7.0, OK)]
    assert read(["1.5", "1.234,5"], decimal=",")[0][1] == NOT_NUMBER
    assert read(["1,5"])[0][1] == NOT_NUMBER


def test_missing_and_typed():
    assert read([None, ""])[0][1] == EMPTY
    column = column_of_array(pa.array([1.5, None, 2.0]))
    values, status = parse_numbers(column, decimal=",")
    assert values[[0, 2]].tolist() == [1.5, 2.0]
    assert status.tolist() == [OK, EMPTY, OK]


@pytest.mark.parametrize("text", ["-", "+", ".", "1-2", "0x1f", "1 2", "٣"])
def test_not_numbers(text):
    assert read([text])[0][1] == NOT_NUMBER


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1 234", ".", 1234.0),
        ("392.123,45", ",", 392123.45),
        ("1.234.567", ",", 1234567.0),
        ("1,234,567.5", ".", 1234567.5),
        ("-12 345,5", ",", -12345.5),
    ],
)
def test_thousands_set_apart_are_read(text, decimal, value):
    assert read([text], decimal=decimal) == [(value, OK)]


@pytest.mark.parametrize(("text", "decimal"), [("1.234", ","), ("1,234", "."), ("1 23", ".")])
def test_what_could_be_a_decimal_mark_is_no_thousand(text, decimal):
    assert read([text], decimal=decimal)[0][1] == NOT_NUMBER
