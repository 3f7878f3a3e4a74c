"""What was seen on site, laid out by area and by what was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from commonlight.audit.layers import AreaLayer, areas_of_records, text_codes
from commonlight.findings.model import SourceNote

__all__ = ["VisitsLayer", "make_visits_layer"]


@dataclass(frozen=True, kw_only=True, eq=False)
class VisitsLayer:
    """Observations of one source. Arrays have one entry per observation.

    `item` indexes `items`; `area` indexes ``areas.codes`` (-1 = none); `value` is a rating or a
    count, nan where nothing was noted.
    """

    name: str
    noun: str
    source: SourceNote
    start: np.ndarray
    item: np.ndarray
    items: tuple[str, ...]
    value: np.ndarray
    area: np.ndarray
    areas: AreaLayer | None

    @property
    def n(self) -> int:
        """Observations with a value."""
        return int(np.isfinite(self.value).sum())

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; None where no time is given."""
        known = self.start[~np.isnat(self.start)]
        if not known.size:
            return None
        day = known.astype("datetime64[D]")
        return day.min().item(), day.max().item()


def make_visits_layer(
    table: pa.Table, *, name: str, noun: str, source: SourceNote, areas: AreaLayer | None
) -> VisitsLayer:
    """Lay out the accepted observations of one source."""
    items, item = text_codes(table.column("item"))
    start = table.column("start").to_numpy()
    return VisitsLayer(
        name=name,
        noun=noun,
        source=source,
        start=np.asarray(start).astype("datetime64[s]"),
        item=item,
        items=items,
        value=np.asarray(table.column("value").to_numpy(), dtype=np.float64),
        area=areas_of_records(table, areas),
        areas=areas,
    )
