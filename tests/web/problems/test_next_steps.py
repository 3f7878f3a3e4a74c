"""What the page of a problem says should be done next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commonlight.web.problems import steps
from commonlight.web.problems.models import Problem, Statement
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.path import PartState, path_of
from web.problems.pages import ONE, words

pytestmark = pytest.mark.django_db


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


def _state(*, begun, missing=(), holds_up=True):
    return PartState(address="/there/", missing=missing, is_begun=begun, holds_up=holds_up)


def _next(problem, actor_of, state, **parts):
    """The next step of a problem in that state, with these parts of its pillars."""
    problem.state = state
    known = known_of(actor_of("coordinator"), [problem])
    known.__dict__["lacks"] = {problem.pk: []}
    path = path_of(actor_of("coordinator"), problem)
    path = [replace(one, parts=tuple(parts.get(one.id, ()))) for one in path]
    found = steps._further(actor_of("coordinator"), problem, known, path)
    return str(found.title), str(found.text), str(found.button)


def test_what_can_wait_holds_up_no_design(problem, actor_of):
    """What can wait comes after all that cannot, in the order of the path."""
    task = ("Who does what", _state(begun=True, missing=("Not confirmed.",), holds_up=False))
    concept = ("Concepts", _state(begun=True, missing=("No card.",)))
    tried = ("Tests", _state(begun=True, missing=("No test.",), holds_up=False))
    brief = ("Design brief", _state(begun=False, missing=("No brief.",)))
    done = ("Concepts", _state(begun=True))
    rows = {"partnerships": [task]}
    assert _next(problem, actor_of, "defined", design=[concept], **rows)[0] == "Begin to design"
    found = _next(problem, actor_of, "designing", design=[concept, tried, brief], **rows)
    assert found[1:] == ("No card.", "Open “Concepts”")
    found = _next(problem, actor_of, "designing", design=[done, tried, brief], **rows)
    assert found[1] == "No brief."
    assert _next(problem, actor_of, "designing", design=[done, tried], **rows)[1] == (
        "Not confirmed."
    )
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


def test_the_first_page_names_problems_that_wait(problem, client_of):
    assert "Ask the partners about" in words(client_of("coordinator").get("/w/lakeside/"))


def test_after_saving_the_page_says_what_comes_next(problem, client_of):
    """Nobody has to go back to the page of the problem to learn what is missing now."""
    client = client_of("coordinator")
    page = f"{ONE}sources/voices/older_people/"
    saved = client.post(page, {"reason": "Day centre in March"}, follow=True)
    line = words(saved).split('class="go-on')[1].split("</p>")[0]
    assert f'href="{saved.context["step"].url}"' in line
    assert str(saved.context["step"].title) in line
    assert 'class="go-on' not in words(client.get(f"{ONE}sources/"))


def test_only_the_pillar_of_the_next_step_is_open(problem, client_of):
    page = client_of("coordinator").get(ONE)
    open_ones = [
        one.split('"')[0]
        for one in words(page).split('id="pillar-')[1:]
        if "<ul" in one.split("<details")[0]
    ]
    assert open_ones == [page.context["next_pillar"]] == ["problem_identification"]
    text = words(page)
    assert all(str(label) in text for one in page.context["path"] for label, _state in one.parts)


def test_design_begins_with_one_press(problem, actor_of):
    done = {"knowledge": [("What research knows", _state(begun=True))]}
    problem.state = "defined"
    actor = actor_of("coordinator")
    known = known_of(actor, [problem])
    known.__dict__["lacks"] = {problem.pk: []}
    path = [replace(one, parts=tuple(done.get(one.id, ()))) for one in path_of(actor, problem)]
    step = steps._further(actor, problem, known, path)
    assert (step.url, step.method) == (f"{ONE}start-design/", "post")


def test_a_problem_begins_on_the_first_page_and_few_tasks_are_shown(city, client_of):
    page = client_of("coordinator").get("/w/lakeside/")
    assert 'href="/w/lakeside/problems/new/"' in words(page)
    assert 'href="/w/lakeside/problems/new/"' not in words(
        client_of("decision_maker").get("/w/lakeside/")
    )
    rows = [
        Problem(workspace=city.workspace, number=number, title=f"Noise {number}")
        for number in range(1, 9)
    ]
    Problem.objects.bulk_create(rows)
    made = Problem.objects.of(city.workspace)
    Statement.objects.bulk_create(
        [
            Statement(workspace=city.workspace, problem=one, number=1, sentence="Loud")
            for one in made
        ]
    )
    for role in ("coordinator", "partner"):
        page = client_of(role).get("/w/lakeside/")
        first, later = len(page.context["tasks"]), len(page.context["later"])
        assert (first == 5 and later >= 4) or (first <= 8 and not later)
        assert (f"<summary>{later} more</summary>" in words(page)) == bool(later)


def test_what_can_wait_is_marked(problem, client_of):
    """Tasks, tests and passports: the path names them, and the next step goes past them."""
    page = client_of("coordinator").get(ONE)
    waiting = [
        str(label)
        for one in page.context["path"]
        for label, state in one.parts
        if state.missing and not state.holds_up
    ]
    assert "Who does what" in waiting
    assert words(page).count("Can wait") == len(waiting)
