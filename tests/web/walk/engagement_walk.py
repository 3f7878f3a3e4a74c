"""Engagement for the walks of all pages."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
HERE = "problems/<int:number>/design/engagement/"
VALUES = {
    HERE: {
        "number": 1,
        "plan": 1,
        "method": "focus_group",
        "contribution": 1,
        "name": "to_frame",
    }
}
PAGES = (
    "",
    "plans/1/",
    "hearings/new/",
    "register/",
    "register/new/",
    "register/1/",
    "sheet/",
    "unheard/",
)
API = "/api/v1/workspaces/lakeside/problems/1/design/engagement"
HOLDERS = (
    API,
    f"{API}/plans/1",
    f"{API}/contributions",
    *(f"/w/lakeside/problems/1/design/engagement/{page}" for page in PAGES),
)


def make(city: Any, members: dict[str, Any], number: int, made: dict[str, Any]) -> dict[str, Any]:
    """A plan, an occasion, contributions with and without reply, and a step through a gate."""
    from datetime import date

    from commonlight.web.design.engagement.models import (
        ChosenMethod,
        Contribution,
        Engagement,
        EngagementPlan,
        GatePassage,
        Hearing,
        Reply,
    )

    place, coordinator = city.workspace, members["coordinator"]
    problem = made["problem"]
    Engagement.objects.of(place).update_or_create(
        workspace=place,
        problem=problem,
        defaults={
            "stage": "frame",
            "rationale": "substantive",
            "harmed_groups": ["women", "youth", "older_people"][:number],
            "unheard": {"youth": "They are asked in spring."},
        },
    )
    plan = EngagementPlan.objects.create(
        workspace=place,
        problem=problem,
        number=number,
        phase="frame",
        purpose="consult",
        reach=["women"],
        size=10,
        days=60,
        cost="low",
        author=coordinator,
    )
    held = made.get("engagement_plan", plan)
    ChosenMethod.objects.create(
        workspace=place,
        plan=held,
        method=("focus_group", "interviews", "survey")[number - 1],
        chosen_by=coordinator,
    )
    hearing = Hearing.objects.create(
        workspace=place,
        problem=problem,
        number=number,
        held_on=date(2026, 5, number),
        method="focus_group",
        groups={"women": 8},
        said="The lamps at the stop are out.",
        recorded_by=coordinator,
    )
    first = Contribution.objects.of(place).filter(problem=problem).count() + 1
    answered = None
    for step, state in enumerate(("adopted", "open")):
        one = Contribution.objects.create(
            workspace=place,
            problem=problem,
            hearing=hearing,
            number=first + step,
            group="women",
            text="Repair the lamps.",
            received_on=date(2026, 5, number),
            state=state,
            recorded_by=coordinator,
        )
        answered = answered or one
    Reply.objects.create(
        workspace=place,
        contribution=made.get("contribution", answered),
        number=number,
        answer="adopted",
        text="The lamps are repaired within a month.",
        replied_by=coordinator,
    )
    if number > 1:
        Reply.objects.create(
            workspace=place,
            contribution=answered,
            number=1,
            answer="adopted",
            text="The lamps are repaired within a month.",
            replied_by=coordinator,
        )
    GatePassage.objects.create(
        workspace=place,
        problem=problem,
        step="to_frame",
        source="signal",
        target="frame",
        passed_by=coordinator,
    )
    return {"engagement_plan": plan, "contribution": answered}
