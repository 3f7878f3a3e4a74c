"""Which partners the record of a problem names; sealed answers name nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def problem(actor_of, city):
    from commonlight.web.problems.domain.stating import open_problem
    from commonlight.web.problems.models import Problem

    made = open_problem(
        actor_of("coordinator"), title="Evenings", sentence="Girls are followed.", place="Station"
    )
    Problem.objects.of(city.workspace).filter(pk=made.pk).update(owner=city.municipality)
    made.refresh_from_db()
    return made


def named(actor, problem):
    from commonlight.web.partnerships.problem_fields import partners

    return [str(one.text) for one in partners(actor, problem)]


def test_who_answers_for_it_and_who_framed_it_openly_are_named(problem, partners, actor_of, city):
    from commonlight.web.problems.models import Frame, FrameRound

    actor = actor_of("coordinator")
    assert named(actor, problem) == [city.municipality.name]
    round = FrameRound.objects.create(
        workspace=city.workspace,
        problem=problem,
        number=1,
        closes_at=timezone.now() + timedelta(days=2),
    )
    for organisation, answers in ((city.police, {"what": "Drinking"}), (city.youth_work, None)):
        Frame.objects.create(
            workspace=city.workspace,
            round=round,
            organisation=organisation,
            sealed="x",
            answers=answers,
            sent_at=timezone.now(),
        )
    assert named(actor, problem) == sorted([city.municipality.name, city.police.name])
