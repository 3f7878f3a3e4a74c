"""What claims rest on: records of the workbench, which way each points, and whether it stands.

The links stand in the thread; only the direction is kept here. Whether a record stands is asked
each time, so that a withdrawn record counts for nothing from that moment on. The text itself
can be a ground too: its own words can work against a principle or a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.assessment.models import Claim, EvidenceDirection
from commonlight.web.assessment.words import evidence_kind, fill, warning
from commonlight.web.audits.models import StoredFinding
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import join, part, supports, web_of
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.domain.web import Strand
from commonlight.web.thread.kinds import Key, key_of, kind_named
from commonlight.web.thread.models import Link

__all__ = [
    "DIRECTIONS",
    "Evidence",
    "evidence_of",
    "link_evidence",
    "link_itself",
    "remove_evidence",
    "remove_itself",
    "why_not",
]

CLAIM = "claim_of_strategy"
DIRECTIONS = ("for", "against", "context")
ITSELF = "sentence"
"""The kind of evidence that a sentence gives against what it touches, without any record."""

DEFINED = ("defined", "designing", "briefed")
"""States from which on a problem counts as defined together."""

MAKERS = ("added_by_id", "created_by_id", "opened_by_id", "author_id", "made_by_id")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A record that is linked to a claim, as the reader may see it."""

    link: Strand
    kind: str
    label: Any
    title: str
    address: str
    direction: str
    note: str
    stands: bool
    reason: str = ""
    removed_at: datetime | None = None
    can: Any = ""
    cannot: Any = ""
    warnings: tuple[Any, ...] = field(default=())
    given_by: int | None = None

    @property
    def is_itself(self) -> bool:
        """Whether it is the text itself, and no record."""
        return self.kind == ITSELF

    @property
    def is_closed(self) -> bool:
        """Whether the reader may not see the record itself."""
        return not self.title


