"""How much monthly counts vary beyond chance, for comparisons that need it."""

from __future__ import annotations

import numpy as np

from commonlight.analysis.change import Dispersion
from commonlight.audit.layers import Layer
from commonlight.audit.series import MonthSeries

__all__ = ["month_dispersion", "season_free_dispersion"]


def season_free_dispersion(series: MonthSeries) -> Dispersion | None:
    """Variance over mean of monthly counts about their own month of the year and year.

    Season and level are taken out by an additive fit on the log scale; what is left is noise.
    None where fewer than two years are whole.
    """
    from commonlight.analysis.trend import trend

    if series.month.size < 24 or not series.unbroken:
        return None
    result = trend(series.counts, days=series.days, month=series.of_year)
    if not result.available:
        return None
    return Dispersion(estimate=max(result.dispersion, 1.0), df=float(series.month.size - 13))


def month_dispersion(
    layer: Layer, series: MonthSeries, chosen: np.ndarray | None = None
) -> dict[str, float]:
    """Settings for `compare_counts`: the dispersion and how well it is known.

    From the monthly series where that is two years or longer. Otherwise from how unevenly the
    areas changed between the months: a part of the variation only, so the finding says it.
    """
    spread = season_free_dispersion(series)
    if spread is None:
        spread = _area_dispersion(layer, chosen)
    if spread is None:
        return {"dispersion": 1.0}
    return {"dispersion": spread.estimate, "dispersion_df": spread.df}


def _area_dispersion(layer: Layer, chosen: np.ndarray | None) -> Dispersion | None:
    """Pearson chi-square of areas by months against areas times months, over its freedom."""
    if layer.areas is None:
        return None
    use = layer.area >= 0
    if chosen is not None:
        use &= chosen
    month = layer.start[use].astype("datetime64[M]").astype(np.int64)
    months, column = np.unique(month, return_inverse=True)
    if months.size < 2:
        return None
    table = np.zeros((len(layer.areas.codes), months.size))
    np.add.at(table, (layer.area[use], column), layer.count[use])
    # Areas with few events tell little and break the chi-square; 5 is its usual limit.
    table = table[table.sum(axis=1) >= 5 * months.size]
    if len(table) < 10:
        return None
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    df = (len(table) - 1) * (months.size - 1)
    return Dispersion(
        estimate=max(float((((table - expected) ** 2) / expected).sum() / df), 1.0), df=float(df)
    )
