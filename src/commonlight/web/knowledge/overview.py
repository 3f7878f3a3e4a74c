"""What the overview says of knowledge: entries that wait for a reviewer or for their author."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.knowledge.domain.entries import MODELS
from commonlight.web.knowledge.enums import EntryState
from commonlight.web.policy import Actor, decide
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["entries_returned", "entries_to_review"]

MOST_TASKS = 5


@task_source("knowledge.review")
def entries_to_review(actor: Actor) -> Iterable[Task]:
    """Entries of other organisations that nobody has reviewed yet."""
    for kind, model in MODELS.items():
        rows = model.objects.of(actor.workspace).filter(state=EntryState.OFFERED)
        rows = rows.exclude(organisation=actor.organisation_id).order_by("state_since")
        rows = rows.select_related("workspace", "organisation", "author", "changed_by")
        for one in rows[:MOST_TASKS]:
            if decide(actor, "knowledge.review", one):
                yield Task(
                    text=_("Review “%(title)s”") % {"title": one.title},
                    url=reverse("knowledge:entry", args=[actor.workspace.slug, kind, one.number]),
                    note=_(
                        "%(organisation)s wrote it; somebody of another organisation reviews it."
                    )
                    % {"organisation": one.organisation.name},
                )


@task_source("knowledge.add")
def entries_returned(actor: Actor) -> Iterable[Task]:
    """Entries that a reviewer gave back to the actor's organisation."""
    for kind, model in MODELS.items():
        rows = model.objects.of(actor.workspace).filter(
            state=EntryState.RETURNED, organisation=actor.organisation_id
        )
        for one in rows.select_related("workspace").order_by("state_since")[:MOST_TASKS]:
            yield Task(
                text=_("Change “%(title)s” and offer it again") % {"title": one.title},
                url=reverse("knowledge:entry", args=[actor.workspace.slug, kind, one.number]),
                note=_("The reviewer says: %(note)s") % {"note": one.review_note},
            )
