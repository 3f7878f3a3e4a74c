"""Files whose rows are gone already, and which are still to be removed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["PendingRemoval"]


class PendingRemoval(WorkspaceModel):
    """A path below the workspace's folder; it goes after the transaction that took its row.

    A removal that was cut short is finished by the next run.
    """

    path = models.CharField(max_length=400)
    lake_source = models.CharField(max_length=100, blank=True)
    lake_version = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file to be removed")
        verbose_name_plural = _("files to be removed")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "path"], name="one_removal_a_path")
        ]
