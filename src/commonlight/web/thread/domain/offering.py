"""What an actor may let a claim rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.thread.kinds import NodeKind, kinds

__all__ = ["offered", "offering_kinds"]

MOST = 25
"""So many things of a kind are offered at once."""


def offering_kinds() -> list[NodeKind]:
    """The kinds of which something can be chosen here."""
    return [kind for kind in kinds() if kind.may_ground and kind.offer is not None]


def offered(
    actor: Actor, claim: Any, *, words: str = "", only: str = "", most: int = MOST
) -> Iterator[tuple[NodeKind, list[tuple[str, Any]]]]:
    """The things by kind that the actor may see, the claim itself left out, each with its key.

    Of each kind at most so many are read.
    """
    for kind in offering_kinds():
        if (only and kind.name != only) or kind.offer is None:
            continue
        found = list(kind.offer(actor, words))[:most]
        chosen = [(kind.key(one), one) for one in found if one != claim]
        if chosen:
            yield kind, chosen
