"""A theory of change: its steps, the links between them, its versions and comments."""

from __future__ import annotations

from secrets import token_hex
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.theory.enums import Confidence, StepKind, Witness
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Comment", "Link", "Step", "Theory", "Version", "new_uid"]

STEP_LENGTH = 200
LINK_LENGTH = 500


def new_uid() -> str:
    """A name that a step or link keeps through versions and files."""
    return token_hex(6)


class Theory(WorkspaceModel):
    """Why what is planned for a problem should work. A problem has one."""

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="theory")
    revision = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("theory of change")
        verbose_name_plural = _("theories of change")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.problem)


class Part(WorkspaceModel):
    """What steps and links share: a number to speak of, a revision, and whether it was taken out.

    What was taken out stays, so that a restored version has its evidence and comments again.
    """

    uid = models.CharField(max_length=12, default=new_uid)
    number = models.PositiveIntegerField(_("number"))
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Step(Part):
    """One box of the diagram, one row of the table."""

    theory = models.ForeignKey(Theory, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind)
    text = models.CharField(_("step"), max_length=STEP_LENGTH)
    witness = models.CharField(
        _("where its values come from"), max_length=16, choices=Witness, blank=True
    )

    class Meta:
        verbose_name = _("step of a theory")
        verbose_name_plural = _("steps of a theory")
        ordering = ("number", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theory", "uid"], name="one_step_a_uid"),
            models.UniqueConstraint(
                fields=["theory", "number"],
                condition=models.Q(removed_at__isnull=True),
                name="one_step_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Link(Part):
    """One step leads to another: how, on which condition, how sure, and what may go wrong."""

    theory = models.ForeignKey(Theory, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="leads_on")
    target = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="led_to_by")
    mechanism = models.TextField(_("mechanism"), max_length=LINK_LENGTH, blank=True)
    assumption = models.TextField(_("assumption"), max_length=LINK_LENGTH, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=8, choices=Confidence, default=Confidence.UNKNOWN
    )
    harm = models.TextField(_("possible harm"), max_length=LINK_LENGTH, blank=True)
    is_own_judgement = models.BooleanField(_("our own judgement"), default=False)
    cited = models.JSONField(_("evidence named in a file"), default=list, blank=True)

    class Meta:
        verbose_name = _("link of a theory")
        verbose_name_plural = _("links of a theory")
        ordering = ("number", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theory", "uid"], name="one_theory_link_a_uid"),
            models.UniqueConstraint(
                fields=["theory", "number"],
                condition=models.Q(removed_at__isnull=True),
                name="one_theory_link_a_number",
            ),
            models.UniqueConstraint(
                fields=["source", "target"],
                condition=models.Q(removed_at__isnull=True),
                name="one_theory_link_a_pair",
            ),
        ]


class Version(WorkspaceModel):
    """The theory as it was at one moment; a version is never changed."""

    theory = models.ForeignKey(Theory, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    note = models.CharField(_("what it is"), max_length=200, blank=True)
    is_automatic = models.BooleanField(_("kept by the workbench"), default=False)
    kept_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of a theory")
        verbose_name_plural = _("versions of a theory")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theory", "number"], name="one_theory_version_a_number")
        ]


class Comment(WorkspaceModel):
    """What a partner says about a theory, a step or a link; it stays open until it is answered."""

    theory = models.ForeignKey(Theory, on_delete=models.CASCADE, related_name="comments")
    step = models.ForeignKey(
        Step, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    link = models.ForeignKey(
        Link, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    text = models.TextField(_("comment"), max_length=1000)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment on a theory")
        verbose_name_plural = _("comments on a theory")
        ordering = ("written_at", "pk")
