"""The counts that several questions share, so that the same count has the same key in each.

A key says which records are counted. Two findings that count the same records must use the same
key: only then can the public version see that one table gives away what another withholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from commonlight.audit.layers import AreaLayer, Layer
from commonlight.findings.model import CountCells

__all__ = ["area_cells", "month_keys", "month_name_of", "total_cells", "whole_numbers"]


def total_cells(layer: Layer) -> CountCells:
    """All incidents of a layer, wherever a text states their number."""
    return CountCells(
        source=layer.name, dimensions=(), keys=((),), counts=(layer.n,), shown_in="text"
    )


def area_cells(
    layer: Layer,
    areas: AreaLayer,
    counts: np.ndarray,
    order: Iterable[int] | None = None,
    **shown: Any,
) -> CountCells:
    """Counts by area in the order of a table or map; `shown` says where and how."""
    positions = range(len(areas.codes)) if order is None else [int(i) for i in order]
    return CountCells(
        source=layer.name,
        dimensions=("area",),
        keys=tuple((areas.codes[i],) for i in positions),
        counts=tuple(int(counts[i]) for i in positions),
        **shown,
    )


def month_keys(months: Sequence[int] | np.ndarray) -> tuple[tuple[str, str], ...]:
    """Year and month of months numbered from January 1970, over ("year", "month")."""
    return tuple((str(1970 + int(m) // 12), f"{int(m) % 12 + 1:02d}") for m in months)


def month_name_of(month: int) -> str:
    """A month as texts write it: ``March 2024``."""
    from commonlight.findings.words import month_name

    return f"{month_name(int(month) % 12 + 1)} {1970 + int(month) // 12}"


def whole_numbers(values: np.ndarray) -> np.ndarray:
    """Whole numbers with the same sum, each within 1 of its value (largest remainders first).

    Examples
    --------
    >>> whole_numbers(np.array([1.5, 1.5, 0.2, 2.8])).tolist()
    [2, 1, 0, 3]
    """
    flat = np.asarray(values, dtype=float).ravel()
    floor = np.floor(flat).astype(np.int64)
    lacking = round(float(flat.sum())) - int(floor.sum())
    largest = np.argsort(-(flat - floor), kind="stable")[: max(lacking, 0)]
    floor[largest] += 1
    return np.asarray(floor.reshape(np.shape(values)))
