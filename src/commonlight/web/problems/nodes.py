"""Problems and causes as claims of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, decide
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.thread import NodeKind, register

__all__ = ["CAUSE", "PROBLEM"]


def _finder(model: Any, *related: str) -> Any:
    def find(workspace: Any, keys: Iterable[str]) -> dict[str, Any]:
        numbers = [int(key) for key in keys if key.isdecimal()]
        rows = model.objects.of(workspace).filter(pk__in=numbers).select_related(*related)
        return {str(one.pk): one for one in rows}

    return find


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    """Every member whose role includes problems reads all of them."""
    return {key: decide(actor, "problem.view", one) for key, one in things.items()}


def _offer(actor: Actor, words: str) -> Iterable[Problem]:
    found = Problem.objects.of(actor.workspace).select_related("workspace")
    for word in words.split():
        found = found.filter(title__icontains=word)
    return found


def _address(problem: Problem) -> str:
    return reverse("problems:problem", args=[problem.workspace.slug, problem.number])


PROBLEM = register(
    NodeKind(
        name="problem",
        label=_("problem"),
        model=Problem,
        find=_finder(Problem, "workspace"),
        title=lambda one: str(one.title),
        address=_address,
        see=_see,
        change=lambda actor, one: decide(actor, "problem.write", one),
        offer=_offer,
    )
)

CAUSE = register(
    NodeKind(
        name="cause",
        label=_("cause"),
        model=Cause,
        find=_finder(Cause, "workspace", "problem__workspace"),
        title=lambda one: str(one.text),
        address=lambda one: f"{_address(one.problem)}#cause-{one.pk}",
        see=_see,
        change=lambda actor, one: decide(actor, "problem.write", one.problem),
        organisations=lambda things: {},
    )
)
