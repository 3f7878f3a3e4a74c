"""Counts per year, month and week of a layer, with the exposure of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from commonlight.audit.layers import Layer

__all__ = [
    "MonthSeries",
    "WeekSeries",
    "by_area_and_month",
    "middle_of",
    "month_label",
    "monthly",
    "weekly",
    "yearly",
]

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, kw_only=True)
class MonthSeries:
    """Counts of whole months, in order.

    `month` numbers each month from January 1970 (0); months without any record inside the
    period count as nothing recorded, unless the source has no file for them (`gaps`).
    """

    month: np.ndarray
    counts: np.ndarray
    days: np.ndarray
    gaps: int

    @property
    def of_year(self) -> np.ndarray:
        """Month of the year, 1 to 12."""
        return self.month % 12 + 1

    @property
    def year(self) -> np.ndarray:
        """Calendar year."""
        return 1970 + self.month // 12

    @property
    def unbroken(self) -> bool:
        """Whether every month from first to last is there."""
        return self.gaps == 0


@dataclass(frozen=True, kw_only=True)
class WeekSeries:
    """Counts of whole weeks, Monday to Sunday; `monday` is the first day of each."""

    monday: np.ndarray
    counts: np.ndarray


def monthly(layer: Layer, chosen: np.ndarray | None = None) -> MonthSeries:
    """Count whole calendar months of the layer's period.

    A month is left out where the period cuts it. A month in which the whole layer holds no
    record at all is taken as not delivered (a gap), not as a month without crime.
    """
    month = middle_of(layer).astype("datetime64[M]").astype(np.int64)
    first, last = _whole_months(layer.period)
    n = last - first + 1
    if n <= 0:
        return MonthSeries(month=_none(), counts=_none(), days=_none(), gaps=0)
    use = slice(None) if chosen is None else chosen
    counts = _bin((month - first)[use], layer.count[use], n)
    delivered = _delivered(layer, month, first, n)
    months = np.arange(first, last + 1)
    starts = months.astype("datetime64[M]").astype("datetime64[D]")
    ends = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    days = (ends - starts).astype(np.int64)
    inner = int(delivered[-1] - delivered[0] + 1) if delivered.size else 0
    return MonthSeries(
        month=months[delivered],
        counts=counts[delivered],
        days=days[delivered],
        gaps=inner - delivered.size,
    )


def _delivered(layer: Layer, month: np.ndarray, first: int, n: int) -> np.ndarray:
    """Months, counted from `first`, in which the source holds any record."""
    if layer.delivered is None:
        return np.flatnonzero(_bin(month - first, layer.count, n) > 0)
    inside = layer.delivered - first
    return np.asarray(inside[(inside >= 0) & (inside < n)])


def weekly(layer: Layer) -> WeekSeries:
    """Count whole weeks (Monday to Sunday) inside the layer's period."""
    day = middle_of(layer).astype("datetime64[D]").astype(np.int64)
    # 1970-01-01 was a Thursday: day 4 (5 January 1970) is the first Monday.
    first = -(-(np.datetime64(layer.period[0]).astype(np.int64) - 4) // 7)
    last = (np.datetime64(layer.period[1]).astype(np.int64) - 4 + 1) // 7 - 1
    n = int(last - first + 1)
    if n <= 0:
        return WeekSeries(monday=_none().astype("datetime64[D]"), counts=_none())
    monday = (np.arange(first, last + 1) * 7 + 4).astype("datetime64[D]")
    return WeekSeries(monday=monday, counts=_bin((day - 4) // 7 - first, layer.count, n))


def yearly(layer: Layer, chosen: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Years that lie wholly in the period, and the counts of each."""
    year = 1970 + middle_of(layer).astype("datetime64[Y]").astype(np.int64)
    first = layer.period[0].year + (layer.period[0] > date(layer.period[0].year, 1, 1))
    last = layer.period[1].year - (layer.period[1] < date(layer.period[1].year, 12, 31))
    years = np.arange(first, last + 1)
    use = slice(None) if chosen is None else chosen
    return years, _bin((year - first)[use], layer.count[use], max(years.size, 0))


def month_label(month: int) -> str:
    """A month number as a reader writes it: ``Mar 2024``."""
    return f"{_MONTHS[month % 12]} {1970 + month // 12}"


def middle_of(layer: Layer) -> np.ndarray:
    """The middle of each record's interval, the fairest single moment for it.

    A record is in the period by its start; where its middle lies beyond, it counts in the
    period's last second, so that months and weeks leave none out.
    """
    last = np.datetime64(layer.period[1]).astype("datetime64[s]") + np.timedelta64(86_399, "s")
    return np.asarray(np.minimum(layer.start + (layer.end - layer.start) // 2, last))


def _whole_months(period: tuple[date, date]) -> tuple[int, int]:
    first_day, last_day = (np.datetime64(day) for day in period)
    first = first_day.astype("datetime64[M]")
    last = (last_day + 1).astype("datetime64[M]")
    start = first.astype(np.int64) + int(first.astype("datetime64[D]") < first_day)
    return int(start), int(last.astype(np.int64)) - 1


def _bin(index: np.ndarray, weights: np.ndarray, n: int) -> np.ndarray:
    inside = (index >= 0) & (index < n)
    return np.bincount(index[inside], weights=weights[inside], minlength=n).astype(np.int64)


def _none() -> np.ndarray:
    return np.zeros(0, dtype=np.int64)


def by_area_and_month(layer: Layer) -> np.ndarray:
    """Incidents by area and month, shape (n_areas, n_months); one month where times are coarser."""
    assert layer.areas is not None
    n, use = len(layer.areas.codes), layer.area >= 0
    if layer.resolution in ("year", "none") or not use.any():
        return layer.area_counts()[:, None]
    month = layer.start[use].astype("datetime64[M]").astype(np.int64)
    month -= month.min()
    width = int(month.max()) + 1
    flat = layer.area[use].astype(np.int64) * width + month
    return np.bincount(flat, weights=layer.count[use], minlength=n * width).reshape(n, width)
