"""What engagement asks of the one who looks at the first page of a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.policy import Actor
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["waiting_replies"]

MOST = 5


@task_source("reply.write")
def waiting_replies(actor: Actor) -> Iterable[Task]:
    """Problems whose contributions wait for a reply; late ones are urgent."""
    rows = Problem.objects.of(actor.workspace).filter(contributions__state="open").distinct()
    found = list(rows.exclude(state=ProblemState.SET_ASIDE).order_by("-number")[:MOST])
    counted = tallies(found)
    for problem in found:
        tally = counted[problem.pk]
        text = ngettext(
            "Reply to %(count)s contribution on “%(problem)s”",
            "Reply to %(count)s contributions on “%(problem)s”",
            tally.open,
        )
        yield Task(
            text=text % {"count": tally.open, "problem": problem.title},
            url=reverse("engagement:register", args=[actor.workspace.slug, problem.number]),
            urgent=bool(tally.late),
        )
