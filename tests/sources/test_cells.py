"""Cells as positions in bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.cells import (
    column_of_array,
    dictionary_array,
    encode_labels,
    text_array,
    text_of,
    tidy,
)

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=30)


@given(TEXTS)
@settings(max_examples=200)
def test_text_comes_back_and_labels_stand_for_it(texts):
    column = column_of_array(pa.array(texts, pa.string()))
    rows = np.arange(len(texts))[::-1].copy()
    expected = [texts[i] or None for i in rows]
    assert text_array(column, rows).to_pylist() == expected
    codes, labels = encode_labels(column, rows)
    assert dictionary_array(codes, labels).to_pylist() == expected
    assert len(set(labels.to_pylist())) == len(labels)
    assert [text_of(column, i) for i in range(len(texts))] == texts


def test_spaces_and_missing_marks():
    column = column_of_array(pa.array([" a b ", "NA", "-", "\t-", "NAN", None, "--"]))
    tidied = tidy(column, ("", "NA", "-"))
    rows = np.arange(7)
    assert text_array(tidied, rows).to_pylist() == ["a b", None, None, None, "NAN", None, "--"]
    assert text_array(column, rows).to_pylist()[0] == " a b "


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([1.0, 0.1, None]), ["1", "0.1", None]),
        (pa.array([7, None]), ["7", None]),
        (pa.array([None, None]), [None, None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (
            pa.array([0, 86400 * 10**6], pa.timestamp("us")),
            ["1970-01-01 00:00:00", "1970-01-02 00:00:00"],
        ),
        (pa.array(["x", "y", "z"]).slice(1, 2), ["y", "z"]),
        (pa.array([0], pa.timestamp("ms", "Europe/Berlin")), ["1970-01-01 01:00:00"]),
    ],
)
def test_typed_columns_as_text(values, texts):
    column = column_of_array(values)
    assert text_array(column, np.arange(len(values))).to_pylist() == texts
