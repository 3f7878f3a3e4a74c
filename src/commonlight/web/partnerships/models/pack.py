"""The council pack: lines that name what they rest on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import PackState
from commonlight.web.workspaces.models import Membership
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["CouncilPack", "PackLine"]


class CouncilPack(WorkspaceModel):
    """What is put before the council on a day."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    for_day = models.DateField(_("day of the council"))
    state = models.CharField(max_length=10, choices=PackState, default=PackState.DRAFT)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("council pack")
        verbose_name_plural = _("council packs")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_pack_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class PackLine(WorkspaceModel):
    """One line of a section; a finding or a proposal rests on findings, by the thread."""

    pack = models.ForeignKey(CouncilPack, on_delete=models.CASCADE, related_name="lines")
    section = models.CharField(_("section"), max_length=30)
    order = models.PositiveIntegerField()
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("line of a council pack")
        verbose_name_plural = _("lines of council packs")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.text
