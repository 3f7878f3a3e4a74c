"""Figures in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from commonlight.evidence.room import load_room
from commonlight.web.knowledge.words import effect_row, figure, number, spread

EFFECT = load_room().practice("street_lighting").effects[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [(12, "12"), (-14.0, "−14"), (0.125, "0.125"), (3200000, "3\u202f200\u202f000")],
)
def test_numbers_keep_the_decimals_that_they_have(value: float, text: str) -> None:
    assert number(value) == text


def test_a_figure_is_told_as_what_it_is() -> None:
    assert figure(EFFECT) == "14 per cent less"
    assert figure(replace(EFFECT, value=3.0)) == "3 per cent more"
    assert figure(replace(EFFECT, metric="OR", value=1.68)) == "1.68"
    level = replace(EFFECT, metric="percent_level", value=44, comparison_value=50)
    assert figure(level) == "44 per cent, against 50 per cent without it"
    assert figure(replace(EFFECT, metric="percent_odds_change", value=-39)) == (
        "odds 39 per cent lower"
    )


def test_no_figure_is_said_and_never_zero() -> None:
    nothing = replace(EFFECT, value=None, value_is=None, metric="direction_only")
    assert figure(nothing) == "Only the direction was read, no figure."
    assert spread(nothing) == ""


def test_a_range_says_what_it_is() -> None:
    ranged = replace(EFFECT, ci_low=-20.0, ci_high=-8.0, range_is="studies")
    assert spread(ranged) == "Range across studies, no confidence interval: −20 to −8"


def test_a_german_reader_gets_a_comma() -> None:
    with override("de"):
        assert number(0.25) == "0,25"


def test_a_row_carries_its_strength_and_what_was_read() -> None:
    row = effect_row(EFFECT, None)
    assert str(row.strength) == "High"
    assert str(row.confidence) == "Read in the abstract or opening"
