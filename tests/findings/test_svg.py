"""The builder escapes everything and writes well-formed markup."""

from __future__ import annotations

from math import inf, nan
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.findings.svg import element, format_number


@given(st.text(), st.text())
def test_any_text_stays_text(content, value):
    markup = str(element("text", content, id=value))
    parsed = ElementTree.fromstring(markup)
    assert len(parsed) == 0
    assert set(parsed.attrib) == {"id"}


def test_markup_in_a_label_is_shown_not_obeyed():
    markup = str(element("text", "<script>alert('x')</script> & more", x=1, data_x='"onload="'))
    parsed = ElementTree.fromstring(markup)
    assert parsed.text == "<script>alert('x')</script> & more"
    assert parsed.attrib == {"x": "1", "data-x": '"onload="'}


def test_children_none_and_names():
    inner = element("g", None, element("rect", width=1.005, height=None), class_="a")
    assert str(inner) == '<g class="a"><rect width="1"/></g>'


@given(st.floats(-1e6, 1e6))
def test_a_coordinate_is_kept_to_a_hundredth(value):
    assert abs(float(format_number(value)) - value) <= 0.00501


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_coordinate_must_be_finite(value):
    with pytest.raises(ValueError, match="must be finite, in pixels"):
        element("rect", x=value)
