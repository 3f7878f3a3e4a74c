"""Wait for a database that is away for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

__all__ = ["AWAY", "patiently"]

Result = TypeVar("Result")

AWAY = (OperationalError, InterfaceError)
"""What Django raises while the database cannot be reached, is locked or has no room."""


def patiently(action: Callable[[], Result], *, seconds: float = 120, pause: float = 0.5) -> Result:
    """Do it, again and again while the database is away, for so many seconds at most."""
    until = time.monotonic() + seconds
    while True:
        try:
            return action()
        except AWAY:
            if time.monotonic() > until or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
