"""Scales, ticks, classes and the room that text takes."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonlight.findings.legend import class_names
from commonlight.findings.scales import (
    Scale,
    class_breaks,
    class_of,
    nice_ticks,
    text_width,
    wrap,
)

values = st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-3)


@given(values, values)
def test_ticks_cover_the_values_with_even_round_steps(low, high):
    assume(abs(high - low) > 1e-3)
    ticks = nice_ticks(low, high)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= min(low, high) + 1e-6 * step
    assert ticks[-1] >= max(low, high) - 1e-6 * step
    assert 2 <= len(ticks) <= 9
    for before, after in pairwise(ticks):
        assert after - before == pytest.approx(step, rel=1e-6)
    leading = float(f"{step:.6e}".split("e")[0])
    assert any(leading == pytest.approx(round_step) for round_step in (1, 2, 2.5, 5, 10))


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 5), (-3, -3)])
def test_equal_values_still_have_an_axis(low, high):
    ticks = nice_ticks(low, high)
    assert ticks[0] < ticks[-1]
    assert ticks[0] <= low <= ticks[-1]


def test_ticks_refuse_what_is_not_finite():
    with pytest.raises(ValueError, match="finite ends; got nan"):
        nice_ticks(nan, 1)
    with pytest.raises(ValueError, match="rising order"):
        Scale(1, 1, 0, 10)


def test_a_scale_maps_its_ends():
    scale = Scale(10, 20, 0, 100)
    assert (scale(10), scale(15), scale(20)) == (0, 50, 100)


@given(st.lists(values, min_size=1, max_size=40))
def test_class_borders_lie_inside_and_rise(data):
    breaks = class_breaks(data)
    assert len(breaks) <= 4
    assert list(breaks) == sorted(set(breaks))
    assert all(min(data) < b < max(data) for b in breaks)
    assert len(class_names(breaks)) == len(breaks) + 1


@given(st.lists(values, min_size=1, max_size=6, unique=True), values)
def test_the_class_is_the_number_of_borders_at_or_below(breaks, value):
    assert class_of(value, sorted(breaks)) == sum(b <= value for b in breaks)


def test_class_names_are_distinct_and_say_which_class_owns_the_border():
    assert class_names((0.5, 1.25)) == ("under 0.50", "0.50 to under 1.25", "1.25 or more")
    assert class_names(()) == ("all values",)


@given(st.text(st.characters(categories=["L", "N", "Z"]), max_size=80), st.floats(40, 300))
def test_wrapped_lines_fit(text, width):
    lines = wrap(text, width, 13)
    assert len(lines) <= 2
    assert all(text_width(line, 13) <= width or len(line) <= 2 for line in lines)


def test_what_is_cut_ends_in_an_ellipsis():
    assert wrap("one two three four five six", 60, 13)[-1].endswith("…")
    assert wrap("", 60, 13) == []


def test_a_number_is_never_broken_at_its_thousands():
    assert wrap("about 1\u202f000\u202f000 incidents", 90, 13, lines=3) == [
        "about",
        "1\u202f000\u202f000",
        "incidents",
    ]
