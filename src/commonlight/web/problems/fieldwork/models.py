"""Valued uses, sessions with their observations, and the audit in six blocks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.problems.fieldwork.enums import (
    AuditState,
    Consent,
    Nature,
    ObservationKind,
    PeopleBand,
    Tone,
    VersionState,
)
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "CaptureSession",
    "Observation",
    "PublicVersion",
    "SafetyAudit",
    "ScopeEntry",
    "ValuedUse",
]


class Written(WorkspaceModel):
    """What a person wrote; it is taken back with a reason and never deleted."""

    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(_("why it was taken back"), blank=True)

    class Meta:
        abstract = True


class ValuedUse(Written):
    """An answer to the positive lens: what a place is good for, or “none found” and where."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="valued_uses")
    question = models.CharField(max_length=24)
    text = models.CharField(_("answer"), max_length=300, blank=True)
    told_by = models.CharField(_("who says so"), max_length=150, blank=True)
    is_none_found = models.BooleanField(default=False)
    where_looked = models.CharField(_("where you looked"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("valued use")
        verbose_name_plural = _("valued uses")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text or str(_("None found"))


class CaptureSession(Written):
    """A session with a method card: when, where, with whom, and whether they agreed."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=24)
    held_on = models.DateField(_("day"))
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=150)
    groups = models.JSONField(_("who took part"), default=list)
    people = models.CharField(
        _("how many people"), max_length=8, choices=PeopleBand, default=PeopleBand.NOBODY
    )
    led_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    consent = models.CharField(_("consent note"), max_length=12, choices=Consent)
    consent_text = models.TextField(_("the note that was read out"), blank=True)
    consent_language = models.CharField(max_length=10, blank=True)
    remarks = models.TextField(_("what to keep in mind when reading it"), blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-held_on", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_session_a_number")
        ]

    @property
    def has_consent(self) -> bool:
        """Whether people knew what their words are used for."""
        return self.consent != Consent.NOT_GIVEN

    @property
    def is_live(self) -> bool:
        """Whether it was not taken back."""
        return self.withdrawn_at is None


class Observation(Written):
    """One thing that was seen or heard in a session; never a person."""

    session = models.ForeignKey(
        CaptureSession, on_delete=models.CASCADE, related_name="observations"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(_("how"), max_length=8, choices=ObservationKind)
    tone = models.CharField(_("kind"), max_length=8, choices=Tone)
    text = models.CharField(_("what"), max_length=300, blank=True)
    spot = models.CharField(_("where exactly"), max_length=100, blank=True)
    count = models.PositiveIntegerField(_("how many"), null=True, blank=True)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "number"], name="one_observation_a_number")
        ]

    @property
    def is_quote(self) -> bool:
        """Whether somebody's own words stand in it."""
        return self.kind == ObservationKind.QUOTE


class SafetyAudit(WorkspaceModel):
    """A look at a place in six blocks, strengths as well as risks."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    place = models.CharField(_("place"), max_length=150)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=AuditState, default=AuditState.OPEN)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    none_found = models.CharField(
        _("no strength found: where you looked"), max_length=500, blank=True
    )
    opened_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("safety audit")
        verbose_name_plural = _("safety audits")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="one_safety_audit_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ScopeEntry(Written):
    """One sentence in a block of an audit; what it rests on stands in the thread."""

    audit = models.ForeignKey(SafetyAudit, on_delete=models.CASCADE, related_name="entries")
    block = models.CharField(max_length=24)
    nature = models.CharField(_("kind"), max_length=8, choices=Nature)
    text = models.CharField(_("what you know"), max_length=600)
    public_text = models.CharField(_("the same for everybody"), max_length=600, blank=True)
    groups = models.JSONField(_("whose view is in it"), default=list)
    problem = models.ForeignKey(
        Problem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="scope_entries",
        verbose_name=_("problem"),
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("entry of an audit")
        verbose_name_plural = _("entries of audits")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class PublicVersion(WorkspaceModel):
    """What of an audit becomes public, frozen as it was proposed; two people let it go."""

    audit = models.ForeignKey(SafetyAudit, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    introduction = models.TextField(_("what residents should know"), blank=True)
    entries = models.ManyToManyField(ScopeEntry, related_name="+")
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.PROPOSED)
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("public version of an audit")
        verbose_name_plural = _("public versions of audits")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "number"], name="one_public_version_a_number")
        ]
