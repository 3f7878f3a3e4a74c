"""The pages of problems, as people of each role find them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.eventlog.models import Event
from commonlight.web.problems import steps
from commonlight.web.problems.domain.agreeing import CauseChoice, agree
from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.problems.domain.framing import send_answer
from commonlight.web.problems.models import Frame, FrameRound, Problem, Statement
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.path import PartState, path_of

pytestmark = pytest.mark.django_db
HOME = "/w/lakeside/problems/"
ONE = f"{HOME}1/"
SECRETS = ("Lamps are broken", "Training ends too late", "Few rounds")
NEW = {
    "title": "Evenings at the station",
    "sentence": "Girls are followed at the station in the evening.",
    "place": "Station square",
    "focus_area": "public_spaces",
    "theme": "",
}
ANSWER = {
    "what": "Girls are followed",
    "where": "Station square",
    "when": "Evenings",
    "who_is_harmed": "Girls",
    "likely_cause_1": "Dark corners",
    "likely_cause_1_family": "lighting",
    "first_step": "Ask them",
    "confidence": "fairly",
}


def words(answer):
    return answer.content.decode()


def test_a_signal_takes_four_fields_and_shows_what_to_do_next(client_of):
    client = client_of("partner")
    answer = client.post(f"{HOME}new/", NEW, follow=True)
    assert answer.redirect_chain[-1][0] == ONE
    assert "Ask your partners how they see it" in words(answer)
    assert "Comes next" in words(answer)
    assert "Citizen-centred" in words(answer)


def test_who_answers_for_a_problem_is_said_when_it_is_recorded(client_of, city):
    """A coordinator's organisation answers unless she chooses another; a signal binds nobody."""
    page = client_of("coordinator").get(f"{HOME}new/")
    assert page.context["form"]["owner"].value() == city.municipality.pk
    assert not client_of("partner").get(f"{HOME}new/").context["form"]["owner"].value()
    choice = client_of("partner").get(f"{HOME}new/").context["form"].fields["owner"]
    assert city.foreign not in choice.queryset
    client_of("coordinator").post(f"{HOME}new/", NEW | {"owner": city.police.pk})
    made = Problem.objects.of(city.workspace).get()
    assert made.owner == city.police
    opened = Event.objects.get(action="problem.open")
    assert opened.detail["owner"] == city.police.pk
    wrong = client_of("coordinator").post(f"{HOME}new/", NEW | {"owner": city.foreign.pk})
    assert wrong.status_code == 200
    assert Problem.objects.of(city.workspace).count() == 1


def test_a_solution_is_refused_with_an_example_and_nothing_typed_is_lost(client_of):
    client = client_of("coordinator")
    given = NEW | {"sentence": "Install cameras in the park", "place": "City park, north gate"}
    answer = client.post(f"{HOME}new/", given)
    text = words(answer)
    assert "error-summary" in text
    assert "For example" in text
    assert "City park, north gate" in text
    assert "<title>Error: " in text
    assert not Problem.objects.everywhere("none was made").exists()


def test_the_list_is_filtered_and_shown_in_pages(client_of, city):
    problems = [
        Problem(
            workspace=city.workspace,
            number=number,
            title=f"Noise at night {number}",
            focus_area="public_spaces" if number % 2 else "",
            owner=city.police if number == 200 else None,
        )
        for number in range(1, 201)
    ]
    Problem.objects.bulk_create(problems)
    rows = Problem.objects.of(city.workspace)
    Statement.objects.bulk_create(
        [
            Statement(workspace=city.workspace, problem=one, number=1, sentence="It is loud.")
            for one in rows
        ]
    )
    client = client_of("partner")
    first = client.get(HOME)
    assert "200 problems" in words(first)
    assert words(first).count("Noise at night") == 25
    assert "Noise at night 176<" not in words(client.get(f"{HOME}?page=2")).split("175:")[0][:0]
    assert "100 problems" in words(client.get(f"{HOME}?focus_area=public_spaces"))
    assert "1 problem<" in words(client.get(f"{HOME}?owner={city.police.pk}"))
    assert "No problems here" in words(client.get(f"{HOME}?q=fire"))
    assert client.get(f"{HOME}?owner=999999&state=nonsense").status_code == 200


