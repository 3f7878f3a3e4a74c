"""Frames are sealed for everybody until the closing time, and opened once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused, decide
from commonlight.web.problems.domain.differences import difference_of, table_digest
from commonlight.web.problems.domain.framing import (
    FramingError,
    close_early,
    open_due,
    open_round,
    own_answers,
    put_off,
    save_draft,
    send_answer,
)
from commonlight.web.problems.models import Frame, FrameRound, Problem
from commonlight.web.states import NotNow

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)
SECRETS = ("Lamps are broken", "Training ends too late", "followed and called after")


def test_a_closing_time_in_the_past_is_refused(problem, city, actor_of):
    with pytest.raises(FramingError) as refused:
        open_round(
            actor_of("coordinator"),
            problem,
            organisations=[city.police, city.youth_work],
            closes_at=timezone.now() - timedelta(minutes=1),
        )
    assert refused.value.part == "closes_at"
    problem.refresh_from_db()
    assert problem.state == "signalled"


def test_one_organisation_alone_is_no_comparison(problem, city, actor_of):
    with pytest.raises(FramingError) as refused:
        open_round(
            actor_of("coordinator"),
            problem,
            organisations=[city.police, city.police],
            closes_at=timezone.now() + TOMORROW,
        )
    assert refused.value.part == "organisations"


def test_nobody_is_asked_twice_at_the_same_time(asked, problem, city, actor_of):
    with pytest.raises(NotNow):
        open_round(
            actor_of("coordinator"),
            problem,
            organisations=[city.police, city.youth_work],
            closes_at=timezone.now() + TOMORROW,
        )


def test_only_the_owner_and_the_coordinator_ask(problem, city, actor_of):
    problem.owner = city.police
    problem.save()
    asked = {"organisations": [city.police, city.youth_work]}
    with pytest.raises(Refused):
        open_round(actor_of("partner"), problem, closes_at=timezone.now() + TOMORROW, **asked)
    assert decide(actor_of("analyst"), "problem.move", problem)


def test_the_database_holds_nothing_that_can_be_read(answered, frame_of, actor_of):
    dump = serializers.serialize("json", Frame.objects.everywhere("a dump of the database"))
    assert all(secret not in dump for secret in SECRETS)
    assert "lighting" not in dump
    short, long = Frame.objects.everywhere("lengths").values_list("sealed", flat=True)
    assert len(short) == len(long)


def test_the_log_tells_neither_what_nor_who(answered, city):
    events = Event.objects.filter(action="problem.answer_sealed").order_by("number")
    assert [one.detail for one in events] == [{"answered": 1}, {"answered": 2}]
    assert all(one.actor_id is None for one in events)
    text = json.dumps([one.detail for one in Event.objects.all()])
    assert all(secret not in text for secret in SECRETS)


def test_an_organisation_reads_and_changes_its_own_answer(answered, actor_of, frame_of):
    assert (
        own_answers(actor_of("analyst"), answered)["likely_cause"][0]["text"] == "Lamps are broken"
    )
    assert own_answers(actor_of("coordinator"), answered) == {}
    send_answer(actor_of("analyst"), answered, frame_of(("transport", "Long waits")))
    answered.refresh_from_db()
    assert answered.answered == 2
    assert own_answers(actor_of("analyst"), answered)["likely_cause"][0]["text"] == "Long waits"


def test_sending_twice_counts_once(asked, actor_of, frame_of):
    for _ in range(3):
        send_answer(actor_of("partner"), asked, frame_of())
    asked.refresh_from_db()
    assert asked.answered == 1
    assert Frame.objects.of(asked.workspace).count() == 1


def test_a_draft_counts_for_nothing_and_is_forgotten(asked, actor_of, frame_of, city):
    save_draft(actor_of("coordinator"), asked, frame_of())
    asked.refresh_from_db()
    assert asked.answered == 0
    assert own_answers(actor_of("coordinator"), asked)["where"] == "Station square, tram stop 4"
    open_due(city.workspace, at=timezone.now() + 2 * TOMORROW)
    frame = Frame.objects.of(city.workspace).get()
    assert (frame.draft, frame.sealed, frame.answers) == ("", "", None)


def test_a_draft_after_sending_leaves_the_answer_as_it_was(answered, actor_of, frame_of, city):
    save_draft(actor_of("analyst"), answered, frame_of(("other", "Unsent")))
    open_due(city.workspace, at=timezone.now() + 2 * TOMORROW)
    frame = Frame.objects.of(city.workspace).get(organisation=city.police)
    assert frame.answers["likely_cause"][0]["text"] == "Lamps are broken"


def test_who_was_not_asked_or_comes_too_late_cannot_answer(asked, actor_of, frame_of):
    with pytest.raises(Refused):
        send_answer(actor_of("evaluator"), asked, frame_of())
    with pytest.raises(Refused):
        send_answer(actor_of("stranger"), asked, frame_of())
    FrameRound.objects.of(asked.workspace).update(closes_at=timezone.now() - TOMORROW)
    asked.refresh_from_db()
    with pytest.raises(Refused):
        send_answer(actor_of("partner"), asked, frame_of())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("what", "Install cameras in the park"),
        ("where", ""),
        ("first_step", "Write to kim@example.org"),
        ("likely_cause", []),
    ],
)
def test_an_answer_that_cannot_be_is_refused(asked, actor_of, frame_of, name, text):
    with pytest.raises((FramingError, ValueError)) as refused:
        send_answer(actor_of("partner"), asked, frame_of() | {name: text})
    assert refused.value.part == name
    asked.refresh_from_db()
    assert asked.answered == 0


def test_the_closing_time_is_put_off_once_and_never_made_earlier(asked, actor_of):
    actor, later = actor_of("coordinator"), asked.closes_at + TOMORROW
    with pytest.raises(FramingError):
        put_off(actor, asked, closes_at=asked.closes_at - timedelta(hours=1), reason="Sooner")
    with pytest.raises(FramingError):
        put_off(actor, asked, closes_at=later, reason=" ")
    changed = put_off(actor, asked, closes_at=later, reason="Holidays")
    assert changed.first_closes_at == asked.closes_at
    with pytest.raises(FramingError):
        put_off(actor, changed, closes_at=later + TOMORROW, reason="Again")


def test_answers_open_early_only_when_everybody_has_answered(answered, actor_of, frame_of):
    with pytest.raises(FramingError):
        close_early(actor_of("coordinator"), answered)
    send_answer(actor_of("coordinator"), answered, frame_of())
    found = close_early(actor_of("coordinator"), answered)
    assert found.is_open
    assert Problem.objects.of(answered.workspace).get().state == "framed"


def test_nothing_opens_before_the_closing_time(answered, city):
    assert open_due(city.workspace) == 0
    answered.refresh_from_db()
    assert not answered.is_open


def test_opened_answers_are_whole_and_their_seal_is_gone(opened, city):
    frames = Frame.objects.of(city.workspace).order_by("pk")
    assert [one.answers["organisation"] for one in frames] == [
        "Lakeside Police",
        "Youth Work Lakeside",
    ]
    assert {one.sealed for one in frames} == {""}
    assert opened.opened_at == opened.closes_at
    event = Event.objects.get(action="problem.answers_opened")
    assert event.detail["organisations"] == sorted([city.police.pk, city.youth_work.pk])
    assert open_due(city.workspace) == 0


def test_the_same_answers_give_the_same_table(opened, city):
    answers = [one.answers for one in Frame.objects.of(city.workspace)]
    assert difference_of(answers) == difference_of(reversed(answers))
    assert table_digest(answers) == table_digest(answers[::-1]) == opened.digest
    answers[0]["where"] = "Somewhere else"
    assert table_digest(answers) != opened.digest


def test_one_answer_alone_is_flagged_for_ever(asked, actor_of, frame_of, city):
    send_answer(actor_of("analyst"), asked, frame_of())
    open_due(city.workspace, at=timezone.now() + 2 * TOMORROW)
    assert Problem.objects.of(city.workspace).get().first_framed_by == city.police


def test_a_lost_secret_loses_the_answers_and_nothing_else(answered, city, settings):
    settings.SECRET_KEY = "another secret of this installation"
    open_due(city.workspace, at=timezone.now() + 2 * TOMORROW)
    frames = Frame.objects.of(city.workspace)
    assert all(one.answers["is_lost"] for one in frames)
    assert difference_of([one.answers for one in frames]).organisations == ()
