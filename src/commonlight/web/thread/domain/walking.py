"""What one actor may read of the thread around a thing, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, Decision, allowed
from commonlight.web.thread.domain.support import Nodes, Support, supports
from commonlight.web.thread.domain.web import Strand, Web, web_of
from commonlight.web.thread.kinds import Key, key_of, kind_named

__all__ = ["Node", "Step", "Surroundings", "surroundings"]


@dataclass(frozen=True)
class Node:
    """One thing of the thread as the actor may read it; what is closed has its reason instead."""

    key: Key
    kind: Any
    title: str
    address: str
    support: Support
    sight: Decision

    @property
    def is_claim(self) -> bool:
        """Whether the thing has to rest on something."""
        return kind_named(self.key[0]).must_rest


@dataclass(frozen=True)
class Step:
    """A link with the thing at its other end, and how many steps away that is."""

    link: Strand
    node: Node
    depth: int


@dataclass(frozen=True)
class Surroundings:
    """A thing with all that it rests on, all that rests on it, and what was taken from it."""

    node: Node
    grounds: list[Step]
    claims: list[Step]
    wounds: list[Step]


def surroundings(actor: Actor, thing: Any) -> Surroundings:
    """The whole thread through a thing, in both directions; the queries do not grow with it."""
    return _around(actor, *key_of(thing))


@kept_until_a_change
def _around(actor: Actor, kind: str, name: str) -> Surroundings:
    web, start = web_of(actor.workspace), (kind, name)
    below = list(_steps(web, start, down=True))
    above = list(_steps(web, start, down=False))
    torn = [(link, link.ground, 1) for link in web.wounds.get(start, ())]
    keys = dict.fromkeys([start, *(key for _, key, _ in [*below, *above, *torn])])
    reach = dict.fromkeys([*keys, *(far for key in keys for far in web.below(key))])
    lost = [link.ground for key in reach for link in web.wounds.get(key, ())]
    nodes = Nodes(actor.workspace, [*reach, *lost], actor=actor)
    held = supports(actor.workspace, keys, web=web, nodes=nodes)
    made = {key: _node(key, nodes, held[key]) for key in keys}

    def steps(found: Iterable[tuple[Strand, Key, int]]) -> list[Step]:
        return [Step(link, made[key], depth) for link, key, depth in found]

    return Surroundings(made[start], steps(below), steps(above), steps(torn))


def _steps(web: Web, start: Key, *, down: bool) -> Iterator[tuple[Strand, Key, int]]:
    """Each step under the one that it hangs on, and each thing once."""
    seen: set[Key] = {start}
    waiting = _further(web, start, 1, down=down)
    while waiting:
        link, key, depth = waiting.pop()
        if key not in seen:
            seen.add(key)
            yield link, key, depth
            waiting += _further(web, key, depth + 1, down=down)


def _further(web: Web, key: Key, depth: int, *, down: bool) -> list[tuple[Strand, Key, int]]:
    links = web.grounds.get(key, ()) if down else web.claims.get(key, ())
    found = [(link, link.ground if down else link.claim, depth) for link in links]
    return found[::-1]


def _node(key: Key, nodes: Nodes, support: Support) -> Node:
    kind = kind_named(key[0])
    thing = nodes.things.get(key)
    is_open = nodes.is_open(key)
    return Node(
        key=key,
        kind=kind.label,
        title=nodes.title(key) if is_open or thing is None else "",
        address=kind.address(thing) if is_open else "",
        support=support,
        sight=nodes.sight.get(key, allowed),
    )
