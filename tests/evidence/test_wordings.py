"""How words are compared."""

from __future__ import annotations

import pytest

from commonlight.evidence.wordings import Wording, normalise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Straßenraub", ["strassenraub"]),
        ("Włamanie", ["wlamanie"]),
        ("cel·la", ["cella"]),
        ("Vol à l’arraché!", ["vol", "a", "l", "arrache"]),
        ("  ", []),
        ("break-in", ["break", "in"]),
    ],
)
def test_normalise(text: str, words: list[str]) -> None:
    assert normalise(text) == words


def test_a_star_stands_for_any_letters() -> None:
    inside = Wording("burglary", "de", "*einbruch*")
    assert inside.stands_in(["wohnungseinbruche"])
    assert not inside.stands_in(["bruch"])
    assert Wording("burglary", "en", "burglar*").stands_in(["the", "burglars"])
    assert not Wording("theft", "fr", "vol").stands_in(["volant"])


def test_the_size_counts_no_stars() -> None:
    assert Wording("x", "en", "break*").size == (1, 5)
    assert Wording("x", "en", "breaking and entering").size == (3, 19)
