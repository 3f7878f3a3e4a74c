"""A starting template that was chosen, and its dated steps."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.models.register import Partner
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Cycle", "CycleStep"]


class Cycle(WorkspaceModel):
    """A template put to work from a day on; a cycle can be started again when it is over."""

    template = models.CharField(max_length=40)
    starts_on = models.DateField(_("first day"))
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ("-starts_on", "-pk")


class CycleStep(WorkspaceModel):
    """One step with its days and the partner that takes it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveIntegerField()
    title = models.CharField(_("step"), max_length=200)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"))
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a cycle")
        verbose_name_plural = _("steps of cycles")
        ordering = ("order",)
