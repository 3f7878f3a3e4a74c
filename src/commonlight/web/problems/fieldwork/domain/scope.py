"""The audit workspace: six blocks in which partners write what they know, strengths included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, allowed, decide, refused, require
from commonlight.web.problems.fieldwork.catalogue import (
    audit_words,
    block_named,
    none_found_words,
    voice_titles,
)
from commonlight.web.problems.fieldwork.domain.guarding import (
    FieldworkError,
    refuse_contacts,
    refuse_stigma,
    stop_unless,
    whole_deed,
)
from commonlight.web.problems.fieldwork.enums import AuditState, Nature
from commonlight.web.problems.fieldwork.models import SafetyAudit, ScopeEntry
from commonlight.web.problems.models import Problem
from commonlight.web.states import read_table
from commonlight.web.states.table import StateTable
from commonlight.web.thread.domain import join
from commonlight.web.workspaces.models import Workspace

__all__ = [
    "change_entry",
    "complete_audit",
    "lacks_strengths",
    "may_complete",
    "may_write",
    "may_write_entry",
    "open_audit",
    "reopen_audit",
    "say_no_strength",
    "take_back_entry",
    "write_entry",
]

STRENGTHS = "strengths"


def life() -> StateTable:
    """What may follow what in the life of an audit."""
    return read_table("commonlight.web.problems.fieldwork", machine="safety_audit")


@whole_deed
def open_audit(
    actor: Actor,
    *,
    title: str,
    place: str,
    first_day: date | None = None,
    last_day: date | None = None,
    at: datetime | None = None,
) -> SafetyAudit:
    """A new audit with its six empty blocks.

    Raises
    ------
    FieldworkError
        If a text holds a contact, or the period ends before it begins.
    """
    require(actor, "problem.open")
    refuse_contacts(title=title, place=place)
    if first_day and last_day and last_day < first_day:
        raise FieldworkError("last_day", _("The last day lies before the first day."))
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = SafetyAudit.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    now = at or timezone.now()
    made: SafetyAudit = SafetyAudit.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        place=place.strip(),
        first_day=first_day,
        last_day=last_day,
        opened_by=actor.membership,
        opened_at=now,
        state_since=now,
    )
    record(actor, "fieldwork.audit.open", made, number=made.number)
    return made


@whole_deed
def write_entry(
    actor: Actor,
    audit: SafetyAudit,
    *,
    block: str,
    text: str,
    nature: str,
    public_text: str = "",
    groups: Iterable[str] = (),
    problem: Problem | None = None,
    grounds: Iterable[Any] = (),
    at: datetime | None = None,
) -> ScopeEntry:
    """A sentence in a block, resting on each of the grounds at once.

    Raises
    ------
    FieldworkError
        If the block, the kind or a text cannot be kept.
    Refused
        If the actor may not write, or may not see a ground.
    """
    _require_write(actor, audit)
    if block_named(block) is None:
        raise FieldworkError("block", _("There is no such block."))
    kept = _checked(actor, text=text, nature=nature, public_text=public_text, groups=groups)
    made: ScopeEntry = ScopeEntry.objects.create(
        workspace=actor.workspace,
        audit=audit,
        block=block,
        problem=problem,
        organisation=actor.membership.organisation,
        author=actor.membership,
        created_at=at or timezone.now(),
        **kept,
    )
    record(actor, "fieldwork.entry.write", made, number=audit.number, block=block)
    for ground in grounds:
        join(actor, made, ground)
    return made


@whole_deed
def change_entry(actor: Actor, entry: ScopeEntry, **given: Any) -> ScopeEntry:
    """Write an entry anew while the audit is open."""
    _require_entry(actor, entry)
    problem = given.pop("problem", entry.problem)
    for name, value in _checked(actor, **given).items():
        setattr(entry, name, value)
    entry.problem = problem
    entry.save()
    record(actor, "fieldwork.entry.change", entry, number=entry.audit.number, block=entry.block)
    return entry


@whole_deed
def take_back_entry(actor: Actor, entry: ScopeEntry, *, reason: str) -> None:
    """Take an entry back; what rests on it does not hold any more."""
    _require_entry(actor, entry)
    if not reason.strip():
        raise FieldworkError("reason", _("Say why it is taken back."))
    refuse_contacts(reason=reason)
    entry.withdrawn_at, entry.withdrawal_reason = timezone.now(), reason.strip()
    entry.save()
    record(actor, "fieldwork.entry.withdraw", entry, number=entry.audit.number, block=entry.block)


@whole_deed
def say_no_strength(actor: Actor, audit: SafetyAudit, *, where_looked: str) -> None:
    """No strength was found, and where one looked; or empty, to take that back."""
    _require_write(actor, audit)
    looked = where_looked.strip()
    if len(looked.split()) == 1:
        raise FieldworkError("where_looked", str(none_found_words()["refusal"]))
    if looked and _strengths(audit).exists():
        raise FieldworkError(
            "where_looked", _("A strength is named already. “None found” would contradict it.")
        )
    refuse_contacts(where_looked=looked)
    audit.none_found = looked
    audit.save()
    record(actor, "fieldwork.audit.none", audit, number=audit.number)


def lacks_strengths(audit: SafetyAudit) -> bool:
    """Whether the audit holds risks only: no strength, and nobody said where one looked."""
    return not audit.none_found and not _strengths(audit).exists()


def may_complete(actor: Actor, audit: SafetyAudit) -> Decision:
    """An audit with risks only is not complete; empty blocks stay listed and stop nobody."""
    may = decide(actor, "problem.move")
    if not may:
        return may
    fits = life().decide(audit.state, "complete", dict(AuditState.choices))
    if not fits:
        return fits
    if not audit.entries.filter(withdrawn_at=None).exists():
        return refused(_("Nothing stands in this audit yet."))
    return refused(audit_words()["risks_only"]) if lacks_strengths(audit) else allowed


@whole_deed
def complete_audit(actor: Actor, audit: SafetyAudit) -> None:
    """Close the blocks; a public version can be proposed from now on."""
    stop_unless(may_complete(actor, audit), actor, "problem.move", audit)
    _move(actor, audit, "complete")


@whole_deed
def reopen_audit(actor: Actor, audit: SafetyAudit) -> None:
    """Let partners write again."""
    require(actor, "problem.move")
    _move(actor, audit, "reopen")


def may_write(actor: Actor, audit: SafetyAudit) -> Decision:
    """Partners write in an audit that is open."""
    may = decide(actor, "problem.write")
    if not may:
        return may
    if audit.state == AuditState.OPEN:
        return allowed
    return refused(
        _("This audit is completed; nothing is written in it any more."),
        _("Ask somebody who may open it again."),
    )


def may_write_entry(actor: Actor, entry: ScopeEntry) -> Decision:
    """The organisation that wrote an entry and the coordinator change it."""
    may = may_write(actor, entry.audit)
    if not may:
        return may
    if actor.role == "coordinator" or entry.organisation_id == actor.organisation_id:
        return allowed
    return refused(
        _("Only %(organisation)s and the coordinator may change this entry.")
        % {"organisation": entry.organisation},
        _("Write an entry of your own beside it."),
    )


def _move(actor: Actor, audit: SafetyAudit, action: str) -> None:
    locked = SafetyAudit.objects.of(actor.workspace).select_for_update().get(pk=audit.pk)
    audit.state = life().after(locked.state, action, dict(AuditState.choices))
    audit.state_since = timezone.now()
    audit.save()
    record(actor, f"fieldwork.audit.{action}", audit, number=audit.number)


def _strengths(audit: SafetyAudit) -> Any:
    return audit.entries.filter(withdrawn_at=None, nature=Nature.STRENGTH)


def _require_write(actor: Actor, audit: SafetyAudit) -> None:
    stop_unless(may_write(actor, audit), actor, "problem.write", audit)


def _require_entry(actor: Actor, entry: ScopeEntry) -> None:
    stop_unless(may_write_entry(actor, entry), actor, "problem.write", entry)


def _checked(actor: Actor, **given: Any) -> dict[str, Any]:
    """What is kept of an entry, or the first thing that cannot be."""
    text, public = str(given["text"]).strip(), str(given["public_text"]).strip()
    if not text:
        raise FieldworkError("text", _("Write what you know, in one or two sentences."))
    if given["nature"] not in Nature.values:
        raise FieldworkError("nature", _("Choose: risk, strength or fact."))
    refuse_contacts(text=text, public_text=public)
    refuse_stigma(language=actor.workspace.language, public_text=public)
    groups = [one for one in voice_titles() if one in set(given["groups"])]
    return {"text": text, "nature": given["nature"], "public_text": public, "groups": groups}
