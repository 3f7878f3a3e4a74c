"""What the pages of a design have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.models import Workshop
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, WorkspaceRequest, require
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import path_of
from commonlight.web.problems.steps import next_step
from commonlight.web.problems.views.frame import frame, problem_page

__all__ = [
    "PILLAR",
    "address",
    "design_frame",
    "design_page",
    "next_of_design",
    "numbered",
    "sent",
    "workshop_frame",
    "workshop_page",
]

PILLAR = "design"


def design_page(request: WorkspaceRequest, number: int, action: str = "design.view") -> Problem:
    """The problem of the address, if the actor may do this in its design."""
    problem = problem_page(request, number)
    require(request.actor, action, problem)
    return problem


def numbered(rows: QuerySet[Any], number: int) -> Any:
    """The row with this number, or no page."""
    found = rows.filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404
    return found


def address(problem: Problem, name: str, *more: Any) -> str:
    """The address of a page of the design."""
    return reverse(f"design:{name}", args=[problem.workspace.slug, problem.number, *more])


def design_frame(request: WorkspaceRequest, problem: Problem, **more: Any) -> dict[str, Any]:
    """What each template is given."""
    context = frame(request, problem, pillar=PILLAR)
    return {**context, "design_url": address(problem, "home"), **more}


@kept_until_a_change
def next_of_design(actor: Actor, problem: Problem) -> tuple[str, str, str] | None:
    """The first thing that the design lacks and that cannot wait: what, where, the button."""
    path = path_of(actor, problem)
    parts = next((one.parts for one in path if one.id == PILLAR), ())
    for label, state in parts:
        if state.missing and state.holds_up:
            button = _("Go on with “%(part)s”") % {"part": label}
            return str(state.missing[0]), state.address, button
    step = next_step(actor, problem, path)
    is_open = step.url and step.method == "get"
    return (str(step.text), step.url, str(step.button)) if is_open else None


def workshop_page(
    request: WorkspaceRequest, number: int, held: int, action: str
) -> tuple[Problem, Workshop]:
    """The problem and the workshop of the address, if the actor may do this in its design."""
    problem = design_page(request, number, action)
    found: Workshop = numbered(problem.workshops.select_related("workspace"), held)
    found.problem = problem
    return problem, found


def workshop_frame(
    request: WorkspaceRequest, problem: Problem, found: Workshop, **more: Any
) -> dict[str, Any]:
    """What each template of a workshop is given."""
    back = address(problem, "workshop", found.number)
    return design_frame(request, problem, workshop=found, back_url=back, **more)


def sent(request: WorkspaceRequest) -> QueryDict | None:
    """What a form was sent with; None where the page was only opened."""
    return request.POST if request.method == "POST" else None
