"""What a concept needs before others rely on it, and the approval by another person.

Apps above add what they ask for with `@condition`: a function that tells what is still open, such
as a principle check without an answer. Without any, the concept's own conditions hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from commonlight.web.design.domain.concepts import TABLE, current_version, missing_fields
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, decide, refused
from commonlight.web.policy.rules import role_actions
from commonlight.web.ui.punctuation import listed
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Answers",
    "OpenPoint",
    "answers_before",
    "approve_concept",
    "approvers",
    "condition",
    "decide_approval",
    "load_conditions",
    "open_points",
    "to_be_read",
    "waits_for",
]


@dataclass(frozen=True, kw_only=True)
class OpenPoint:
    """One thing that is still open, with the page on which it is answered."""

    text: str | Promise
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the authors answered of one sort, with the page on which it is read."""

    title: str | Promise
    address: str


NAMED = 3
"""So many of those who may approve are named; more are counted."""

Condition = Callable[[Actor, Concept], Iterable[OpenPoint]]
_conditions: dict[str, Condition] = {}


def condition(tell: Condition) -> Condition:
    """Register what tells the open points of one condition."""
    _conditions[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


Reading = Callable[[Concept], Answers]
_readings: dict[str, Reading] = {}


def to_be_read(tell: Reading) -> Reading:
    """Register a page of answers that whoever approves reads before."""
    _readings[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


def answers_before(concept: Concept) -> list[Answers]:
    """What the authors answered before they sent the concept, for whoever approves it."""
    return [_readings[name](concept) for name in sorted(_readings)]


@read_once
def open_points(actor: Actor, concept: Concept) -> list[OpenPoint]:
    """Everything that still stands between the concept and its approval."""
    return [point for name in sorted(_conditions) for point in _conditions[name](actor, concept)]


def decide_approval(actor: Actor, concept: Concept) -> Decision:
    """Whether the actor may approve the concept now, and if not, why."""
    decision = decide(actor, "design.write", concept.problem)
    if not decision:
        return decision
    fits = TABLE.decide(concept.state, "approve", dict(ConceptState.choices))
    if not fits:
        return fits
    if actor.membership is None or actor.membership.pk in _authors(concept):
        return refused(
            _("You wrote this concept, or a version of it. Somebody else approves it."),
            _("Ask another partner to read it."),
        )
    left = open_points(actor, concept)
    if left:
        return refused(left[0].text, _("Answer what is still open first."))
    return allowed


def approvers(workspace: Any, concepts: Iterable[Concept]) -> dict[int, list[Membership]]:
    """Of each concept the members who wrote no version of it and whose role includes approving."""
    asked = list(concepts)
    if not asked:
        return {}
    rows = Membership.objects.of(workspace).filter(ended_at=None, user__is_active=True)
    members = [
        one
        for one in rows.select_related("organisation").order_by("organisation__name", "role", "pk")
        if "design.write" in role_actions(one.role)
    ]
    written: dict[int, set[int | None]] = {one.pk: {one.author_id} for one in asked}
    versions = ConceptVersion.objects.of(workspace).filter(concept__in=asked).order_by()
    for key, author in versions.values_list("concept", "author"):
        written[key].add(author)
    return {key: [one for one in members if one.pk not in of] for key, of in written.items()}


def waits_for(actor: Actor, concept: Concept, others: Iterable[Membership]) -> str:
    """That a concept waits, and for whom: the actor, or the organisations and roles that may."""
    may = list(others)
    words = {"name": concept.name}
    if actor.membership is not None and actor.membership.pk in {one.pk for one in may}:
        return _("“%(name)s” waits for your approval.") % words
    if not may:
        told = _("“%(name)s” waits for approval, and nobody else here may give it yet.")
        ask = _("Ask the coordinator to invite somebody.")
        return f"{told % words} {ask}"
    named = dict.fromkeys(
        _("%(organisation)s (%(role)s)")
        % {"organisation": one.organisation.name, "role": one.get_role_display()}
        for one in may
    )
    if len(named) > NAMED:
        told = _(
            "“%(name)s” waits for approval. %(count)s others may give it, for example %(who)s."
        )
        first = listed([*named][:NAMED])
        return told % {**words, "count": len(named), "who": first}
    told = _("“%(name)s” waits for approval. Somebody else may give it: %(who)s.")
    return told % {**words, "who": ", ".join(named)}


@transaction.atomic
def approve_concept(actor: Actor, concept: Concept, *, at: datetime | None = None) -> None:
    """Others may rely on the concept from now on.

    Raises
    ------
    Refused
        If the actor wrote a part of it, it was not submitted, or something is still open.
    """
    held: Concept = Concept.objects.of(actor.workspace).select_for_update().get(pk=concept.pk)
    decision = decide_approval(actor, held)
    if not decision:
        raise Refused("design.write", decision)
    concept.state = held.state = TABLE.after(held.state, "approve")
    held.state_reason, held.approved_by = "", actor.membership
    held.approved_at = at or timezone.now()
    held.save()
    record(actor, "design.concept_approved", held, number=held.number)


@condition
def card_is_whole(actor: Actor, concept: Concept) -> Iterable[OpenPoint]:
    """Every required field of the card says something."""
    place = [concept.problem.workspace.slug, concept.problem.number, concept.number]
    address = reverse("design:concept-change", args=place)
    for title in missing_fields(current_version(concept)):
        yield OpenPoint(text=_("The card lacks: %(fields)s.") % {"fields": title}, address=address)


@condition
def changes_are_explained(actor: Actor, concept: Concept) -> Iterable[OpenPoint]:
    """Each version after the first cites a test or gives a reason."""
    for one in concept.versions.filter(number__gt=1, reason=""):
        yield OpenPoint(
            text=_("Version %(number)d cites no test and gives no reason.") % {"number": one.number}
        )


def load_conditions() -> None:
    """Load the `approval_conditions.py` of every app."""
    autodiscover_modules("approval_conditions")


def _authors(concept: Concept) -> frozenset[int | None]:
    written = concept.versions.order_by().values_list("author", flat=True)
    return frozenset({concept.author_id, *written})
