"""The council pack: each finding and each proposal names what it rests on, or it does not leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.audits.models import StoredFinding
from commonlight.web.data.models import DataSet
from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    leave_persons_out,
    moment,
    next_number,
)
from commonlight.web.partnerships.domain.words import template_of
from commonlight.web.partnerships.enums import PackState
from commonlight.web.partnerships.models import CouncilPack, PackLine
from commonlight.web.policy import Actor, require
from commonlight.web.runs.models import Run
from commonlight.web.states import NotNow, read_table
from commonlight.web.thread.domain import join, supports, web_of
from commonlight.web.thread.domain.support import Nodes, Support
from commonlight.web.thread.kinds import key_of

__all__ = [
    "FOUNDED",
    "Ground",
    "ShownLine",
    "add_line",
    "begin_pack",
    "lines_of",
    "move_pack",
    "packs_of",
    "remove_line",
    "sections",
    "unfounded",
]

FOUNDED = frozenset({"findings", "proposals"})
"""Sections whose lines must rest on a finding."""


@dataclass(frozen=True)
class Ground:
    """What a line rests on, as it is printed: the finding, its data sets and its day."""

    title: str
    address: str
    datasets: tuple[str, ...] = ()
    day: date | None = None
    is_finding: bool = False
    note: str = ""


@dataclass(frozen=True)
class ShownLine:
    """One line with its grounds; `missing` says what it lacks before the pack may leave."""

    line: PackLine
    grounds: tuple[Ground, ...]
    support: Support
    missing: str

    @property
    def must_be_founded(self) -> bool:
        """Whether a line of its section must rest on a finding."""
        return self.line.section in FOUNDED


def sections() -> list[dict[str, Any]]:
    """The sections of a pack in their order."""
    found: list[dict[str, Any]] = template_of("data_committee")["pack_section"]
    return found


def packs_of(workspace: Any) -> Any:
    """All packs, the newest first."""
    return CouncilPack.objects.of(workspace).select_related("workspace")


@transaction.atomic
def begin_pack(
    actor: Actor, *, title: str, for_day: date, at: datetime | None = None
) -> CouncilPack:
    """A pack for a day of the council."""
    require(actor, "meeting.write")
    made: CouncilPack = CouncilPack.objects.create(
        workspace=actor.workspace,
        number=next_number(CouncilPack, actor.workspace),
        title=title.strip(),
        for_day=for_day,
        created_by=actor.membership,
        created_at=moment(at),
    )
    record(actor, "pack.begin", made, number=made.number)
    return made


@transaction.atomic
def add_line(
    actor: Actor, pack: CouncilPack, *, section: str, text: str, grounds: Iterable[Any] = ()
) -> PackLine:
    """A line in a section, with the findings that it rests on."""
    require(actor, "meeting.write", pack)
    _require(pack, "make_ready")
    if section not in {one["id"] for one in sections()}:
        raise PartnershipError(_("There is no such section."), "section")
    leave_persons_out(text=text)
    if not text.strip():
        raise PartnershipError(_("Write the line."), "text")
    last = pack.lines.order_by("-order").values_list("order", flat=True).first() or 0
    made: PackLine = PackLine.objects.create(
        workspace=actor.workspace, pack=pack, section=section, order=last + 1, text=text.strip()
    )
    record(actor, "pack.line", pack, line=made.pk)
    for ground in grounds:
        join(actor, made, ground)
    return made


@transaction.atomic
def remove_line(actor: Actor, line: PackLine) -> None:
    """Take a line out of a draft."""
    require(actor, "meeting.write", line.pack)
    _require(line.pack, "make_ready")
    record(actor, "pack.line", line.pack, removed=line.pk)
    line.delete()


def lines_of(actor: Actor, pack: CouncilPack) -> list[ShownLine]:
    """All lines with their grounds, as the actor may see them, in a constant number of queries."""
    lines = list(pack.lines.all())
    web = web_of(actor.workspace)
    keys = {one.pk: key_of(one) for one in lines}
    below = dict.fromkeys(link.ground for key in keys.values() for link in web.grounds.get(key, ()))
    nodes = Nodes(actor.workspace, [*keys.values(), *below], actor=actor)
    held = supports(actor.workspace, list(keys.values()), actor=actor, web=web)
    told = _told(actor, nodes, list(below))
    return [
        _shown(
            one,
            [(told[link.ground], link.note) for link in web.grounds.get(keys[one.pk], ())],
            held[keys[one.pk]],
        )
        for one in lines
    ]


def unfounded(lines: Iterable[ShownLine]) -> list[ShownLine]:
    """The lines that keep a pack from leaving."""
    return [one for one in lines if one.missing]


@transaction.atomic
def move_pack(actor: Actor, pack: CouncilPack, step: str) -> None:
    """Make it ready, take it back, or say that it was presented.

    Raises
    ------
    PartnershipError
        If a finding or a proposal does not name what it rests on.
    """
    require(actor, "meeting.write", pack)
    target = _require(pack, step)
    lines = lines_of(actor, pack) if step == "make_ready" else []
    if step == "make_ready" and not lines:
        raise PartnershipError(_("The pack is empty."))
    for one in unfounded(lines):
        raise PartnershipError(
            _("“%(line)s” does not leave: %(reason)s")
            % {"line": one.line.text[:80], "reason": one.missing}
        )
    pack.state = target
    pack.save(update_fields=["state"])
    record(actor, f"pack.{step}", pack, number=pack.number)


def _shown(line: PackLine, grounds: list[tuple[Ground, str]], support: Support) -> ShownLine:
    missing = ""
    if line.section in FOUNDED:
        if not any(one.is_finding for one, _note in grounds):
            missing = _("It names no finding that it rests on.")
        elif not support:
            missing = support.reason
    return ShownLine(line, tuple(one for one, _note in grounds), support, missing)


def _told(actor: Actor, nodes: Nodes, keys: list[tuple[str, str]]) -> dict[Any, Ground]:
    """Each ground with its data sets and its day; of what is closed, only its kind."""
    things = [nodes.things.get(key) for key in keys if nodes.is_open(key)]
    findings = [one for one in things if isinstance(one, StoredFinding)]
    slugs = {slug for one in findings for slug in one.sources}
    names = dict(
        DataSet.objects.of(actor.workspace).filter(slug__in=slugs).values_list("slug", "name")
    )
    runs = Run.objects.of(actor.workspace).filter(pk__in={one.run_id for one in findings})
    days = dict(runs.values_list("pk", "finished_at"))
    found = {}
    for key in keys:
        thing = nodes.things.get(key) if nodes.is_open(key) else None
        found[key] = _ground(nodes, key, thing, names, days)
    return found


def _ground(
    nodes: Nodes, key: tuple[str, str], thing: Any, names: dict[str, str], days: dict[int, Any]
) -> Ground:
    from commonlight.web.thread.kinds import kind_named

    address = kind_named(key[0]).address(thing) if thing is not None else ""
    if not isinstance(thing, StoredFinding):
        return Ground(nodes.title(key), address, is_finding=key[0] == "finding")
    at = days.get(thing.run_id)
    return Ground(
        thing.sentence,
        address,
        tuple(names.get(slug, slug) for slug in thing.sources),
        timezone.localtime(at).date() if at else None,
        is_finding=True,
    )


def _require(pack: CouncilPack, step: str) -> str:
    table = read_table("commonlight.web.partnerships", machine="pack")
    try:
        return table.after(pack.state, step, dict(PackState.choices))
    except NotNow as error:
        raise PartnershipError(error) from error
