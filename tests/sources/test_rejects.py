"""The log of rejected rows."""

from __future__ import annotations

import pyarrow.parquet as pq

from commonlight.sources.rejects import (
    MAX_VALUE,
    REASONS,
    REJECTED_SCHEMA,
    RejectedRows,
    RejectLog,
    shorten,
)


def test_counts_and_rows(tmp_path):
    log = RejectLog(tmp_path / "r.parquet")
    log.add("f", RejectedRows([2, 5], ["a", None], ["x", None], ["no time", "NUL byte"]))
    log.add("g", RejectedRows([9], ["id"], ["1"], ["duplicate identifier of line 2 of f"]))
    log.add("g", RejectedRows([], [], [], []))
    log.close()
    assert log.counts == {"no time": 1, "NUL byte": 1, "duplicate identifier": 1}
    assert log.n_rejected == 3
    table = pq.read_table(tmp_path / "r.parquet")
    assert table.schema.equals(REJECTED_SCHEMA)
    assert table["row"].to_pylist() == [2, 5, 9]


def test_counting_without_a_file():
    log = RejectLog(None)
    log.add("f", RejectedRows([1], [None], [None], ["no time"]))
    log.close()
    assert log.n_rejected == 1


def test_values_are_short_and_visible():
    assert shorten("a\0b\n") == "a\\x00b\\n"
    assert shorten("é ü") == "é ü"
    assert len(shorten("x" * 1000)) == MAX_VALUE


def test_every_reason_has_its_own_words():
    assert len(set(REASONS.values())) == len(REASONS)
    assert list(REASONS) == sorted(REASONS)
