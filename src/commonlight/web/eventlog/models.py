"""Events: what was done, by whom, to what; each one seals the one before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["ChainHead", "Event", "EventKind"]


class EventKind(models.TextChoices):
    """Why an event is kept."""

    CHANGE = "change", pgettext_lazy("kind of event", "Change")
    READ = "read", _("Reading of sensitive data")
    EXPORT = "export", _("Export")
    REFUSAL = "refusal", _("Refusal")
    SIGN_IN = "sign-in", _("Sign-in")


class ChainHead(models.Model):
    """The newest event of a chain; writers of one chain take turns here."""

    chain = models.CharField(primary_key=True, max_length=60)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


class Event(models.Model):
    """One line of a chain; never changed, never removed.

    `chain` is the short name of a workspace, or empty for the installation. The person stands
    by number only.
    """

    chain = models.CharField(max_length=60)
    number = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=EventKind)
    action = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    thing_kind = models.CharField(max_length=60, blank=True)
    thing_id = models.CharField(max_length=100, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="one_event_a_number")
        ]
        indexes = [
            models.Index(fields=["chain", "-at"], name="events_by_time"),
            models.Index(
                fields=["chain", "thing_kind", "thing_id", "-at"], name="events_of_a_thing"
            ),
        ]
