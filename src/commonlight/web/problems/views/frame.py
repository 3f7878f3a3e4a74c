"""What the pages of a problem have in common: who may open it, its path, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, WorkspaceRequest, decide, require
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.framing import open_due
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import known_of, sharing
from commonlight.web.problems.path import Pillar, path_of
from commonlight.web.problems.steps import Step, next_step

__all__ = ["LARGEST", "PILLAR", "address", "frame", "going_on", "problem_page"]

PILLAR = "problem_identification"
LARGEST = 2**31


def problem_page(request: WorkspaceRequest, number: int, action: str = "problem.view") -> Problem:
    """The problem with this number, if the actor may do this to it."""
    if number >= LARGEST:
        raise Http404
    place: Any = request.workspace
    open_due(place)
    found = (
        Problem.objects.of(place)
        .select_related("owner", "first_framed_by", "opened_by__organisation", "workspace")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    require(request.actor, action, found)
    problem: Problem = found
    return problem


def frame(
    request: WorkspaceRequest, problem: Problem, *, pillar: str = "", **more: Any
) -> dict[str, Any]:
    """What `problems/frame.html` is given; `pillar` is the one that the page serves."""
    path, step = _standing(request.actor, problem)
    return {
        "problem": problem,
        "known": known_of(request.actor, [problem]),
        "path": path,
        "served": next((one for one in path if one.id == pillar), None),
        "back_url": address(problem),
        "own_steps": (),
        **_led_on(request.actor, problem, step),
        **more,
    }


def going_on(request: WorkspaceRequest, problem: Problem) -> dict[str, Any]:
    """What `problems/go_on.html` is given on a page that is not one of the problem."""
    _path, step = _standing(request.actor, problem)
    return _led_on(request.actor, problem, step)


def _led_on(actor: Actor, problem: Problem, step: Step) -> dict[str, Any]:
    """The step and where it leads; a step by a button is taken on the page of the problem.

    There stands also who does it, for whoever may not.
    """
    home = address(problem)
    is_move = step.action == "problem.move"
    is_there = step.method == "post" or (is_move and not decide(actor, step.action, problem))
    return {"step": step, "home": home, "step_url": home if step.url and is_there else step.url}


@kept_until_a_change
def _standing(actor: Actor, problem: Problem) -> tuple[list[Pillar], Step]:
    """How far the problem is, and the next step."""
    with sharing():
        path = path_of(actor, problem)
        return path, next_step(actor, problem, path)
