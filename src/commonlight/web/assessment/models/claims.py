"""The claims of a text, and what each rests on beyond the thread."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.enums import ClaimOrigin, ClaimState
from commonlight.web.assessment.models.assessments import Assessment
from commonlight.web.assessment.models.strategies import Strategy
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Claim", "Document", "EvidenceDirection"]


class Claim(WorkspaceModel):
    """A sentence of the strategy, with its place in the text."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="claims")
    number = models.PositiveIntegerField()
    text = models.TextField(_("claim"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    lead_in = models.TextField(_("sentence that leads in"), blank=True)
    origin = models.CharField(max_length=8, choices=ClaimOrigin, default=ClaimOrigin.RULE)
    state = models.CharField(
        _("state"), max_length=12, choices=ClaimState, default=ClaimState.UNREAD
    )
    principles = models.JSONField(_("principles"), default=list, blank=True)
    values = models.JSONField(_("values"), default=list, blank=True)
    read_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    opened_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("claim of a strategy")
        verbose_name_plural = _("claims of strategies")
        ordering = ("start", "pk")
        indexes: ClassVar = [models.Index(fields=["assessment", "start"], name="claims_in_order")]

    def __str__(self) -> str:
        return self.text


class EvidenceDirection(WorkspaceModel):
    """Which way a linked record points: for the claim, against it, or beside it."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="directions")
    ground_kind = models.CharField(max_length=40)
    ground_key = models.CharField(max_length=120)
    direction = models.CharField(max_length=8)
    given_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("direction of evidence")
        verbose_name_plural = _("directions of evidence")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "ground_kind", "ground_key"], name="one_direction_a_record"
            )
        ]


class Document(WorkspaceModel):
    """A document that lies elsewhere; the workbench does not notice when it changes."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=300)
    dated = models.DateField(_("date of the document"))
    page = models.CharField(_("page or section"), max_length=60)
    text = models.TextField(_("what it says there"), blank=True)
    address = models.URLField(_("address"), blank=True, max_length=500)
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)

    class Meta:
        verbose_name = _("document elsewhere")
        verbose_name_plural = _("documents elsewhere")
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title
