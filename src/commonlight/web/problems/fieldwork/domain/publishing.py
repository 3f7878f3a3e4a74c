"""The public version of an audit: frozen as proposed, let go by a second person of another role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, allowed, decide, refused, require
from commonlight.web.problems.fieldwork.catalogue import audit_words
from commonlight.web.problems.fieldwork.domain.covering import Cover, EntryRow, cover_of
from commonlight.web.problems.fieldwork.domain.guarding import (
    FieldworkError,
    refuse_contacts,
    refuse_stigma,
    stop_unless,
    whole_deed,
)
from commonlight.web.problems.fieldwork.domain.sight import entries_seen
from commonlight.web.problems.fieldwork.enums import AuditState, VersionState
from commonlight.web.problems.fieldwork.models import PublicVersion, SafetyAudit
from commonlight.web.states import read_table
from commonlight.web.states.table import StateTable
from commonlight.web.thread.domain import supports

__all__ = [
    "Published",
    "let_go",
    "may_check",
    "may_propose",
    "propose_version",
    "public_content",
    "published",
    "send_back",
    "shaken",
    "shown_to_all",
    "versions_to_check",
    "withdraw_version",
]


def life() -> StateTable:
    """What may follow what in the life of a public version."""
    return read_table("commonlight.web.problems.fieldwork", machine="public_version")


def public_content(audit: SafetyAudit, cover: Cover) -> dict[str, Any]:
    """What everybody would read: sentences written for them, and the gaps; no name of a source."""
    shown = shown_to_all(cover)
    return {
        "title": audit.title,
        "place": audit.place,
        "first_day": audit.first_day.isoformat() if audit.first_day else None,
        "last_day": audit.last_day.isoformat() if audit.last_day else None,
        "none_found": bool(audit.none_found),
        "blocks": [
            {
                "id": block.content["id"],
                "entries": [
                    {
                        "text": row.entry.public_text,
                        "nature": row.entry.nature,
                        "sources": sorted({one.key[0] for one in row.cited}),
                        "oldest": _oldest(row.cited),
                    }
                    for row in block.rows
                    if row in shown
                ],
            }
            for block in cover.blocks
        ],
        "missing_groups": [name for name, _title in cover.missing_groups],
    }


def shown_to_all(cover: Cover) -> list[EntryRow]:
    """Entries with words for everybody that hold, and that the one who proposes may read."""
    return [
        row
        for block in cover.blocks
        for row in block.rows
        if row.sight and row.support and row.entry.public_text
    ]


def may_propose(actor: Actor, audit: SafetyAudit) -> Decision:
    """What is complete can be proposed, one version at a time."""
    may = decide(actor, "release.propose")
    if not may:
        return may
    if audit.state != AuditState.COMPLETED:
        return refused(_("The audit is not completed yet. Complete it first."))
    if audit.versions.filter(state=VersionState.PROPOSED).exists():
        return refused(_("A public version waits for a second person already."))
    return allowed


@whole_deed
def propose_version(actor: Actor, audit: SafetyAudit, *, introduction: str = "") -> PublicVersion:
    """Freeze what everybody would read and hand it to a second person.

    Raises
    ------
    FieldworkError
        If no entry has words for everybody, or the introduction cannot be published.
    Refused
        If the actor may not, or the audit is still open.
    """
    stop_unless(may_propose(actor, audit), actor, "release.propose", audit)
    refuse_contacts(introduction=introduction)
    refuse_stigma(language=actor.workspace.language, introduction=introduction)
    cover = cover_of(actor, audit)
    content = public_content(audit, cover)
    shown = [row.entry for row in shown_to_all(cover)]
    if not shown:
        raise FieldworkError(
            "introduction",
            _(
                "No entry that holds has words for everybody yet. Write them at the entries: "
                "“The same for everybody”."
            ),
        )
    SafetyAudit.objects.of(actor.workspace).select_for_update().get(pk=audit.pk)
    last = audit.versions.aggregate(last=Max("number"))["last"] or 0
    made: PublicVersion = PublicVersion.objects.create(
        workspace=actor.workspace,
        audit=audit,
        number=last + 1,
        introduction=introduction.strip(),
        content=content,
        digest=_digest(content, introduction.strip()),
        proposed_by=actor.membership,
        proposed_at=timezone.now(),
    )
    made.entries.set(shown)
    record(
        actor,
        "fieldwork.public.propose",
        made,
        number=audit.number,
        version=made.number,
        digest=made.digest,
    )
    return made


def may_check(actor: Actor, version: PublicVersion) -> Decision:
    """Another person in another role checks, and only one who may see what it was written from."""
    may = decide(actor, "release.check")
    if not may:
        return may
    first = _second_person(actor, version)
    if not first:
        return first
    entries = {str(one.pk): one for one in version.entries.all()}
    seen = entries_seen(actor, entries)
    return next((one for one in seen.values() if not one), allowed)


def versions_to_check(actor: Actor, *, most: int) -> list[PublicVersion]:
    """The versions that wait for the actor's check, in a constant number of queries."""
    rows = (
        PublicVersion.objects.of(actor.workspace)
        .filter(state=VersionState.PROPOSED)
        .select_related("audit", "proposed_by")
        .prefetch_related("entries")
    )
    waiting = [one for one in rows[:most] if _second_person(actor, one)]
    entries = {str(each.pk): each for one in waiting for each in one.entries.all()}
    seen = entries_seen(actor, entries)
    return [one for one in waiting if all(seen[str(each.pk)] for each in one.entries.all())]


