"""A run: one computation, with what went in, what came out and how it went."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Lane", "Run", "RunState", "WorkerBeat", "in_words"]


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Lane(models.TextChoices):
    """Short work does not wait behind long work."""

    QUICK = "quick", _("Quick")
    LONG = "long", _("Long")


class Run(WorkspaceModel):
    """One computation, claimed by one worker at a time under a lease."""

    is_reused = False
    """Set on a run that `request` gave back because it was there already."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    title_values = models.JSONField(default=dict)
    inputs = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    seed = models.BigIntegerField(default=0)
    library_version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    key = models.CharField(max_length=100, null=True, blank=True)
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.LONG)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    worker = models.CharField(max_length=100, blank=True)
    fencing_token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    step = models.CharField(max_length=200, blank=True)
    progress_done = models.FloatField(default=0)
    progress_total = models.FloatField(null=True, blank=True)
    checkpoints = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    result = models.JSONField(null=True, blank=True)
    result_folder = models.CharField(max_length=200, blank=True)
    failure = models.TextField(blank=True)
    failure_values = models.JSONField(default=dict)
    organisation = models.ForeignKey(
        "workspaces.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=Q(key__isnull=False), name="one_run_a_key"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lane", "created_at"], name="runs_to_claim"),
            models.Index(fields=["workspace", "fingerprint", "state"], name="runs_by_content"),
            models.Index(fields=["workspace", "-created_at"], name="runs_newest_first"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the run."""
        return reverse("runs:run", kwargs={"workspace": self.workspace.slug, "pk": self.pk})

    @property
    def name(self) -> str:
        """What the run does, in the language of the reader."""
        return in_words(self.title, self.title_values)

    @property
    def step_text(self) -> str:
        """What is being done at the moment, in the language of the reader."""
        return in_words(self.step, {})

    @property
    def failure_text(self) -> str:
        """Why the run failed, in the language of the reader where the sentence is ours."""
        return in_words(self.failure, self.failure_values)

    @property
    def message_rows(self) -> list[dict[str, Any]]:
        """What the run said, each with its time."""
        return [
            {"at": datetime.fromisoformat(row["at"]), "text": in_words(row["text"], row["values"])}
            for row in self.messages
        ]

    @property
    def progress_share(self) -> int | None:
        """How many of 100 parts of the step are done; None where that is not known."""
        if not self.progress_total or self.progress_total <= 0:
            return None
        return int(100 * min(max(self.progress_done / self.progress_total, 0), 1))

    @property
    def result_path(self) -> Path:
        """The folder with what the run wrote."""
        return self.workspace.results_folder / self.result_folder

    @property
    def has_files(self) -> bool:
        """Whether the run wrote files that are still there."""
        return bool(self.result_folder) and self.result_path.is_dir()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED)

    @property
    def is_done(self) -> bool:
        """Whether there is a result."""
        return self.state == RunState.DONE


class WorkerBeat(models.Model):
    """A sign of life of a worker, so that the health page can say that none is there."""

    name = models.CharField(primary_key=True, max_length=100)
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)


def in_words(text: str, values: dict[str, Any]) -> str:
    """A stored sentence in the language of the reader, with its values put in."""
    shown = gettext(text) if text else ""
    return shown.format_map(values) if values else shown
