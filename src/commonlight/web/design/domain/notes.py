"""Paper notes on their way into the workbench: a batch is a draft until it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.enums import BatchState, NoteKind
from commonlight.web.design.models import Batch, Idea, Note, Workshop
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.words import PersonError, refuse_contacts
from commonlight.web.states import read_table

__all__ = [
    "NoteError",
    "add_notes",
    "change_note",
    "draft_of",
    "finish_batch",
    "keep_unsent",
    "remove_note",
]

TABLE = read_table("commonlight.web.design", machine="batch")
LONGEST = 500


class NoteError(ValueError):
    """A note that cannot be, with the sentence that the person reads."""


def draft_of(actor: Actor, workshop: Workshop) -> Batch | None:
    """The notes that the actor has begun to enter and not finished."""
    mine = workshop.batches.filter(state=BatchState.DRAFT, entered_by=actor.membership)
    found: Batch | None = mine.first()
    return found


@transaction.atomic
def add_notes(
    actor: Actor,
    workshop: Workshop,
    notes: Iterable[tuple[str, str]],
    *,
    at: datetime | None = None,
) -> list[Note]:
    """Enter notes, each a kind and a text, into the actor's draft; empty ones are left out.

    Raises
    ------
    NoteError
        If a note is too long or of a kind that does not exist.
    """
    require(actor, "design.write", workshop.problem)
    wanted = [(kind, " ".join(text.split())) for kind, text in notes if text.strip()]
    for kind, text in wanted:
        _check(kind, text)
    if not wanted:
        return []
    hold_problem(workshop.problem)
    batch = draft_of(actor, workshop) or _begin(actor, workshop, at)
    last = workshop.notes.aggregate(last=Max("number"))["last"] or 0
    made = [
        Note(
            workspace=actor.workspace,
            workshop=workshop,
            batch=batch,
            number=last + step,
            kind=kind,
            text=text,
            created_at=at or timezone.now(),
        )
        for step, (kind, text) in enumerate(wanted, start=1)
    ]
    return list(Note.objects.bulk_create(made))


@transaction.atomic
def keep_unsent(actor: Actor, workshop: Workshop, text: str) -> None:
    """Keep half a sentence, so that it is there on any device."""
    require(actor, "design.write", workshop.problem)
    batch = draft_of(actor, workshop)
    if batch is None and not text.strip():
        return
    hold_problem(workshop.problem)
    batch = draft_of(actor, workshop) or _begin(actor, workshop, None)
    batch.unsent = text[:LONGEST]
    batch.save(update_fields=["unsent"])


@transaction.atomic
def change_note(actor: Actor, note: Note, *, kind: str, text: str) -> None:
    """Mend what was typed, as long as the batch is a draft."""
    _require_draft(actor, note)
    clean = " ".join(text.split())
    _check(kind, clean)
    note.kind, note.text = kind, clean
    note.save(update_fields=["kind", "text"])


@transaction.atomic
def remove_note(actor: Actor, note: Note) -> None:
    """Take a note out of a draft."""
    _require_draft(actor, note)
    note.delete()


@transaction.atomic
def finish_batch(actor: Actor, batch: Batch, *, at: datetime | None = None) -> list[Idea]:
    """Say that all notes are in; each note that is an idea becomes one.

    Raises
    ------
    NoteError
        If the batch has no notes.
    NotNow
        If the batch was finished before.
    """
    workshop = batch.workshop
    require(actor, "design.write", workshop.problem)
    notes = list(batch.notes.all())
    if not notes:
        raise NoteError(_("There are no notes in this batch yet."))
    batch.state = TABLE.after(batch.state, "finish", dict(BatchState.choices))
    batch.finished_at, batch.unsent = at or timezone.now(), ""
    batch.save()
    ideas = _ideas_from(actor, workshop, [one for one in notes if one.kind == NoteKind.IDEA], at)
    record(
        actor,
        "design.notes_entered",
        workshop,
        number=workshop.number,
        notes=len(notes),
        ideas=len(ideas),
    )
    return ideas


def _begin(actor: Actor, workshop: Workshop, at: datetime | None) -> Batch:
    made: Batch = Batch.objects.create(
        workspace=actor.workspace,
        workshop=workshop,
        number=next_number(workshop.batches),
        entered_by=actor.membership,
        began_at=at or timezone.now(),
    )
    return made


def _ideas_from(
    actor: Actor, workshop: Workshop, notes: list[Note], at: datetime | None
) -> list[Idea]:
    problem = workshop.problem
    hold_problem(problem)
    first = next_number(problem.ideas)
    ideas = [
        Idea(
            workspace=actor.workspace,
            problem=problem,
            number=first + step,
            text=note.text,
            workshop=workshop,
            note=note,
            added_by=actor.membership,
            created_at=at or timezone.now(),
        )
        for step, note in enumerate(notes)
    ]
    return list(Idea.objects.bulk_create(ideas))


def _require_draft(actor: Actor, note: Note) -> None:
    require(actor, "design.write", note.workshop.problem)
    if note.batch.state != BatchState.DRAFT:
        raise NoteError(_("This batch is finished; its notes stay as they are."))


def _check(kind: str, text: str) -> None:
    if kind not in NoteKind.values:
        raise NoteError(_("Choose what kind of note this is."))
    try:
        refuse_contacts(text=text)
    except PersonError as error:
        raise NoteError(str(error)) from error
    if not text:
        raise NoteError(_("Write what the note says."))
    if len(text) > LONGEST:
        raise NoteError(
            _("This note has %(length)d characters; a note holds %(longest)d. Make two of it.")
            % {"length": len(text), "longest": LONGEST}
        )