@transaction.atomic
def link_evidence(
    actor: Actor, claim: Claim, ground: Any, *, direction: str, note: str = ""
) -> Link:
    """Let a claim rest on a record, and say which way it points.

    A record that is linked already keeps its link; a new direction or note replaces the old one.

    Raises
    ------
    LinkError
        If the record rests on the claim itself.
    Refused
        If the assessment is finished, or the actor may not see the record.
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"no direction {direction!r}: use one of {DIRECTIONS}")
    require(actor, "assessment.assess", claim)
    link = join(actor, claim, ground, note=note)
    kind, key = key_of(ground)
    if note.strip() and link.note != note.strip():
        link.note = note.strip()
        link.save(update_fields=["note"])
    EvidenceDirection.objects.of(actor.workspace).update_or_create(
        workspace=actor.workspace,
        claim=claim,
        ground_kind=kind,
        ground_key=key,
        defaults={
            "direction": direction,
            "given_by": actor.membership,
            "given_at": timezone.now(),
        },
    )
    record(actor, "assessment.evidence", claim, ground=[kind, key])
    return link


def remove_evidence(actor: Actor, claim: Claim, link: Link, *, reason: str) -> None:
    """Take a record away; verdicts that rest on it alone drop at once."""
    require(actor, "assessment.assess", claim)
    part(actor, claim, link, reason=reason)


@transaction.atomic
def link_itself(actor: Actor, claim: Claim) -> None:
    """Let the text itself be a ground: its words work against what it touches."""
    require(actor, "assessment.assess", claim)
    _row, is_new = EvidenceDirection.objects.of(actor.workspace).get_or_create(
        claim=claim,
        ground_kind=CLAIM,
        ground_key=str(claim.pk),
        defaults={
            "workspace": actor.workspace,
            "direction": "against",
            "given_by": actor.membership,
            "given_at": timezone.now(),
        },
    )
    if is_new:
        record(actor, "assessment.evidence", claim, ground=[CLAIM, str(claim.pk)])


@transaction.atomic
def remove_itself(actor: Actor, claim: Claim, *, reason: str) -> bool:
    """Take the text itself away as a ground; says whether it was one."""
    require(actor, "assessment.assess", claim)
    rows = EvidenceDirection.objects.of(actor.workspace).filter(
        claim=claim, ground_kind=CLAIM, ground_key=str(claim.pk)
    )
    if not rows.exists():
        return False
    rows.delete()
    record(actor, "assessment.unlink", claim, reason=reason.strip())
    return True


def evidence_of(actor: Actor, claims: Iterable[Claim]) -> dict[int, list[Evidence]]:
    """The records behind each claim; as many queries for one claim as for all."""
    asked = {(CLAIM, str(one.pk)): one for one in claims}
    web = web_of(actor.workspace)
    links = [link for key in asked for link in (*web.grounds[key], *web.wounds[key])]
    grounds = list(dict.fromkeys(link.ground for link in links))
    nodes = Nodes(actor.workspace, grounds)
    held = supports(actor.workspace, grounds, web=web)
    sight = _sight(actor, nodes, grounds)
    pointed = _directions(actor, asked.values())
    told = _warnings(actor, nodes.things)
    found: dict[int, list[Evidence]] = {one.pk: [] for one in asked.values()}
    for link in links:
        claim = asked[link.claim]
        one = _evidence(link, nodes, held, sight, told)
        direction, given_by = pointed.get((claim.pk, *link.ground), ("context", None))
        found[claim.pk].append(replace(one, direction=direction, given_by=given_by))
    for claim in asked.values():
        if (claim.pk, CLAIM, str(claim.pk)) in pointed:
            found[claim.pk].append(_itself(claim))
    return found


def _itself(claim: Claim) -> Evidence:
    """The sentence as a ground against what it touches; it stands as long as it is named."""
    row, key = evidence_kind(ITSELF) or {}, str(claim.pk)
    return Evidence(
        link=Strand(0, CLAIM, key, CLAIM, key, "", None, "", None),
        kind=ITSELF,
        label=_("Strategy"),
        title=str(row.get("title", "")),
        address="",
        direction="against",
        note="",
        stands=True,
        can=row.get("can", ""),
        cannot=row.get("cannot", ""),
    )


def _evidence(
    link: Strand, nodes: Nodes, held: Any, sight: Mapping[Key, bool], told: Mapping[Key, Any]
) -> Evidence:
    key = link.ground
    thing, row = nodes.things.get(key), evidence_kind(key[0])
    is_open = sight.get(key, False)
    stands, reason = _stands(link, thing, held[key])
    return Evidence(
        link=link,
        kind=key[0],
        label=row["title"] if row else kind_named(key[0]).label,
        title=kind_named(key[0]).title(thing) if is_open else "",
        address=kind_named(key[0]).address(thing) if is_open else "",
        direction="context",
        note=link.note,
        stands=stands,
        reason=reason,
        removed_at=link.removed_at,
        can=row["can"] if row else "",
        cannot=row["cannot"] if row else "",
        warnings=tuple(told.get(key, ())),
    )


def _stands(link: Strand, thing: Any, support: Any) -> tuple[bool, str]:
    """Whether a record counts, and why not."""
    if link.removed_at is not None:
        return False, _("The link was removed: %(reason)s") % {"reason": link.removal_reason}
    reason = why_not(thing, support)
    return not reason, reason


def why_not(thing: Any, support: Any) -> str:
    """Why a record counts for nothing at present; empty if it counts."""
    if not support:
        return str(support.reason) or _("It is not there any more.")
    if isinstance(thing, Problem) and thing.state not in DEFINED:
        return _("The problem is not defined yet.")
    return ""


def _sight(actor: Actor, nodes: Nodes, keys: Iterable[Key]) -> dict[Key, bool]:
    by_kind: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, key in keys:
        if (name, key) in nodes.things:
            by_kind[name][key] = nodes.things[name, key]
    return {
        (name, key): bool(decision)
        for name, things in by_kind.items()
        for key, decision in kind_named(name).see(actor, things).items()
    }


def _directions(
    actor: Actor, claims: Iterable[Claim]
) -> dict[tuple[int, str, str], tuple[str, int | None]]:
    """Which way each record points, and the membership that said so."""
    rows = EvidenceDirection.objects.of(actor.workspace).filter(
        claim__in=[one.pk for one in claims]
    )
    return {
        (one.claim_id, one.ground_kind, one.ground_key): (one.direction, one.given_by_id)
        for one in rows
    }


def _warnings(actor: Actor, things: Mapping[Key, Any]) -> dict[Key, list[Any]]:
    """What only warns: the verdict stays, the assessors look again."""
    found: dict[Key, list[Any]] = defaultdict(list)
    mine = actor.membership.pk if actor.membership is not None else None
    findings = {key: one for key, one in things.items() if isinstance(one, StoredFinding)}
    newest = _newest_runs(actor, findings.values())
    for key, one in things.items():
        if mine is not None and mine in [getattr(one, name, None) for name in MAKERS]:
            found[key].append(warning("own_record")["sentence"])
        if _is_old(one):
            found[key].append(warning("old")["sentence"])
    for key, one in findings.items():
        if one.one_sided:
            found[key].append(warning("one_sided")["sentence"])
        later = newest.get(one.pk)
        if later is not None:
            found[key].append(later)
    return found


def _is_old(thing: Any) -> bool:
    days = int(warning("old")["days"])
    dated = getattr(thing, "dated", None)
    return dated is not None and dated < timezone.localdate() - timedelta(days=days)


def _newest_runs(actor: Actor, findings: Iterable[StoredFinding]) -> dict[int, str]:
    """Findings that were computed again since, with the sentence that says so."""
    rows = (
        StoredFinding.objects.of(actor.workspace)
        .filter(pk__in=[one.pk for one in findings])
        .exclude(plan__latest_run=None)
        .values_list("pk", "run_id", "plan__latest_run_id", "plan__latest_run__finished_at")
    )
    found = {}
    for pk, run, newest, finished in rows:
        if run != newest and finished is not None:
            day = timezone.localtime(finished).date()
            found[pk] = fill(warning("newer_version")["sentence"], date=day)
    return found
