"""What one assessor says of one claim, or of a principle that is not there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.models.assessments import Assessor
from commonlight.web.assessment.models.claims import Claim
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Verdict"]


class Verdict(WorkspaceModel):
    """One verdict; one that was given after the comparison replaces another, which stays."""

    assessor = models.ForeignKey(Assessor, on_delete=models.CASCADE, related_name="verdicts")
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="verdicts"
    )
    principle = models.CharField(_("principle"), max_length=60, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12)
    note = models.TextField(_("reason"), blank=True)
    where_looked = models.TextField(_("where you looked"), blank=True)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ("given_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessor", "claim"],
                condition=models.Q(replaced_at__isnull=True, claim__isnull=False),
                name="one_verdict_in_force_a_claim",
            ),
            models.UniqueConstraint(
                fields=["assessor", "principle"],
                condition=models.Q(replaced_at__isnull=True, claim__isnull=True),
                name="one_verdict_in_force_a_principle",
            ),
        ]
