"""The list of features names, for each row that is built, a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROW = re.compile(r"^\| ([TWK]?\d+) \| (.+?) \| (.+) \|$")
#: Rows of the table of features that the first half of the path asks for.
ASKED = {
    *(10, 11, 12, 25, 29, *range(85, 93), 94, *range(15, 19), *range(20, 24)),
    *(27, 28, *range(30, 39), *range(78, 85)),
}
IDEAS = {"W2", "W3", "W4", "W5", "W8", "W10"}


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, str]]:
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs/reference/features.md").read_text(encoding="utf-8")
    found = [ROW.match(line) for line in text.splitlines()]
    return [match.groups() for match in found if match]


def names_in(path: Path) -> set[str]:
    """Every test function of a file, those in classes too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_row_that_is_asked_for_stands_once(rows):
    numbers = [row[0] for row in rows]
    assert len(numbers) == len(set(numbers))
    assert {str(one) for one in ASKED} | IDEAS <= set(numbers)


def test_every_test_that_is_named_exists(rows, root):
    known: dict[str, set[str]] = {}
    missing = []
    for number, _feature, cell in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)
        if not named:
            missing.append(f"{number}: names no test")
        for file, name in named:
            path = root / file
            if file not in known:
                known[file] = names_in(path) if path.is_file() else set()
            if name not in known[file]:
                missing.append(f"{number}: {file}::{name}")
    assert missing == []
