"""Texts of a design are about places and groups: a way to reach a person is refused."""

from __future__ import annotations

from typing import Any

from django import forms

from commonlight.web.problems.domain.words import PersonError, contact_refusal, refuse_contacts

__all__ = ["RefusesContacts"]


class RefusesContacts(forms.Form):
    """No text of this form may hold an e-mail address or a phone number."""

    def clean(self) -> dict[str, Any]:
        """Say so beside the field."""
        given = super().clean() or {}
        for name, text in list(given.items()):
            try:
                refuse_contacts(text=text)
            except PersonError:
                self.add_error(name, contact_refusal())
        return given
