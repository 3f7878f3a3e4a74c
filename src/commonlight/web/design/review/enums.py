"""States of a design brief."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["BriefState"]


class BriefState(TextChoices):
    """Where a brief stands; `states.toml` says what may follow what."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REPLACED = "replaced", _("Replaced by a newer version")
