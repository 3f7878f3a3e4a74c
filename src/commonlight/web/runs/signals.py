"""Wait for a signal or for time to pass; needs neither Django nor models.

`signal.sigtimedwait` would be shorter, but after a stop and a continue beyond its time CPython
3.11 gives back a signal that nobody sent.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from types import FrameType
from typing import Any

__all__ = ["Signals"]


class Signals:
    """While it is entered, a request to stop is noted, and the end of a child wakes `wait`."""

    def __init__(self) -> None:
        self.told = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        """Take the signals over."""
        self._ear, self._mouth = os.pipe()
        for end in (self._ear, self._mouth):
            os.set_blocking(end, False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            self._before[number] = signal.signal(number, self._note)
        self._fd_before = signal.set_wakeup_fd(self._mouth, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._ear)
        os.close(self._mouth)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until a signal comes; whether a stop was asked for."""
        ready, _, _ = select.select([self._ear], [], [], seconds)
        if ready:
            with suppress(BlockingIOError):
                os.read(self._ear, 4096)
        return self.told

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.told = True