def test_the_stranger_finds_no_problem(problem, client_of):
    assert client_of("stranger").get(ONE).status_code == 404


def test_a_number_that_nobody_has_is_no_page(problem, client_of):
    client = client_of("partner")
    for number in (2, 2**31, 2**70):
        assert client.get(f"{HOME}{number}/").status_code == 404
    assert client.get(f"{ONE}frames/{2**70}/").status_code == 404
    assert client.get(f"{ONE}causes/{2**70}/").status_code == 404


def test_a_closing_time_in_the_past_is_shown_at_its_field(problem, client_of, city):
    client = client_of("coordinator")
    yesterday = timezone.localdate() - timedelta(days=1)
    given = {
        "organisations": [city.police.pk, city.youth_work.pk],
        "closes_on": yesterday.isoformat(),
        "closes_time": "12:00",
    }
    answer = client.post(f"{ONE}frames/ask/", given)
    assert "The closing time lies in the past" in words(answer)
    assert f'value="{yesterday.isoformat()}"' in words(answer)
    given["closes_on"] = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = client.post(f"{ONE}frames/ask/", given, follow=True)
    assert "0 of 2 have answered" in words(answer)
    assert "You cannot peek either" in words(answer)


def _ticked(client):
    """Who is asked if nothing is changed, and what stands beside each."""
    field = client.get(f"{ONE}frames/ask/").context["form"]["organisations"]
    return set(field.initial), dict(field.field.choices)


def test_only_who_was_here_or_has_a_part_is_asked_unless_one_says_so(
    problem, client_of, city, people
):
    """An organisation whose people never came is not waited for by accident."""
    client_of("partner")
    people["evaluator"].memberships.update(ended_at=timezone.now())
    ticked, beside = _ticked(client_of("coordinator"))
    assert ticked == {str(city.municipality.pk), str(city.youth_work.pk)}
    police, university = beside[str(city.police.pk)], beside[str(city.university.pk)]
    assert police == "Lakeside Police (1 person can answer, but has never signed in)"
    assert university == "Lakeside University (nobody here can answer for it)"
    problem.owner = city.police
    problem.save()
    assert str(city.police.pk) in _ticked(client_of("coordinator"))[0]


def test_who_gave_a_source_or_answered_before_is_asked_again(
    sources, opened, client_of, city, people
):
    from commonlight.web.problems.models import Problem

    Problem.objects.of(city.workspace).update(state="signalled")
    ticked, _beside = _ticked(client_of("coordinator"))
    told = {city.municipality, city.police, city.youth_work}
    assert ticked == {str(one.pk) for one in told}


def test_somebody_who_may_not_sign_in_any_more_answers_for_nobody(problem, client_of, city, people):
    people["partner"].is_active = False
    people["partner"].save()
    _who, beside = _ticked(client_of("coordinator"))
    assert "nobody here" in beside[str(city.youth_work.pk)]


def test_a_partner_keeps_a_draft_sends_it_and_changes_it(asked, client_of, city):
    client = client_of("partner")
    page = f"{ONE}frames/1/answer/"
    half = {"what": "Girls are followed", "likely_cause_1": "Dark", "draft": "1"}
    answer = client.post(page, half, follow=True)
    assert "Your draft is kept" in words(answer)
    assert "0 of 3 have answered" in words(answer)
    assert "Girls are followed" in words(client.get(page))
    answer = client.post(page, half | {"draft": "1"}, follow=True)
    refused = client.post(page, {"what": "Install cameras in the park", "likely_cause_1": "Dark"})
    text = words(refused)
    assert "error-summary" in text
    assert "Choose a family for this cause." in text
    assert "For example" in text
    sent = client.post(page, ANSWER, follow=True)
    assert "Your answer is sealed" in words(sent)
    assert "1 of 3 have answered" in words(sent)
    assert "Dark corners" in words(client.get(page))
    client.post(page, ANSWER | {"likely_cause_1": "Hidden corners"})
    assert FrameRound.objects.of(city.workspace).get().answered == 1


