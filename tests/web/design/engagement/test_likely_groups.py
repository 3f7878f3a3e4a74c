"""Forms show first whom the problem concerns; other groups and the means wait below."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from web.design.hearing import heard

HERE = "/w/lakeside/problems/1/design/"
ENGAGEMENT = f"{HERE}engagement/"


@pytest.fixture
def concerned(problem, actor_of):
    """Women are harmed, young people were heard."""
    from commonlight.web.design.engagement.domain.planning import say_why

    who = actor_of("coordinator")
    say_why(who, problem, rationale="normative", harmed_groups=["women"])
    heard(who, problem, "There is nowhere to sit.", youth=6)
    return problem


def shown(client, address, name):
    """The values of a list of boxes that are read at once, and those behind its heading."""
    page = client.get(address).content.decode()
    part = page.split(f'id="id_{name}"')[1].split("</fieldset>")[0]
    first, _, rest = part.partition("<details")
    boxes = rf'name="{name}" value="(\w+)"'
    return re.findall(boxes, first), re.findall(boxes, rest)


@pytest.mark.parametrize(
    ("address", "name", "first"),
    [
        (f"{ENGAGEMENT}purpose/", "harmed_groups", ["women", "youth"]),
        (f"{ENGAGEMENT}plans/new/", "reach", ["women", "youth"]),
        (f"{HERE}concepts/new/", "users", ["women", "youth"]),
        (f"{HERE}concepts/new/", "designed_with", ["women", "youth"]),
    ],
)
def test_whom_the_problem_concerns_comes_first(concerned, client_of, address, name, first):
    from commonlight.web.design.domain.catalogue import groups

    here, rest = shown(client_of("coordinator"), address, name)
    assert here == first
    assert sorted(here + rest) == sorted(groups())


def test_nobody_is_ticked_as_a_designer_because_she_was_heard(concerned, client_of):
    form = client_of("coordinator").get(f"{HERE}concepts/new/").context["form"]
    assert not form["designed_with"].value()


def test_a_hearing_begins_with_today_the_chosen_method_and_those_concerned(
    concerned, answers, actor_of, client_of
):
    from commonlight.web.design.engagement.domain.planning import choose, make_plan

    plan = make_plan(actor_of("coordinator"), concerned, answers)
    choose(actor_of("coordinator"), plan, "exploratory_walk", reason="They know the way.")
    answer = client_of("coordinator").get(f"{ENGAGEMENT}hearings/new/")
    form = answer.context["form"]
    assert form["method"].value() == "exploratory_walk"
    assert form["held_on"].value() == timezone.localdate()
    assert {one.name for one in form.likely_fields()} == {"group_women", "group_youth"}
    page = answer.content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in page
    before, behind = page.split("Others who took part")
    assert 'name="group_women"' in before
    assert 'name="group_older_people"' in behind


def test_a_plan_takes_own_staff_and_six_weeks_until_somebody_says_more(concerned, client_of):
    from commonlight.web.design.engagement.models import EngagementPlan

    client = client_of("coordinator")
    page = client.get(f"{ENGAGEMENT}plans/new/").content.decode()
    before, behind = page.split("Time, money, skills, and what you can offer")
    assert before.rstrip().endswith("<details><summary>")
    assert all(f'name="{one}"' in behind for one in ("days", "cost", "skills", "offers"))
    initial = client.get(f"{ENGAGEMENT}plans/new/").context["form"].initial
    given = {**initial, "phase": "define", "purpose": "consult", "size": "8"}
    assert client.post(f"{ENGAGEMENT}plans/new/", given).status_code == 302
    plan = EngagementPlan.objects.of(concerned.workspace).get()
    assert (plan.days, plan.cost, plan.skills, plan.offers) == (42, "low", [], [])
    wrong = client.post(f"{ENGAGEMENT}plans/new/", {**given, "days": "none"}).content.decode()
    assert "<details open><summary>Time, money" in wrong
