"""What a design is asked before others rely on it, and the brief that it ends with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.models import Concept
from commonlight.web.design.review.enums import BriefState
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "Brief",
    "GuardAnswer",
    "ImpactAnswer",
    "PrincipleAnswer",
    "TensionAnswer",
    "UnintendedEffect",
]


class TensionAnswer(WorkspaceModel):
    """Where the partners stand on a tension; the newest answer of a card counts."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="tension_answers")
    card = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=16)
    why = models.TextField(_("why"))
    who_may_lose = models.TextField(_("who may lose"), blank=True)
    watch = models.TextField(_("what you will watch"), blank=True)
    words = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a tension card")
        verbose_name_plural = _("answers to tension cards")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "card", "number"], name="one_tension_answer_a_number"
            )
        ]


class UnintendedEffect(WorkspaceModel):
    """A possible side effect that the partners watch; an answered card adds it."""

    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, related_name="unintended_effects"
    )
    card = models.CharField(max_length=40)
    indicator = models.CharField(max_length=40)
    who_may_lose = models.TextField(_("who may lose"), blank=True)
    watch = models.TextField(_("what you will watch"))
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("possible side effect")
        verbose_name_plural = _("possible side effects")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "card"], name="one_side_effect_a_card")
        ]


class PrincipleAnswer(WorkspaceModel):
    """Whether a concept meets a principle, will meet it, or why the principle does not apply."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="principle_answers")
    check_id = models.CharField(max_length=40)
    answer = models.CharField(max_length=16)
    where = models.TextField(_("where one sees it"), blank=True)
    what = models.TextField(_("what will be done"), blank=True)
    owner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField(_("until when"), null=True, blank=True)
    reason = models.TextField(_("why it does not apply"), blank=True)
    concept_version = models.PositiveIntegerField()
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a principle check")
        verbose_name_plural = _("answers to principle checks")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concept", "check_id"], name="one_answer_a_principle")
        ]


class GuardAnswer(WorkspaceModel):
    """What a concept answers to a guard of its focus area, or to what a guard depends on."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="guard_answers")
    area = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    is_parameter = models.BooleanField(default=False)
    choices = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    is_confirmed = models.BooleanField(default=False)
    concept_version = models.PositiveIntegerField()
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a guard")
        verbose_name_plural = _("answers to guards")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept", "area", "name", "is_parameter"], name="one_answer_a_guard"
            )
        ]


class ImpactAnswer(WorkspaceModel):
    """What is known of one aspect of the impact; “not known yet” is an answer too."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="impact_answers")
    aspect = models.CharField(max_length=40)
    answer = models.CharField(max_length=16)
    text = models.TextField(_("in words"))
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to an impact question")
        verbose_name_plural = _("answers to impact questions")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "aspect"], name="one_answer_an_aspect")
        ]


class Brief(WorkspaceModel):
    """The design brief of a problem: frozen when it is proposed, approved by another person."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="briefs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=BriefState, default=BriefState.DRAFT)
    texts = models.JSONField(_("written parts"), default=dict, blank=True)
    content = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    writers = models.ManyToManyField(Membership, related_name="+", blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("design brief")
        verbose_name_plural = _("design briefs")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_brief_a_number")
        ]