@pytest.mark.parametrize("role", ["coordinator", "evaluator", "decision_maker", "analyst"])
def test_no_page_shows_anybody_elses_answer_before_the_closing_time(answered, client_of, role):
    client = client_of(role)
    pages = [
        "",
        "frames/",
        "frames/1/",
        "read/sara/",
        "joint/",
        "sources/",
        "reframing/",
        "causes/",
    ]
    addresses = [ONE + page for page in pages] + [
        "/w/lakeside/",
        HOME,
        "/w/lakeside/log/",
        "/api/v1/workspaces/lakeside/problems/1",
        "/api/v1/workspaces/lakeside/problems/1/rounds/1",
        "/api/v1/workspaces/lakeside/problems/1/readings/sara",
    ]
    own = {"analyst": ("Lamps are broken", "Few rounds")}.get(role, ())
    for address in addresses:
        text = words(client.get(address))
        assert not any(secret in text for secret in SECRETS), address
    page = client.get(f"{ONE}frames/1/answer/")
    assert not any(secret in words(page) for secret in SECRETS if secret not in own)
    if role in ("evaluator", "decision_maker"):
        assert page.status_code == 403


def test_the_round_says_how_many_have_answered_and_not_who(answered, client_of):
    text = words(client_of("coordinator").get(f"{ONE}frames/1/"))
    assert "2 of 3 have answered" in text
    assert text.count("Lakeside Police") == text.count("Youth Work Lakeside")


def test_who_waits_is_led_to_the_round_and_can_look_for_sources_meanwhile(
    answered, client_of, actor_of, frame_of, city
):
    city.police.public_contact = "Station desk, 2nd floor"
    city.police.save()
    client = client_of("coordinator")
    answer_page, waiting = f"{ONE}frames/1/answer/", f"{ONE}frames/1/"
    step = client.get(ONE).context["step"]
    assert step.url == answer_page
    assert client.get(waiting).content.decode().count(f'href="{answer_page}"') == 1
    FrameRound.objects.of(city.workspace).get().organisations.add(city.university)
    send_answer(actor_of("coordinator"), answered, frame_of())
    page = client.get(ONE)
    step = page.context["step"]
    assert (str(step.title), step.url) == ("Wait for the partners", waiting)
    block = page.content.decode().split('class="next-step"')[1].split("</section>")[0]
    assert f'href="{ONE}sources/"' in block
    assert block.count('class="button"') == 1
    text = words(client.get(waiting))
    assert "nobody is told who has answered" in text
    assert "Station desk, 2nd floor" in text
    assert f'href="{waiting}"' not in text.split("What to do next:")[1].split("<details")[0]
    assert "nobody is told" not in words(client_of("decision_maker").get(waiting))


def test_after_the_closing_time_the_first_reader_opens_the_answers(answered, client_of, city):
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    text = words(client_of("partner").get(f"{ONE}frames/1/"))
    assert all(secret in text for secret in SECRETS)
    assert "Named by fewer than half" not in text
    assert FrameRound.objects.of(city.workspace).get().digest in text
    assert "The same answers give the same table" in text
    assert Problem.objects.of(city.workspace).get().state == "framed"
    frame = Frame.objects.of(city.workspace).first()
    frame.answers["what"] = "Changed afterwards"
    frame.save()
    text = words(client_of("partner").get(f"{ONE}frames/1/"))
    assert "The answers are no longer those that were opened" in text


