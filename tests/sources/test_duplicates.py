"""The filter never misses a repeat, and seldom suspects a new identifier."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.cells import column_of_array
from commonlight.sources.duplicates import SeenIdentifiers


def suspects(seen, texts):
    return seen.suspects(column_of_array(pa.array(texts, pa.string())), np.arange(len(texts)))


@given(st.lists(st.text("ab1", max_size=3), max_size=80))
@settings(max_examples=100)
def test_never_misses_a_repeat(texts):
    found = suspects(SeenIdentifiers(0), texts)
    known: set[str] = set()
    for text, suspect in zip(texts, found, strict=True):
        if text in known:
            assert suspect or not text
        known.add(text)
    assert not any(suspect for text, suspect in zip(texts, found, strict=True) if not text)


def test_remembers_across_calls_and_seldom_errs():
    seen = SeenIdentifiers(2**20)
    first = [f"id-{i}" for i in range(10_000)]
    assert suspects(seen, first).mean() < 0.001
    assert suspects(seen, first).all()
    assert suspects(seen, [f"other-{i}" for i in range(10_000)]).mean() < 0.001


def test_size_is_bounded():
    assert SeenIdentifiers(2**50)._words.nbytes == 2**27
    assert SeenIdentifiers(0)._words.nbytes == 2**16
