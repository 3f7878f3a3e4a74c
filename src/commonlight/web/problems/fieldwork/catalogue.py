"""The method cards, the questions of the positive lens and the blocks of an audit, as data."""

from __future__ import annotations

from typing import Any

from commonlight.web.content import read_content

__all__ = [
    "audit_words",
    "block_named",
    "blocks",
    "card",
    "card_words",
    "cards",
    "lens",
    "none_found_words",
    "people_speak_in",
    "question_named",
    "questions",
    "voice_choices",
    "voice_titles",
]

HERE, ABOVE = "commonlight.web.problems.fieldwork", "commonlight.web.problems"


def cards() -> list[dict[str, Any]]:
    """The method cards, in their order."""
    return list(read_content(HERE, "method_cards")["card"])


def card(name: str) -> dict[str, Any] | None:
    """One method card, or None."""
    return next((one for one in cards() if one["id"] == name), None)


def people_speak_in(name: str) -> bool:
    """Whether people speak for themselves in a session with this card; else they are only seen."""
    return bool((card(name) or {}).get("people_speak"))


def card_words() -> dict[str, Any]:
    """The headings of a card and the sentences around a session."""
    return dict(read_content(HERE, "method_cards")["words"])


def questions() -> list[dict[str, Any]]:
    """The questions of the positive lens."""
    return list(read_content(HERE, "audit_scope")["positive_question"])


def question_named(name: str) -> dict[str, Any] | None:
    """One question of the positive lens, or None."""
    return next((one for one in questions() if one["id"] == name), None)


def lens() -> dict[str, Any]:
    """What the positive lens is, and why."""
    return dict(read_content(HERE, "audit_scope")["positive_lens"])


def none_found_words() -> dict[str, Any]:
    """How “none found” is said and what it needs."""
    return dict(read_content(HERE, "audit_scope")["none_found"])


def blocks() -> list[dict[str, Any]]:
    """The six scope blocks, in their order."""
    return list(read_content(HERE, "audit_scope")["block"])


def block_named(name: str) -> dict[str, Any] | None:
    """One scope block, or None."""
    return next((one for one in blocks() if one["id"] == name), None)


def audit_words() -> dict[str, Any]:
    """Words of the audit workspace."""
    return dict(read_content(HERE, "audit_scope")["words"])


def voice_titles() -> dict[str, Any]:
    """The groups whose voice may be missing, by their id."""
    return {one["id"]: one["title"] for one in read_content(ABOVE, "definition")["voice"]}


def voice_choices() -> list[tuple[str, Any]]:
    """The groups as choices of a form."""
    return list(voice_titles().items())
