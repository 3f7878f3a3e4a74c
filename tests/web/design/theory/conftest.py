"""A problem with a theory that the checks find nothing in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def problem(city: SimpleNamespace, actor_of: Any) -> Any:
    """A problem of Lakeside."""
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Young people are threatened at the station",
        sentence="Since spring young people are threatened at the station in the evening.",
        place="Station square",
    )


@pytest.fixture
def theory(problem: Any, actor_of: Any) -> SimpleNamespace:
    """Five steps and four links, complete; the steps and links by short names."""
    from commonlight.web.design.theory.domain.changing import add_link, add_step

    who = actor_of("partner")

    def step(kind: str, text: str, **more: Any) -> Any:
        return add_step(who, problem, kind=kind, text=text, **more)

    made = SimpleNamespace(problem=problem)
    made.work = step("activity", "Youth workers are at the station in the evening")
    made.trust = step("mechanism", "Young people know an adult whom they can tell")
    made.calm = step("outcome", "Fewer threats at the station")
    made.asked = step("indicator", "Share of pupils who were threatened", witness="survey")
    made.harm = step("harm", "Young people feel watched")
    told = {"assumption": "Workers come each evening", "is_own_judgement": True}
    made.first = add_link(who, made.work, made.trust, **told)
    made.second = add_link(who, made.trust, made.calm, **told)
    made.third = add_link(who, made.calm, made.asked)
    made.fourth = add_link(
        who, made.work, made.harm, mechanism="They are asked who they are", **told
    )
    made.theory = made.work.theory
    return made