def _second_person(actor: Actor, version: PublicVersion) -> Decision:
    """Another person in another role than the one who proposed."""
    if version.state != VersionState.PROPOSED:
        return refused(_("This version does not wait for a check."))
    if version.proposed_by.user_id == actor.user_id:
        return refused(
            _("You proposed this version. A second person must check it."),
            str(audit_words()["two_roles"]),
        )
    if version.proposed_by.role == actor.role:
        return refused(
            _("You have the same role as the person who proposed it."),
            str(audit_words()["two_roles"]),
        )
    return allowed


@whole_deed
def let_go(actor: Actor, version: PublicVersion, *, comment: str = "") -> None:
    """The second person makes it public; an older public version is withdrawn."""
    _decided(actor, version, "release", comment)
    older = version.audit.versions.filter(state=VersionState.RELEASED).exclude(pk=version.pk)
    older.update(state=VersionState.WITHDRAWN, comment=_("A newer version is public."))


def send_back(actor: Actor, version: PublicVersion, *, comment: str) -> None:
    """The second person returns it with what must change."""
    if not comment.strip():
        raise FieldworkError("comment", _("Say what must change."))
    _decided(actor, version, "return", comment)


@whole_deed
def withdraw_version(actor: Actor, version: PublicVersion, *, comment: str) -> None:
    """Take a public version back; its page is gone at once."""
    require(actor, "release.withdraw")
    if not comment.strip():
        raise FieldworkError("comment", _("Say why it is withdrawn."))
    refuse_contacts(comment=comment)
    locked = PublicVersion.objects.of(actor.workspace).select_for_update().get(pk=version.pk)
    version.state = life().after(locked.state, "withdraw", dict(VersionState.choices))
    version.comment = comment.strip()
    version.save()
    record(actor, "fieldwork.public.withdraw", version, number=version.audit.number)


@dataclass(frozen=True, kw_only=True)
class Published:
    """A public version as everybody may read it today."""

    version: PublicVersion
    content: dict[str, Any]
    shaken: set[str]


def published(workspace: Any, number: int | None = None) -> list[Published]:
    """The versions that everybody may read, the newest audit first.

    A sentence goes as soon as who proposed it may not see a source of it any more: after the end
    of an agreement its data are shown nowhere.
    """
    rows = PublicVersion.objects.of(workspace).filter(state=VersionState.RELEASED)
    if number is not None:
        rows = rows.filter(audit__number=number)
    found = list(
        rows.select_related("audit", "proposed_by")
        .prefetch_related("entries")
        .order_by("-audit__number", "-number")
    )
    unsupported, closed = shaken(workspace, found), _closed(workspace, found)
    return [
        Published(
            version=one, content=_without(one.content, closed[one.pk]), shaken=unsupported[one.pk]
        )
        for one in found
    ]


def _closed(workspace: Any, versions: list[PublicVersion]) -> dict[int, set[str]]:
    """Sentences that who proposed them could not read today, by the key of the version."""
    authors = {one.proposed_by_id: one.proposed_by for one in versions}
    found: dict[int, set[str]] = {}
    for author, member in authors.items():
        own = [one for one in versions if one.proposed_by_id == author]
        entries = {str(each.pk): each for one in own for each in one.entries.all()}
        seen = entries_seen(_as_author(workspace, member), entries)
        for one in own:
            found[one.pk] = {
                each.public_text for each in one.entries.all() if not seen[str(each.pk)]
            }
    return found


def _as_author(workspace: Any, member: Any) -> Actor:
    return Actor(
        kind="public",
        user_id=member.user_id,
        workspace=workspace,
        membership=member,
        role=member.role,
        organisation_id=member.organisation_id,
    )


def _without(content: dict[str, Any], texts: set[str]) -> dict[str, Any]:
    blocks = [
        {**block, "entries": [one for one in block["entries"] if one["text"] not in texts]}
        for block in content["blocks"]
    ]
    return {**content, "blocks": blocks}


def shaken(workspace: Any, versions: Iterable[PublicVersion]) -> dict[int, set[str]]:
    """Public sentences that do not hold any more, by the key of the version.

    They were withdrawn, or something below them was; as many queries for one as for all.
    """
    asked = list(versions)
    prefetch_related_objects(asked, "entries")
    keys = {("scope_entry", str(entry.pk)) for version in asked for entry in version.entries.all()}
    held = supports(workspace, keys)
    return {
        version.pk: {
            entry.public_text
            for entry in version.entries.all()
            if not held["scope_entry", str(entry.pk)]
        }
        for version in asked
    }


@whole_deed
def _decided(actor: Actor, version: PublicVersion, action: str, comment: str) -> None:
    stop_unless(may_check(actor, version), actor, "release.check", version)
    refuse_contacts(comment=comment)
    locked = PublicVersion.objects.of(actor.workspace).select_for_update().get(pk=version.pk)
    version.state = life().after(locked.state, action, dict(VersionState.choices))
    version.comment = comment.strip()
    version.checked_by, version.checked_at = actor.membership, timezone.now()
    version.save()
    record(
        actor,
        f"fieldwork.public.{action}",
        version,
        number=version.audit.number,
        version=version.number,
        digest=version.digest,
        proposed_by=version.proposed_by.user_id,
        checked_by=actor.user_id,
    )


def _oldest(cited: Any) -> str | None:
    days = [one.day for one in cited if one.day is not None]
    return min(days).isoformat() if days else None


def _digest(content: dict[str, Any], introduction: str) -> str:
    text = json.dumps([content, introduction], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
