"""What a concept rests on, said once: a cause that is presumed is no fault of the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.policy import Actor
from commonlight.web.thread.domain import surroundings
from commonlight.web.thread.kinds import key_of

__all__ = ["Resting", "rests_on"]


@dataclass(frozen=True)
class Resting:
    """What a concept rests on and what rests on it, and whether it holds.

    `is_presumed`: it does not hold only because no source shows its cause yet, which the partners
    have marked as presumed.
    """

    kind: str
    key: str
    support: Any
    grounds: tuple[Any, ...]
    claims: tuple[Any, ...]
    is_presumed: bool


def rests_on(actor: Actor, concept: Concept, version: ConceptVersion) -> Resting:
    """The nearest steps of the thread around a concept, as the actor may read them."""
    around, (kind, key) = surroundings(actor, concept), key_of(concept)
    support, cause = around.node.support, version.cause
    is_presumed = (
        cause is not None
        and cause.is_presumed
        and cause.withdrawn_at is None
        and not cause.left_out_reason
        and support.through == key_of(cause)
        and not around.wounds
    )
    return Resting(
        kind,
        key,
        support,
        tuple(one for one in around.grounds if one.depth == 1),
        tuple(one for one in around.claims if one.depth == 1),
        is_presumed,
    )
