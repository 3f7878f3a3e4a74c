"""A text that is not translated yet shows its source, with a mark that says so.

The mark is in the text itself, because a text may end up in a title, an attribute or a letter,
where nothing else could be seen: "Upload a file [en]".
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from django.utils.translation import trans_real

from commonlight.web.ui.languages import LANGUAGES, SOURCE

__all__ = ["MARK", "MarkedSource", "mark_missing", "own_texts"]

MARK = f" [{SOURCE}]"
LOCALE = Path(__file__).resolve().parents[1] / "locale"


class MarkedSource(NullTranslations):
    """Marks our own texts; those of libraries are answered as before."""

    def __init__(self, texts: Collection[object], before: NullTranslations | None) -> None:
        super().__init__()
        self.texts = texts
        self.before = before or NullTranslations()

    def gettext(self, message: str) -> str:
        """The source of our own text, marked."""
        return message + MARK if message in self.texts else self.before.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """As `gettext`, by the English plural."""
        if msgid1 in self.texts:
            return (msgid1 if n == 1 else msgid2) + MARK
        return self.before.ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        """As `gettext`, in a context."""
        if f"{context}\x04{message}" in self.texts:
            return message + MARK
        return self.before.pgettext(context, message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """As `ngettext`, in a context."""
        if f"{context}\x04{msgid1}" in self.texts:
            return (msgid1 if n == 1 else msgid2) + MARK
        return self.before.npgettext(context, msgid1, msgid2, n)


@lru_cache
def own_texts() -> frozenset[str]:
    """All texts of the web part, from the catalogue of the source language."""
    path = LOCALE / SOURCE / "LC_MESSAGES" / "django.mo"
    if not path.is_file():
        return frozenset()
    with path.open("rb") as file:
        read: Any = GNUTranslations(file)
    return frozenset(key[0] if isinstance(key, tuple) else key for key in read._catalog if key)


def mark_missing() -> None:
    """Let every language but the source mark what it lacks."""
    for code, _ in LANGUAGES:
        if code == SOURCE:
            continue
        catalogue: Any = trans_real.translation(code)
        if not isinstance(catalogue._fallback, MarkedSource):
            catalogue._fallback = MarkedSource(own_texts(), catalogue._fallback)
