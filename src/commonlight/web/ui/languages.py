"""The languages of the interface, each under its own name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

__all__ = ["LANGUAGES", "SOURCE", "language_name"]

SOURCE = "en"
"""The language that texts are written in."""

LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
"""A language is named in itself: who needs it cannot read the others."""

NAMES = {"en": _("English"), "de": _("German"), "fr": _("French")}
"""The languages in the language of the reader."""


def language_name(code: str) -> str:
    """The name of a language in the language of the reader."""
    return str(NAMES.get(code, code))
