"""What a problem made of a practice or statement: applied, considered, or rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.enums import Position
from commonlight.web.knowledge.models import Stance
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import join, part
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.kinds import Key, key_of, kind_named
from commonlight.web.thread.models import Link
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "EvidenceUse",
    "Linked",
    "StanceError",
    "linked_of",
    "named",
    "stance_on",
    "stances_about",
    "take_stance",
    "use_of",
]


class StanceError(ValueError):
    """A stance that cannot be taken, with the sentence that the person reads."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A stance with what it is about, as the actor may see it."""

    stance: Stance
    kind: Any
    title: Any
    address: str
    stands: bool
    why_not: Any = ""

    @property
    def is_local(self) -> bool:
        """Whether it is an entry of the partnership itself."""
        return self.stance.source_kind.startswith("local_")


@dataclass(frozen=True, kw_only=True)
class EvidenceUse:
    """How much of what was linked to a problem was applied."""

    applied: int
    considered: int
    rejected: int

    @property
    def linked(self) -> int:
        """All that was linked."""
        return self.applied + self.considered + self.rejected

    @property
    def ratio(self) -> float | None:
        """Applied out of linked; nothing where nothing was linked."""
        return self.applied / self.linked if self.linked else None


@transaction.atomic
def take_stance(
    actor: Actor,
    problem: Problem,
    thing: Any,
    position: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> Stance:
    """Link a practice or statement to a problem; the problem rests on what it applies.

    Raises
    ------
    StanceError
        If it is rejected without a reason, or taken back without one.
    Refused
        If the actor may not write in the record of the problem, or may not see the thing.
    """
    require(actor, "knowledge.link", problem)
    kind, key = key_of(thing)
    Problem.objects.of(actor.workspace).select_for_update().get(pk=problem.pk)
    before = stance_on(problem, (kind, key))
    reason = reason.strip()
    if position == Position.REJECTED and not reason:
        raise StanceError(_("Say why it is rejected. The next partnership will want to know."))
    if before and before.position == Position.APPLIED != position and not reason:
        raise StanceError(_("It was applied until now. Say why it is not any more."))
    if before and (before.position, before.reason) == (position, reason):
        return before
    moment = at or timezone.now()
    if before:
        before.replaced_at = moment
        before.save()
    made: Stance = Stance.objects.create(
        workspace=actor.workspace,
        problem=problem,
        source_kind=kind,
        source_key=key,
        position=position,
        reason=reason,
        author=actor.membership,
        taken_at=moment,
    )
    _thread(actor, problem, thing, made, before)
    record(
        actor,
        "knowledge.stance",
        problem,
        number=problem.number,
        source=[kind, key],
        position=str(position),
    )
    return made


def _thread(actor: Actor, problem: Problem, thing: Any, now: Stance, before: Stance | None) -> None:
    """The problem rests on what it applies, and on nothing that it rejects or only considers."""
    if now.position == Position.APPLIED:
        join(actor, problem, thing, note=now.reason)
        return
    if before is None or before.position != Position.APPLIED:
        return
    claim, ground = key_of(problem), key_of(thing)
    links = Link.objects.of(actor.workspace).filter(
        claim_kind=claim[0], claim_key=claim[1], ground_kind=ground[0], ground_key=ground[1]
    )
    for link in links.filter(removed_at__isnull=True):
        part(actor, problem, link, reason=now.reason)


def stance_on(problem: Problem, source: Key) -> Stance | None:
    """The stance of a problem on a thing today."""
    found: Stance | None = problem.stances.filter(
        source_kind=source[0], source_key=source[1], replaced_at=None
    ).first()
    return found


def use_of(actor: Actor, problems: Iterable[Problem]) -> dict[int, EvidenceUse]:
    """How much of what was linked to each problem was applied."""
    keys = [one.pk for one in problems]
    rows = Stance.objects.of(actor.workspace).filter(problem__in=keys, replaced_at=None)
    counts: dict[int, dict[str, int]] = {key: defaultdict(int) for key in keys}
    for problem, position in rows.values_list("problem_id", "position"):
        counts[problem][position] += 1
    return {
        key: EvidenceUse(
            applied=found[Position.APPLIED],
            considered=found[Position.CONSIDERED],
            rejected=found[Position.REJECTED],
        )
        for key, found in counts.items()
    }


@read_once
def linked_of(actor: Actor, problem: Problem) -> list[Linked]:
    """What is linked to a problem today, those that were applied first."""
    rows = (
        Stance.objects.of(actor.workspace)
        .filter(problem=problem, replaced_at=None)
        .select_related("author__organisation")
    )
    order = list(Position)
    stances = sorted(rows, key=lambda one: (order.index(Position(one.position)), one.taken_at))
    about = named(actor, (one.source for one in stances))
    return [Linked(stance=one, **about[one.source]) for one in stances]


def named(actor: Actor, sources: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """Kind, title, address and state of things by key, in a query for each kind."""
    asked = list(sources)
    nodes = Nodes(actor.workspace, asked, actor=actor)
    return {one: _named(one, nodes) for one in asked}


def _named(key: Key, nodes: Nodes) -> dict[str, Any]:
    kind, thing, gone = kind_named(key[0]), nodes.things.get(key), nodes.stands(key)
    shown = nodes.is_open(key)
    return {
        "kind": kind.label,
        "title": kind.title(thing) if shown else _("Closed to you."),
        "address": kind.address(thing) if shown else "",
        "stands": gone is None,
        "why_not": gone.reason if gone else "",
    }


def stances_about(actor: Actor, source: Key) -> list[Stance]:
    """Stances of all problems on one thing today: who else uses it here."""
    rows = Stance.objects.of(actor.workspace).filter(
        source_kind=source[0], source_key=source[1], replaced_at=None
    )
    return list(rows.select_related("problem__workspace", "author__organisation"))
