"""One assessment of one text against one model, and who assesses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.enums import AssessmentState
from commonlight.web.assessment.models.strategies import KeptModel, Strategy, StrategyText
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Assessment", "Assessor"]


class Assessment(WorkspaceModel):
    """A text beside a model; both stay as they were when it began."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="assessments")
    number = models.PositiveIntegerField()
    text = models.ForeignKey(StrategyText, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey(KeptModel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState, default=AssessmentState.CUTTING
    )
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    has_score = models.BooleanField(_("show a share"), default=False)
    weights = models.CharField(_("set of harm weights"), max_length=60, blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_assessment_a_number")
        ]

    @property
    def is_open_to_all(self) -> bool:
        """Whether the assessors have laid their verdicts on the table."""
        return self.state in (AssessmentState.COMPARED, AssessmentState.FINISHED)


class Assessor(WorkspaceModel):
    """Somebody who was asked to read and judge; blind to the others until all have sent."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="assessors")
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    interest = models.TextField(_("what binds the assessor to the authors"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assessor")
        verbose_name_plural = _("assessors")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "membership"], name="an_assessor_is_asked_once"
            )
        ]

    @property
    def bond(self) -> str:
        """What binds the assessor to the authors, without a stop at its end: for brackets."""
        return self.interest.strip().removesuffix(".")
