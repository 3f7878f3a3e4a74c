"""Single cells about persons: found row by row, and never shown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.sources.cells import column_of_array
from commonlight.sources.contacts import discreet, holds_contact, is_contact


@pytest.mark.parametrize(
    "text",
    ["31.13.2024 10:00", "2024-02-30T25:00:00Z", "12/31/2024 11:59 PM", "392.123,45", "n/a",
     "unbekannt", "inf", "1e9", "13.4, 99", "", "2020-\0-02", "31 Feb 2024", "20241301123059"],
)  # fmt: skip
def test_times_and_numbers_are_shown(text):
    assert discreet(text) == text


@pytest.mark.parametrize(
    "text",
    ["erika@example.org", "Erika Mustermann geb. 01.02.1970", "MÜLLER", "+49 171 2345678",
     "0049 171 2345678", "B-AB 1234", "44051401458", "DE89 3704 0044 0532 0130 00", "Õunapuu"],
)  # fmt: skip
def test_what_could_be_a_person_is_not_shown(text):
    shown = discreet(text)
    assert shown == f"(text of {len(text)} characters, not kept)"


def test_contacts_are_told_from_numbers_and_signs():
    assert is_contact("write to a.b@example.org.")
    assert is_contact("+372 5123 4567")
    assert not is_contact("+52.5200081")
    assert not is_contact("corner @ station")
    assert not is_contact("2024-01-01T10:00:00+01:00")


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.sampled_from(["a@b.org", "+49 171 2345678", "@", "+", "x@y", "a+b", "é"]),
            st.text(max_size=6),
        ),
        max_size=30,
    ),
    st.data(),
)
def test_agrees_with_looking_at_every_cell(cells, data):
    column = column_of_array(pa.array(cells, pa.string()))
    some = data.draw(st.sets(st.integers(0, max(len(cells) - 1, 0)))) if cells else set()
    rows = np.array(sorted(some), dtype=np.int64)
    expected = [row for row in rows.tolist() if cells[row] and is_contact(cells[row])]
    assert holds_contact(column, rows).tolist() == expected
