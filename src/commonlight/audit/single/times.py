"""Methods on time: trend, season, steps, exceptional weeks, weekday and hour."""

from __future__ import annotations

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.series import MonthSeries, month_label, monthly, weekly
from commonlight.audit.single.results import MethodResult, Settings, available
from commonlight.findings import words

__all__ = [
    "change_points_result",
    "exceptions_result",
    "season_result",
    "trend_result",
    "weekday_hour_result",
]


def trend_result(layer: Layer, settings: Settings) -> MethodResult:
    """Yearly change of the monthly counts."""
    from commonlight.analysis.trend import trend

    series = _months(layer)
    result = available(trend(series.counts, days=series.days, month=series.of_year))
    return MethodResult(
        result=result,
        sentence=(
            f"{words.estimate(result.estimate, result.ci_lower, result.ci_upper, decimals=1)} % a "
            f"year over {result.n_periods} months (p = {result.p_value:.3g}, variance "
            f"{result.dispersion:.1f} times the mean)"
        ),
    )


def season_result(layer: Layer, settings: Settings) -> MethodResult:
    """Index of each month of the year."""
    from commonlight.analysis.season import season

    series = _months(layer)
    result = available(season(series.counts, month=series.of_year, days=series.days))
    return MethodResult(
        result=result,
        sentence=f"Index by month of the year, 1 = average (any season: p = {result.p_value:.3g})",
        columns=("month", "index", "lower", "upper"),
        rows=tuple(
            (words.month_name(m + 1), result.index[m], result.ci_lower[m], result.ci_upper[m])
            for m in range(12)
        ),
    )


def change_points_result(layer: Layer, settings: Settings) -> MethodResult:
    """Steps in the level of the monthly counts."""
    from commonlight.analysis.change_points import change_points

    series = _months(layer)
    month = series.of_year if series.month.size >= 24 else None
    result = available(
        change_points(series.counts, exposure=series.days, month=month, rng=settings.rng)
    )
    return MethodResult(
        result=result,
        sentence=(
            f"{words.counted(result.index.size, 'step')} in the level of {result.n_periods} months "
            f"(any step at all: p = {result.first_p_value:.3g})"
        ),
        columns=("from month", "ratio", "lower", "upper", "p"),
        rows=tuple(
            (
                month_label(int(series.month[i])),
                result.ratio[k],
                result.ci_lower[k],
                result.ci_upper[k],
                result.p_value[k],
            )
            for k, i in enumerate(result.index)
        ),
    )


def exceptions_result(layer: Layer, settings: Settings) -> MethodResult:
    """Weeks outside their limits."""
    from commonlight.analysis.exceptions import weekly_exceptions

    series = weekly(layer)
    result = available(weekly_exceptions(series.counts))
    found = np.flatnonzero(result.signal)
    return MethodResult(
        result=result,
        sentence=(
            f"{found.size} of the last {result.n_tested} weeks "
            f"{'lies' if found.size == 1 else 'lie'} outside the limits"
        ),
        columns=("week from", "count", "expected", "lower", "upper"),
        rows=tuple(
            (
                str(series.monday[i]),
                int(series.counts[i]),
                result.expected[i],
                result.lower[i],
                result.upper[i],
            )
            for i in found
        ),
    )


def weekday_hour_result(layer: Layer, settings: Settings) -> MethodResult:
    """Counts by weekday and quarter of the day."""
    from commonlight.analysis.aoristic import aoristic_profile
    from commonlight.audit.questions.hours import hours_of_week

    if layer.resolution not in ("instant", "hour", "interval"):
        raise ValueError(f"times are known to the {layer.resolution} only; hours are needed")
    start, end = hours_of_week(layer)
    result = aoristic_profile(start, end, weights=layer.count)
    grid = result.profile.reshape(7, 24)
    return MethodResult(
        result=result,
        sentence="Incidents by weekday and quarter of the day (unknown moments spread evenly)",
        columns=("weekday", "0-6", "6-12", "12-18", "18-24"),
        rows=tuple(
            (words.weekday_name(d), *(grid[d, a : a + 6].sum() for a in (0, 6, 12, 18)))
            for d in range(7)
        ),
    )


def _months(layer: Layer) -> MonthSeries:
    """The monthly series, which must have no month without a record in between."""
    series = monthly(layer)
    if not series.unbroken:
        raise ValueError(
            f"{words.counted(series.gaps, 'month')} between the first and the last hold no record "
            "at all; were they delivered? Use a period without gaps"
        )
    return series
