"""Changes of the rule by which things are recorded, seen in the records themselves.

A new system, a new list of types, a field that nobody fills any more: each leaves a step in the
number of records, in the share of a type or in the share of empty cells. What this does not
answer: whether the step is one of recording or of what happened. Only the keeper of the data
knows; the sentence says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.change_points import ChangePoints, change_points

__all__ = [
    "FEWEST_MONTHS",
    "LEVEL",
    "MATERIAL",
    "MonthlyCount",
    "RecordingChange",
    "recording_changes",
]

LEVEL = 0.05
"""Chance that a source whose recording never changed shows any change at all."""

MATERIAL = 1.2
"""Smaller steps than this factor are not told: they would hide those that matter."""

FEWEST_MONTHS = 24
"""Without two years, a season cannot be told from a step."""

FEWEST_EVENTS = 60
"""Series with fewer counted records are not searched."""

SEGMENT = 4
"""Least number of months at one level."""

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, kw_only=True)
class MonthlyCount:
    """One series by month: how many of how many.

    Attributes
    ----------
    kind : {"count", "type", "missing"}
        Records in all, records of a type, or records with an empty cell.
    name : str
        The type or column; empty for all records.
    counts : ndarray, shape (n_months,)
        How many.
    exposure : ndarray, shape (n_months,)
        Of how many records; for all records the days covered.
    """

    kind: str
    name: str
    counts: NDArray[np.float64]
    exposure: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RecordingChange:
    """One step in what is recorded.

    `before` and `after` are records a day, or shares from 0 to 1, in the months on both sides up
    to the next step. `ratio` is what the step multiplies by, with the season taken out; its limits
    are None where a level is zero.
    """

    kind: str
    name: str
    month: str
    before: float
    after: float
    ratio: float | None
    lower: float | None
    upper: float | None
    p_value: float
    sentence: str


def recording_changes(
    series: Sequence[MonthlyCount],
    *,
    first_month: int,
    rng: np.random.Generator,
    level: float = LEVEL,
    simulations: int = 999,
) -> tuple[RecordingChange, ...]:
    """Search monthly series of one source for steps.

    Parameters
    ----------
    series : sequence of MonthlyCount
        Series over the same consecutive months.
    first_month : int
        The first of them, numbered from January 1970 (0).
    rng : numpy.random.Generator
        Source of the permutations.
    level : float
        Chance that any series shows a change where none has changed. It is shared by the series.
    simulations : int
        Permutations for each search.

    Returns
    -------
    tuple of RecordingChange
        By month; empty where nothing changed or the months are too few.

    Notes
    -----
    Each series is searched with `analysis.change_points`, with a season of twelve months and the
    number of records as exposure, at `level` divided by the number of series. Of the steps found
    only those are told that multiply by `MATERIAL` or more, or divide by it.
    """
    searched = [s for s in series if s.counts.sum() >= FEWEST_EVENTS and (s.exposure > 0).all()]
    n = 0 if not searched else searched[0].counts.size
    if n < FEWEST_MONTHS:
        return ()
    months = first_month + np.arange(n)
    own = level / len(searched)
    found: list[RecordingChange] = []
    for one in searched:
        steps = change_points(
            one.counts,
            rng=rng,
            exposure=one.exposure,
            month=months % 12 + 1,
            minimum_segment=SEGMENT,
            max_changes=3,
            level=own,
            simulations=max(simulations, int(np.ceil(2 / own))),
        )
        found += _told(one, steps, months)
    return tuple(sorted(found, key=lambda change: (change.month, change.kind, change.name)))


def _told(
    one: MonthlyCount, steps: ChangePoints, months: NDArray[np.int64]
) -> list[RecordingChange]:
    """The steps that are large enough to matter."""
    if not steps.available:
        return []
    borders = [0, *map(int, steps.index), one.counts.size]
    found = []
    for k, index in enumerate(map(int, steps.index)):
        ratio = float(steps.ratio[k])
        if 1 / MATERIAL < ratio < MATERIAL:
            continue
        before = _level(one, borders[k], index)
        after = _level(one, index, borders[k + 2])
        limits = _finite(steps.ci_lower[k]), _finite(steps.ci_upper[k])
        found.append(
            RecordingChange(
                kind=one.kind,
                name=one.name,
                month=_iso(int(months[index])),
                before=before,
                after=after,
                ratio=_finite(ratio),
                lower=limits[0],
                upper=limits[1],
                p_value=float(steps.p_value[k]),
                sentence=_sentence(one, int(months[index]), before, after),
            )
        )
    return found


def _level(one: MonthlyCount, first: int, end: int) -> float:
    return float(one.counts[first:end].sum() / one.exposure[first:end].sum())


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _iso(month: int) -> str:
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def _sentence(one: MonthlyCount, month: int, before: float, after: float) -> str:
    when = f"From {_MONTHS[month % 12]} {1970 + month // 12}"
    if one.kind == "count":
        return (
            f"{when}, {after:.1f} records a day stand where {before:.1f} stood before. Ask the "
            "keeper of the data whether the system or the rule of recording changed."
        )
    if one.kind == "missing":
        return (
            f"{when}, {_percent(after)} of the cells of \u2018{one.name}\u2019 are empty; before "
            f"it was {_percent(before)}. Ask the keeper of the data whether the field is still "
            "filled."
        )
    return (
        f"{when}, {_percent(after)} of the records are \u2018{one.name}\u2019; before it was "
        f"{_percent(before)}. Ask the keeper of the data whether the list of types changed."
    )


def _percent(share: float) -> str:
    shown = 100 * share
    return f"{shown:.0f} %" if shown >= 10 or shown == 0 else f"{shown:.1f} %"
