"""Concepts with every version of their card, tests of their prototypes, and what a tool is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.enums import ConceptState, Verdict
from commonlight.web.design.models.ideas import Idea
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Concept", "ConceptVersion", "PrototypeTest", "ToolkitSpecification"]


class Concept(WorkspaceModel):
    """An idea that goes on; what it says stands in the newest version of its card."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="concepts")
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(
        _("state"), max_length=10, choices=ConceptState, default=ConceptState.DRAFT
    )
    state_reason = models.TextField(_("reason"), blank=True)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_concept_a_number")
        ]

    def __str__(self) -> str:
        return self.name


class ConceptVersion(WorkspaceModel):
    """The card as it stood; each one after the first gives a reason: that of a test, or its own."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=80)
    in_one_sentence = models.CharField(_("in one sentence"), max_length=240)
    cause = models.ForeignKey(
        Cause,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cause it touches"),
    )
    sides = models.JSONField(_("sides of the problem it addresses"), default=list)
    why_it_should_work = models.TextField(_("why it should work"), blank=True)
    users = models.JSONField(_("who uses it"), default=list)
    designed_with = models.JSONField(_("designed with whom"), default=list)
    organisations = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("organisations that do it")
    )
    who_does_it = models.CharField(_("who does it"), max_length=240, blank=True)
    good_uses_kept = models.TextField(_("what must not be lost"), blank=True)
    who_may_lose = models.TextField(_("who may lose"), blank=True)
    cost_guess = models.CharField(_("rough cost"), max_length=240, blank=True)
    ideas = models.ManyToManyField(
        Idea, related_name="concept_versions", blank=True, verbose_name=_("ideas it comes from")
    )
    reason = models.TextField(_("why it was changed"), blank=True)
    test = models.ForeignKey(
        "PrototypeTest",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes",
        verbose_name=_("test that led to the change"),
    )
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of a concept")
        verbose_name_plural = _("versions of a concept")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept", "number"], name="one_concept_version_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""),
                name="concept_change_has_a_cause",
            ),
        ]


class PrototypeTest(WorkspaceModel):
    """Somebody tried a version of the concept; testers are known by category only."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="tests")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(ConceptVersion, on_delete=models.PROTECT, related_name="tests")
    day = models.DateField(_("day"))
    what = models.TextField(_("what was tried"))
    testers = models.JSONField(_("who tried it, by category"), default=list)
    people = models.PositiveSmallIntegerField(_("how many tried it"))
    seen = models.TextField(_("what you saw"))
    verdict = models.CharField(_("what follows"), max_length=8, choices=Verdict)
    because = models.TextField(_("because"))
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("test of a prototype")
        verbose_name_plural = _("tests of prototypes")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept", "number"], name="one_prototype_test_a_number"
            )
        ]


class ToolkitSpecification(WorkspaceModel):
    """What a tool is before it is built for good; each version stays."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="specifications")
    number = models.PositiveIntegerField()
    answers = models.JSONField(_("answers by field"), default=dict)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("toolkit specification")
        verbose_name_plural = _("toolkit specifications")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concept", "number"], name="one_specification_a_number")
        ]
