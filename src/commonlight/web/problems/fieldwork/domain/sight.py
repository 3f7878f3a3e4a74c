"""Who may read an entry of an audit: never more than the data that it was written from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from commonlight.web.policy import Actor, Decision, allowed, decide
from commonlight.web.problems.fieldwork.models import ScopeEntry
from commonlight.web.thread.kinds import kind_named
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
    sight = _sight(actor, (one for found in grounds.values() for one in found))
    return {
        key: next((sight[one] for one in grounds[key] if not sight.get(one, allowed)), allowed)
        for key in entries
    }


def _sight(actor: Actor, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Decision]:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for name, key in keys:
        by_kind[name].add(key)
    found: dict[tuple[str, str], Decision] = {}
    for name, wanted in by_kind.items():
        kind = kind_named(name)
        things: Mapping[str, Any] = kind.find(actor.workspace, wanted)
        found.update({(name, key): one for key, one in kind.see(actor, things).items()})
    return found
