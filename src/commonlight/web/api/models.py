"""Tokens for programs, and how often somebody asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["ApiToken", "RateWindow"]


class ApiToken(WorkspaceModel):
    """What a program shows in place of a person; only the digest of it is kept."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(_("what it may do"), default=list)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ("-created_at",)
        indexes: ClassVar = [
            models.Index(fields=["membership"], condition=Q(revoked_at=None), name="open_tokens")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it can be used now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class RateWindow(models.Model):
    """How often one asker came within one minute; shared by all processes, gone soon after.

    `asker` is a digest, so no address is kept.
    """

    asker = models.CharField(max_length=64)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asker", "minute"], name="one_window_a_minute")
        ]
