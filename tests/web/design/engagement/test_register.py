"""Contributions keep the gate shut until each has its reply with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commonlight.web.design.engagement.domain.gates import gates_of
from commonlight.web.design.engagement.domain.planning import EngagementError
from commonlight.web.design.engagement.domain.register import (
    add_contributions,
    points_at_a_person,
    reopen,
    reply,
    tallies,
)
from commonlight.web.policy import Refused
from commonlight.web.states import NotNow

REASON = "The lamps are repaired within a month."


def replies_lack(actor, problem):
    gate = next(one for one in gates_of(actor, problem) if one.id == "to_prototype")
    return [one.text for one in gate.missing if one.need == "all_replies_given"]


def test_the_gate_stays_shut_while_replies_are_open(problem, contributions, actor_of):
    partner = actor_of("partner")
    assert replies_lack(partner, problem) == [
        "2 contributions have no reply yet. You go on once each has one."
    ]
    reply(partner, contributions[0], answer="adopted", text=REASON)
    assert replies_lack(partner, problem) == [
        "One contribution has no reply yet. You go on once it has one."
    ]
    reply(partner, contributions[1], answer="not_adopted", text=REASON)
    assert replies_lack(partner, problem) == []
    reopen(partner, contributions[1], reason="The reason was wrong.")
    assert len(replies_lack(partner, problem)) == 1


def test_a_reply_needs_a_sentence_and_comes_once(contributions, actor_of):
    partner = actor_of("partner")
    with pytest.raises(EngagementError, match="at least one full sentence"):
        reply(partner, contributions[0], answer="not_adopted", text="No.")
    reply(partner, contributions[0], answer="partly_adopted", text=REASON)
    with pytest.raises(NotNow, match="No reply yet"):
        reply(partner, contributions[0], answer="adopted", text=REASON)


def test_a_withdrawn_reply_stays_with_its_reason(contributions, actor_of):
    partner = actor_of("partner")
    reply(partner, contributions[0], answer="adopted", text=REASON)
    reopen(partner, contributions[0], reason="There is no money.")
    reply(partner, contributions[0], answer="not_adopted", text="There is no money this year.")
    told = [(one.answer, bool(one.withdrawn_at)) for one in contributions[0].replies.all()]
    assert told == [("adopted", True), ("not_adopted", False)]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Write to ana.b@example.org about it.", True),
        ("Call me at +49 170 1234567.", True),
        ("Ring 0170/1234567 in the evening.", True),
        ("Between 20:00 and 23:00 on 4.5.2026 and 11.5.2026.", False),
        ("In 2024-2025 there were 1200 visits.", False),
        ("The lamps are out.", False),
    ],
)
def test_what_points_at_a_person_is_not_kept(text, points, problem, actor_of):
    assert points_at_a_person(text) is points
    if points:
        with pytest.raises(EngagementError, match="telephone"):
            add_contributions(
                actor_of("partner"), problem, [("women", text)], received_on=date(2026, 5, 4)
            )


def test_the_tally_counts_what_waits_too_long(problem, contributions, actor_of):
    today = timezone.localdate()
    add_contributions(
        actor_of("partner"), problem, [("men", "More light.")], received_on=today - timedelta(56)
    )
    tally = tallies([problem])[problem.pk]
    assert (tally.given, tally.replied, tally.open) == (3, 0, 3)
    assert tally.late == sum(one.received_on < today - timedelta(56) for one in contributions)


@pytest.mark.parametrize("role", ["decision_maker", "evaluator", "stranger"])
def test_who_may_not_reply_is_refused(role, contributions, actor_of):
    with pytest.raises(Refused):
        reply(actor_of(role), contributions[0], answer="adopted", text=REASON)


def test_nothing_is_written_into_a_problem_that_was_set_aside(problem, contributions, actor_of):
    problem.state = "set_aside"
    problem.save()
    with pytest.raises(Refused, match="set aside"):
        reply(actor_of("partner"), contributions[0], answer="adopted", text=REASON)


def test_the_register_is_a_ground_as_long_as_nobody_waits_too_long(problem, actor_of):
    from commonlight.web.design.engagement.domain.planning import say_why
    from commonlight.web.design.engagement.nodes import REPLY_REGISTER

    engagement = say_why(actor_of("coordinator"), problem, rationale="normative")
    things = {str(engagement.pk): engagement}
    assert not REPLY_REGISTER.live(things)[str(engagement.pk)]
    today = timezone.localdate()
    (one,) = add_contributions(
        actor_of("partner"), problem, [("men", "More light.")], received_on=today
    )
    reply(actor_of("partner"), one, answer="adopted", text=REASON)
    assert REPLY_REGISTER.live(things) == {}
    add_contributions(
        actor_of("partner"), problem, [("men", "Still dark.")], received_on=today - timedelta(57)
    )
    assert "eight weeks" in str(REPLY_REGISTER.live(things)[str(engagement.pk)].reason)
