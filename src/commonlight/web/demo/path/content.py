"""What the demo city's partnership wrote, as it stands in the content files."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from commonlight.web.policy import Actor
from commonlight.web.workspaces.actors import actor_for

__all__ = ["actor_in", "ago", "day", "read", "text_of"]

CONTENT = Path(__file__).parent.parent / "content"


def read(name: str) -> dict[str, Any]:
    """A content file by its name, such as `problems/weavers_gardens_units`."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    """A text by the name of its file."""
    return (CONTENT / name).read_text(encoding="utf-8")


def ago(days: float, *, minutes: int = 0) -> datetime:
    """So many days before the demo is made; minutes keep what happened on one day in order."""
    return timezone.now() - timedelta(days=days) + timedelta(minutes=minutes)


def day(in_days: int) -> date:
    """The day so many days after the demo is made; before it, if the number is negative."""
    return timezone.localdate() + timedelta(days=in_days)


def actor_in(place: SimpleNamespace, key: str) -> Actor:
    """A demo person or an account of an organisation, as of now."""
    return actor_for(place.members[key].user, place.workspace)
