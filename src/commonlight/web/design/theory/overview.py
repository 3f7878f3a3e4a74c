"""Comments of other partners on theories that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from commonlight.web.design.theory.models import Comment
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["open_comments"]

MOST = 5


@task_source("design.write")
def open_comments(actor: Actor) -> Iterable[Task]:
    """One task for each theory on which others have commented."""
    rows = Comment.objects.of(actor.workspace).filter(answered_at=None)
    others = rows.exclude(author__organisation=actor.organisation_id)
    number, title = "theory__problem__number", "theory__problem__title"
    counted = others.order_by().values(number, title).annotate(count=Count("pk"))
    for row in counted.order_by(f"-{number}")[:MOST]:
        text = ngettext(
            "Answer %(count)s comment on the theory of change of “%(title)s”",
            "Answer %(count)s comments on the theory of change of “%(title)s”",
            row["count"],
        )
        address = reverse("theory:theory", args=[actor.workspace.slug, row[number]])
        yield Task(
            text=text % {"count": row["count"], "title": row[title]}, url=f"{address}#comments"
        )
