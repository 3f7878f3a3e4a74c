"""Why a city engages people, whom it asks how, what they said, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "ChosenMethod",
    "Contribution",
    "Engagement",
    "EngagementPlan",
    "GatePassage",
    "Hearing",
    "Reply",
]


class Engagement(WorkspaceModel):
    """Why people are asked about a problem, which decision is at stake, and how far it is."""

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="engagement")
    stage = models.CharField(max_length=12, default="signal")
    rationale = models.CharField(_("why you engage"), max_length=20, blank=True)
    rationale_text = models.TextField(_("in your own words"), blank=True)
    decision = models.TextField(_("decision that can still change"), blank=True)
    decided_by = models.CharField(_("who takes it"), max_length=150, blank=True)
    decided_on = models.DateField(_("when"), null=True, blank=True)
    harmed_groups = models.JSONField(_("groups harmed"), default=list, blank=True)
    unheard = models.JSONField(default=dict, blank=True)
    confirmed_version = models.PositiveIntegerField(null=True, blank=True)
    confirmed_note = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ("problem__number",)


class EngagementPlan(WorkspaceModel):
    """The answers to the planner's questions for one phase; the ranking follows from them."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="engagement_plans")
    number = models.PositiveIntegerField()
    phase = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    reach = models.JSONField(default=list)
    size = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    cost = models.CharField(max_length=10)
    skills = models.JSONField(default=list, blank=True)
    offers = models.JSONField(default=list, blank=True)
    is_sensitive = models.BooleanField(default=False)
    is_conflict = models.BooleanField(default=False)
    content_version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("engagement plan")
        verbose_name_plural = _("engagement plans")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_engagement_plan_number")
        ]


class ChosenMethod(WorkspaceModel):
    """A method that was chosen; one that the planner did not put first has its reason."""

    plan = models.ForeignKey(EngagementPlan, on_delete=models.CASCADE, related_name="chosen")
    method = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    chosen_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("chosen method")
        verbose_name_plural = _("chosen methods")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "method"], name="a_method_is_chosen_once")
        ]


class Hearing(WorkspaceModel):
    """One occasion on which people were heard: day, method, who by category, what was said."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="hearings")
    number = models.PositiveIntegerField()
    held_on = models.DateField(_("day"))
    method = models.CharField(_("method"), max_length=40)
    groups = models.JSONField(_("who took part"), default=dict)
    said = models.TextField(_("what was said"))
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("engagement record")
        verbose_name_plural = _("engagement records")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_hearing_a_number")
        ]


class Contribution(WorkspaceModel):
    """Something that people of a category said; it keeps the gate shut until it has a reply."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="contributions")
    hearing = models.ForeignKey(
        Hearing, null=True, blank=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    number = models.PositiveIntegerField()
    group = models.CharField(_("who said it"), max_length=40)
    text = models.TextField(_("what was said"))
    received_on = models.DateField(_("day"))
    state = models.CharField(max_length=16, default="open")
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_contribution_a_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "received_on"], name="contributions_open")
        ]


class Reply(WorkspaceModel):
    """What became of a contribution, with the reason; a withdrawn reply stays readable."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="replies")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=16)
    ground = models.CharField(max_length=20, blank=True)
    text = models.TextField(_("reason"))
    replied_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    replied_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "number"], name="one_reply_a_number")
        ]


class GatePassage(WorkspaceModel):
    """A step from one stage to another, forward through a gate or back."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="gate_passages")
    step = models.CharField(max_length=20)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    passed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    passed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("passage of a gate")
        verbose_name_plural = _("passages of gates")
        ordering = ("pk",)
