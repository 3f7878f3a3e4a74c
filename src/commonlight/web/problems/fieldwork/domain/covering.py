"""What an audit covers: entries by block, ages of its sources, groups that nobody heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonlight.web.agreements.domain import today_in
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.data.coverage import visible_datasets
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor, Decision, allowed
from commonlight.web.problems.fieldwork.catalogue import blocks, voice_titles
from commonlight.web.problems.fieldwork.domain.sight import entries_seen
from commonlight.web.problems.fieldwork.enums import Nature
from commonlight.web.problems.fieldwork.models import (
    CaptureSession,
    Observation,
    SafetyAudit,
    ScopeEntry,
    ValuedUse,
)
from commonlight.web.thread.domain import supports, web_of
from commonlight.web.thread.domain.support import Nodes, Support
from commonlight.web.thread.kinds import Key, kind_named

__all__ = ["Block", "Cited", "Cover", "EntryRow", "cover_of", "suggestions"]

KIND = "scope_entry"
MOST = 8
"""So many findings are suggested in a block at once."""


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A source of an entry: what it is, how old, and whether the actor may open it."""

    key: Key
    kind: Any
    title: str
    address: str
    day: date | None
    age_days: int | None
    sight: Decision

    @property
    def months(self) -> int | None:
        """The age in whole months."""
        return None if self.age_days is None else max(0, self.age_days) * 12 // 365


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """An entry as the actor may read it."""

    entry: ScopeEntry
    support: Support
    cited: tuple[Cited, ...]
    sight: Decision


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block with its entries."""

    content: Mapping[str, Any]
    rows: tuple[EntryRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.rows

    @property
    def strengths(self) -> int:
        """How many of its entries are strengths."""
        return sum(row.entry.nature == Nature.STRENGTH for row in self.rows)

    @property
    def hidden(self) -> int:
        """How many entries are closed to the reader."""
        return sum(not row.sight for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """A whole audit: its blocks, its sources by age, and the groups without a voice."""

    blocks: tuple[Block, ...]
    sources: tuple[Cited, ...]
    groups: tuple[tuple[str, Any], ...]
    missing_groups: tuple[tuple[str, Any], ...]

    @property
    def empty(self) -> tuple[Block, ...]:
        """The blocks in which nothing stands."""
        return tuple(one for one in self.blocks if one.is_empty)

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return sum(len(one.rows) for one in self.blocks)

    def block(self, name: str) -> Block:
        """The block of this name."""
        return next(one for one in self.blocks if one.content["id"] == name)


def cover_of(actor: Actor, audit: SafetyAudit) -> Cover:
    """All that an audit holds, in a number of queries that does not grow with it."""
    entries = list(
        audit.entries.filter(withdrawn_at=None).select_related(
            "organisation", "problem", "author", "audit", "workspace"
        )
    )
    web = web_of(actor.workspace)
    keys = {(KIND, str(one.pk)): one for one in entries}
    direct = {key: [link.ground for link in web.grounds.get(key, ())] for key in keys}
    reach = dict.fromkeys([*keys, *(far for key in keys for far in web.below(key))])
    torn = [link.ground for key in reach for link in web.wounds.get(key, ())]
    nodes = Nodes(actor.workspace, [*reach, *torn], actor=actor)
    held = supports(actor.workspace, keys, web=web, nodes=nodes)
    sight = entries_seen(actor, {key: one for (_, key), one in keys.items()})
    cited = _cited(actor, direct.values(), nodes)
    rows: dict[str, list[EntryRow]] = defaultdict(list)
    for key, entry in keys.items():
        rows[entry.block].append(
            EntryRow(
                entry=entry,
                support=held[key],
                cited=tuple(cited[one] for one in direct[key] if one in cited),
                sight=sight[key[1]],
            )
        )
    heard = _heard(entries, reach, nodes)
    titles = voice_titles()
    return Cover(
        blocks=tuple(Block(content=one, rows=tuple(rows[one["id"]])) for one in blocks()),
        sources=_by_age(cited.values()),
        groups=tuple((name, title) for name, title in titles.items() if name in heard),
        missing_groups=tuple((name, title) for name, title in titles.items() if name not in heard),
    )


def suggestions(
    actor: Actor, cover: Cover, block: str
) -> tuple[list[StoredFinding], list[ValuedUse], list[DataSet]]:
    """What the workspace knows that this block could rest on, and does not yet.

    Findings of the newest runs that belong to the block, for the strengths also valued uses of
    the problems, and the data sets that no entry rests on.
    """
    used = {source.key for source in cover.sources}
    found = [one for one in _findings(actor, block) if ("finding", str(one.pk)) not in used][:MOST]
    uses = []
    if block == "strengths":
        rows = ValuedUse.objects.of(actor.workspace).filter(
            withdrawn_at=None, is_none_found=False, question__in=("valued_uses", "must_stay")
        )
        rows = rows.select_related("problem__workspace", "workspace").order_by("-created_at")
        uses = [one for one in rows[: 3 * MOST] if ("valued_use", str(one.pk)) not in used][:MOST]
    sets = [
        seen.dataset
        for seen in visible_datasets(actor)
        if ("dataset", str(seen.dataset.pk)) not in used
    ]
    return found, uses, sets[:MOST]


def _findings(actor: Actor, block: str) -> Iterable[StoredFinding]:
    """Findings of this block in the newest audit that was computed."""
    plans = AuditPlan.objects.of(actor.workspace).exclude(latest_run=None)
    plan = plans.select_related("latest_run", "workspace").order_by("-latest_run_id").first()
    if plan is None:
        return []
    visible, _hidden = visible_findings(actor, plan.latest_run)
    return [one for one in visible if one.block == block]


def _cited(actor: Actor, grounds: Iterable[Iterable[Key]], nodes: Nodes) -> dict[Key, Cited]:
    """Every ground once, with the day of its newest record."""
    keys = list(dict.fromkeys(one for rows in grounds for one in rows))
    today = today_in(actor.workspace)
    days = _days(actor.workspace, {key: nodes.things[key] for key in keys if key in nodes.things})
    found = {}
    for key in keys:
        thing = nodes.things.get(key)
        if thing is None:
            continue
        kind, day, is_open = kind_named(key[0]), days.get(key), nodes.is_open(key)
        found[key] = Cited(
            key=key,
            kind=kind.label,
            title=nodes.title(key) if is_open else "",
            address=kind.address(thing) if is_open else "",
            day=day,
            age_days=(today - day).days if day else None,
            sight=nodes.sight.get(key, allowed),
        )
    return found


def _days(workspace: Any, things: Mapping[Key, Any]) -> dict[Key, date]:
    """The day of the newest record of findings and data sets, and when sessions were held."""
    wanted = {
        slug
        for thing in things.values()
        for slug in (thing.sources if isinstance(thing, StoredFinding) else ())
    } | {thing.slug for thing in things.values() if isinstance(thing, DataSet)}
    rows = DataSet.objects.of(workspace).filter(slug__in=wanted)
    last = dict(rows.values_list("slug", "current__last_day"))
    found = {key: _day(thing, last) for key, thing in things.items()}
    return {key: day for key, day in found.items() if day is not None}


def _day(thing: Any, last: Mapping[str, date | None]) -> date | None:
    """Of several sources the oldest counts."""
    if isinstance(thing, DataSet):
        return last.get(thing.slug)
    if isinstance(thing, StoredFinding):
        days = [day for slug in thing.sources if (day := last.get(slug)) is not None]
        return min(days, default=None)
    if isinstance(thing, CaptureSession):
        return thing.held_on
    if isinstance(thing, Observation):
        return thing.session.held_on
    return None


def _by_age(sources: Iterable[Cited]) -> tuple[Cited, ...]:
    """The oldest first; those without a date at the end."""
    return tuple(sorted(sources, key=lambda one: (one.age_days is None, -(one.age_days or 0))))


def _heard(entries: Iterable[ScopeEntry], reach: Iterable[Key], nodes: Nodes) -> set[str]:
    """Groups whose view an entry says that it holds, and those who spoke in sessions below it."""
    heard = {name for one in entries for name in one.groups}
    for key in reach:
        thing = nodes.things.get(key)
        if isinstance(thing, CaptureSession) and nodes.lets_speak(key):
            heard.update(thing.groups)
    return heard
