"""Ideas, from notes or written anew, and the clusters in which they lie."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.models.workshops import Note, Workshop
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Cluster", "Idea"]


class Cluster(WorkspaceModel):
    """Ideas that are alike, under one name."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="clusters")
    name = models.CharField(_("name of the cluster"), max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("cluster of ideas")
        verbose_name_plural = _("clusters of ideas")
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "name"], name="one_cluster_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Idea(WorkspaceModel):
    """An idea; it is never deleted, and one with few votes can be kept with who needs it."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="ideas")
    number = models.PositiveIntegerField()
    text = models.CharField(_("the idea in one sentence"), max_length=500)
    cluster = models.ForeignKey(
        Cluster,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="ideas",
        verbose_name=_("cluster"),
    )
    workshop = models.ForeignKey(
        Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="ideas"
    )
    note = models.OneToOneField(
        Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="idea"
    )
    is_minority = models.BooleanField(_("kept though it has few votes"), default=False)
    minority_reason = models.TextField(_("who needs it, and why"), blank=True)
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "number"], name="one_idea_a_number")
        ]

    def __str__(self) -> str:
        return self.text
