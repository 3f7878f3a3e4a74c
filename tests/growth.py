"""How the cost of a work grows with its input: a ratio in one run, on a busy machine too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

__all__ = ["growth"]

LEAST = 0.002
"""Seconds; shorter times say more of the clock than of the work."""


def growth(
    work: Callable[[Any], object], small: Any, large: Any, *, bound: float, tries: int = 6
) -> float:
    """How many times the processor time of the small input the large one takes.

    Compared is the least time of each, since others on the machine only ever add to it; it is
    measured anew, up to `tries` times, while the ratio is above the bound.
    """
    short = min(_seconds(work, small) for _ in range(3))
    long = _seconds(work, large)
    for _ in range(tries - 1):
        if long <= bound * max(short, LEAST):
            break
        short = min(short, _seconds(work, small))
        long = min(long, _seconds(work, large))
    return long / max(short, LEAST)


def _seconds(work: Callable[[Any], object], given: Any) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        work(given)
        return time.process_time() - begun
    finally:
        gc.enable()
