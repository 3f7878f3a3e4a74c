"""What should change, so that the next assessment reads otherwise."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.enums import RecommendationState
from commonlight.web.assessment.models.assessments import Assessment
from commonlight.web.assessment.models.claims import Claim
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Recommendation"]


class Recommendation(WorkspaceModel):
    """What somebody should do, what it answers, and how it ended."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="recommendations"
    )
    number = models.PositiveIntegerField()
    text = models.TextField(_("what should be done"))
    answers = models.CharField(_("what it answers"), max_length=16)
    claims = models.ManyToManyField(Claim, blank=True, related_name="+")
    principle = models.CharField(_("principle"), max_length=60, blank=True)
    about = models.CharField(_("which gap, flag or difference"), max_length=300, blank=True)
    addressee = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accountable = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RecommendationState,
        default=RecommendationState.DRAFT,
    )
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    what_changed = models.TextField(_("what is different now"), blank=True)
    side_effect = models.TextField(_("has it made anything worse"), blank=True)
    opens_claims = models.BooleanField(_("does it change a verdict"), default=False)
    verdicts_before = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="one_recommendation_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.text
