"""Two spans of time that can be compared fairly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.series import middle_of, monthly, yearly
from commonlight.findings import words

__all__ = ["Spans", "comparable_spans"]


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Two spans that can be compared fairly: whole years, or the same months of the year."""

    before: np.ndarray
    after: np.ndarray
    before_days: float
    after_days: float
    before_label: str
    after_label: str

    @property
    def dimension(self) -> str:
        """What a count in one of the spans is a count by: whole years, or a span of months."""
        return "year" if self.before_label.isdecimal() and self.after_label.isdecimal() else "span"


def comparable_spans(layer: Layer) -> Spans | None:
    """The last two years, the last twelve months and those before, or the same months of each."""
    if layer.resolution == "year":
        return _year_spans(layer)
    series = monthly(layer)
    if not series.month.size:
        return None
    after = series.month[series.month > series.month[-1] - 12]
    both = np.isin(after - 12, series.month)
    if not both.any():
        return None
    after = after[both]
    before = after - 12
    month = _middle_month(layer)
    return Spans(
        before=np.isin(month, before),
        after=np.isin(month, after),
        before_days=float(series.days[np.isin(series.month, before)].sum()),
        after_days=float(series.days[np.isin(series.month, after)].sum()),
        before_label=_span_label(before),
        after_label=_span_label(after),
    )


def _year_spans(layer: Layer) -> Spans | None:
    years, _ = yearly(layer)
    if years.size < 2:
        return None
    year = 1970 + _middle_month(layer) // 12
    return Spans(
        before=year == years[-2],
        after=year == years[-1],
        before_days=1.0,
        after_days=1.0,
        before_label=str(years[-2]),
        after_label=str(years[-1]),
    )


def _middle_month(layer: Layer) -> np.ndarray:
    return middle_of(layer).astype("datetime64[M]").astype(np.int64)


def _span_label(months: np.ndarray) -> str:
    first = months[0].astype("datetime64[M]").astype("datetime64[D]")
    last = (months[-1] + 1).astype("datetime64[M]").astype("datetime64[D]") - 1
    return words.period(first.item(), last.item())
