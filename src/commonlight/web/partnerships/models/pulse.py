"""The pulse: rounds, who took part while a round is open, and what may be shown of it.

No row holds an answer of one person. While a round is open there is one sealed sum for all
answers; when it closes, what may be shown is written down and the sum is destroyed. Who has
answered is kept apart and only until the round closes; then only numbers by organisation stay.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import ResultShape, RoundState
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["PulseRound", "PulseTurn", "PulseTurnout"]


class PulseRound(WorkspaceModel):
    """One round of the pulse; `sealed_sum` is empty once the round is closed."""

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    content_version = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)
    closes_on = models.DateField(_("last day to answer"))
    closed_at = models.DateTimeField(null=True, blank=True)
    answers = models.PositiveIntegerField(default=0)
    shape = models.CharField(max_length=10, choices=ResultShape, default=ResultShape.NONE)
    result = models.JSONField(default=dict, blank=True)
    sealed_sum = models.TextField(blank=True, editable=False)
    opened_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("round of the pulse")
        verbose_name_plural = _("rounds of the pulse")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_round_a_number")
        ]


class PulseTurn(WorkspaceModel):
    """That a member has answered the open round, and no more; it goes when the round closes."""

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="turns")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("turn in a pulse")
        verbose_name_plural = _("turns in a pulse")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "membership"], name="one_turn_a_member")
        ]


class PulseTurnout(WorkspaceModel):
    """How many of an organisation answered a closed round, to keep differences from telling."""

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="turnout")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answers = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("turnout of a pulse")
        verbose_name_plural = _("turnouts of a pulse")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organisation"], name="one_turnout_a_round")
        ]
