"""Who and what the numbers in an event log meant where it was written."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["LogName"]


class LogName(WorkspaceModel):
    """The events `first` to `last` came from another installation; there, `number` meant this.

    Events are sealed, so their numbers of people and things stay as they were.
    """

    first = models.BigIntegerField()
    last = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=100)
    reference = models.JSONField(null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("name in an imported event log")
        verbose_name_plural = _("names in an imported event log")
        ordering = ("first", "kind", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "first", "kind", "number"], name="one_meaning_a_number"
            )
        ]