def test_a_draft_that_was_never_sent_troubles_nobody_after_the_closing_time(
    answered, client_of, actor_of, frame_of, city
):
    from commonlight.web.problems.domain.framing import save_draft

    save_draft(actor_of("coordinator"), answered, frame_of(("other", "Only a draft")))
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    client = client_of("coordinator")
    text = words(client.get(f"{ONE}frames/1/"))
    assert "Only a draft" not in text
    assert "The same answers give the same table" in text
    assert client.get(f"{ONE}joint/").status_code == 200


def test_the_button_to_open_early_is_closed_until_everybody_has_answered(
    answered, client_of, actor_of, frame_of
):
    client = client_of("coordinator")
    assert "Not everybody has answered" in words(client.get(f"{ONE}frames/1/"))
    answer = client.post(f"{ONE}frames/1/open/", follow=True)
    assert "The answers compared" not in words(answer)
    send_answer(actor_of("coordinator"), answered, frame_of())
    answer = client.post(f"{ONE}frames/1/open/", follow=True)
    assert "The answers compared" in words(answer)


def test_the_closing_time_is_put_off_once(asked, client_of):
    client = client_of("coordinator")
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    given = {"closes_on": day, "closes_time": "12:00", "reason": "School holidays"}
    answer = client.post(f"{ONE}frames/1/later/", given, follow=True)
    assert "School holidays" in words(answer)
    again = client.post(f"{ONE}frames/1/later/", given)
    assert "put off once" in words(again)


def test_a_joint_statement_begins_with_what_the_partners_answered(opened, client_of):
    form = client_of("coordinator").get(f"{ONE}joint/").context["form"]
    answers = FrameRound.objects.of(opened.workspace).get(number=1).opened_answers()
    for part, question in (("period", "when"), ("groups_harmed", "who_is_harmed")):
        told = form.initial[part]
        assert told
        assert all(one[question] in told for one in answers)
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
    assert again["choice_policing"].value() == "take"
    assert again["text_policing"].value() == "Nobody walks there"
    assert again["choice_school_family"].value() == "leave"
    assert again["why_school_family"].value() == "The club ends at six now."


def test_who_recorded_the_problem_does_not_write_it_twice_and_others_answer_alone(
    asked, problem, client_of, actor_of, frame_of
):
    page = f"{ONE}frames/1/answer/"
    form = client_of("coordinator").get(page).context["form"]
    assert form["what"].value() == problem.statements.get().sentence
    assert form["where"].value() == "Station square"
    assert not form["when"].value()
    other = client_of("partner").get(page).context["form"]
    assert not any(other[name].value() for name in ("what", "where"))
    send_answer(actor_of("coordinator"), asked, frame_of())
    form = client_of("coordinator").get(page).context["form"]
    assert form["where"].value() == "Station square, tram stop 4"


def test_words_that_are_too_long_for_a_question_are_not_cut(problem, asked, client_of, city):
    Statement.objects.of(city.workspace).update(sentence="It is dark. " * 40)
    form = client_of("coordinator").get(f"{ONE}frames/1/answer/").context["form"]
    assert not form["what"].value()
    assert form["where"].value() == "Station square"


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
    from commonlight.web.problems.domain.stating import state_anew
    from commonlight.web.thread.domain import join

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


def test_the_gate_lists_each_missing_item_and_keeps_its_button_shut(problem, client_of):
    client = client_of("coordinator")
    text = words(client.get(f"{ONE}define/"))
    assert "No quantitative source" in text
    assert f'href="{ONE}sources/"' in text
    assert 'aria-disabled="true"' in text
    assert client.post(f"{ONE}define/").status_code == 403


def test_causes_are_named_changed_and_withdrawn(problem, client_of, city):
    client = client_of("partner")
    given = {
        "text": "Dark corners",
        "family": "lighting",
        "reach": "inside",
        "seen_by": [city.youth_work.pk],
        "is_presumed": "on",
    }
    answer = client.post(f"{ONE}causes/new/", given, follow=True)
    assert "Presumed" in words(answer)
    pk = problem.causes.get().pk
    assert "Dark corners" in words(client.get(f"{ONE}causes/{pk}/"))
    client.post(f"{ONE}causes/{pk}/", given | {"is_disputed": "on", "text": "Dark steps"})
    assert "Disputed" in words(client.get(f"{ONE}causes/"))
    assert "empty" in words(client.post(f"{ONE}causes/{pk}/withdraw/", {"reason": ""}))
    answer = client.post(f"{ONE}causes/{pk}/withdraw/", {"reason": "New lamps"}, follow=True)
    assert "1 withdrawn cause" in words(answer)
    assert client.get(f"{ONE}causes/{pk}/").status_code == 404


