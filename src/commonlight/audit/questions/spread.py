"""How much counts of a whole city vary beyond chance, for comparisons that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonlight.analysis.change import Dispersion
from commonlight.audit.layers import Layer
from commonlight.audit.series import MonthSeries, yearly

if TYPE_CHECKING:
    from commonlight.analysis.trend import Trend

__all__ = ["CITYWIDE", "month_dispersion", "season_free_dispersion"]

#: What moves a whole city in one month, as a share of its count, where the data cannot show it.
#: Aggravated assaults in Chicago, 2010 to 2019: the same month of two years differs by 10.5 %
#: (standard deviation of the logarithm), 4.1 % of it by chance; that is 6.8 % for each month.
CITYWIDE = 0.07
#: With so many months of the same name in two years, their differences show it themselves.
FEWEST_PAIRS = 3


def season_free_dispersion(series: MonthSeries) -> Dispersion | None:
    """Variance over mean of monthly counts about their own month of the year and year.

    Season and level are taken out by an additive fit on the log scale; what is left is noise.
    None where fewer than two years are whole.
    """
    result = _monthly_trend(series)
    if result is None:
        return None
    return Dispersion(estimate=max(result.dispersion, 1.0), df=float(series.month.size - 13))


def _monthly_trend(series: MonthSeries) -> Trend | None:
    from commonlight.analysis.trend import trend

    if series.month.size < 24 or not series.unbroken:
        return None
    result = trend(series.counts, days=series.days, month=series.of_year)
    return result if result.available else None


def _monthly_dispersion(series: MonthSeries) -> Dispersion | None:
    """Variance over mean of the sum of a year of months.

    Months that go up and down together vary more in sum: with the autocorrelation r of their
    noise by ``1 + 2 sum (1 - k / 12) r**k``, k from 1 to 11.
    """
    spread, result = season_free_dispersion(series), _monthly_trend(series)
    if spread is None or result is None:
        return None
    lag = np.arange(1, 12)
    together = 1 + 2 * float(((1 - lag / 12) * max(result.autocorrelation, 0.0) ** lag).sum())
    return Dispersion(estimate=spread.estimate * together, df=spread.df)


def month_dispersion(
    layer: Layer, series: MonthSeries, chosen: np.ndarray | None = None
) -> dict[str, float]:
    """Settings for `compare_counts`: the dispersion and how well it is known.

    From the monthly series where that is two years or longer; from yearly counts about their
    trend; or from how differently the months of the same name changed. Where none of these is
    there, from how unevenly the areas changed and, for what moves the whole city, `CITYWIDE`.
    """
    spread = (
        _monthly_dispersion(series) or _yearly_dispersion(layer, chosen) or _pair_dispersion(series)
    )
    areas = _area_dispersion(layer, chosen)
    least = areas.estimate if areas is not None else 1.0
    if spread is not None:
        return {"dispersion": max(spread.estimate, least), "dispersion_df": spread.df}
    mean = float(series.counts.mean()) if series.counts.size else 0.0
    return {"dispersion": least + CITYWIDE**2 * mean}


def _yearly_dispersion(layer: Layer, chosen: np.ndarray | None) -> Dispersion | None:
    """Variance over mean of yearly counts about their trend, where years are all there is."""
    from commonlight.analysis.trend import trend

    if layer.resolution != "year":
        return None
    years, counts = yearly(layer, chosen)
    result = trend(counts, days=np.full(years.size, 365.25)) if years.size else None
    if result is None or not result.available:
        return None
    return Dispersion(estimate=max(result.dispersion, 1.0), df=float(years.size - 2))


def _pair_dispersion(series: MonthSeries) -> Dispersion | None:
    """Pearson chi-square of the months of the same name in the last two years."""
    after = series.month[series.month > series.month[-1] - 12] if series.month.size else []
    both = np.asarray([month for month in after if month - 12 in series.month], dtype=np.int64)
    if both.size < FEWEST_PAIRS:
        return None
    table = np.stack([series.counts[np.isin(series.month, m)] for m in (both - 12, both)])
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / max(table.sum(), 1)
    if not (expected >= 5).all():
        return None
    df = float(both.size - 1)
    return Dispersion(
        estimate=max(float(((table - expected) ** 2 / expected).sum()) / df, 1.0), df=df
    )


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
