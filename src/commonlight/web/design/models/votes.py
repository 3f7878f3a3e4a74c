"""Votes on ideas: dots by group of participants, or one ballot a member."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.enums import VoteKind, VoteState
from commonlight.web.design.models.ideas import Idea
from commonlight.web.design.models.workshops import Workshop
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Ballot", "Dots", "Vote"]


class Vote(WorkspaceModel):
    """One vote on a fixed list of ideas."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="votes")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(_("how votes come in"), max_length=8, choices=VoteKind)
    dots = models.PositiveSmallIntegerField(_("dots for each person"), default=3)
    most_on_one = models.PositiveSmallIntegerField(_("at most on one idea"), default=2)
    workshop = models.ForeignKey(
        Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="votes"
    )
    ideas = models.ManyToManyField(Idea, related_name="votes", verbose_name=_("ideas"))
    state = models.CharField(_("state"), max_length=8, choices=VoteState, default=VoteState.OPEN)
    opened_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_vote_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Ballot(WorkspaceModel):
    """The dots of one group in the room, or of one member; a member has one ballot a vote."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="ballots")
    group = models.CharField(_("group"), max_length=40, blank=True)
    people = models.PositiveSmallIntegerField(_("how many voted"), default=1)
    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ("group", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "group"],
                condition=~models.Q(group=""),
                name="one_ballot_a_group",
            ),
            models.UniqueConstraint(
                fields=["vote", "member"],
                condition=models.Q(member__isnull=False),
                name="one_ballot_a_member",
            ),
        ]


class Dots(WorkspaceModel):
    """How many dots of a ballot lie on one idea."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="dots")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="dots")
    number = models.PositiveSmallIntegerField(_("dots"))

    class Meta:
        verbose_name = _("dots on an idea")
        verbose_name_plural = _("dots on ideas")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ballot", "idea"], name="one_row_of_dots_an_idea")
        ]
