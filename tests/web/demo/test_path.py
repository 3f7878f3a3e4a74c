"""The first half of the path in the demo: problems, partnership, design and assessment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commonlight.web.demo.path.content import read
from commonlight.web.demo.tours import TOURS
from commonlight.web.policy import Actor
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db

Become = Callable[[str], Client]


@pytest.fixture
def city(demo: Path) -> Workspace:
    return Workspace.objects.get(slug="lindhafen")


@pytest.fixture
def coordinator(city: Workspace) -> Actor:
    member = Membership.objects.of(city).get(user__email="coordinator@lindhafen.example")
    return actor_for(member.user, city)


def problem_of(city: Workspace, number: int) -> Any:
    from commonlight.web.problems.models import Problem

    return Problem.objects.of(city).select_related("workspace").get(number=number)


def test_three_problems_stand_at_three_points(city: Workspace) -> None:
    from commonlight.web.problems.models import Problem

    states = dict(Problem.objects.of(city).values_list("number", "state"))
    assert states == {1: "defined", 2: "designing", 3: "framing"}


def test_each_focus_area_and_each_theme_appears_once(city: Workspace) -> None:
    from commonlight.web.problems.enums import FocusArea, Theme
    from commonlight.web.problems.models import Problem

    rows = list(Problem.objects.of(city).values_list("focus_area", "theme"))
    strategy = read("assessment")["assessment"]
    areas = Counter([*(one for one, _theme in rows), strategy["focus_area"]])
    themes = Counter([*(one for _area, one in rows), *strategy["themes"]])
    assert areas == Counter(FocusArea.values)
    assert themes == Counter(Theme.values)


def test_four_answers_stay_sealed_until_the_closing_day(become: Become, city: Workspace) -> None:
    round = problem_of(city, 3).rounds.get()
    assert (round.answered, round.organisations.count(), round.is_open) == (4, 6, False)
    assert all(one.answers is None for one in round.frames.all())
    for key in ("coordinator", "analyst", "evaluator"):
        page = become(key).get("/w/lindhafen/problems/3/frames/1/").content.decode()
        assert "quick money" not in page
    own = become("partner").get("/w/lindhafen/problems/3/frames/1/answer/").content.decode()
    assert "quick money" in own


def test_a_cause_of_a_minority_is_left_out_with_its_reason(city: Workspace) -> None:
    causes = problem_of(city, 1).causes.exclude(left_out_reason="")
    assert {one.family for one in causes} == {"conflict_groups", "school_family"}
    named = causes.get(family="conflict_groups").seen_by.values_list("kind", flat=True)
    assert list(named) == ["police"]


@pytest.mark.parametrize(
    ("number", "name"), [(1, "fuller_gardens_after_school"), (2, "tannery_green_late_evening")]
)
def test_the_table_of_differences_counts_as_the_content_says(
    city: Workspace, number: int, name: str
) -> None:
    from commonlight.web.problems.domain.agreeing import last_opened, named_causes

    round = last_opened(problem_of(city, number))
    assert round is not None
    counted = {one.family: one.count for one in named_causes(round).causes}
    assert counted == read(f"problems/{name}")["frame_comparison"]["families_named_by"]


def test_a_defined_problem_lacks_nothing(city: Workspace, coordinator: Actor) -> None:
    from commonlight.web.problems.domain.defining import lacks

    assert lacks(coordinator, problem_of(city, 1)) == []
    assert lacks(coordinator, problem_of(city, 2)) == []
    assert len(problem_of(city, 1).statements.all()) == 3


def test_the_marks_of_the_partnership(become: Become) -> None:
    client = become("coordinator")
    home = client.get("/w/lindhafen/partnership/").content.decode()
    assert "1 review is due" in home
    assert "1 task without a sure owner" in home
    assert "Result shown" in home
    mirror = client.get("/w/lindhafen/partnership/mirror/").content.decode()
    assert "2 of 10" in mirror
    assert "The counters of eight lines broke down." in mirror


def test_one_open_reply_alone_keeps_the_gate_shut(city: Workspace, coordinator: Actor) -> None:
    from django.db import transaction

    from commonlight.web.design.engagement.domain import gates, register

    problem = problem_of(city, 2)
    last = gates.gates_of(coordinator, problem)[-1]
    assert (last.id, [one.need for one in last.missing]) == ("to_decide", ["all_replies_given"])
    waiting = register.contributions_of(problem)[0]
    with transaction.atomic():
        register.reply(
            coordinator,
            waiting,
            answer="not_adopted",
            text="Hosts stay in one place. The cleaning team walks there.",
        )
        assert gates.gates_of(coordinator, problem)[-1].is_open
        transaction.set_rollback(True)


def test_the_workshop_can_be_counted_again(city: Workspace) -> None:
    from commonlight.web.design.domain.voting import exported_votes, ranking, recount

    problem = problem_of(city, 2)
    workshop = problem.workshops.get()
    vote = problem.votes.get()
    places = ranking(vote)
    assert (workshop.notes.count(), problem.ideas.count(), len(places)) == (40, 25, 25)
    assert sum(one.dots for one in places) == 3 * 18
    assert recount(exported_votes(vote)) == [(p.rank, p.idea.number, p.dots) for p in places]
    assert (places[0].dots, problem.ideas.filter(is_minority=True).count()) == (9, 2)


def test_two_links_are_unproven_on_purpose(city: Workspace, coordinator: Actor) -> None:
    from commonlight.web.design.theory.domain.picture import unproven
    from commonlight.web.design.theory.domain.reading import read_theory

    graph = read_theory(coordinator, problem_of(city, 2)).graph
    steps = [one for one in graph.boxes if one.kind != "indicator"]
    links = [one for one in graph.arrows if not graph.to_indicator(one)]
    assert (len(steps), len(links)) == (14, 16)
    named = read("problems/tannery_green_late_evening")["theory"]["unproven_on_purpose"]
    found = [f"l{place:02}" for place, one in enumerate(links, 1) if unproven(graph, one)]
    assert found == named
    assert all(one.harm for one in links)


def test_the_assessors_differ_on_three_claims_and_none_is_averaged(
    city: Workspace, coordinator: Actor
) -> None:
    from commonlight.web.assessment.domain.matrix import read_assessment
    from commonlight.web.assessment.models import Assessment

    reading = read_assessment(coordinator, Assessment.objects.of(city).get())
    assert len(reading.claims) == 59
    stop = next(
        one for one in TOURS["evaluator"] if one.address.endswith("strategies/1/assessments/1/")
    )
    assert [int(number) for number in re.findall(r"\d+", str(stop.text))] == [
        len(reading.claims),
        len(reading.tagged),
    ]
    assert all(one.verdicts for one in reading.tagged)
    assert [one.claim.number for one in reading.differences] == read("assessment")["differences"]
    verdicts = {one.claim.number: {v.now for v in one.verdicts} for one in reading.claims}
    assert verdicts[2] == verdicts[19] == {"contradicted"}
    assert verdicts[56] == {"shown"}


def test_one_recommendation_is_closed_by_the_public_release(
    city: Workspace, coordinator: Actor
) -> None:
    from commonlight.web.assessment.domain.recommending import recommendations_of
    from commonlight.web.assessment.models import Assessment

    shown = recommendations_of(coordinator, Assessment.objects.of(city).get())
    states = Counter(one.state for one in shown)
    assert states == {"open": 3, "accepted": 2, "closed": 1, "declined": 1}


def test_the_mirror_shows_where_money_and_harm_lie_apart(city: Workspace) -> None:
    from commonlight.web.assessment.domain.mirror import mirror_of
    from commonlight.web.assessment.models import Assessment

    mirror = mirror_of(Assessment.objects.of(city).get())
    flags = {(one.id, one.row.title if one.row else "") for one in mirror.flags}
    assert ("money_over_priorities", "Organised pickpocketing in the old centre") in flags
    assert ("not_measured", "Radicalisation") in flags
    assert mirror.without_source == []


def test_texts_name_only_findings_that_a_full_demo_holds() -> None:
    known = {one["key"] for one in read("findings")["finding"]}
    named: set[str] = set()
    for name in ("partnership", "assessment", *(f"problems/{one}" for one in problem_names())):
        named |= set(findings_in(read(name)))
    assert named <= known


def problem_names() -> tuple[str, ...]:
    from commonlight.web.demo.path.problems import PROBLEMS

    return PROBLEMS


def findings_in(content: Any) -> list[str]:
    """Keys of findings anywhere in a content file."""
    if isinstance(content, dict):
        own = [content["finding"]] if isinstance(content.get("finding"), str) else []
        return own + [key for value in content.values() for key in findings_in(value)]
    if isinstance(content, list):
        return [key for value in content for key in findings_in(value)]
    if isinstance(content, str) and content.startswith("finding:"):
        return [content.partition(":")[2]]
    return []


def test_a_stranger_sees_nothing_of_the_path(become: Become) -> None:
    client = become("stranger")
    for page in ("problems/", "problems/1/", "knowledge/", "partnership/", "strategies/1/"):
        assert client.get(f"/w/lindhafen/{page}").status_code == 404


def test_a_decision_maker_reads_no_draft(become: Become) -> None:
    client = become("decision_maker")
    glance = client.get("/w/lindhafen/problems/2/glance/").content.decode()
    brief = client.get("/w/lindhafen/problems/2/design/brief/").content.decode()
    assert "Option 2: the softer end alone" not in glance + brief
    written = become("coordinator").get("/w/lindhafen/problems/2/design/brief/")
    assert "Option 2: the softer end alone" in written.content.decode()
