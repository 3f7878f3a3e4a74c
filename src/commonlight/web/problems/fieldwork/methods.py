"""What fieldwork asks the library: signs of a person in a text, and words that stigmatise."""

from __future__ import annotations

import re

from commonlight.findings.stigma import LANGUAGES, StigmaNote, find_stigma
from commonlight.sources.persons import E_MAIL, PHONE_ABROAD

__all__ = ["contact_in", "stigma_in"]

_PAIRS = re.compile(r"(?<![\w+.,])0[1-9](?:[ .-]?\d{2}){4}(?!\w)")
_DAY_OR_HOUR = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[.:]\d{2}(?!\d)")
_AREA_CODE = re.compile(r"(?<![\w+.,])\(?0[1-9]\d{1,4}\)?(?:[ /.-]?\d){5,11}(?!\w)")
_IN_THREES = re.compile(r"(?<![\d.,])[6789]\d{2} ?\d{3} ?\d{3}(?![\d.,])")


def contact_in(text: str) -> str:
    """The kind of contact that a text gives away: e_mail, phone, or empty."""
    if E_MAIL.search(text):
        return "e_mail"
    if PHONE_ABROAD.search(text) or _PAIRS.search(text):
        return "phone"
    rest = _DAY_OR_HOUR.sub(" – ", text)
    return "phone" if _AREA_CODE.search(rest) or _IN_THREES.search(rest) else ""


def stigma_in(text: str, *, language: str) -> list[StigmaNote]:
    """Words that stigmatise, by the list of the language and by the English one."""
    languages = {language if language in LANGUAGES else "en", "en"}
    return [note for one in sorted(languages) for note in find_stigma(text, language=one)]
