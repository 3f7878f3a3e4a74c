"""The pages of a theory: built with plain forms, read by every role, closed to strangers."""

from __future__ import annotations

import pytest

from commonlight.web.design.theory.models import Comment, Link, Step
from commonlight.web.eventlog.models import Event

HOME = "/w/lakeside/problems/1/theory/"


def text_of(answer):
    return answer.content.decode()


def test_five_steps_are_built_with_plain_forms(problem, client_of, city):
    client = client_of("partner")
    assert "There is no step yet" in text_of(client.get(HOME))
    kinds = ("activity", "mechanism", "outcome", "indicator", "harm")
    after = ""
    for at, kind in enumerate(kinds, start=1):
        sent = {"kind": kind, "text": f"Step {at}", "after": after, "assumption": "It is so"}
        answer = client.post(f"{HOME}steps/add/", sent)
        assert answer.status_code == 302
        assert answer.url == f"{HOME}?after={at}#add-step"
        after = str(at)
    page = text_of(client.get(answer.url))
    assert '<option value="5" selected>5: Step 5</option>' in page
    assert "5 steps of the theory" in page
    assert "4 links of the theory" in page
    assert Link.objects.of(city.workspace).count() == 4


def test_a_form_with_a_fault_is_shown_again_with_what_was_typed(problem, client_of):
    client = client_of("partner")
    answer = client.post(f"{HOME}steps/add/", {"kind": "activity", "text": "", "mechanism": "kept"})
    page = text_of(answer)
    assert "<title>Error:" in page
    assert "“Step” is empty." in page
    assert ">\nkept</textarea>" in page


def test_unproven_links_are_dashed_and_listed(theory, client_of):
    page = text_of(client_of("partner").get(HOME))
    assert "stroke-dasharray" not in page
    assert "Each link has its mechanism and its evidence" in page
    client = client_of("partner")
    sent = {
        "source": 2,
        "target": 3,
        "confidence": "low",
        "assumption": "They stay",
        "revision": 1,
    }
    assert client.post(f"{HOME}links/2/", sent).status_code == 302
    page = text_of(client.get(HOME))
    assert page.count('stroke-dasharray="7 5"') == 1
    unproven = page.split('id="unproven"')[1]
    assert "Link 2: “Young people know an adult whom they can tell” to" in unproven
    assert "Nothing is linked that this rests on." in unproven


def test_the_checks_name_the_places_of_a_fault(theory, client_of):
    client = client_of("partner")
    client.post(f"{HOME}links/4/", {"source": 1, "target": 5, "confidence": "low", "revision": 1})
    page = text_of(client.get(HOME))
    checks = page.split('id="checks"')[1].split('id="unproven"')[0]
    assert "No assumption named" in checks
    assert f'href="{HOME}links/4/"' in checks
    assert "Leap" not in checks


