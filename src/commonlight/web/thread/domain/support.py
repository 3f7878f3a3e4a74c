"""Whether a claim holds: as long as every thread below it does.

A ground stands unless it was withdrawn or has expired. A claim holds if it rests on at least one
thing, all that it rests on holds, and no link was taken from it without saying why it still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, Decision, refused
from commonlight.web.thread.domain.web import Web, web_of
from commonlight.web.thread.kinds import Key, kind_named
from commonlight.web.workspaces.reading import shelf

__all__ = ["Nodes", "Support", "supports"]


@dataclass(frozen=True)
class Support:
    """Whether a claim holds, and if not, for which reason and through which ground."""

    holds: bool
    reason: str = ""
    through: Key | None = None

    def __bool__(self) -> bool:
        return self.holds


HOLDS = Support(True)


class Nodes:
    """Things of the thread by key, read a kind at a time, as one actor may see them.

    Without an actor nothing is called by its name: a title can say what is closed to a reader.
    """

    def __init__(
        self,
        workspace: Any,
        keys: Iterable[Key],
        *,
        actor: Actor | None = None,
        in_hand: Mapping[Key, Any] | None = None,
    ) -> None:
        self.things: dict[Key, Any] = {}
        self.sight: dict[Key, Decision] = {}
        self._stands: dict[Key, Decision] = {}
        known = shelf("nodes", workspace, actor)
        asked = dict.fromkeys(keys)
        by_kind: dict[str, list[str]] = defaultdict(list)
        for name, key in asked:
            if (name, key) not in known:
                by_kind[name].append(key)
        for name, wanted in sorted(by_kind.items()):
            known.update(_read(workspace, name, wanted, actor, in_hand or {}))
        for one in asked:
            thing, stands, sight = known[one]
            if thing is not None:
                self.things[one] = thing
            if stands is not None:
                self._stands[one] = stands
            if sight is not None:
                self.sight[one] = sight

    def stands(self, key: Key) -> Decision | None:
        """Why the thing does not stand any more; None if it stands."""
        if key not in self.things:
            return refused(_("It is not there any more."))
        decision = self._stands.get(key)
        return None if decision is None or decision else decision

    def lets_speak(self, key: Key) -> bool:
        """Whether somebody is heard through the thing: it stands, and people speak in it."""
        return self.stands(key) is None and kind_named(key[0]).lets_speak(self.things[key])

    def groups_seen(self, key: Key) -> tuple[str, ...]:
        """The groups that the thing shows without letting them speak, as long as it stands."""
        seen = kind_named(key[0]).groups_seen
        if seen is None or self.stands(key) is not None:
            return ()
        return tuple(seen(self.things[key]))

    def is_open(self, key: Key) -> bool:
        """Whether the actor may see the thing."""
        return key in self.things and bool(self.sight.get(key))

    def title(self, key: Key) -> str:
        """What the thing is called; of what is closed to the actor only of which kind it is."""
        thing = self.things.get(key)
        if thing is None:
            return _("something removed")
        kind = kind_named(key[0])
        return kind.title(thing) if self.is_open(key) else str(kind.label)


def _read(
    workspace: Any,
    name: str,
    keys: Iterable[str],
    actor: Actor | None,
    in_hand: Mapping[Key, Any],
) -> dict[Key, tuple[Any, Decision | None, Decision | None]]:
    """The things of one kind, whether each stands, and whether the actor may see it."""
    kind = kind_named(name)
    found = {key: in_hand[name, key] for key in keys if (name, key) in in_hand}
    missing = [key for key in keys if key not in found]
    if missing:
        found.update(kind.find(workspace, missing))
    live = kind.live(found)
    sight = kind.see(actor, found) if actor is not None else {}
    return {(name, key): (found.get(key), live.get(key), sight.get(key)) for key in keys}


def supports(
    workspace: Any,
    keys: Iterable[Key],
    *,
    actor: Actor | None = None,
    web: Web | None = None,
    nodes: Nodes | None = None,
) -> dict[Key, Support]:
    """Whether each of these holds, told to an actor; as many queries for one as for all."""
    wanted = list(dict.fromkeys(keys))
    links = web or web_of(workspace)
    if nodes is None:
        reach = dict.fromkeys([*wanted, *(key for one in wanted for key in links.below(one))])
        torn = [link.ground for key in reach for link in links.wounds.get(key, ())]
        nodes = Nodes(workspace, [*reach, *torn], actor=actor)
    known: dict[Key, Support] = {}
    for one in wanted:
        _weigh(one, links, nodes, known)
    return {one: known[one] for one in wanted}


def _weigh(start: Key, web: Web, nodes: Nodes, known: dict[Key, Support]) -> None:
    """Weigh the grounds before the claims that rest on them, without recursion."""
    waiting: list[tuple[Key, bool]] = [(start, False)]
    on_the_way: set[Key] = set()
    while waiting:
        key, grounds_known = waiting.pop()
        if key in known:
            continue
        if grounds_known or not web.grounds.get(key):
            known[key] = _verdict(key, web, nodes, known)
            on_the_way.discard(key)
            continue
        on_the_way.add(key)
        waiting.append((key, True))
        grounds = (link.ground for link in web.grounds[key])
        waiting += [(one, False) for one in grounds if one not in known and one not in on_the_way]


def _verdict(key: Key, web: Web, nodes: Nodes, known: Mapping[Key, Support]) -> Support:
    gone = nodes.stands(key)
    if gone is not None:
        return Support(False, str(gone.reason))
    if not kind_named(key[0]).must_rest:
        return HOLDS
    for wound in web.wounds.get(key, ()):
        return Support(
            False,
            _("The link to “%(ground)s” was removed: %(reason)s")
            % {"ground": nodes.title(wound.ground), "reason": wound.removal_reason},
            wound.ground,
        )
    links = web.grounds.get(key, ())
    if not links:
        return Support(False, _("It rests on nothing yet."))
    for link in links:
        below = known.get(link.ground)
        if below is not None and not below:
            return Support(
                False,
                _("“%(ground)s” gives no support: %(reason)s")
                % {"ground": nodes.title(link.ground), "reason": below.reason},
                link.ground,
            )
    return HOLDS
