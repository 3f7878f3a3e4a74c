"""Who does what: tasks, and each partner's part in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import Letter, PartState
from commonlight.web.partnerships.models.register import Partner
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Task", "TaskPart"]


class Task(WorkspaceModel):
    """Something to be done, for one problem or for the partnership as a whole."""

    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    activity = models.CharField(_("task"), max_length=300)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    strand = models.CharField(_("strand"), max_length=40, blank=True)
    approach = models.CharField(_("approach"), max_length=40, blank=True)
    template = models.CharField(max_length=40, blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.activity


class TaskPart(WorkspaceModel):
    """One partner's part in a task; what others named waits until the partner confirms it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="parts")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="parts")
    letter = models.CharField(_("part"), max_length=12, choices=Letter)
    state = models.CharField(_("state"), max_length=10, choices=PartState, default=PartState.ASKED)
    reason = models.TextField(_("reason"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part in a task")
        verbose_name_plural = _("parts in tasks")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "partner", "letter"], name="a_part_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(letter="accountable"), name="one_accountable_a_task"
            ),
        ]
