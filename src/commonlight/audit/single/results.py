"""What a method is asked with, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["MethodResult", "Settings", "available"]


@dataclass(frozen=True, kw_only=True)
class MethodResult:
    """The result of one method, as it is and as lines to read."""

    result: Any
    sentence: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Options of all methods; units as in `run.run_method`."""

    cell_size: float
    distance_bands: Sequence[float]
    time_bands: Sequence[float]
    permutations: int
    rng: np.random.Generator = field(repr=False)
    streets: Path | None = None
    bandwidth: float = 300.0


def available(result: Any) -> Any:
    """The result, if there is one.

    Raises
    ------
    ValueError
        With the reason why there is none.
    """
    if not result.available:
        raise ValueError(result.reason)
    return result
