"""What a partner says about a number beside which its name stands."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.models import Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["FactReason"]


class FactReason(WorkspaceModel):
    """A reason shown with a number; the newest one counts, and no person is named."""

    fact = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    text = models.TextField(_("reason"))
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reason beside a number")
        verbose_name_plural = _("reasons beside numbers")
        ordering = ("-given_at", "-pk")
