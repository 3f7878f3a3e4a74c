"""What the partnership adds to the path of a problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.partnerships.domain.agreement import current_agreement
from commonlight.web.partnerships.domain.raci import gaps_of, tasks_of
from commonlight.web.partnerships.models import Task
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["agreement", "responsibilities"]


@part_of_path(
    pillar="partnerships",
    order=10,
    label=gettext_lazy("Who does what"),
    action="partnership.view",
)
def responsibilities(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Tasks with exactly one partner that answers for each and has said so.

    They can wait until a design says what there is to do.
    """
    found: dict[int | None, list[Task]] = defaultdict(list)
    for task in tasks_of(actor.workspace, every=True):
        found[task.problem_id].append(task)
    return {one.pk: _state(actor, one, found[one.pk]) for one in problems}


@part_of_path(
    pillar="partnerships",
    order=20,
    label=gettext_lazy("Partnership agreement"),
    action="partnership.view",
)
def agreement(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """One agreement for the whole partnership; a signature that is awaited holds up no design."""
    signed = current_agreement(actor.workspace)
    state = PartState(
        address=reverse("partnerships:agreements", args=[actor.workspace.slug]),
        has=signed.title if signed else "",
        missing=() if signed else (_("No version is signed by all yet."),),
        is_begun=signed is not None,
        holds_up=False,
    )
    return {one.pk: state for one in problems}


def _state(actor: Actor, problem: Problem, tasks: list[Task]) -> PartState:
    holes = gaps_of(actor.workspace, tasks, []).tasks
    count = len(tasks)
    missing = [
        _("%(task)s: %(reason)s") % {"task": task.activity, "reason": reason}
        for task, reason in holes[:3]
    ]
    return PartState(
        address=reverse(
            "partnerships:problem-tasks", args=[problem.workspace.slug, problem.number]
        ),
        has=ngettext("%(count)s task", "%(count)s tasks", count) % {"count": count}
        if count
        else "",
        missing=tuple(missing) if count else (_("No task is written down yet."),),
        is_begun=bool(count),
        holds_up=False,
    )
