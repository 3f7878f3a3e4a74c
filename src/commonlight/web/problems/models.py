"""The problem, its statement in every version, its causes, and how partners framed it apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.problems.enums import CauseReach, FocusArea, ProblemState, Theme
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Cause", "Frame", "FrameRound", "Problem", "Statement", "VoiceNote"]


class Problem(WorkspaceModel):
    """Something that is wrong at a place for somebody; the record of everything that follows."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(
        _("state"), max_length=12, choices=ProblemState, default=ProblemState.SIGNALLED
    )
    focus_area = models.CharField(_("focus area"), max_length=24, choices=FocusArea, blank=True)
    theme = models.CharField(_("theme"), max_length=24, choices=Theme, blank=True)
    owner = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
        verbose_name=_("owner"),
    )
    opened_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    first_framed_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    state_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_problem_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Statement(WorkspaceModel):
    """One version of what is wrong; an earlier one is never changed."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    sentence = models.TextField(_("the problem in one or two sentences"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    period = models.CharField(_("when, and since when"), max_length=300, blank=True)
    groups_harmed = models.TextField(_("who is harmed"), blank=True)
    harm = models.TextField(_("harm"), blank=True)
    effects = models.TextField(_("effects"), blank=True)
    disputed = models.TextField(_("what is disputed"), blank=True)
    reason = models.TextField(_("why it was changed"), blank=True)
    is_joint = models.BooleanField(_("agreed by the partners together"), default=False)
    causes = models.JSONField(_("causes as they stood"), default=list, blank=True)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("problem statement")
        verbose_name_plural = _("problem statements")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_statement_a_number")
        ]

    def __str__(self) -> str:
        return self.sentence


class Cause(WorkspaceModel):
    """A cause that somebody sees; it needs evidence, and a reason where it is left out."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="causes")
    text = models.CharField(_("cause"), max_length=300)
    family = models.CharField(_("kind of cause"), max_length=40)
    reach = models.CharField(_("reach"), max_length=8, choices=CauseReach, blank=True)
    seen_by = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("seen by"))
    is_disputed = models.BooleanField(_("disputed"), default=False)
    is_presumed = models.BooleanField(_("presumed, not shown yet"), default=False)
    left_out_reason = models.TextField(_("why the joint statement leaves it out"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class FrameRound(WorkspaceModel):
    """The same questions to several organisations; answers are closed until `closes_at`.

    Until the answers are opened only their number is kept here, not whose they are.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    organisations = models.ManyToManyField(
        Organisation, related_name="+", verbose_name=_("who is asked")
    )
    asked_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    closes_at = models.DateTimeField(_("closing time"))
    first_closes_at = models.DateTimeField(null=True, blank=True)
    put_off_reason = models.TextField(_("why it was put off"), blank=True)
    answered = models.PositiveIntegerField(default=0)
    questions_version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("separate framing")
        verbose_name_plural = _("separate framings")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_frame_round_a_number")
        ]

    @property
    def is_open(self) -> bool:
        """Whether the answers can be read."""
        return self.opened_at is not None

    def opened_answers(self) -> list[dict[str, Any]]:
        """What was answered, as it was opened; nothing as long as it is sealed."""
        frames = self.frames.filter(answers__isnull=False).order_by("pk")
        return [one.answers for one in frames if one.answers is not None]

    def is_due(self, now: datetime | None = None) -> bool:
        """Whether the closing time has come."""
        return (now or timezone.now()) >= self.closes_at


class Frame(WorkspaceModel):
    """How one organisation sees the problem: sealed until the closing time, then open."""

    round = models.ForeignKey(FrameRound, on_delete=models.CASCADE, related_name="frames")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    draft = models.TextField(blank=True)
    sealed = models.TextField(blank=True)
    answers = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organisation"], name="one_frame_an_organisation"
            )
        ]


class VoiceNote(WorkspaceModel):
    """A group that should be heard: by which sources (its thread), or why it is not yet."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="voices")
    voice = models.CharField(max_length=40)
    reason = models.TextField(
        _("why this group is not heard yet, and what you will do"), blank=True
    )
    noted_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "voice"], name="one_note_a_voice")
        ]
