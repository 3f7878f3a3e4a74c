"""One thing rests on another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Link"]


class Link(WorkspaceModel):
    """A claim rests on a ground. A link that was removed stays, with its reason."""

    claim_kind = models.CharField(max_length=40)
    claim_key = models.CharField(max_length=120)
    ground_kind = models.CharField(max_length=40)
    ground_key = models.CharField(max_length=120)
    note = models.TextField(_("what it shows"), blank=True)
    made_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removal_reason = models.TextField(_("why it was removed"), blank=True)
    settled_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(_("why the claim holds without it"), blank=True)

    class Meta:
        verbose_name = _("link of the thread")
        verbose_name_plural = _("links of the thread")
        ordering = ("made_at", "pk")
        indexes: ClassVar = [
            models.Index(fields=["workspace", "claim_kind", "claim_key"], name="links_by_claim"),
            models.Index(fields=["workspace", "ground_kind", "ground_key"], name="links_by_ground"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "claim_kind", "claim_key", "ground_kind", "ground_key"],
                condition=models.Q(removed_at__isnull=True),
                name="one_live_link_a_pair",
            )
        ]

    @property
    def claim(self) -> tuple[str, str]:
        """What rests."""
        return self.claim_kind, self.claim_key

    @property
    def ground(self) -> tuple[str, str]:
        """What it rests on."""
        return self.ground_kind, self.ground_key

    @property
    def is_live(self) -> bool:
        """Whether the claim rests on the ground today."""
        return self.removed_at is None

    @property
    def is_open_wound(self) -> bool:
        """Whether the link was removed and nobody has said yet why the claim still holds."""
        return self.removed_at is not None and self.settled_at is None
