"""A workshop: its plan, who is in the room by category, and the notes that came out of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.enums import BatchState, NoteKind, WorkshopState
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Batch", "Note", "Part", "RoomReason", "Seats", "Workshop"]


class Workshop(WorkspaceModel):
    """People meet for one or two phases of the design of one problem."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="workshops")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    template = models.CharField(_("plan that it was made from"), max_length=40)
    phases = models.JSONField(_("phases"), default=list)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    day = models.DateField(_("day"), null=True, blank=True)
    begins = models.TimeField(_("begins at"), null=True, blank=True)
    room = models.CharField(_("where"), max_length=200, blank=True)
    aim = models.TextField(_("what you want to know at the end"), blank=True)
    roles = models.JSONField(_("who takes which role"), default=dict)
    materials = models.TextField(_("materials, one on each line"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=WorkshopState, default=WorkshopState.PLANNED
    )
    state_reason = models.TextField(_("reason"), blank=True)
    planned_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_workshop_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Part(WorkspaceModel):
    """One part of the plan with its minutes, who leads it, and by which method."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    title = models.CharField(_("what happens"), max_length=150)
    lead = models.CharField(_("who leads"), max_length=40)
    method = models.CharField(_("method"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("part of a workshop")
        verbose_name_plural = _("parts of a workshop")
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "order"], name="one_workshop_part_a_place")
        ]


class Seats(WorkspaceModel):
    """How many of one group should be in the room and how many were; never who."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="seats")
    group = models.CharField(_("group"), max_length=40)
    is_harmed = models.BooleanField(_("the problem harms them"), default=False)
    planned = models.PositiveSmallIntegerField(_("should be there"), default=0)
    present = models.PositiveSmallIntegerField(_("was there"), null=True, blank=True)

    class Meta:
        verbose_name = _("seats of a group")
        verbose_name_plural = _("seats of groups")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "group"], name="one_row_of_seats_a_group")
        ]


class RoomReason(WorkspaceModel):
    """Why a warning about the room was accepted; the newest reason of a rule counts."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="room_reasons")
    rule = models.CharField(_("rule"), max_length=40)
    groups = models.JSONField(_("groups that the warning named"), default=list)
    text = models.TextField(_("reason"))
    given_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reason for a warning about the room")
        verbose_name_plural = _("reasons for warnings about the room")
        ordering = ("-pk",)


class Batch(WorkspaceModel):
    """The paper notes that one person enters in one sitting; a draft until she says it is whole."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=BatchState, default=BatchState.DRAFT)
    unsent = models.TextField(_("typed and not saved yet"), blank=True)
    entered_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("batch of notes")
        verbose_name_plural = _("batches of notes")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workshop", "number"], name="one_batch_of_notes_a_number"
            )
        ]


class Note(WorkspaceModel):
    """One paper note, in the order in which the notes hang on the wall."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="notes")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="notes")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=NoteKind, default=NoteKind.IDEA)
    text = models.CharField(_("what it says"), max_length=500)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workshop", "number"], name="one_workshop_note_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.text
