"""A talk that is a session of fieldwork becomes an engagement record without typing it again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonlight.web.design.engagement.domain.catalogue import gates, methods
from commonlight.web.design.engagement.domain.talks import LONGEST, talks_of
from commonlight.web.design.engagement.models import Hearing

HERE = "/w/lakeside/problems/1/design/engagement/hearings/new/"
DAY = date(2025, 11, 3)


@pytest.fixture
def hold(problem, actor_of):
    """Record a session of the problem, with what was heard in it."""
    from commonlight.web.problems.fieldwork.domain.observing import record_observation
    from commonlight.web.problems.fieldwork.domain.sessions import record_session

    def held(*texts, kind="heard", role="partner", **given):
        usual = {
            "method": "focus_group",
            "held_on": DAY,
            "place": "Youth club",
            "consent": "read_out",
            "groups": ["children_and_youth"],
            "people": "6-12",
        }
        made = record_session(actor_of(role), problem, **{**usual, **given})
        for text in texts:
            record_observation(actor_of(role), made, text=text, tone="trouble", kind=kind)
        return made

    return held


def page(client, query=""):
    return client.get(f"{HERE}{query}")


def test_every_card_of_a_talk_is_a_method_of_engagement():
    from commonlight.web.problems.fieldwork.catalogue import card

    known = gates()["method_of_session"]
    assert set(known.values()) <= set(methods())
    assert all(card(one) for one in known)


def test_a_session_is_offered_read_and_saved_as_a_record(problem, hold, client_of):
    session = hold("There is nowhere to sit.", "The lamps are out.")
    client = client_of("coordinator")
    query = f"?session={session.pk}"
    offered = page(client)
    assert f'href="{query}">Use session 1</a>' in offered.content.decode()
    assert not offered.context["form"]["said"].value()
    answer = page(client, query)
    form = answer.context["form"]
    assert form["held_on"].value() == DAY
    assert form["method"].value() == "focus_group"
    assert form["said"].value() == "There is nowhere to sit.\nThe lamps are out."
    assert [one.name for one in form.likely_fields()] == ["group_youth"]
    assert form["group_youth"].value() is None, "a session knows no number"
    assert "6 to 12 people took part." in answer.content.decode()
    assert not Hearing.objects.of(problem.workspace).exists(), "the person reads it first"
    given = {**form.initial, "held_on": "2025-11-03", "group_youth": "8"}
    answer = client.post(f"{HERE}{query}", given)
    assert answer["Location"] == "/w/lakeside/problems/1/design/engagement/", (
        "nothing is typed twice"
    )
    made = Hearing.objects.of(problem.workspace).get()
    assert (made.held_on, made.method, made.groups) == (DAY, "focus_group", {"youth": 8})
    assert "Use session" not in page(client).content.decode()
    assert page(client, query).context["used"] is None


def test_only_talks_with_consent_that_stand_are_offered(problem, hold, actor_of):
    from commonlight.web.problems.fieldwork.domain.sessions import take_back_session

    hold(method="observation", people="nobody", groups=[])
    hold(consent="not_given")
    gone = hold()
    take_back_session(actor_of("partner"), gone, reason="Somebody no longer agrees.")
    kept = hold(method="interview")
    (talk,) = talks_of(actor_of("coordinator"), problem)
    assert (talk.session, talk.method) == (kept, "interviews")


def test_quotes_what_was_seen_and_what_was_taken_back_stay_with_the_session(
    problem, hold, actor_of
):
    from commonlight.web.problems.fieldwork.domain.observing import (
        record_observation,
        take_back_observation,
    )

    session, who = hold("There is nowhere to sit.", "This was wrong."), actor_of("partner")
    for kind in ("quote", "seen"):
        record_observation(who, session, text=f"It is {kind}.", tone="good", kind=kind)
    wrong = session.observations.get(number=2)
    take_back_observation(who, wrong, reason="It was another day.")
    assert talks_of(who, problem)[0].said == "There is nowhere to sit."


def test_what_was_said_fits_the_field_and_points_at_nobody(problem, hold, actor_of, client_of):
    session = hold(*(f"{number} {'x' * 290}" for number in range(9)))
    session.observations.filter(number=1).update(text="Ask ana@example.org about it.")
    (talk,) = talks_of(actor_of("partner"), problem)
    assert "ana@" not in talk.said
    assert talk.said.startswith("1 x")
    assert talk.is_cut
    assert LONGEST - 300 < len(talk.said) <= LONGEST
    read = page(client_of("partner"), f"?session={session.pk}").content.decode()
    assert "Not everything fits here." in read


def test_a_record_stands_for_the_session_of_its_groups(problem, hold, actor_of):
    from commonlight.web.design.engagement.domain.register import record_hearing

    first, second = hold(), hold(groups=["women_and_girls"])
    record_hearing(
        actor_of("partner"),
        problem,
        held_on=DAY,
        method="focus_group",
        groups={"women": 7},
        said="The way home is dark.",
    )
    assert [one.session for one in talks_of(actor_of("partner"), problem)] == [first]
    assert second.pk != first.pk


def test_who_may_not_read_sessions_is_offered_none(problem, hold, actor_of):
    hold("There is nowhere to sit.")
    assert talks_of(actor_of("stranger"), problem) == []
    assert len(talks_of(actor_of("coordinator"), problem)) == 1


@pytest.mark.usefixtures("nothing_kept")
def test_more_sessions_take_no_more_queries(problem, hold, client_of):
    client = client_of("coordinator")
    page(client)
    hold("There is nowhere to sit.")
    with CaptureQueriesContext(connection) as few:
        page(client)
    for _number in range(3):
        hold("The lamps are out.", "It is dark.")
    with CaptureQueriesContext(connection) as many:
        read = page(client)
    assert len(read.context["talks"]) == 4
    assert len(many) == len(few)


OVERVIEW = "/w/lakeside/problems/1/design/engagement/"
TAKE_OVER = "1 talk is on record as a session. Take it over as who was heard."


def engagement_part(actor, problem):
    from commonlight.web.problems.path import path_of

    pillar = next(one for one in path_of(actor, problem) if one.id == "design")
    return {str(label): state for label, state in pillar.parts}["Engagement"]


@pytest.fixture
def planned(problem, answers, actor_of):
    """Why and how is said; only who was heard is missing."""
    from commonlight.web.design.engagement.domain.planning import choose, make_plan, say_why

    who = actor_of("coordinator")
    say_why(who, problem, rationale="normative", harmed_groups=["youth"])
    choose(who, make_plan(who, problem, answers), "focus_group", reason="They come.")
    return problem


def test_path_page_and_gate_say_the_same_of_a_talk_that_waits(planned, hold, actor_of, client_of):
    from commonlight.web.design.engagement.domain.gates import gates_of

    session, who = hold("There is nowhere to sit."), actor_of("coordinator")
    state = engagement_part(who, planned)
    assert [str(one) for one in state.missing] == [TAKE_OVER]
    assert state.address == f"{HERE}?session={session.pk}"
    read = client_of("coordinator").get(OVERVIEW).content.decode()
    heard = read.partition('aria-labelledby="heard"')[2].partition("</section>")[0]
    assert TAKE_OVER in heard
    assert f'href="{HERE}?session={session.pk}"' in heard
    assert "No engagement is on record" not in read
    assert "Nobody concerned has been heard" not in read
    lacks = {lack.need: lack for gate in gates_of(who, planned) for lack in gate.missing}
    assert lacks["engagement_record"].text == TAKE_OVER
    assert lacks["engagement_record"].address == state.address
    form = client_of("coordinator").get(state.address).context["form"]
    assert form["said"].value() == "There is nowhere to sit."


def test_what_was_taken_over_waits_no_longer(planned, hold, actor_of, client_of):
    session, client = hold("There is nowhere to sit."), client_of("coordinator")
    given = client.get(f"{HERE}?session={session.pk}").context["form"].initial
    client.post(
        f"{HERE}?session={session.pk}", {**given, "held_on": "2025-11-03", "group_youth": 8}
    )
    assert engagement_part(actor_of("coordinator"), planned).missing == ()
    assert "Take it over" not in client.get(OVERVIEW).content.decode()


def test_where_nobody_spoke_all_say_so(planned, actor_of, client_of):
    state = engagement_part(actor_of("coordinator"), planned)
    assert [str(one) for one in state.missing] == ["Nobody concerned has been heard."]
    assert state.address == HERE
    page_text = client_of("coordinator").get(OVERVIEW).content.decode()
    heard = page_text.partition('aria-labelledby="heard"')[2].partition("</section>")[0]
    assert "Nobody concerned has been heard." in heard


def test_whoever_was_heard_through_a_source_was_not_heard_by_nobody(
    planned, dataset, actor_of, client_of
):
    from commonlight.web.problems.domain.board import hear

    source = dataset("walk", is_public=True, version=True)
    hear(actor_of("coordinator"), planned, "children_and_youth", source)
    told = "Some were heard through sources of the problem. Put on record who was heard."
    state = engagement_part(actor_of("coordinator"), planned)
    assert [str(one) for one in state.missing] == [told]
    assert told in client_of("coordinator").get(OVERVIEW).content.decode()


def test_each_gap_of_engagement_leads_to_its_page(problem, answers, actor_of):
    from commonlight.web.design.engagement.domain.planning import make_plan, say_why

    who = actor_of("coordinator")
    assert engagement_part(who, problem).address == f"{OVERVIEW}purpose/"
    assert engagement_part(actor_of("decision_maker"), problem).address == OVERVIEW
    say_why(who, problem, rationale="normative")
    assert engagement_part(who, problem).address == f"{OVERVIEW}plans/new/"
    make_plan(who, problem, answers)
    assert engagement_part(who, problem).address == f"{OVERVIEW}plans/1/"


def test_three_problems_cost_as_many_queries_as_one(problem, hold, actor_of, nothing_kept):
    from commonlight.web.design.engagement.path_parts import engagement
    from commonlight.web.problems.domain.stating import open_problem

    who, given = actor_of("coordinator"), {"sentence": "It is dark there.", "place": "Square"}
    found = [problem, *(open_problem(who, title=f"Place {one}", **given) for one in range(2))]
    hold("There is nowhere to sit.")

    def cost(asked):
        with CaptureQueriesContext(connection) as queries:
            engagement(who, asked)
        return len(queries)

    assert cost(found) == cost(found[:1])
