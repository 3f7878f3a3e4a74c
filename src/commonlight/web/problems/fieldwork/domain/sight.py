"""Who may read an entry of an audit: never more than the data that it was written from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from commonlight.web.policy import Actor, Decision, allowed, decide
from commonlight.web.problems.fieldwork.models import ScopeEntry
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.models import Link

__all__ = ["entries_seen"]

CLAIM, CLOSED_KINDS = "scope_entry", ("dataset", "finding")
"""Kinds of grounds that an agreement opens to some and not to others."""


def entries_seen(actor: Actor, entries: Mapping[str, ScopeEntry]) -> dict[str, Decision]:
    """Whether the actor may read each entry, in a constant number of queries.

    An entry says in words what a finding or a data set shows, so it is as closed as that is, also
    for who wrote it: after the end of an agreement data are shown nowhere. A link that was removed
    counts too: the words were written when it stood.
    """
    may = decide(actor, "problem.view")
    if not may:
        return dict.fromkeys(entries, may)
    rows = Link.objects.of(actor.workspace).filter(
        claim_kind=CLAIM, claim_key__in=set(entries), ground_kind__in=CLOSED_KINDS
    )
    grounds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for link in rows:
        grounds[link.claim_key].append(link.ground)
    keys = [one for found in grounds.values() for one in found]
    sight = Nodes(actor.workspace, keys, actor=actor).sight
    return {
        key: next((sight[one] for one in grounds[key] if not sight.get(one, allowed)), allowed)
        for key in entries
    }
