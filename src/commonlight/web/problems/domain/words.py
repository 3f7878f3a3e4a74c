"""Texts of a problem are about places and groups, never about persons."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonlight.web.audits.methods import stigma_notes
from commonlight.web.problems.methods import names_a_contact

__all__ = ["PersonError", "contact_refusal", "notes_on", "refuse_contacts"]


class PersonError(ValueError):
    """A text that says how to reach a person."""

    def __init__(self, part: str) -> None:
        super().__init__(contact_refusal())
        self.part = part


def contact_refusal() -> str:
    """The sentence that people read when a text holds a contact."""
    return _(
        "This holds an e-mail address or a phone number. Leave persons out: name places and "
        "groups only."
    )


def refuse_contacts(**texts: Any) -> None:
    """Stop texts that hold an e-mail address or a phone number.

    Raises
    ------
    PersonError
        For the first text that does.
    """
    for name, text in texts.items():
        if isinstance(text, str) and names_a_contact(text):
            raise PersonError(name)


def notes_on(*texts: str) -> list[str]:
    """What the guard against words that stigmatise says of the texts, each note once."""
    found = stigma_notes(texts, language=(get_language() or "en").partition("-")[0])
    said = (
        _("“%(phrase)s”: %(reason)s Better: %(instead)s")
        % {"phrase": one.phrase, "reason": one.reason, "instead": one.instead}
        for one in found
    )
    return list(dict.fromkeys(said))
