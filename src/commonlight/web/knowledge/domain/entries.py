"""Local practices and statements: written by one organisation, reviewed by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.enums import EntryKind, EntryState
from commonlight.web.knowledge.models import LocalPractice, LocalStatement
from commonlight.web.policy import Actor, Decision, decide, require
from commonlight.web.states import StateTable, read_table
from commonlight.web.workspaces.models import Workspace

__all__ = [
    "MODELS",
    "Entry",
    "EntryError",
    "add_entry",
    "change_entry",
    "entries_of",
    "entry_states",
    "may_take",
    "take_step",
]

Entry = LocalPractice | LocalStatement
MODELS: dict[str, Any] = {
    EntryKind.PRACTICE: LocalPractice,
    EntryKind.STATEMENT: LocalStatement,
}
LABELS = dict(EntryState.choices)
WRITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED})
ACTION = {
    "offer": "knowledge.add",
    "take_back": "knowledge.add",
    "revise": "knowledge.add",
    "withdraw": "knowledge.add",
    "approve": "knowledge.review",
    "return": "knowledge.review",
}
WITH_REASON = frozenset({"return", "withdraw"})


class EntryError(ValueError):
    """A step that cannot be taken, with the sentence that the person reads."""


def entry_states() -> StateTable:
    """The table of the states of an entry."""
    return read_table("commonlight.web.knowledge", machine="entry")


def entries_of(actor: Actor, kind: str) -> list[Entry]:
    """Entries of a kind that the actor may read, the newest first."""
    rows = MODELS[kind].objects.of(actor.workspace)
    rows = rows.select_related("workspace", "organisation", "author__user", "reviewer__user")
    return [one for one in rows if decide(actor, "knowledge.view", one)]


@transaction.atomic
def add_entry(
    actor: Actor, kind: str, *, title: str, at: datetime | None = None, **fields: Any
) -> Entry:
    """A new draft of the actor's organisation."""
    require(actor, "knowledge.add")
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    model = MODELS[kind]
    last = model.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    moment = at or timezone.now()
    made: Entry = model.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        organisation=actor.membership.organisation,
        author=actor.membership,
        created_at=moment,
        state_since=moment,
        **_stripped(fields),
    )
    record(actor, "knowledge.add", made, entry=kind, number=made.number)
    return made


@transaction.atomic
def change_entry(actor: Actor, entry: Entry, **fields: Any) -> Entry:
    """Write a draft anew; a reviewed entry is taken up for revision first.

    Raises
    ------
    EntryError
        If the entry is not a draft.
    Refused
        If the actor's organisation did not write it.
    """
    require(actor, "knowledge.add", entry)
    locked: Entry = type(entry).objects.of(actor.workspace).select_for_update().get(pk=entry.pk)
    if locked.state not in WRITABLE:
        raise EntryError(
            _("This entry is “%(state)s”. Take it up for revision before you change it.")
            % {"state": LABELS[EntryState(locked.state)]}
        )
    for name, value in _stripped(fields).items():
        setattr(locked, name, value)
    locked.changed_by = actor.membership
    locked.save()
    record(actor, "knowledge.change", locked, entry=str(locked.kind), number=locked.number)
    return locked


def may_take(actor: Actor, entry: Entry, step: str) -> Decision:
    """Whether the actor may take this step now, and if not, why."""
    fits = entry_states().decide(entry.state, step, LABELS)
    return decide(actor, ACTION[step], entry) if fits else fits


@transaction.atomic
def take_step(
    actor: Actor, entry: Entry, step: str, *, reason: str = "", at: datetime | None = None
) -> Entry:
    """Offer, take back, approve, return, revise or withdraw an entry.

    Raises
    ------
    NotNow
        If the step does not fit the state.
    EntryError
        If a reason is missing.
    Refused
        If the actor may not take the step; nobody approves what she or her organisation wrote.
    """
    require(actor, ACTION[step], entry)
    locked: Entry = (
        type(entry)
        .objects.of(actor.workspace)
        .select_for_update(of=("self",))
        .select_related("organisation", "author", "changed_by", "workspace")
        .get(pk=entry.pk)
    )
    require(actor, ACTION[step], locked)
    after = entry_states().after(locked.state, step, LABELS)
    if step in WITH_REASON and not reason.strip():
        raise EntryError(_("Say why. The author and the other partners read it."))
    locked.state, locked.state_since = after, at or timezone.now()
    if step in ("approve", "return"):
        locked.reviewer, locked.review_note = actor.membership, reason.strip()
    if step == "revise":
        locked.reviewer = None
    if step == "withdraw":
        locked.withdrawn_reason = reason.strip()
    locked.save()
    record(actor, f"knowledge.{step}", locked, entry=str(locked.kind), number=locked.number)
    return locked


def _stripped(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: one.strip() if isinstance(one, str) else one for name, one in fields.items()}
