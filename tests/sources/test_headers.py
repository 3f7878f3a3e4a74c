"""First lines that are no names of columns."""

from __future__ import annotations

import pytest

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.headers import check_header, listed


@pytest.mark.parametrize(
    "cells",
    [
        ["Eva Lee", "2024-01-31 10:00"],
        ["Eva Lee", "31.01.2024"],
        ["Eva Lee", "13,4051"],
        ["Eva Lee", "eva@example.org"],
        ["Eva Lee", "+49 171 2345678"],
    ],
)
def test_a_record_is_no_header_and_is_not_shown(cells):
    with pytest.raises(UnreadableFileError, match="cell 2 is") as stopped:
        check_header(cells, "a.csv")
    assert not any(cell in str(stopped.value) for cell in cells)


def test_names_of_columns_are_accepted():
    check_header(["id", "2023", "2023-01", "Tatzeit von", "0-17", "1.5", "e-mail"], "a.csv")


def test_long_lists_and_names_are_cut():
    assert listed([f"c{k}" for k in range(30)]).endswith("'c19' and 10 more")
    assert len(listed(["x" * 500])) < 70
