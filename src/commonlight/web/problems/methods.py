"""What the app of problems asks the library: whether a text names how to reach a person."""

from __future__ import annotations

from commonlight.sources.persons import E_MAIL, PHONE_ABROAD

__all__ = ["names_a_contact"]


def names_a_contact(text: str) -> bool:
    """Whether a text holds an e-mail address, or a phone number with its country code."""
    return bool(E_MAIL.search(text) or PHONE_ABROAD.search(text))
