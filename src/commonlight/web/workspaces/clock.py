"""What day it is in a city."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

__all__ = ["today_in"]


def today_in(workspace: Any) -> date:
    """The day it is there now, by the workspace's time zone."""
    return timezone.localdate(timezone=ZoneInfo(workspace.time_zone))
