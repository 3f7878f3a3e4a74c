"""The words on pages are those of the library."""

from __future__ import annotations

from commonlight.findings import words
from commonlight.findings.model import Block as LibraryBlock
from commonlight.findings.model import Certainty as LibraryCertainty
from commonlight.web.audits.enums import CERTAINTY_MEANINGS, Block, Certainty


def test_each_certainty_has_the_words_of_the_report() -> None:
    assert Certainty.values == [one.value for one in LibraryCertainty]
    for one in LibraryCertainty:
        assert str(Certainty(one.value).label) == words.certainty_tag(one)
        assert str(CERTAINTY_MEANINGS[Certainty(one.value)]) == words.certainty_meaning(one)


def test_each_part_has_the_title_of_the_report() -> None:
    assert {one.value: str(one.label) for one in Block} == {
        one.value: one.title for one in LibraryBlock
    }