def test_the_second_of_two_people_is_told_and_loses_nothing(theory, client_of):
    first, second = client_of("partner"), client_of("analyst")
    sent = {"kind": "activity", "text": "Mine", "revision": 1}
    assert first.post(f"{HOME}steps/1/", sent).status_code == 302
    answer = second.post(f"{HOME}steps/1/", {**sent, "text": "Hers"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Somebody else changed this while you wrote" in page
    assert "Youth Work Lakeside saved this" in page
    assert ">\nHers</textarea>" in page
    assert '<button class="button secondary" name="over" value="2">' in page
    answer = second.post(f"{HOME}steps/1/", {**sent, "text": "Hers", "over": 2})
    assert answer.status_code == 302
    assert "Hers" in text_of(second.get(HOME))


def test_writing_is_saved_by_itself_and_says_when(theory, client_of):
    client = client_of("partner")
    sent = {"kind": "activity", "text": "Other words", "revision": 1}
    answer = client.post(f"{HOME}steps/1/", sent, headers={"HX-Request": "true"})
    assert "Saved at" in text_of(answer)
    assert 'name="revision" value="2"' in text_of(answer)
    assert "theory-saved" in answer["HX-Trigger"]
    late = client.post(f"{HOME}steps/1/", {**sent, "text": "x"}, headers={"HX-Request": "true"})
    assert "Somebody else changed this" in text_of(late)
    wrong = client.post(f"{HOME}steps/1/", {**sent, "text": ""}, headers={"HX-Request": "true"})
    assert "Not saved" in text_of(wrong)


def test_a_step_is_taken_out_with_its_links(theory, client_of, city):
    client = client_of("partner")
    assert "Its links are taken out with it: 2, 1." in text_of(client.get(f"{HOME}steps/2/remove/"))
    client.post(f"{HOME}steps/2/remove/")
    page = text_of(client.get(HOME))
    assert "4 steps of the theory" in page
    assert "2 links of the theory" in page
    assert client.get(f"{HOME}links/1/").status_code == 404


def test_partners_comment_and_are_answered(theory, client_of, city):
    partner, analyst = client_of("partner"), client_of("analyst")
    partner.post(f"{HOME}links/2/comment/", {"text": "How do you know?"})
    page = text_of(analyst.get(HOME))
    assert "How do you know?" in page
    assert "On link 2" in page
    key = Comment.objects.of(city.workspace).get().pk
    assert analyst.post(f"{HOME}comments/{key}/answer/", {"answer": "We ask."}).status_code == 302
    assert "We ask." in text_of(partner.get(HOME))
    again = analyst.post(f"{HOME}comments/{key}/answer/", {"answer": "Again"})
    assert "This comment has been answered already." in text_of(again)


def test_a_link_made_twice_or_to_itself_is_refused_in_words(theory, client_of):
    client = client_of("partner")
    sent = {"source": 1, "target": 2, "confidence": "low"}
    page = text_of(client.post(f"{HOME}links/add/", sent))
    assert "Step 1 leads to step 2 already: see link 1." in page
    page = text_of(client.post(f"{HOME}links/add/", {**sent, "target": 1}))
    assert "A step cannot lead to itself." in page


@pytest.mark.parametrize("role", ["coordinator", "evaluator", "decision_maker"])
def test_every_role_reads_and_only_designers_write(theory, client_of, role):
    client = client_of(role)
    page = text_of(client.get(HOME))
    assert "Youth workers are at the station" in page
    writes = role != "decision_maker"
    assert ("Add step" in page) is writes
    assert ("Your role does not include this." in page) is not writes
    sent = {"kind": "harm", "text": "New"}
    expected = 302 if writes else 403
    assert client.post(f"{HOME}steps/add/", sent).status_code == expected


def test_the_stranger_sees_nothing(theory, client_of):
    for address in (HOME, f"{HOME}steps/1/", f"{HOME}theory.json", f"{HOME}versions/"):
        assert client_of("stranger").get(address).status_code == 404


def test_a_problem_that_was_set_aside_keeps_its_theory_as_it_is(theory, client_of, problem, city):
    type(problem).objects.of(city.workspace).filter(pk=problem.pk).update(state="set_aside")
    client = client_of("partner")
    assert "This problem was set aside" in text_of(client.get(HOME))
    answer = client.post(f"{HOME}steps/add/", {"kind": "harm", "text": "New"})
    assert answer.status_code == 403
    assert Step.objects.of(city.workspace).count() == 5
    assert Event.objects.filter(chain="lakeside", kind="refusal").exists()


@pytest.mark.parametrize("language", ["de", "fr"])
def test_the_page_comes_in_other_languages(theory, client_of, language):
    answer = client_of("partner").get(HOME, headers={"Accept-Language": language})
    assert answer.status_code == 200


def test_comments_of_others_are_a_task_until_they_are_answered(theory, client_of, actor_of):
    from commonlight.web.design.theory.domain.commenting import add_comment, answer_comment
    from commonlight.web.design.theory.overview import open_comments

    made = add_comment(actor_of("partner"), theory.problem, text="How do you know?")
    assert list(open_comments(actor_of("partner"))) == []
    [task] = open_comments(actor_of("analyst"))
    assert "Answer 1 comment on the theory" in str(task.text)
    answer_comment(actor_of("analyst"), made, answer="We ask.")
    assert list(open_comments(actor_of("analyst"))) == []
    assert list(open_comments(actor_of("stranger"))) == []


def test_the_path_and_the_record_tell_of_the_theory(theory, client_of):
    client = client_of("decision_maker")
    page = text_of(client.get("/w/lakeside/problems/1/"))
    assert HOME in page
    record = text_of(client.get("/w/lakeside/problems/1/read/sara/"))
    assert "“Fewer threats at the station” leads to “Share of pupils" in record
    assert f"{HOME}links/3/" in record
