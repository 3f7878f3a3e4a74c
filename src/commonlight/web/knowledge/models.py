"""What a partnership knows itself, what it does not know, and what it made of the evidence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.knowledge.enums import (
    Adapted,
    EntryKind,
    EntryState,
    EvidenceLevel,
    ExpectedEffect,
    GapState,
    Position,
    SourceKind,
    StatementKind,
    Verdict,
)
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "Adaptation",
    "Gap",
    "LocalPractice",
    "LocalStatement",
    "Passport",
    "PassportField",
    "ProfileAnswer",
    "Stance",
]


def _member(**more: Any) -> Any:
    return models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+", **more
    )


class LocalEntry(WorkspaceModel):
    """What somebody of the partnership knows, in any language, reviewed by somebody else."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    language = models.CharField(_("language of this entry"), max_length=10, default="en")
    country = models.CharField(_("country"), max_length=100, blank=True)
    focus_area = models.CharField(_("focus area"), max_length=24, blank=True)
    level = models.CharField(
        _("how you know"), max_length=16, choices=EvidenceLevel, default=EvidenceLevel.TOLD
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    author = _member(verbose_name=_("author"))
    changed_by = _member()
    state = models.CharField(
        _("state"), max_length=10, choices=EntryState, default=EntryState.DRAFT
    )
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    reviewer = _member(blank=True)
    review_note = models.TextField(_("what the reviewer says"), blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    kind: ClassVar[EntryKind]
    parts: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody else has read and approved it."""
        return self.state == EntryState.REVIEWED


class LocalPractice(LocalEntry):
    """What was done here or elsewhere, as those tell who did it."""

    practice = models.CharField(_("published practice that it is about"), max_length=80, blank=True)
    summary = models.TextField(_("what was done"))
    happened = models.TextField(_("what happened"), blank=True)
    mechanism = models.TextField(_("why you think it happened"), blank=True)
    implementation = models.TextField(_("what it took"), blank=True)
    economics = models.TextField(_("what it cost"), blank=True)
    harms = models.TextField(_("what went wrong"), blank=True)

    kind = EntryKind.PRACTICE
    parts = ("summary", "happened", "mechanism", "implementation", "economics", "harms")

    class Meta:
        verbose_name = _("local practice")
        verbose_name_plural = _("local practices")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="one_local_practice_a_number"
            )
        ]


class LocalStatement(LocalEntry):
    """A trend, tension, lesson or gap that a partner of the city sees."""

    statement_kind = models.CharField(_("kind"), max_length=8, choices=StatementKind)
    statement = models.TextField(_("statement"))
    implication = models.TextField(_("what follows from it"), blank=True)

    kind = EntryKind.STATEMENT
    parts = ("statement", "implication")

    class Meta:
        verbose_name = _("local statement")
        verbose_name_plural = _("local statements")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="one_local_statement_a_number"
            )
        ]


class Gap(WorkspaceModel):
    """Something that nobody knows, as far as was looked; a research need."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("what is not known"), max_length=150)
    question = models.TextField(_("question"))
    why = models.TextField(_("why it matters"), blank=True)
    words = models.CharField(_("words that were looked for"), max_length=200, blank=True)
    focus_area = models.CharField(_("focus area"), max_length=24, blank=True)
    language = models.CharField(_("language of this entry"), max_length=10, default="en")
    problem = models.ForeignKey(
        Problem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="gaps",
        verbose_name=_("problem for which it matters"),
    )
    author = _member()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=GapState, default=GapState.OPEN)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    state_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_gap_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Stance(WorkspaceModel):
    """What a problem made of a practice or statement; an earlier stance stays readable."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="stances")
    source_kind = models.CharField(max_length=20, choices=SourceKind)
    source_key = models.CharField(max_length=120)
    position = models.CharField(_("stance"), max_length=12, choices=Position)
    reason = models.TextField(_("reason"), blank=True)
    author = _member()
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        ordering = ("taken_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "source_kind", "source_key"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_stance_at_a_time",
            )
        ]

    @property
    def source(self) -> tuple[str, str]:
        """Kind and key of what it is about."""
        return self.source_kind, self.source_key


class ProfileAnswer(WorkspaceModel):
    """What is the case in this city, field by field; without a text it is not known."""

    field = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    changed_by = _member()
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answer of the city profile")
        verbose_name_plural = _("answers of the city profile")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "field"], name="one_answer_a_field")
        ]


class Passport(WorkspaceModel):
    """What must be true here for a practice to work, for one problem; there is no total."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="passports")
    number = models.PositiveIntegerField()
    source_kind = models.CharField(max_length=20, choices=SourceKind)
    source_key = models.CharField(max_length=120)
    core = models.JSONField(_("core elements"), default=dict, blank=True)
    expected = models.CharField(
        _("expected effect here"),
        max_length=20,
        choices=ExpectedEffect,
        default=ExpectedEffect.UNKNOWN,
    )
    expected_reason = models.TextField(_("why"), blank=True)
    filled_with = models.CharField(_("filled in together with"), max_length=200, blank=True)
    author = _member()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = _member()
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("transfer passport")
        verbose_name_plural = _("transfer passports")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "source_kind", "source_key"], name="one_passport_a_practice"
            ),
            models.UniqueConstraint(fields=["problem", "number"], name="one_passport_a_number"),
        ]

    @property
    def source(self) -> tuple[str, str]:
        """Kind and key of the practice."""
        return self.source_kind, self.source_key


class PassportField(WorkspaceModel):
    """One field: how it is here, and how it compares.

    Where the evidence is silent, `there` is what the partnership found in the sources itself.
    """

    passport = models.ForeignKey(Passport, on_delete=models.CASCADE, related_name="fields")
    field = models.CharField(max_length=40)
    there = models.TextField(_("where it was studied, as you found out"), blank=True)
    here = models.TextField(_("in your city"), blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.UNKNOWN)
    note = models.TextField(_("what the difference may do to the effect"), blank=True)

    class Meta:
        verbose_name = _("field of a transfer passport")
        verbose_name_plural = _("fields of transfer passports")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["passport", "field"], name="one_row_a_passport_field")
        ]


class Adaptation(WorkspaceModel):
    """A planned change of the practice; it stays listed when it is dropped."""

    passport = models.ForeignKey(Passport, on_delete=models.CASCADE, related_name="adaptations")
    kind = models.CharField(_("what it touches"), max_length=10, choices=Adapted)
    text = models.TextField(_("what you plan to change"))
    reason = models.TextField(_("why"))
    author = _member()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("adaptation")
        verbose_name_plural = _("adaptations")
        ordering = ("pk",)
