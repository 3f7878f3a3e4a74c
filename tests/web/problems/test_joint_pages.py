"""The pages of the joint statement and of the reframing log."""

from __future__ import annotations

import pytest

from commonlight.web.problems.domain.agreeing import CauseChoice, agree
from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.problems.domain.stating import state_anew
from commonlight.web.problems.models import FrameRound, Statement
from commonlight.web.thread.domain import join
from web.problems.pages import ONE, words

pytestmark = pytest.mark.django_db


def test_a_joint_statement_begins_with_what_the_partners_answered(opened, client_of):
    form = client_of("coordinator").get(f"{ONE}joint/").context["form"]
    answers = FrameRound.objects.of(opened.workspace).get(number=1).opened_answers()
    for part, question in (("period", "when"), ("groups_harmed", "who_is_harmed")):
        told = form.initial[part]
        assert told
        assert all(one[question] in told for one in answers)
    assert "\n" not in form.initial["period"]
    assert form.initial["period"].endswith(".")
    now = Statement.objects.of(opened.workspace).order_by("-number").first()
    now.period = "At night"
    now.save()
    again = client_of("coordinator").get(f"{ONE}joint/").context["form"]
    assert again.initial["period"] == "At night"


def test_agreeing_again_begins_with_what_was_decided_about_each_cause(
    opened, problem, actor_of, client_of, whole
):
    """What a person has saved is not replaced by the words of an answer."""
    actor = actor_of("coordinator")
    add_cause(actor, problem, text="The lamps are old", family="lighting", reach="outside")
    first = client_of("coordinator").get(f"{ONE}joint/").context["form"]
    assert first["reason"].value() == "The partners read what each had answered apart."
    assert first["text_lighting"].value() == "The lamps are old"
    assert first["reach_lighting"].value() == "outside"
    assert first["text_policing"].value() == "Few rounds"
    assert not first["choice_lighting"].value()
    problem.refresh_from_db()
    causes = {
        "lighting": CauseChoice(text="The lamps are old", reach="outside"),
        "policing": CauseChoice(text="Nobody walks there"),
        "school_family": CauseChoice(left_out_reason="The club ends at six now."),
    }
    agree(actor, problem, reason="We met.", causes=causes, **whole)
    again = client_of("coordinator").get(f"{ONE}joint/").context["form"]
    assert not again["reason"].value()
    assert again["choice_policing"].value() == "take"
    assert again["text_policing"].value() == "Nobody walks there"
    assert again["choice_school_family"].value() == "leave"
    assert again["why_school_family"].value() == "The club ends at six now."


def test_a_joint_statement_that_ignores_a_cause_asks_why(opened, client_of, whole, city):
    client = client_of("coordinator")
    given = {**whole, "reason": "We met."}
    for family in ("lighting", "policing"):
        given |= {
            f"choice_{family}": "take",
            f"text_{family}": f"Because of {family}",
            f"reach_{family}": "inside",
        }
    answer = client.post(f"{ONE}joint/", given)
    assert "Take this cause up, or say why you leave it out:" in words(answer)
    answer = client.post(f"{ONE}joint/", given | {"choice_school_family": "leave"})
    assert "leaves out a cause that a partner named" in words(answer)
    given |= {"choice_school_family": "leave", "why_school_family": "The club ends at six now."}
    answer = client.post(f"{ONE}joint/", given, follow=True)
    assert "The joint statement is saved." in words(answer)
    assert "The club ends at six now." in words(client.get(f"{ONE}causes/"))
    log = words(client.get(f"{ONE}reframing/"))
    assert "We met." in log
    assert "left out: The club ends at six now." in log
    assert "No evidence linked" in log


def test_nobody_agrees_before_the_partners_have_answered(asked, client_of):
    client = client_of("coordinator")
    assert "This cannot be written yet" in words(client.get(f"{ONE}joint/"))
    assert client.post(f"{ONE}joint/", {}).status_code == 403


def test_the_reframing_log_shows_the_evidence_that_moved_a_version(
    problem, client_of, actor_of, whole, dataset
):
    actor = actor_of("coordinator")
    made = state_anew(actor, problem, reason="The walk showed it.", **whole)
    join(actor, made, dataset("walk", kind="visits", is_public=True), note="Dark at stop 4")
    text = words(client_of("partner").get(f"{ONE}reframing/"))
    assert "Dark at stop 4" in text
    assert "Girls are followed at the station in the evening" in text
    assert "first framed this problem alone" in words(client_of("partner").get(ONE))
    version = words(client_of("partner").get(f"{ONE}statement/2/"))
    assert "changed" in version
    assert "The walk showed it." in version


def test_writing_before_the_partners_are_heard_is_warned_of(problem, client_of):
    text = words(client_of("coordinator").get(f"{ONE}statement/"))
    assert "Your partners were not heard yet" in text
