"""The sign-in library speaks to people as the rest of the pages do."""

from __future__ import annotations

import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.utils.translation import gettext, override

from commonlight.web.accounts.library_words import WORDS

FAMILIAR = {
    "de": re.compile(r"\b(du|dein\w*|dich|dir)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(tu|ton|ta|tes|toi)\b", re.IGNORECASE),
}


@pytest.mark.parametrize("language", sorted(FAMILIAR))
def test_nobody_is_addressed_too_familiarly(language):
    with override(language):
        told = [gettext(text) for text in WORDS]
    assert [text for text in told if FAMILIAR[language].search(text) or "[en]" in text] == []


def test_the_library_still_says_these_words():
    said = {
        str(text)
        for adapter in (DefaultAccountAdapter, DefaultSocialAccountAdapter)
        for text in adapter.error_messages.values()
    }
    assert len(said & set(WORDS)) >= 5
