"""Meetings: series, agenda, attendance by organisation, decisions and actions."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import ActionState, MeetingState, Presence
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "Action",
    "AgendaItem",
    "Attendance",
    "CarriedAction",
    "Decision",
    "Meeting",
    "Series",
]


class Series(WorkspaceModel):
    """Meetings that come back, with the agenda that each begins with."""

    title = models.CharField(_("title"), max_length=150)
    every_days = models.PositiveIntegerField(_("days between meetings"), default=30)
    minutes = models.PositiveIntegerField(_("length in minutes"), default=90)
    invited = models.ManyToManyField(Organisation, related_name="+", blank=True)
    items = models.JSONField(_("agenda to begin with"), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title


class Meeting(WorkspaceModel):
    """One meeting of a series, or one on its own."""

    number = models.PositiveIntegerField()
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    title = models.CharField(_("title"), max_length=150)
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    minutes = models.PositiveIntegerField(_("length in minutes"), default=90)
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    notes = models.TextField(_("notes"), blank=True)
    reason = models.TextField(_("why it was called off"), blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-starts_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_meeting_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(WorkspaceModel):
    """An organisation that is invited to a meeting, and whether it was in the room."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ("organisation__name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"], name="invited_once_to_a_meeting"
            )
        ]


class Action(WorkspaceModel):
    """Something that one organisation takes on until a day; the thread says what asked for it."""

    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(_("what will be done"), max_length=300)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.OPEN)
    is_confirmed = models.BooleanField(_("confirmed by its owner"), default=False)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text

    def is_late(self, today: date) -> bool:
        """Whether it is open and its day is over."""
        return self.state == ActionState.OPEN and self.due_on < today

    @property
    def was_on_time(self) -> bool:
        """Whether it was done by its day."""
        return (
            self.state == ActionState.DONE
            and self.closed_on is not None
            and self.closed_on <= self.due_on
        )


class AgendaItem(WorkspaceModel):
    """A point of the agenda, who brought it in, and what was said, without names of persons."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=30)
    title = models.CharField(_("point"), max_length=200)
    minutes = models.PositiveIntegerField(_("minutes"), default=10)
    brought_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notes = models.TextField(_("what was said"), blank=True)

    class Meta:
        verbose_name = _("point of an agenda")
        verbose_name_plural = _("points of agendas")
        ordering = ("order", "pk")


class CarriedAction(WorkspaceModel):
    """An action that stood on the agenda of a meeting because it was not done yet."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="carried")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="carried")

    class Meta:
        verbose_name = _("action carried over")
        verbose_name_plural = _("actions carried over")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "action"], name="carried_once_to_a_meeting")
        ]


class Decision(WorkspaceModel):
    """What was decided, by which body; what it rests on stands in the thread."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("what was decided"))
    decided_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_joint = models.BooleanField(_("decided by the members together"), default=False)
    how = models.CharField(_("how it was decided"), max_length=200, blank=True)
    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_decision_a_number")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def names_decider(self) -> bool:
        """Whether the body that took it is on record."""
        return self.is_joint or self.decided_by_id is not None
