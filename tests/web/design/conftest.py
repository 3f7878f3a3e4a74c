"""A problem at the station, and a workshop on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def problem(actor_of: Any, city: Any) -> Any:
    """A problem of Lakeside, opened by the coordinator."""
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Evenings at the station square",
        sentence="Women avoid the station square after ten, since they are shouted at there.",
        place="Station square",
    )


@pytest.fixture
def workshop(problem: Any, actor_of: Any) -> Any:
    """A planned workshop of three hours."""
    from commonlight.web.design.domain.workshops import plan_workshop

    return plan_workshop(actor_of("coordinator"), problem, template="ideate_180")


@pytest.fixture
def ideas(problem: Any, actor_of: Any) -> Callable[[int], list[Any]]:
    """So many ideas of the problem."""
    from commonlight.web.design.domain.ideas import add_idea

    def make(number: int) -> list[Any]:
        actor = actor_of("coordinator")
        return [add_idea(actor, problem, text=f"Idea number {one}") for one in range(1, number + 1)]

    return make


@pytest.fixture
def card(problem: Any, city: Any) -> Callable[..., dict[str, Any]]:
    """The answers of a whole concept card."""
    from commonlight.web.problems.models import Cause

    def make(**more: Any) -> dict[str, Any]:
        cause, _made = Cause.objects.of(city.workspace).get_or_create(
            problem=problem,
            text="The path lies in the dark",
            defaults={"workspace": city.workspace, "family": "place", "reach": "inside"},
        )
        return {
            "name": "Light to the tram",
            "in_one_sentence": "Light and company on the path to the tram, for late passengers.",
            "cause": cause,
            "why_it_should_work": "People see and are seen.",
            "users": ["women"],
            "designed_with": ["women", "youth"],
            "organisations": [city.municipality],
            "who_does_it": "The lighting department, also in three years.",
            "who_may_lose": "Those who sleep there; the outreach team would notice.",
            **more,
        }

    return make
