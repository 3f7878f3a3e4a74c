"""A problem of Lakeside, and answers to the planner."""

from __future__ import annotations

import pytest


@pytest.fixture
def problem(actor_of):
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("analyst"),
        title="Quarrels at the station in the evening",
        sentence="Young people and travellers quarrel at the station between 20:00 and 23:00.",
        place="Station square",
        groups_harmed="Women on their way home",
    )


@pytest.fixture
def answers():
    from commonlight.web.design.engagement.domain.ranking import Answers

    return Answers(
        phase="frame",
        purpose="consult",
        reach=("women", "youth"),
        size=10,
        days=60,
        cost="low",
        skills=("facilitation", "interviewing"),
        offers=("childcare", "interpreters", "step_free", "expenses"),
    )


@pytest.fixture
def contributions(problem, actor_of):
    """Two contributions of one day, both open."""
    from datetime import date

    from commonlight.web.design.engagement.domain.register import add_contributions

    return add_contributions(
        actor_of("partner"),
        problem,
        [("women", "The lamps at the stop are out."), ("youth", "There is nowhere to sit.")],
        received_on=date(2026, 5, 4),
    )
