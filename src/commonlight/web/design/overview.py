"""What waits in designs: notes half entered, votes not cast, concepts to approve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.enums import BatchState, ConceptState, VoteKind, VoteState
from commonlight.web.design.models import Batch, Concept, Vote
from commonlight.web.policy import Actor
from commonlight.web.problems.enums import ProblemState
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["concepts_that_wait", "notes_that_wait", "votes_that_wait"]

MOST = 20
"""More tasks of one kind are not listed on the first page."""
NEVER_FOLDED = 2
"""So many of the newest concepts are shown at once."""


@task_source("design.write")
def notes_that_wait(actor: Actor) -> Iterable[Task]:
    """Batches of notes that the actor has begun and not finished."""
    rows = Batch.objects.of(actor.workspace).filter(
        entered_by=actor.membership, state=BatchState.DRAFT, notes__isnull=False
    )
    for one in rows.select_related("workshop__problem").distinct()[:MOST]:
        yield Task(
            text=_("Finish the notes of “%(title)s”") % {"title": one.workshop.title},
            url=_address(actor, one.workshop.problem, "enter-notes", one.workshop.number),
            note=_("They are kept as a draft until you finish the batch."),
        )


@task_source("design.vote")
def votes_that_wait(actor: Actor) -> Iterable[Task]:
    """Open votes of members in which the actor has not voted."""
    rows = (
        Vote.objects.of(actor.workspace)
        .filter(kind=VoteKind.MEMBERS, state=VoteState.OPEN)
        .exclude(ballots__member=actor.membership)
        .exclude(problem__state=ProblemState.SET_ASIDE)
    )
    for one in rows.select_related("problem")[:MOST]:
        yield Task(
            text=_("Vote on the ideas of “%(title)s”") % {"title": one.problem.title},
            url=_address(actor, one.problem, "vote", one.number),
        )


@task_source("design.write")
def concepts_that_wait(actor: Actor) -> Iterable[Task]:
    """Concepts that the actor may approve, since she wrote no version of them."""
    rows = (
        Concept.objects.of(actor.workspace)
        .filter(state=ConceptState.SUBMITTED)
        .exclude(author=actor.membership)
        .exclude(versions__author=actor.membership)
        .exclude(problem__state=ProblemState.SET_ASIDE)
    )
    for place, one in enumerate(rows.select_related("problem").order_by("-pk")[:MOST]):
        yield Task(
            is_asked=place < NEVER_FOLDED,
            text=_("Read the concept “%(name)s” and approve or return it") % {"name": one.name},
            url=_address(actor, one.problem, "concept", one.number),
            note=_("A concept is approved by somebody who wrote no version of it."),
        )


def _address(actor: Actor, problem: Any, name: str, *more: Any) -> str:
    return reverse(f"design:{name}", args=[actor.workspace.slug, problem.number, *more])
