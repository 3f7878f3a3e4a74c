"""Class borders for shaded maps."""

from __future__ import annotations

import numpy as np

__all__ = ["quantile_breaks"]


def quantile_breaks(values: np.ndarray, *, classes: int = 5) -> tuple[float, ...]:
    """Rounded inner borders that put about as many places in each class.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One value per place; nan = no value.
    classes : int
        Number of classes wanted; fewer where values repeat.

    Returns
    -------
    tuple of float
        Ascending borders, each rounded to two significant digits, without repetition.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return ()
    borders = np.quantile(known, np.arange(1, classes) / classes)
    rounded = sorted({_two_digits(border) for border in borders})
    return tuple(border for border in rounded if known.min() < border <= known.max())


def _two_digits(value: float) -> float:
    if value == 0:
        return 0.0
    scale = 10.0 ** (np.floor(np.log10(abs(value))) - 1)
    return float(np.round(value / scale) * scale)
