"""A workshop is planned from a template, its minutes add up, and it prints (row 27)."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any

import pytest

from commonlight.web.design.domain.catalogue import methods, plans, roles, worksheets
from commonlight.web.design.domain.workshops import (
    PartPlan,
    PlanError,
    change_workshop,
    move_workshop,
    plan_workshop,
    set_parts,
    timetable,
)
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.problems.models import Problem
from commonlight.web.states import NotNow

SHOP = "/w/lakeside/problems/1/design/workshops/"


@pytest.mark.parametrize("template", list(plans()))
def test_each_plan_of_the_content_adds_up_and_names_what_exists(template: str) -> None:
    plan = plans()[template]
    assert sum(part["minutes"] for part in plan["parts"]) == plan["minutes"]
    assert {part["lead"] for part in plan["parts"]} <= set(plan["roles"]) <= set(roles())
    assert {part["method"] for part in plan["parts"] if "method" in part} <= set(methods())
    assert {one["id"] for one in worksheets(plan["phases"])} == set(plan["worksheets"])


def test_three_hours_begin_and_end_on_the_clock(workshop: Any, actor_of: Any) -> None:
    change_workshop(actor_of("coordinator"), workshop, begins=time(17, 30))
    slots = timetable(workshop)
    assert (slots[0].begins, slots[-1].ends) == (time(17, 30), time(20, 30))
    assert all(one.ends == two.begins for one, two in pairwise(slots))


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(185, "5 minutes have no part yet"), (181, "1 minute has no part yet"), (170, "10 minutes")],
)
def test_parts_that_do_not_add_up_are_refused(
    workshop: Any, actor_of: Any, minutes: int, says: str
) -> None:
    parts = [PartPlan(one.minutes, one.title, one.lead) for one in workshop.parts.all()]
    with pytest.raises(PlanError, match=says):
        set_parts(actor_of("coordinator"), workshop, parts, minutes=minutes)
    assert workshop.parts.count() == len(parts)


def test_the_form_of_parts_keeps_what_was_typed_and_says_what_is_wrong(
    workshop: Any, client_of: Any
) -> None:
    client = client_of("partner")
    sent = _rows([(1, 60, "Welcome"), (3, 20, "Thanks"), (2, 50, "Ideas")]) | {"minutes": 120}
    answer = client.post(f"{SHOP}1/parts/", sent)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "take 130 minutes together, the workshop takes 120: 10 minutes too many" in text
    assert 'value="Thanks"' in text
    client.post(f"{SHOP}1/parts/", sent | {"minutes": 130})
    assert [one.title for one in workshop.parts.all()] == ["Welcome", "Ideas", "Thanks"]


def _rows(parts: list[tuple[int, int, str]]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "parts-TOTAL_FORMS": len(parts) + 1,
        "parts-INITIAL_FORMS": 0,
    }
    for row, (place, minutes, title) in enumerate([*parts, ("", "", "")]):
        given |= {
            f"parts-{row}-place": place,
            f"parts-{row}-minutes": minutes,
            f"parts-{row}-title": title,
            f"parts-{row}-lead": "host",
            f"parts-{row}-method": "",
        }
    return given


def test_a_three_hour_plan_prints_as_agenda_and_cards(workshop: Any, client_of: Any) -> None:
    client = client_of("partner")
    agenda = client.get(f"{SHOP}1/agenda/").content.decode()
    assert "Rotating sheets" in agenda
    assert "Each group writes ideas on one sheet for five minutes." in agenda
    assert "Three dots for each person" in agenda
    cards = client.get(f"{SHOP}1/cards/?copies=24").content.decode()
    used = {one.method for one in workshop.parts.all() if one.method}
    assert cards.count('class="paper"') == 24 * 2 + len(used)
    part = next(one for one in workshop.parts.all() if one.method)
    workshop.parts.filter(method=part.method).exclude(pk=part.pk).update(method="")
    workshop.parts.filter(pk=part.pk).update(minutes=17)
    assert "17 minutes" in client.get(f"{SHOP}1/cards/").content.decode()
    assert client.get(f"{SHOP}1/cards/?copies=9999999").content.decode().count("Idea</h3>") == 1


def test_a_cancelled_workshop_needs_a_reason_and_can_be_taken_up(
    workshop: Any, actor_of: Any
) -> None:
    actor = actor_of("coordinator")
    with pytest.raises(PlanError, match="Say why"):
        move_workshop(actor, workshop, "cancel")
    move_workshop(actor, workshop, "cancel", reason="The room is flooded.")
    with pytest.raises(NotNow):
        move_workshop(actor, workshop, "hold")
    move_workshop(actor, workshop, "plan_again")
    assert workshop.state == "planned"


def test_the_record_of_a_problem_that_was_set_aside_is_read_only(
    workshop: Any, problem: Any, actor_of: Any, client_of: Any
) -> None:
    Problem.objects.of(problem.workspace).update(state="set_aside")
    workshop.problem.refresh_from_db()
    with pytest.raises(Refused):
        change_workshop(actor_of("coordinator"), workshop, title="New")
    page = client_of("coordinator").get(f"{SHOP}1/").content.decode()
    assert "its record is kept as it is" in page


@pytest.mark.parametrize("role", ["decision_maker", "stranger"])
def test_who_may_not_write_is_refused(role: str, problem: Any, actor_of: Any, city: Any) -> None:
    with pytest.raises(Refused):
        plan_workshop(actor_of(role), problem, template="ideate_90")


def test_each_change_stands_in_the_log(workshop: Any, actor_of: Any) -> None:
    move_workshop(actor_of("partner"), workshop, "hold")
    kept = [one.action for one in Event.objects.filter(chain="lakeside").order_by("number")]
    assert kept[-2:] == ["design.workshop_planned", "design.workshop_moved"]
