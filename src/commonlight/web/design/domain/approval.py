"""What a concept needs before others rely on it, and the approval by another person.

Apps above add what they ask for with `@condition`: a function that tells what is still open, such
as a principle check without an answer. Without any, the concept's own conditions hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from commonlight.web.design.domain.concepts import TABLE, current_version, missing_fields
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, decide, refused
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "OpenPoint",
    "approve_concept",
    "condition",
    "decide_approval",
    "load_conditions",
    "open_points",
]


@dataclass(frozen=True, kw_only=True)
class OpenPoint:
    """One thing that is still open, with the page on which it is answered."""

    text: str | Promise
    address: str = ""


Condition = Callable[[Actor, Concept], Iterable[OpenPoint]]
_conditions: dict[str, Condition] = {}


def condition(tell: Condition) -> Condition:
    """Register what tells the open points of one condition."""
    _conditions[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


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
    for title in missing_fields(current_version(concept)):
        yield OpenPoint(text=_("The card lacks: %(fields)s.") % {"fields": title})


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
