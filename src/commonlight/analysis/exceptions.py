"""Weekly exceptions: weeks above or below what their own past leads one to expect.

It does not answer why a week stands out, and it does not see a slow rise, which the trend
follows. The last weeks of a file are often low only because reports come in late: leave
them out. Public holidays that move between weeks are not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .change import Dispersion, dispersion_nodes
from .count_regression import CountFit, count_series, exposure_series, fit_counts

__all__ = ["WeeklyExceptions", "weekly_exceptions"]

WEEKS_PER_YEAR = 365.25 / 7.0
PAST_WITH_SEASON = 104
PAST_WITHOUT_SEASON = 26
LONGEST_PAST = 260
MINIMUM_EVENTS = 20
TRIM = 2.58
TRIM_LOSS = 0.018


@dataclass(frozen=True, kw_only=True)
class WeeklyExceptions:
    """Expected count and control limits of each week from its own past.

    Attributes
    ----------
    count : ndarray, shape (n,)
        The counts given.
    expected : ndarray, shape (n,)
        Expected count; nan for weeks that were not tested.
    lower, upper : ndarray, shape (n,)
        Limits for the whole series: weeks of pure noise lie within them, all together,
        with chance of at least ``1 - level``. A count on a limit is still within.
    week_lower, week_upper : ndarray, shape (n,)
        Limits for one week taken alone, at `week_level`.
    signal : ndarray of int8, shape (n,)
        1 above `upper`, -1 below `lower`, 0 otherwise.
    p_value : ndarray, shape (n,)
        Two-sided, for the week alone; nan for weeks that were not tested.
    dispersion : ndarray, shape (n,)
        Variance over mean of the past of each week (at least 1).
    tested : ndarray of bool, shape (n,)
        Which weeks were tested.
    n_tested : int
        Their number.
    level, week_level : float
        Chance of a false alarm in the whole series, and in one week.
    available : bool
        False where no week could be tested.
    reason : str
        Why not, and the next step; empty where available.
    """

    count: np.ndarray
    expected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    week_lower: np.ndarray
    week_upper: np.ndarray
    signal: np.ndarray
    p_value: np.ndarray
    dispersion: np.ndarray
    tested: np.ndarray
    n_tested: int
    level: float
    week_level: float
    available: bool
    reason: str


@dataclass(frozen=True)
class _Forecast:
    """Mean of one week, the variance of its logarithm at dispersion 1, and the dispersion."""

    mean: float
    leverage: float
    spread: Dispersion


def weekly_exceptions(
    counts: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    tested_weeks: int = 52,
    gap: int = 4,
    season: bool = True,
    level: float = 0.05,
    week_level: float = 0.01,
) -> WeeklyExceptions:
    """Find the weeks that stand out from what their own past leads one to expect.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events in consecutive whole weeks.
    exposure : array_like, shape (n,), optional
        Days or other exposure of each week; equal by default.
    tested_weeks : int
        How many of the last weeks to test, as far as their past is long enough.
    gap : int
        Weeks just before the tested week that do not count as its past, so that an
        exception that lasts does not hide itself.
    season : bool
        Whether to fit a yearly cycle. It needs 104 weeks of past; without it 26 are enough,
        but a season then raises false alarms.
    level : float
        Chance of any false alarm in all tested weeks together, above and below.
    week_level : float
        Chance of a false alarm in one week, above and below, for the limits of one week.

    Returns
    -------
    WeeklyExceptions
        With ``available=False`` where the past is too short or too sparse.

    Raises
    ------
    ValueError
        For missing or negative counts, or settings out of range.

    Notes
    -----
    For each week the past (up to 260 weeks, without `gap`) is fitted by
    ``log E(count) = log(exposure) + a + b t + two yearly harmonics``. Past weeks with a
    standardised Anscombe residual s above 2.58 are then given weight ``(2.58 / s)**2`` and
    the fit is repeated [1]_ [2]_. The limits are quantiles of a negative binomial with the
    expected mean and variance ``phi * (mean + mean**2 * v)``, where ``v`` allows for the
    fitted coefficients, averaged over the uncertainty of ``phi``. For the whole series the
    level is shared out by ``1 - (1 - level)**(1 / n_tested)``. The assumption that fails
    most often is that recording did not change.

    References
    ----------
    .. [1] C. P. Farrington, N. J. Andrews, A. D. Beale and M. A. Catchpole (1996), A
       statistical algorithm for the early detection of outbreaks of infectious disease,
       Journal of the Royal Statistical Society A 159, 547-563. doi:10.2307/2983331
    .. [2] A. Noufaily et al. (2013), An improved algorithm for outbreak detection in
       multiple surveillance systems, Statistics in Medicine 32, 1206-1222.
       doi:10.1002/sim.5595

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.random.default_rng(2).poisson(20, 156)
    >>> counts[150] = 60
    >>> np.flatnonzero(weekly_exceptions(counts).signal)
    array([150])
    """
    series = count_series(counts)
    length = exposure_series(exposure, series.size, name="exposure")
    _check(tested_weeks, gap, level, week_level)
    needed = PAST_WITH_SEASON if season else PAST_WITHOUT_SEASON
    weeks = np.arange(max(series.size - tested_weeks, needed + gap), series.size)
    forecasts = _forecasts(series, length, weeks, gap, season)
    weeks = np.array(sorted(forecasts), dtype=np.int64)
    if weeks.size == 0:
        return _result(series, weeks, [], level, week_level, _why(series, needed, gap))
    return _result(series, weeks, [forecasts[int(w)] for w in weeks], level, week_level, "")


def week_design(week: np.ndarray, season: bool) -> np.ndarray:
    """Intercept, time in years and, where asked, two yearly harmonics."""
    years = week / WEEKS_PER_YEAR
    columns = [np.ones(years.size), years - years.mean()]
    if season:
        for k in (1, 2):
            columns += [np.sin(2 * np.pi * k * years), np.cos(2 * np.pi * k * years)]
    return np.column_stack(columns)


def past_weights(fit: CountFit, counts: np.ndarray) -> np.ndarray:
    """Weights that keep past exceptions from raising the limits."""
    hat = fit.fitted * np.einsum("np,pq,nq->n", fit.design, fit.covariance, fit.design)
    spread = np.sqrt(max(fit.dispersion, 1.0) * np.maximum(1.0 - hat, 1e-6))
    gap = counts ** (2 / 3) - fit.fitted ** (2 / 3)
    residual = 1.5 * gap / (fit.fitted ** (1 / 6) * spread)
    return np.asarray(np.minimum(1.0, (TRIM / np.maximum(np.abs(residual), 1e-9)) ** 2))


def _forecasts(
    counts: np.ndarray, exposure: np.ndarray, weeks: np.ndarray, gap: int, season: bool
) -> dict[int, _Forecast]:
    """Forecast of each week whose past can be fitted."""
    found = {}
    for week in weeks:
        first, last = max(0, week - gap - LONGEST_PAST), week - gap
        if counts[first:last].sum() < MINIMUM_EVENTS:
            continue
        rows = week_design(np.append(np.arange(first, last), week), season)
        past = counts[first:last], rows[:-1]
        plain = fit_counts(*past, exposure=exposure[first:last])
        if not plain.converged:
            continue
        fit = fit_counts(
            *past,
            exposure=exposure[first:last],
            weights=past_weights(plain, counts[first:last]),
            start=plain.coefficients,
        )
        if fit.converged:
            found[int(week)] = _Forecast(
                mean=float(exposure[week] * np.exp(rows[-1] @ fit.coefficients)),
                leverage=float(rows[-1] @ fit.covariance @ rows[-1]),
                spread=Dispersion(estimate=fit.dispersion / (1.0 - TRIM_LOSS), df=fit.df),
            )
    return found


def _result(
    counts: np.ndarray,
    weeks: np.ndarray,
    forecasts: list[_Forecast],
    level: float,
    week_level: float,
    reason: str,
) -> WeeklyExceptions:
    """Limits, signals and p-values in the shape of the series."""
    blank = np.full(counts.size, np.nan)
    expected, lower, upper = blank.copy(), blank.copy(), blank.copy()
    week_lower, week_upper = blank.copy(), blank.copy()
    p_value, dispersion = blank.copy(), blank.copy()
    tested = np.zeros(counts.size, dtype=bool)
    tested[weeks] = True
    each = 1.0 - (1.0 - level) ** (1.0 / max(weeks.size, 1))
    for week, forecast in zip(weeks, forecasts, strict=True):
        expected[week] = forecast.mean
        dispersion[week] = max(forecast.spread.estimate, 1.0)
        lower[week], upper[week] = _limits(forecast, each)
        week_lower[week], week_upper[week] = _limits(forecast, week_level)
        p_value[week] = _p_value(forecast, counts[week])
    signal = (counts > upper).astype(np.int8) - (counts < lower).astype(np.int8)
    return WeeklyExceptions(
        count=counts,
        expected=expected,
        lower=lower,
        upper=upper,
        week_lower=week_lower,
        week_upper=week_upper,
        signal=signal,
        p_value=p_value,
        dispersion=dispersion,
        tested=tested,
        n_tested=int(weeks.size),
        level=level,
        week_level=week_level,
        available=not reason,
        reason=reason,
    )


def _negative_binomial(forecast: _Forecast) -> tuple[np.ndarray, np.ndarray]:
    """Sizes and probabilities of the mixture over the dispersion."""
    phi = dispersion_nodes(forecast.spread)
    variance = phi * (forecast.mean + forecast.mean**2 * forecast.leverage)
    extra = np.maximum(variance - forecast.mean, 1e-6 * forecast.mean)
    return forecast.mean**2 / extra, forecast.mean / (forecast.mean + extra)


def _at_most(count: float, size: np.ndarray, chance: np.ndarray) -> float:
    """Chance of at most `count` events; 0 below zero."""
    from scipy.special import betainc

    if count < 0:
        return 0.0
    return float(np.mean(betainc(size, np.floor(count) + 1.0, chance)))


def _more_than(count: float, size: np.ndarray, chance: np.ndarray) -> float:
    """Chance of more than `count` events."""
    from scipy.special import betainc

    if count < 0:
        return 1.0
    return float(np.mean(betainc(np.floor(count) + 1.0, size, 1.0 - chance)))


def _limits(forecast: _Forecast, level: float) -> tuple[float, float]:
    """Whole counts outside of which each side has at most half the level."""
    size, chance = _negative_binomial(forecast)
    high = int(forecast.mean) + 1
    while _more_than(high, size, chance) > level / 2:
        high *= 2
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        if _more_than(middle, size, chance) > level / 2:
            low = middle
        else:
            high = middle
    upper, low, top = high, 0, high
    while top - low > 0:
        middle = (low + top + 1) // 2
        if _at_most(middle - 1, size, chance) <= level / 2:
            low = middle
        else:
            top = middle - 1
    return float(low), float(upper)


def _p_value(forecast: _Forecast, count: float) -> float:
    size, chance = _negative_binomial(forecast)
    above = _more_than(np.ceil(count) - 1.0, size, chance)
    return min(1.0, 2.0 * min(above, _at_most(count, size, chance)))


def _check(tested_weeks: int, gap: int, level: float, week_level: float) -> None:
    if tested_weeks < 1 or gap < 0:
        raise ValueError(
            f"tested_weeks must be at least 1 and gap at least 0; got {tested_weeks}, {gap}"
        )
    if not (0 < level < 1 and 0 < week_level < 1):
        raise ValueError(f"levels must be between 0 and 1; got {level} and {week_level}")


def _why(counts: np.ndarray, needed: int, gap: int) -> str:
    """Why no week could be tested, and what to do."""
    if counts.size <= needed + gap:
        return (
            f"{counts.size} weeks are too few: {needed} weeks of past and a gap of {gap} are "
            "needed before the first tested week; add earlier weeks"
        )
    return (
        f"{counts.sum():g} events are too few or lie in too few weeks to expect a count; "
        "use months, or a wider class of events"
    )
