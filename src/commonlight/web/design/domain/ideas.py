"""Ideas: write one, lay like to like, and keep what few voted for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.models import Cluster, Idea, Workshop
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Problem

__all__ = [
    "IdeaError",
    "add_idea",
    "cluster_ideas",
    "ideas_of",
    "keep_idea",
    "release_idea",
    "rename_cluster",
]

LONGEST_NAME = 100


class IdeaError(ValueError):
    """What cannot be done with ideas, with the sentence that the person reads."""


def ideas_of(problem: Problem) -> Any:
    """All ideas of a problem with what a list shows of them."""
    return problem.ideas.select_related("cluster", "workshop")


@transaction.atomic
def add_idea(
    actor: Actor,
    problem: Problem,
    *,
    text: str,
    workshop: Workshop | None = None,
    at: datetime | None = None,
) -> Idea:
    """An idea that does not come from a paper note.

    Raises
    ------
    PersonError
        If it says how to reach a person.
    """
    require(actor, "design.write", problem)
    refuse_contacts(text=text)
    hold_problem(problem)
    made: Idea = Idea.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=next_number(problem.ideas),
        text=" ".join(text.split()),
        workshop=workshop,
        added_by=actor.membership,
        created_at=at or timezone.now(),
    )
    record(actor, "design.idea_added", made, number=made.number)
    return made


@transaction.atomic
def cluster_ideas(actor: Actor, problem: Problem, ideas: Iterable[Idea], *, name: str) -> int:
    """Lay ideas into the cluster of this name, which is made if need be; no name: into none."""
    require(actor, "design.write", problem)
    chosen = [one.pk for one in ideas]
    if not chosen:
        raise IdeaError(_("Choose at least one idea."))
    cluster = _cluster_named(problem, " ".join(name.split()))
    moved: int = problem.ideas.filter(pk__in=chosen).update(cluster=cluster)
    record(actor, "design.ideas_clustered", problem, number=problem.number, ideas=moved)
    return moved


@transaction.atomic
def rename_cluster(actor: Actor, cluster: Cluster, *, name: str) -> None:
    """Give a cluster another name.

    Raises
    ------
    IdeaError
        If another cluster of the problem has the name.
    """
    require(actor, "design.write", cluster.problem)
    clean = " ".join(name.split())
    if cluster.problem.clusters.filter(name=clean).exclude(pk=cluster.pk).exists():
        raise IdeaError(_("Another cluster has this name. Lay the ideas into that one."))
    cluster.name = clean
    cluster.save(update_fields=["name"])
    record(actor, "design.cluster_renamed", cluster, name=clean)


@transaction.atomic
def keep_idea(actor: Actor, idea: Idea, *, reason: str) -> None:
    """Keep an idea with few votes, with who needs it and why.

    Raises
    ------
    IdeaError
        If nobody says who needs it.
    """
    require(actor, "design.write", idea.problem)
    if not reason.strip():
        raise IdeaError(_("Say who needs this idea, and why."))
    idea.is_minority, idea.minority_reason = True, reason.strip()
    idea.save(update_fields=["is_minority", "minority_reason"])
    record(actor, "design.idea_kept", idea, number=idea.number)


@transaction.atomic
def release_idea(actor: Actor, idea: Idea) -> None:
    """The mark is taken away; the idea and what was said for it stay."""
    require(actor, "design.write", idea.problem)
    idea.is_minority = False
    idea.save(update_fields=["is_minority"])
    record(actor, "design.idea_released", idea, number=idea.number)


def _cluster_named(problem: Problem, name: str) -> Cluster | None:
    if not name:
        return None
    if len(name) > LONGEST_NAME:
        raise IdeaError(_("The name of a cluster is a few words."))
    found: Cluster
    found, _made = Cluster.objects.of(problem.workspace).get_or_create(
        problem=problem, name=name, defaults={"workspace": problem.workspace}
    )
    return found
