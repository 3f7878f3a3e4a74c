"""What shows how far a group is involved."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import LadderStep
from commonlight.web.partnerships.models.register import Partner
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["InvolvementEvent"]


class InvolvementEvent(WorkspaceModel):
    """Something that happened with a partner or a group and is on no other record."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(_("step"), max_length=12, choices=LadderStep)
    happened_on = models.DateField(_("on which day"))
    text = models.CharField(_("what happened"), max_length=300)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("event of involvement")
        verbose_name_plural = _("events of involvement")
        ordering = ("happened_on", "pk")
