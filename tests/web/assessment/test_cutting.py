"""A text is cut into the same claims each time, and each keeps its place."""

from __future__ import annotations

import time

import pytest

from commonlight.web.assessment.domain.cutting import cut_text, languages
from commonlight.web.content import read_content
from commonlight.web.ui.languages import LANGUAGES

CASES = read_content("commonlight.web.assessment", "claims")["test"]


def test_every_language_of_the_interface_has_rules():
    assert {code for code, _ in LANGUAGES} <= set(languages())


@pytest.mark.parametrize("case", CASES, ids=lambda one: one["text"][:30])
def test_a_text_is_cut_as_the_content_says(case):
    assert [one.text for one in cut_text(case["text"], case["language"])] == case["claims"]


def test_the_demo_strategy_has_its_59_claims_and_each_keeps_its_place(strategy_text, demo):
    found = cut_text(strategy_text, "en")
    assert [one.text for one in found] == [one["text"] for one in demo["claim"]]
    assert len(found) == 59
    assert all(strategy_text[one.start : one.end] == one.text for one in found)
    assert found[15].lead_in == "The programme consists of:"
    assert found[15].heading.startswith("3. Centre Safe")


def test_a_line_break_inside_a_sentence_is_a_space_and_keeps_the_place():
    text = "We listen to\nresidents and we\nre-\npair the lamps. It matters."
    found = cut_text(text, "en")
    assert [one.text for one in found] == [
        "We listen to residents and we repair the lamps.",
        "It matters.",
    ]
    assert text[found[1].start : found[1].end] == "It matters."


def test_the_same_text_gives_the_same_claims(strategy_text):
    assert cut_text(strategy_text, "en") == cut_text(strategy_text, "en")


@pytest.mark.parametrize(
    "evil", ["a." * 50000, "a.a " * 40000, "." * 100000, "A. " * 30000, "x@" * 50000, "1." * 50000]
)
def test_no_text_makes_the_cut_slow(evil):
    start = time.perf_counter()
    cut_text(evil, "de")
    assert time.perf_counter() - start < 3
