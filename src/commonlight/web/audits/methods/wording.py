"""What the audits app asks the library: words that stigmatise, and classes of offences."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from commonlight.findings.stigma import LANGUAGES, StigmaNote, find_stigma

__all__ = ["offence_classes", "stigma_notes"]

SECTION = 2


def stigma_notes(texts: Iterable[str], *, language: str) -> list[StigmaNote]:
    """Words that stigmatise, by the list of the language and by the English one."""
    languages = {language if language in LANGUAGES else "en", "en"}
    return [
        note
        for text in texts
        for one in sorted(languages)
        for note in find_stigma(text, language=one)
    ]


@lru_cache
def offence_classes() -> tuple[tuple[str, str], ...]:
    """The sections of the international classification of crime, by code."""
    from commonlight.evidence.offences import load_iccs

    classes = load_iccs().classes.values()
    return tuple((one.code, one.name) for one in classes if len(one.code) == SECTION)
