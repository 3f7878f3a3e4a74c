"""All links of a workspace, read at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.thread.kinds import Key
from commonlight.web.thread.models import Link
from commonlight.web.workspaces.reading import read_once

__all__ = ["Strand", "Web", "web_of"]


class Strand(NamedTuple):
    """A link as the walks need it: a third of the time of whole rows, where there are thousands."""

    pk: int
    claim_kind: str
    claim_key: str
    ground_kind: str
    ground_key: str
    note: str
    removed_at: datetime | None
    removal_reason: str
    settled_at: datetime | None

    @property
    def claim(self) -> Key:
        """What rests."""
        return self.claim_kind, self.claim_key

    @property
    def ground(self) -> Key:
        """What it rests on."""
        return self.ground_kind, self.ground_key


class Strands(dict[Key, list[Strand]]):
    """Strands by thing; where there is none, asking leaves no trace, since many read at once."""

    def __missing__(self, key: Key) -> list[Strand]:
        return []


@dataclass(frozen=True)
class Web:
    """Links by claim and by ground; those that were removed and not settled stand apart."""

    grounds: Strands = field(default_factory=Strands)
    claims: Strands = field(default_factory=Strands)
    wounds: Strands = field(default_factory=Strands)

    def add(self, link: Strand) -> None:
        """Take in one link."""
        if link.removed_at is None:
            self.grounds.setdefault(link.claim, []).append(link)
            self.claims.setdefault(link.ground, []).append(link)
        elif link.settled_at is None:
            self.wounds.setdefault(link.claim, []).append(link)

    def below(self, start: Key) -> Iterator[Key]:
        """All that the claim rests on, nearest first, each once; the claim itself is left out."""
        return self._walk(start, down=True)

    def above(self, start: Key) -> Iterator[Key]:
        """All that rests on the ground, nearest first, each once."""
        return self._walk(start, down=False)

    def _walk(self, start: Key, *, down: bool) -> Iterator[Key]:
        seen, level = {start}, [start]
        while level:
            further = [one for key in level for one in self._next(key, down=down)]
            level = [one for one in dict.fromkeys(further) if one not in seen]
            seen.update(level)
            yield from level

    def _next(self, key: Key, *, down: bool) -> Iterable[Key]:
        if down:
            return [link.ground for link in self.grounds.get(key, ())]
        return [link.claim for link in self.claims.get(key, ())]


@read_once
@kept_until_a_change
def web_of(workspace: Any) -> Web:
    """The links of a workspace, in one query."""
    found = Web()
    links = Link.objects.of(workspace).exclude(removed_at__isnull=False, settled_at__isnull=False)
    for row in links.values_list(*Strand._fields).order_by("made_at", "pk"):
        found.add(Strand(*row))
    return found
