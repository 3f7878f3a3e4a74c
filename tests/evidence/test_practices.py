"""Practices: outcome by outcome, marks kept, and nothing unknown that looks like zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from commonlight.evidence.practices import CONTEXT_FIELDS, DIMENSIONS, Effect, Practice
from commonlight.evidence.room import Room, load_room

ALL = list(load_room().practices.practices.values())
EFFECTS = [(one, effect) for one in ALL for effect in one.effects]


def test_one_practice_can_help_one_outcome_and_harm_another(small: Room) -> None:
    lamps = small.practice("lamps")
    assert lamps.directions() == {"crime": ("improves",), "trust": ("worsens",)}
    assert lamps.did_not_work
    assert not lamps.is_untested


def test_no_practice_has_a_verdict_as_a_whole() -> None:
    assert not {"direction", "rating", "score", "overall_direction"} & set(Practice.__annotations__)


def test_a_record_is_past_its_check_from_the_day_after(small: Room) -> None:
    lamps = small.practice("lamps")
    assert not lamps.is_past_check(lamps.check_again_on)
    assert lamps.is_past_check(lamps.check_again_on + timedelta(days=1))
    assert lamps.is_past_check(date(2030, 1, 1))


def test_a_dimension_that_was_not_studied_is_none_and_never_empty() -> None:
    found = [one.dimension(name).text for one in ALL for name in DIMENSIONS]
    assert any(text is None for text in found)
    assert all(text is None or text.strip() for text in found)
    contexts = [getattr(one.context, name) for one in ALL for name in CONTEXT_FIELDS]
    assert any(text is None for text in contexts)
    assert all(text is None or text.strip() for text in contexts)


@pytest.mark.parametrize("effect", [effect for _, effect in EFFECTS if effect.is_secondary])
def test_a_secondary_figure_never_looks_verified(effect: Effect) -> None:
    assert effect.rating.level in {"low", "very_low", "none"}
    assert "Read in another text" in effect.rating.reasons or effect.rating.level != "high"


def test_every_rating_has_reasons_and_every_effect_a_source() -> None:
    for practice, effect in EFFECTS:
        assert effect.rating.reasons
        assert effect.source in practice.sources
        assert effect.source in load_room().practices.sources


def test_an_unknown_direction_has_no_strength() -> None:
    rows = [effect for _, effect in EFFECTS if effect.direction == "unknown"]
    assert rows
    assert {effect.rating.level for effect in rows} == {"none"}


def test_failures_and_untested_practices_are_in_the_inventory() -> None:
    assert len([one for one in ALL if one.did_not_work]) >= 10
    assert {one.id for one in ALL if one.is_untested} == {
        "anti_trafficking_measures",
        "theft_from_person_prevention",
        "risk_factor_targeting_radicalisation",
        "oc_recruitment_prevention",
    }
    scared = load_room().practice("scared_straight")
    assert "worsens" in scared.directions()["reoffending"]


def test_an_address_prefers_the_lasting_identifier() -> None:
    sources = load_room().practices.sources
    assert sources["hinkle2020"].address == "https://doi.org/10.1002/cl2.1089"
    assert sources["wsipp236"].address == "https://www.wsipp.wa.gov/BenefitCost/Program/236"
    assert replace(sources["wsipp236"], url=None).address is None


# Figures as printed by their sources, read by us in the text named.
@pytest.mark.parametrize(
    ("effect", "value", "low", "high"),
    [
        # Braga and Weisburd (2020), abstract: 16 per cent with a log incidence rate ratio.
        ("hot_spots_policing__crime_count", -16, None, None),
        # Hinkle and others (2024), abstract: 33.8 per cent.
        ("problem_oriented_policing__crime_disorder_pooled", -33.8, None, None),
        # Welsh, Farrington and Douglas (2022), abstract: 14 per cent.
        ("street_lighting__total_crime", -14, None, None),
        # Wilson, Brennan and Olaghere (2018), abstract: 44 against 50 per cent.
        ("police_diversion_youth__reoffending", 44, None, None),
    ],
)
def test_figures_are_those_of_their_sources(
    effect: str, value: float, low: float | None, high: float | None
) -> None:
    found = {one.id: one for _, one in EFFECTS}[effect]
    assert (found.value, found.ci_low, found.ci_high) == (value, low, high)


def test_the_cardiff_figure_is_the_one_of_its_abstract() -> None:
    """Florence and others (2011): woundings, incidence rate ratio 0.68 (0.61 to 0.75)."""
    rows = [one for _, one in EFFECTS if one.id.startswith("cardiff_model__")]
    assert any((one.value, one.ci_low, one.ci_high) == (0.68, 0.61, 0.75) for one in rows)
    assert any((one.value, one.ci_low, one.ci_high) == (1.38, 1.13, 1.70) for one in rows)
