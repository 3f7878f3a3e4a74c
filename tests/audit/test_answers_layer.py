"""What of a questionnaire becomes a number, and which way round it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonlight.audit.answers_layer import CONSTRUCT_NAMES, answer_cells
from commonlight.audit.layers import AreaLayer
from commonlight.sources.codebook import Construct

STEPS = {"1": "very safe", "2": "safe", "3": "unsafe", "4": "very unsafe"}


def test_every_construct_has_a_name_of_its_own() -> None:
    assert set(CONSTRUCT_NAMES) == set(Construct)
    assert len(set(CONSTRUCT_NAMES.values())) == len(Construct)


def test_a_rating_is_averaged_and_steps_are_shares(question: Any, survey_of: Any) -> None:
    layer = survey_of(
        question("rating", [0, 5, np.nan]),
        question("steps", [1, 4, np.nan], labels=STEPS, share_of=("3", "4"), high_is="unsafe"),
    )
    rating, steps = layer.measures(Construct.SAFETY)
    assert (rating.share, rating.unit) == (False, "0 to 10")
    assert rating.values[:2].tolist() == [0, 5]
    assert steps.share
    assert steps.values[:2].tolist() == [0, 1]
    assert np.isnan(steps.values[2])
    assert steps.label == "steps: unsafe or very unsafe"


def test_a_category_without_an_order_becomes_one_share_each(question: Any, survey_of: Any) -> None:
    labels = {"1": "street", "2": "park"}
    layer = survey_of(question("where", [1, 2, 2], labels=labels, high_is=None))
    street, park = layer.measures(Construct.SAFETY)
    assert (street.name, park.name) == ("where/1", "where/2")
    assert (street.values + park.values).tolist() == [1, 1, 1]


def test_a_multiple_answer_is_one_share_for_each_choice(question: Any, survey_of: Any) -> None:
    chosen = {"bus": np.array([1.0, 0.0, np.nan]), "park": np.array([1.0, 1.0, np.nan])}
    both = question(
        "avoided",
        [2, 1, np.nan],
        kind="multiple",
        labels={"bus": "buses", "park": "parks"},
        choices=chosen,
        construct=Construct.BEHAVIOUR,
        high_is=None,
    )
    bus, park = survey_of(both).measures(Construct.BEHAVIOUR)
    assert bus.label == "avoided: buses"
    np.testing.assert_array_equal(park.values, chosen["park"])


@pytest.mark.parametrize(
    ("high_is", "share_of", "worse"),
    [
        ("safe", (), False),
        ("unsafe", (), True),
        ("better", (), False),
        ("worse", (), True),
        ("more", (), None),
        (None, ("1",), None),
        ("unsafe", ("3", "4"), True),
        ("unsafe", ("1", "2"), False),
        ("safe", ("1", "2"), True),
        ("safe", ("9",), None),
    ],
)
def test_which_end_is_worse_follows_from_codes_and_counted_answers(
    question: Any, survey_of: Any, high_is: str | None, share_of: tuple[str, ...], worse: bool
) -> None:
    options: dict[str, Any] = {"high_is": high_is}
    if share_of:
        options |= {"labels": STEPS, "share_of": share_of}
    (measure,) = survey_of(question("felt", [1, 2, 4], **options)).measures(Construct.SAFETY)
    assert measure.higher_is_worse is worse


def test_victims_are_always_worse(question: Any, survey_of: Any) -> None:
    victim = question(
        "victim",
        [1, 2],
        labels={"1": "yes", "2": "no"},
        share_of=("1",),
        construct=Construct.VICTIMISATION,
        high_is=None,
    )
    (measure,) = survey_of(victim).measures(Construct.VICTIMISATION)
    assert measure.higher_is_worse is True
    assert measure.label == "victim"


def test_the_own_neighbourhood_stands_for_safety(question: Any, survey_of: Any) -> None:
    home = question("home", [1, 2], labels=STEPS, share_of=("3",), place="home")
    near_steps = question("dark", [1, 2], labels=STEPS, share_of=("3",), place="area")
    near = question("near", [1, 2], place="neighbourhood")
    city = question("city", [1, 2], place="city")
    layer = survey_of(home, near_steps, city, near)
    main = layer.main_measure(Construct.SAFETY)
    assert main is not None
    assert main.name == "near"
    told = [measure.name for measure in layer.told(Construct.SAFETY)]
    assert told == ["near", "home", "dark", "city"]
    assert layer.main_measure(Construct.WORRY) is None
    assert layer.told(Construct.WORRY) == ()


def test_the_broadest_question_stands_for_what_was_lived_through(
    question: Any, survey_of: Any
) -> None:
    about: dict[str, Any] = {
        "labels": {"1": "yes", "2": "no"},
        "share_of": ("1",),
        "construct": Construct.VICTIMISATION,
    }
    layer = survey_of(
        question("burgled", [1, 2, 2, 2], **about),
        question("any", [1, 1, 1, 2], **about),
        question("unasked", [np.nan] * 4, **about),
    )
    main = layer.main_measure(Construct.VICTIMISATION)
    assert main is not None
    assert main.name == "any"


def test_a_measure_is_found_by_name(question: Any, survey_of: Any) -> None:
    layer = survey_of(question("near", [1, 2]))
    assert layer.measure("near").item.item.name == "near"
    with pytest.raises(KeyError):
        layer.measure("far")


def test_answers_are_joined_to_areas_by_code(question: Any, survey_of: Any) -> None:
    layer = survey_of(question("near", [1, 2, 3]), area=[3, -1, 0])
    assert layer.area.tolist() == [3, -1, 0]
    few = survey_of(question("near", [1, 2, 3]), area=[3, -1, 0], areas=None)
    assert few.area.tolist() == [-1, -1, -1]
    assert survey_of(question("near", [1])).area.tolist() == [-1]


def test_a_design_that_is_not_known_for_all_is_not_used(question: Any, survey_of: Any) -> None:
    asked = question("near", [1, 2, 3, 4])
    known = survey_of(asked, stratum=[0, 0, 1, 1], cluster=[0, 1, 2, 3])
    assert known.design.n_strata == 2
    assert survey_of(asked, stratum=[0, 0, 1, -1]).design.strata is None


def test_days_of_the_interviews(question: Any, survey_of: Any) -> None:
    days = np.array(["2024-03-02", "NaT", "2024-02-01"], dtype="datetime64[D]")
    layer = survey_of(question("near", [1, 2, 3]), day=days)
    assert [str(day) for day in layer.field_days] == ["2024-02-01", "2024-03-02"]
    assert survey_of(question("near", [1, 2, 3])).field_days is None
    unknown = survey_of(question("near", [1]), day=np.array(["NaT"], dtype="datetime64[D]"))
    assert unknown.field_days is None


def test_cells_hold_answers_by_item_and_area(
    question: Any, survey_of: Any, areas: AreaLayer
) -> None:
    layer = survey_of(question("near", [1, 2, 3]), area=[0, 0, 1])
    (measure,) = layer.measures(Construct.SAFETY)
    counts = np.array([2, 1] + [0] * 10)
    found = answer_cells(layer, measure, areas, counts, [1, 0], column="answers")
    assert found.source == "survey/answers"
    assert found.keys == (("near", "W01"), ("near", "W00"))
    assert found.counts == (1, 2)


def test_a_name_of_a_measure_can_stand_in_a_file_name(question: Any, survey_of: Any) -> None:
    labels = {"A/1 x": "street", "2": "park"}
    where = question("where_to", [np.nan, np.nan], labels=labels, high_is=None)
    first, second = survey_of(where).measures(Construct.SAFETY)
    assert (first.slug, second.slug) == ("where-to-A-1-x", "where-to-2")