def test_all_causes_without_evidence_are_presumed_at_once(problem, client_of, actor_of, sources):
    from commonlight.web.problems.domain.causing import add_cause
    from commonlight.web.thread.domain import join

    actor, client = actor_of("partner"), client_of("partner")
    made = [
        add_cause(actor, problem, text=f"Cause {n}", family="lighting", reach=reach)
        for n, reach in enumerate(("inside", "inside", "inside", "outside"))
    ]
    join(actor, made[0], sources[0])
    assert "Mark all without evidence as presumed" in words(client.get(f"{ONE}causes/"))
    answer = client.post(f"{ONE}causes/presume/", follow=True)
    assert "2 causes are marked presumed." in words(answer)
    assert "Mark all without" not in words(answer)
    found = [one.is_presumed for one in problem.causes.order_by("pk")]
    assert found == [False, True, True, False]
    assert client_of("decision_maker").post(f"{ONE}causes/presume/").status_code == 403


def test_research_comes_before_the_design(problem, client_of, actor_of):
    Problem.objects.of(problem.workspace).filter(pk=problem.pk).update(state="defined")
    actor = actor_of("coordinator")
    found = Problem.objects.of(problem.workspace).get(pk=problem.pk)
    known = known_of(actor, [found])
    known.__dict__["lacks"] = {found.pk: []}
    research = "What research knows"
    path = [
        replace(one, parts=tuple(part for part in one.parts if str(part[0]) == research))
        if one.id != "design"
        else one
        for one in path_of(actor, found)
    ]
    assert "what research knows" in str(steps._further(actor, found, known, path).text)
    passed = [one for one in path if one.id == "design"]
    assert str(steps._further(actor, found, known, passed).title) == "Begin to design"


def _state(*, begun, missing=()):
    return PartState(address="/there/", missing=missing, is_begun=begun)


def _next(problem, actor_of, state, **parts):
    """The next step of a problem in that state, with these parts of its pillars."""
    problem.state = state
    known = known_of(actor_of("coordinator"), [problem])
    known.__dict__["lacks"] = {problem.pk: []}
    path = path_of(actor_of("coordinator"), problem)
    path = [replace(one, parts=tuple(parts.get(one.id, ()))) for one in path]
    found = steps._further(actor_of("coordinator"), problem, known, path)
    return str(found.title), str(found.text), str(found.button)


def test_what_partners_still_have_to_say_holds_up_no_design(problem, actor_of):
    """Tasks are written first; a confirmation or a signature that is awaited comes last."""
    agreement = ("Partnership agreement", _state(begun=False, missing=("Not signed.",)))
    none = ("Who does what", _state(begun=False, missing=("No task.",)))
    asked = ("Who does what", _state(begun=True, missing=("Not confirmed.",)))
    concept = ("Concepts", _state(begun=True, missing=("No prototype.",)))
    done = ("Concepts", _state(begun=True))
    for state in ("defined", "designing"):
        found = _next(problem, actor_of, state, partnerships=[none, agreement], design=[concept])
        assert found[1:] == ("No task.", "Open “Who does what”")
    rows = {"partnerships": [asked, agreement]}
    assert _next(problem, actor_of, "defined", design=[concept], **rows)[0] == "Begin to design"
    assert _next(problem, actor_of, "designing", design=[concept], **rows)[1] == "No prototype."
    assert _next(problem, actor_of, "designing", design=[done], **rows)[1] == "Not confirmed."
    found = _next(problem, actor_of, "briefed", design=[done], **rows)
    assert found[0] == "This half of the path is done"


