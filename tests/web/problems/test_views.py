"""The pages of problems, as people of each role find them."""

from __future__ import annotations

import pytest

from commonlight.web.eventlog.models import Event
from commonlight.web.problems.domain.causing import add_cause, presume_causes
from commonlight.web.problems.models import Problem, Statement
from commonlight.web.thread.domain import join
from web.problems.pages import HOME, ONE, words

pytestmark = pytest.mark.django_db
NEW = {
    "title": "Evenings at the station",
    "sentence": "Girls are followed at the station in the evening.",
    "place": "Station square",
    "focus_area": "public_spaces",
    "theme": "",
}


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
    second = words(client.get(f"{HOME}?page=2"))
    assert second.count("Noise at night") == 25
    assert "Noise at night 175<" in second
    assert "Noise at night 176<" not in second
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
    join(actor_of("coordinator"), problem, dataset("thefts", is_public=True))
    text = words(client_of("partner").get(f"{ONE}sources/"))
    assert "Every source so far comes from Lakeside Police" in text
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


def test_decision_makers_read_and_change_nothing(problem, client_of):
    client = client_of("decision_maker")
    assert client.get(ONE).status_code == 200
    for page in ("statement/", "causes/new/", "frames/ask/", "describe/", "set-aside/"):
        assert client.get(ONE + page).status_code == 403, page


def test_a_problem_whose_causes_are_presumed_is_supported_in_part(
    problem, actor_of, client_of, dataset
):
    def said():
        rests = client_of("coordinator").get(ONE).content.decode().split('class="thread-part"')[1]
        return rests.split("<ul")[0]

    actor = actor_of("coordinator")
    counted = dataset("thefts", is_public=True)
    join(actor, problem, counted)
    assert "Supported<" in said()
    causes = [
        add_cause(actor, problem, text=text, family="lighting", reach="inside")
        for text in ("Dark corners", "Broken lamps")
    ]
    assert "No source shows one of its causes yet." in said()
    presume_causes(actor, problem, causes)
    assert "Supported in part" in said()
    assert "Its causes are presumed: no source shows one of them yet." in said()
    join(actor, causes[0], counted)
    assert "Supported<" in said()
