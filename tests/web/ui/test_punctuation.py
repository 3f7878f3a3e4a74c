"""Texts that code joins have the signs of the language, with its spaces."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext_lazy, override

from commonlight.web.ui.punctuation import colon, listed, named

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(("language", "space"), [("en", ""), ("de", ""), ("fr", NARROW)])
def test_a_colon_and_a_semicolon(language: str, space: str) -> None:
    with override(language):
        assert colon() == f"{space}:"
        assert named("Nice", 3) == f"Nice{space}: 3"
        assert listed(["Nice, Lyon", "Brest"]) == f"Nice, Lyon{space}; Brest"


def test_texts_that_wait_for_the_language_are_read_in_it() -> None:
    with override("fr"):
        assert named(gettext_lazy("Gaps"), gettext_lazy("None")) == f"Lacunes{NARROW}: Aucun"


def test_one_text_stands_alone_and_none_is_nothing() -> None:
    assert listed(["Brest"]) == "Brest"
    assert listed(()) == ""
