"""A problem in design with a concept, and people who did not write it."""

from __future__ import annotations

import pytest


@pytest.fixture
def problem(actor_of):
    from commonlight.web.problems.domain.stating import open_problem

    made = open_problem(
        actor_of("analyst"),
        title="Quarrels at the station in the evening",
        sentence="Young people and travellers quarrel at the station between 20:00 and 23:00.",
        place="Station square",
        period="Since spring, on weekdays",
        groups_harmed="Women on their way home",
        harm="Threats and pushing",
        focus_area="public_spaces",
    )
    made.state = "designing"
    made.save()
    return made


@pytest.fixture
def concept(problem, actor_of):
    from commonlight.web.design.domain.concepts import open_concept

    return open_concept(
        actor_of("analyst"),
        problem,
        name="Evening café",
        in_one_sentence="A café in the waiting room is open until 23:00.",
        why_it_should_work="There is somebody to talk to, and a place to sit.",
        users=["youth"],
        designed_with=["youth"],
        who_does_it="Youth work, and the city after three years",
        who_may_lose="The kiosk",
        cost_guess="",
        good_uses_kept="",
        cause=None,
        organisations=[],
        ideas=[],
    )
