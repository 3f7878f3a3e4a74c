"""What an imported event log meant, and who agreed that a workspace leaves whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["ExportConsent", "LogName"]


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


class ExportConsent(WorkspaceModel):
    """An organisation agrees, for thirty days, that the whole workspace may be exported."""

    VALID_FOR = timedelta(days=30)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent to an export")
        verbose_name_plural = _("consents to exports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "organisation"], name="one_export_consent_an_organisation"
            )
        ]

    @property
    def valid_until(self) -> datetime | None:
        """The moment at which the consent ends; None where there is none."""
        return self.given_at + self.VALID_FOR if self.given_at else None
