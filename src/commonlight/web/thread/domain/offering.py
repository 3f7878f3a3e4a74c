"""What an actor may let a claim rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.thread.kinds import NodeKind, kinds

__all__ = ["offered", "offering_kinds"]

Order = Callable[[NodeKind, Iterable[Any]], Iterable[Any]]

MOST = 25
"""So many things of a kind are offered at once."""


def offering_kinds() -> list[NodeKind]:
    """The kinds of which something can be chosen here."""
    return [kind for kind in kinds() if kind.may_ground and kind.offer is not None]


def offered(
    actor: Actor,
    claim: Any,
    *,
    words: str = "",
    only: str = "",
    most: int = MOST,
    order: Order | None = None,
) -> Iterator[tuple[NodeKind, list[tuple[str, Any]]]]:
    """The things by kind that the actor may see, the claim itself left out, each with its key.

    Of each kind so many are given, the first in the order that is asked for.
    """
    for kind in offering_kinds():
        if (only and kind.name != only) or kind.offer is None:
            continue
        found: Iterable[Any] = kind.offer(actor, words)
        ordered = list(found if order is None else order(kind, found))[:most]
        chosen = [(kind.key(one), one) for one in ordered if one != claim]
        if chosen:
            yield kind, chosen
