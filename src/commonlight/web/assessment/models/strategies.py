"""A strategy in the versions of its text, and the models it can be held against."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.enums import TextLanguage
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["KeptModel", "Strategy", "StrategyText"]


class KeptModel(WorkspaceModel):
    """A model as it was read on one day; its text is never changed."""

    name = models.CharField(_("short name"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    content = models.TextField(_("content"))
    is_own = models.BooleanField(_("brought by this partnership"), default=False)
    kept_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("model of an assessment")
        verbose_name_plural = _("models of assessments")
        ordering = ("title", "version", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="one_model_a_digest")
        ]

    def __str__(self) -> str:
        return self.title


class Strategy(WorkspaceModel):
    """A text in which somebody says what a city will do for safety."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=TextLanguage)
    authors = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("who wrote it")
    )
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_strategy_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class StrategyText(WorkspaceModel):
    """One version of the text, kept as it came in."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    brought_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("text of a strategy")
        verbose_name_plural = _("texts of strategies")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_text_a_number")
        ]
