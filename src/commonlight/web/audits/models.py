"""Audit plans, the findings of their runs, and releases to the public."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.enums import PlaceDetail, TimeDetail
from commonlight.web.audits.enums import Block, Certainty
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["AuditPlan", "Release", "ReleaseState", "StoredFinding"]


class AuditPlan(WorkspaceModel):
    """What an audit looks at: data sets, areas, period and rules of publication."""

    slug = models.SlugField(_("short name"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    settings = models.JSONField(default=dict)
    latest_run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ("title",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="one_audit_a_short_name")
        ]

    def __str__(self) -> str:
        return self.title


class StoredFinding(WorkspaceModel):
    """One finding of one run, as it was computed."""

    plan = models.ForeignKey(AuditPlan, on_delete=models.CASCADE, related_name="findings")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=150)
    order = models.PositiveIntegerField()
    block = models.CharField(max_length=30, choices=Block)
    question = models.TextField()
    sentence = models.TextField()
    certainty = models.CharField(max_length=30, choices=Certainty)
    one_sided = models.BooleanField(default=False)
    is_headline = models.BooleanField(default=False)
    method_name = models.CharField(max_length=200)
    method_page = models.CharField(max_length=200)
    sources = models.JSONField(default=list)
    place_detail = models.CharField(max_length=10, choices=PlaceDetail)
    time_detail = models.CharField(max_length=10, choices=TimeDetail)
    has_chart = models.BooleanField(default=False)
    has_map = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    public_content = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("run", "order")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="one_finding_a_key")
        ]

    def __str__(self) -> str:
        return self.sentence


class ReleaseState(models.TextChoices):
    """Where a release stands."""

    PROPOSED = "proposed", _("Waits for a second person")
    RETURNED = "returned", _("Returned with a comment")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Release(WorkspaceModel):
    """Findings that two persons let go to the public."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what residents should know"), blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="releases")
    findings = models.ManyToManyField(StoredFinding, related_name="releases")
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.PROPOSED)
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_release_a_number")
        ]
