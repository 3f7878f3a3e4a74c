"""Every action that the code records has its words."""

import re
from pathlib import Path

import pytest

import commonlight.web
from commonlight.web.eventlog.words import words

CALL = re.compile(r"(?:record|tell)\(\s*[\w.()]+,\s*\"([a-z]+\.[a-z.-]+)\"")
CHOSEN = re.compile(r"action = \"([a-z]+\.[a-z.-]+)\"")
DECIDED = re.compile(r"_decide\([\w., ]+\"([a-z]+\.[a-z.-]+)\"")


def recorded() -> set[str]:
    found: set[str] = set()
    for path in Path(commonlight.web.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for pattern in (CALL, CHOSEN, DECIDED):
            found |= set(pattern.findall(text))
    return found


def test_the_search_finds_actions() -> None:
    assert {"release.release", "audit.plan.make", "agreement.draft"} <= recorded()


@pytest.mark.parametrize("action", sorted(recorded()))
def test_an_action_has_words(action: str) -> None:
    assert action in words(), f"name {action} in the app's event_words.py"
