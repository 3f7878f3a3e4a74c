"""Briefs that wait for the one who looks at the first page of a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.review.enums import BriefState
from commonlight.web.design.review.models import Brief
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["waiting_briefs"]

MOST = 5


@task_source("brief.approve")
def waiting_briefs(actor: Actor) -> Iterable[Task]:
    """Briefs that were proposed and that somebody who did not write them may approve."""
    own = Q(author=actor.membership) | Q(proposed_by=actor.membership) | Q(writers=actor.membership)
    rows = Brief.objects.of(actor.workspace).filter(state=BriefState.PROPOSED)
    found = rows.exclude(pk__in=rows.filter(own).values("pk")).select_related("problem")
    for one in found.defer("content", "texts")[:MOST]:
        yield Task(
            is_asked=True,
            text=_("Read the design brief of “%(problem)s”") % {"problem": one.problem.title},
            url=reverse(
                "review:version", args=[actor.workspace.slug, one.problem.number, one.number]
            ),
            note=_("Another person than its authors approves it."),
        )
