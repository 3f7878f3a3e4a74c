"""Pages of the documentation name buttons and pages of the workbench by the words they have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CATALOGUE = "src/commonlight/web/locale/en/LC_MESSAGES/django.po"
#: Pages in which bold means a word of the interface.
PAGES = ["docs/tutorials/first-workspace.md"]


@pytest.fixture(scope="module")
def words(root: Path) -> set[str]:
    text = (root / CATALOGUE).read_text(encoding="utf-8")
    return set(re.findall(r'^msgid "(.+)"$', text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_bold_words_stand_in_the_interface(name: str, root: Path, words: set[str]) -> None:
    named = re.findall(r"\*\*(.+?)\*\*", (root / name).read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [one for one in named if one not in words] == []
