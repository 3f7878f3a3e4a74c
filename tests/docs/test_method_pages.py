"""Each method page has its parts, and says which assumption fails most often."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PARTS = {
    "the question": "question",
    "what it does": "what it does",
    "how to read the result": "how to read",
    "what it does not answer": "what it does not answer",
    "assumptions": "assumption",
    "an example": "example",
    "how it is checked": "how it is checked",
    "references": "reference",
}
HEADING = re.compile(r"^#+ (.+)$|^\*\*(.+?)\*\*", re.MULTILINE)
#: Rules and lists of words have no formula.
NO_FORMULA = {"offence-classes", "persons-guard", "stigma-guard"}
#: Counting has neither assumptions nor an example.
PAGES = sorted(
    path
    for path in (Path(__file__).parents[2] / "docs/methods").glob("*.md")
    if path.stem not in ("index", "counting")
)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_method_page_has_its_parts(path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = [(first or second).lower() for first, second in HEADING.findall(text)]
    wanted = PARTS if path.stem in NO_FORMULA else {**PARTS, "the formula": "formula"}
    lacking = [part for part, word in wanted.items() if not any(word in h for h in headings)]
    assert not lacking
    assert "most often" in text.lower(), "say which assumption fails most often"
