"""The positive lens: a place is more than its risks, and nothing found says where one looked."""

from __future__ import annotations

import pytest

from commonlight.web.policy import Refused
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.positive import (
    add_use,
    answers_of,
    must_stay,
    say_none_found,
    take_back_use,
)
from commonlight.web.problems.needs import known_of, lacks_of
from commonlight.web.problems.path import path_of
from commonlight.web.thread.domain import join, supports

VALUED = "valued_uses"


def lacks(actor, problem):
    return {one.need for one in lacks_of(known_of(actor, [problem]))[problem.pk]}


def lens(actor, problem):
    pillar = next(one for one in path_of(actor, problem) if one.id == "problem_identification")
    return next(state for label, state in pillar.parts if str(label) == "Positive lens")


def test_a_problem_with_risks_only_is_not_defined(problem, actor_of):
    assert "valued_use" in lacks(actor_of("partner"), problem)
    assert [str(one) for one in lens(actor_of("partner"), problem).missing] == [
        "What is this place good for?"
    ]


def test_one_valued_use_is_enough(problem, actor_of):
    actor = actor_of("partner")
    add_use(actor, problem, question=VALUED, text="A short cut to the school")
    assert "valued_use" not in lacks(actor, problem)
    assert lens(actor, problem).is_done


def test_none_found_counts_when_it_says_where_one_looked(problem, actor_of):
    actor = actor_of("partner")
    with pytest.raises(FieldworkError, match="where you looked"):
        say_none_found(actor, problem, question=VALUED, where_looked="Nowhere")
    assert "valued_use" in lacks(actor, problem)
    say_none_found(actor, problem, question=VALUED, where_looked="Asked at the square on a Monday")
    assert "valued_use" not in lacks(actor, problem)


def test_an_answer_to_another_question_is_no_valued_use(problem, actor_of):
    add_use(actor_of("partner"), problem, question="who_uses_it", text="Commuters at seven")
    assert "valued_use" in lacks(actor_of("partner"), problem)


def test_what_is_found_replaces_none_found_and_never_stands_beside_it(problem, actor_of):
    actor = actor_of("partner")
    say_none_found(actor, problem, question=VALUED, where_looked="At the square")
    add_use(actor, problem, question=VALUED, text="A bench in the sun")
    (only,) = answers_of(actor.workspace, [problem])[problem.pk]
    assert not only.is_none_found
    with pytest.raises(FieldworkError, match="Something was found already"):
        say_none_found(actor, problem, question=VALUED, where_looked="At the square again")


def test_what_is_taken_back_leaves_the_gate_open_again(problem, actor_of):
    actor = actor_of("partner")
    use = add_use(actor, problem, question=VALUED, text="A market")
    with pytest.raises(FieldworkError, match="Say why"):
        take_back_use(actor, use, reason=" ")
    take_back_use(actor, use, reason="It was another square.")
    assert "valued_use" in lacks(actor, problem)


def test_a_use_is_presumed_until_a_session_shows_it(problem, session, actor_of):
    actor = actor_of("partner")
    use = add_use(actor, problem, question=VALUED, text="A short cut")
    key = ("valued_use", str(use.pk))
    assert not supports(actor.workspace, [key])[key]
    join(actor, use, session)
    assert supports(actor.workspace, [key])[key]


def test_what_must_stay_is_told_to_the_design(problem, actor_of):
    add_use(actor_of("partner"), problem, question="must_stay", text="The old plane tree")
    assert [one.text for one in must_stay(problem)] == ["The old plane tree"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ask anna@example.org", "e-mail address"),
        ("Call +49 151 23456789", "phone number"),
        ("Call 0151 23456789", "phone number"),
        ("Appeler le 01 23 45 67 89", "phone number"),
        ("Tel. 612 345 678", "phone number"),
    ],
)
def test_contacts_of_persons_are_refused(problem, actor_of, text, kind):
    with pytest.raises(FieldworkError, match=kind) as refusal:
        add_use(actor_of("partner"), problem, question=VALUED, text=text)
    assert refusal.value.part == "text"
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "Open from 20.00 to 22.30, on 03.11.2025 and 2025-11-04",
        "About 1200 people between 2019 and 2025",
        "Lines 12, 14 and 0815",
    ],
)
def test_hours_days_and_counts_are_no_contacts(problem, actor_of, text):
    assert add_use(actor_of("partner"), problem, question=VALUED, text=text).text == text


def test_pages_keep_what_was_typed_and_say_what_is_wrong(problem, client_of):
    client = client_of("partner")
    page = f"/w/lakeside/problems/{problem.number}/positive/valued_uses/answer/"
    answer = client.post(page, {"text": "Ask anna@example.org", "told_by": "parents"})
    body = answer.content.decode()
    assert "holds an e-mail address" in body
    assert 'value="parents"' in body
    assert client.post(page, {"text": "A bench", "told_by": "parents"}).status_code == 302
    assert (
        "A bench" in client.get(f"/w/lakeside/problems/{problem.number}/positive/").content.decode()
    )


def test_none_found_is_refused_on_the_page_without_where(problem, client_of):
    page = f"/w/lakeside/problems/{problem.number}/positive/valued_uses/answer/"
    answer = client_of("partner").post(page, {"where_looked": "no", "none": "1"})
    assert "needs one sentence on where you looked" in answer.content.decode()


def test_who_only_reads_writes_nothing(problem, actor_of, client_of):
    with pytest.raises(Refused):
        add_use(actor_of("decision_maker"), problem, question=VALUED, text="A bench")
    page = f"/w/lakeside/problems/{problem.number}/positive/"
    body = client_of("decision_maker").get(page).content.decode()
    assert 'aria-disabled="true"' in body


def test_the_stranger_sees_nothing(problem, client_of):
    page = f"/w/lakeside/problems/{problem.number}/positive/"
    assert client_of("stranger").get(page).status_code == 404