def test_a_part_that_may_be_left_out_is_no_next_step(problem, actor_of):
    """After an approved brief nobody is sent to workshops that were not needed."""
    parts = [("Workshops", _state(begun=False)), ("Design brief", _state(begun=True))]
    found = _next(problem, actor_of, "briefed", design=parts)
    assert found[0] == "This half of the path is done"
    waits = ("Design brief", _state(begun=True, missing=("It waits for approval.",)))
    found = _next(problem, actor_of, "designing", design=[parts[0], waits])
    assert found[1:] == ("It waits for approval.", "Open “Design brief”")


def test_a_group_is_noted_on_the_board(problem, client_of, sources):
    client = client_of("partner")
    board = words(client.get(f"{ONE}sources/"))
    assert "Women and girls" in board
    assert "Not heard yet" in board
    page = f"{ONE}sources/voices/older_people/"
    assert "say why this group is not heard" in words(client.post(page, {}))
    answer = client.post(page, {"reason": "Day centre in March"}, follow=True)
    assert "Day centre in March" in words(answer)
    chosen = f"dataset:{sources[1].pk}"
    answer = client.post(page, {"source": chosen}, follow=True)
    assert "Heard through" in words(answer)
    assert client.get(f"{ONE}sources/voices/martians/").status_code == 404


def test_police_records_alone_are_warned_of_on_the_board(problem, client_of, actor_of, dataset):
    from commonlight.web.thread.domain import join

    join(actor_of("coordinator"), problem, dataset("thefts", is_public=True))
    text = words(client_of("partner").get(f"{ONE}sources/"))
    assert "every source of this problem comes from Lakeside Police" in text
    assert "Police records alone show what was reported" in text


def test_a_problem_is_set_aside_and_taken_up_again(problem, client_of):
    client = client_of("coordinator")
    answer = client.post(f"{ONE}set-aside/", {"reason": "It ended by itself"}, follow=True)
    assert "This problem was set aside" in words(answer)
    assert "It ended by itself" in words(answer)
    assert client.get(f"{ONE}statement/").status_code == 403
    answer = client.post(f"{ONE}take-up/", {"reason": "It is back"}, follow=True)
    assert "Signalled" in words(answer)
    assert client.get(f"{ONE}redefine/").status_code == 403


def test_design_begins_by_a_step_that_the_page_offers(problem, client_of):
    client = client_of("coordinator")
    assert client.get(f"{ONE}start-design/").status_code == 403
    Problem.objects.of(problem.workspace).filter(pk=problem.pk).update(state="defined")
    assert f"{ONE}start-design/" in client.get(ONE).content.decode()
    assert client_of("decision_maker").post(f"{ONE}start-design/").status_code == 403
    answer = client.post(f"{ONE}start-design/", follow=True)
    assert "The design has begun" in words(answer)
    assert "In design" in words(answer)
    assert f"{ONE}start-design/" not in answer.content.decode()


def test_decision_makers_read_and_change_nothing(problem, client_of):
    client = client_of("decision_maker")
    assert client.get(ONE).status_code == 200
    for page in ("statement/", "causes/new/", "frames/ask/", "describe/", "set-aside/"):
        assert client.get(ONE + page).status_code == 403, page


def test_the_first_page_asks_for_the_answer_and_for_the_next_step(asked, client_of, city):
    assert "Say how your organisation sees" in words(client_of("partner").get("/w/lakeside/"))
    assert "Say how your organisation sees" not in words(client_of("evaluator").get("/w/lakeside/"))
    client_of("partner").post(f"{ONE}frames/1/answer/", ANSWER)
    assert "Say how your organisation sees" not in words(client_of("partner").get("/w/lakeside/"))


def test_the_first_page_names_problems_that_wait(problem, client_of):
    assert "Ask the partners about" in words(client_of("coordinator").get("/w/lakeside/"))
