"""How much may be shown: never what somebody could be worked out from."""

from __future__ import annotations

from itertools import product

import pytest

from commonlight.web.partnerships.domain.pulse.disclosure import (
    Limits,
    limits,
    may_be_shown,
    verdict,
)
from commonlight.web.partnerships.domain.pulse.figures import added, told_of

LEAST = Limits(answers=5, organisations=3, without_one=3)
VALUES = {"strongly_disagree": 1, "disagree": 2, "neither": 3, "agree": 4, "strongly_agree": 5}


def test_the_limits_stand_in_the_content():
    assert limits() == LEAST


@pytest.mark.parametrize(
    ("turnout", "why"),
    [
        ({}, "few"),
        ({1: 2, 2: 1, 3: 1}, "few"),
        ({1: 3, 2: 2}, "organisations"),
        ({1: 5}, "organisations"),
        ({1: 3, 2: 1, 3: 1}, "subtraction"),
        ({1: 90, 2: 1, 3: 1}, "subtraction"),
        ({1: 2, 2: 2, 3: 1}, ""),
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, ""),
    ],
)
def test_a_group_is_shown_only_if_nobody_can_be_singled_out(turnout, why):
    assert may_be_shown(turnout, LEAST) == why


@pytest.mark.parametrize(
    ("now", "before", "shape"),
    [
        ({1: 2, 2: 2, 3: 2}, {1: 2, 2: 2, 3: 2}, "shown"),
        ({1: 2, 2: 2, 3: 3}, {1: 2, 2: 2, 3: 2}, "hidden"),
        ({1: 2, 2: 2, 3: 2}, {1: 2, 2: 2, 3: 3}, "hidden"),
        ({1: 2, 2: 2, 3: 2, 4: 1}, {1: 2, 2: 2, 3: 2}, "hidden"),
        ({1: 2, 2: 2, 3: 2, 4: 9}, {1: 2, 2: 2, 3: 2}, "hidden"),
        ({1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 1}, {1: 2, 2: 2, 3: 2}, "shown"),
        ({1: 2, 2: 2, 3: 2}, {4: 2, 5: 2, 6: 2}, "shown"),
    ],
)
def test_who_came_or_left_between_two_rounds_must_be_a_group_as_well(now, before, shape):
    told = verdict(now, [before], LEAST)
    assert told.shape == shape
    assert (told.reason == "difference") == (shape == "hidden")


def test_a_round_is_compared_with_every_round_that_was_shown():
    same, other = {1: 2, 2: 2, 3: 2}, {1: 2, 2: 2, 3: 1}
    assert verdict(same, [same, other], LEAST).reason == "difference"


def test_no_turnout_that_is_shown_leaves_a_partner_fewer_than_three_answers_of_others():
    """Every turnout of up to four organisations with up to four answers each, one by one."""
    for counts in product(range(5), repeat=4):
        if not may_be_shown(dict(enumerate(counts)), LEAST):
            assert sum(counts) >= 5
            assert sum(count > 0 for count in counts) >= 3
            assert all(sum(counts) - own >= 3 for own in counts)


def test_spread_middle_and_mean_are_those_of_the_answers():
    split = told_of({"strongly_disagree": 3, "strongly_agree": 3, "cannot_say": 2}, VALUES)
    assert split["middle"] == [1, 5]
    assert split["spread"] == "far"
    assert split["mean"] == 30
    close = told_of({"agree": 4, "strongly_agree": 1}, VALUES)
    assert (close["middle"], close["spread"], close["mean"]) == ([4, 4], "close", 42)


def test_few_answers_with_a_value_have_no_middle_and_no_mean():
    told = told_of({"agree": 4, "cannot_say": 9}, VALUES)
    assert told["middle"] is told["mean"] is told["spread"] is None


def test_statements_add_up_to_their_condition():
    assert added([{"agree": 2}, {"agree": 1, "neither": 3}]) == {"agree": 3, "neither": 3}
