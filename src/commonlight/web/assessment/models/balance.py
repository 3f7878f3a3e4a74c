"""The balance mirror: what goes where, beside what is harmed and what residents name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.models.assessments import Assessment
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["BalanceRow", "Figure", "Total"]


class BalanceRow(WorkspaceModel):
    """One problem of the mirror; it may be one that the workbench knows."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    title = models.CharField(_("problem"), max_length=200)
    problem = models.ForeignKey(
        Problem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("problem of this workbench"),
    )
    profile = models.CharField(_("profile"), max_length=16, default="neither")

    class Meta:
        verbose_name = _("row of the mirror")
        verbose_name_plural = _("rows of the mirror")
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_row_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Figure(WorkspaceModel):
    """One figure of a row, with its range and source; empty with a reason where there is none."""

    row = models.ForeignKey(BalanceRow, on_delete=models.CASCADE, related_name="figures")
    what = models.CharField(max_length=16)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True, blank=True)
    low = models.DecimalField(_("lowest"), max_digits=16, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("highest"), max_digits=16, decimal_places=4, null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    missing = models.TextField(_("why there is no figure"), blank=True)
    parts = models.JSONField(_("parts"), default=dict, blank=True)
    by_set = models.JSONField(_("value under each set of weights"), default=dict, blank=True)

    class Meta:
        verbose_name = _("figure of the mirror")
        verbose_name_plural = _("figures of the mirror")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "what"], name="one_figure_a_kind")
        ]


class Total(WorkspaceModel):
    """The whole of a resource, of which the rows take their parts."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="totals")
    what = models.CharField(max_length=16)
    value = models.DecimalField(_("total"), max_digits=16, decimal_places=4)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("total of the mirror")
        verbose_name_plural = _("totals of the mirror")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "what"], name="one_total_a_kind")
        ]
