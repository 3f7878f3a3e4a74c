"""Numbers, moments and days, as every action of a partnership needs them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone

from commonlight.web.problems.domain.words import PersonError, refuse_contacts
from commonlight.web.workspaces.models import Workspace

__all__ = ["PartnershipError", "day_of", "leave_persons_out", "moment", "next_number"]


class PartnershipError(ValueError):
    """A step that cannot be taken, with the sentence that the person reads.

    `field` names the field of the form to which the sentence belongs; empty: to none.
    """

    def __init__(self, message: Any, field: str = "") -> None:
        super().__init__(str(message))
        self.field = field


def leave_persons_out(**texts: Any) -> None:
    """Stop texts with an e-mail address or a phone number: contacts here are functions.

    Raises
    ------
    PartnershipError
        Beside the field that holds one.
    """
    try:
        refuse_contacts(**texts)
    except PersonError as error:
        raise PartnershipError(error, error.part) from error


def moment(at: datetime | None) -> datetime:
    """The moment given, else now."""
    return at or timezone.now()


def day_of(workspace: Any, at: datetime | None = None) -> date:
    """The day on the calendar of the city."""
    return moment(at).astimezone(ZoneInfo(workspace.time_zone)).date()


def next_number(model: Any, workspace: Any) -> int:
    """The next number of a kind of thing; whoever asks at the same time waits."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    last: int | None = model.objects.of(workspace).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
