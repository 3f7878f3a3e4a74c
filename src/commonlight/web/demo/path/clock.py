"""The only place where the demo writes a row itself: days that no action can be given.

What happened in the demo city happened over half a year, but it is made in one go. Most actions
take the time at which they happened. Where one does not, or a rule compares a day with today,
the action is done as of today and its day is put right here.
"""

from __future__ import annotations

from typing import Any

__all__ = ["on_their_day"]


def on_their_day(thing: Any, **times: Any) -> None:
    """Give a thing the times at which it happened."""
    for name, value in times.items():
        setattr(thing, name, value)
    type(thing).objects.of(thing.workspace).filter(pk=thing.pk).update(**times)
