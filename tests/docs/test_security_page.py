"""The list of security items names tests that exist and counts itself rightly."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (yes|partly|no|operator|–) \| (.+) \|$")


@pytest.fixture
def listed(root: Path) -> str:
    return (root / "docs/reference/security.md").read_text(encoding="utf-8")


@pytest.fixture
def rows(listed: str) -> list[tuple[str, ...]]:
    found = [ROW.match(line) for line in listed.splitlines() if re.match(r"\| \d", line)]
    return [match.groups() for match in found if match]


def test_every_row_can_be_read_and_stands_once_and_in_order(listed, rows):
    assert len(rows) == len(re.findall(r"^\| \d+\.\d+\.\d+ \|", listed, re.M)) == 260
    numbers = [tuple(int(part) for part in row[0].split(".")) for row in rows]
    assert numbers == sorted(set(numbers))


def test_the_sums_are_those_of_the_rows(listed, rows):
    told = dict(re.findall(r"^\| (yes|partly|no|operator|–) \| .+ \| (\d+) \|$", listed, re.M))
    counted = Counter(row[2] for row in rows)
    assert {state: int(number) for state, number in told.items()} == dict(counted)


def test_the_tests_that_are_named_exist(listed, root):
    named = set(re.findall(r"`(tests/[^`]+)`", listed))
    assert named
    assert [name for name in sorted(named) if not (root / name).exists()] == []


def test_whatever_is_not_done_says_why(rows):
    assert all(len(row[3]) > 10 for row in rows if row[2] in ("no", "partly"))
