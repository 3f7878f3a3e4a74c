"""On which days and at which hours does it happen?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.aoristic import AoristicProfile, aoristic_profile
from commonlight.audit.counted import whole_numbers
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    HeatChart,
    Table,
)

__all__ = ["busiest_stretch", "hour_findings", "hours_of_week", "stretch_words"]

_MONDAY = np.datetime64("1970-01-05T00:00:00")
#: Length of the busiest stretch that a sentence names, in hours.
STRETCH = 8
#: Quarters of the day in the table: first hour, and the hour after the last.
PARTS = ((0, 6), (6, 12), (12, 18), (18, 24))
#: Windows this long or longer say nothing about the hour; above this share the hours are not shown.
MOST_UNINFORMATIVE = 0.5


def hour_findings(layer: Layer) -> list[Finding]:
    """Weekday by hour, with unknown moments spread over their windows."""
    if layer.resolution not in ("instant", "hour", "interval"):
        return [_cannot(layer)] if layer.record_kind == "incidents" else []
    start, end = hours_of_week(layer)
    profile = aoristic_profile(start, end, weights=layer.count)
    if not profile.available:
        return []
    if profile.share_uninformative > MOST_UNINFORMATIVE:
        return [_too_vague(layer, profile)]
    return [_finding(layer, profile)]


def hours_of_week(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Hours since a Monday 00:00. Where only the hour is known, the hour is the window."""
    start = (layer.start - _MONDAY).astype(np.int64) / 3600.0
    end = (layer.end - _MONDAY).astype(np.int64) / 3600.0
    return start, np.maximum(end, start)


def _finding(layer: Layer, profile: AoristicProfile) -> Finding:
    grid = profile.profile.reshape(7, 24)
    first, share = busiest_stretch(grid)
    interval = layer.resolution == "interval"
    return Finding(
        id=f"{layer.name}.hours",
        block=Block.PROBLEMS,
        question=f"On which days and at which hours do {layer.noun} happen?",
        sentence=_sentence(layer, first, share, grid),
        certainty=Certainty.DESCRIPTIVE,
        method=method(
            "aoristic" if interval else "weekday-hour",
            **({"median_window": f"{profile.median_window:.0f} hours"} if interval else {}),
        ),
        sources=(layer.name,),
        limits=_limits(layer, profile),
        chart=HeatChart(
            title=f"Most from {stretch_words(first)}",
            description=(
                f"Grid of seven weekdays by 24 hours. The busiest {STRETCH} hours of the week, "
                f"{stretch_words(first)}, hold {words.percent(share)} of {layer.noun}."
            ),
            row_labels=tuple(words.weekday_name(day) for day in range(7)),
            column_labels=tuple(f"{hour:02d}" for hour in range(24)),
            values=tuple(tuple(float(v) for v in row) for row in grid),
            unit=layer.noun,
        ),
        table=_table(layer, grid),
        numbers={"share_busiest": share, "first_hour_of_week": first},
        cells=tuple(_cells(layer, grid)),
    )


def _cells(layer: Layer, grid: np.ndarray) -> list[CountCells]:
    """Hours, quarters of the day and whole days, as whole numbers that add up."""
    whole = whole_numbers(grid)
    days = [words.weekday_name(day) for day in range(7)]
    hours = CountCells(
        source=layer.name,
        dimensions=("weekday", "quarter", "hour"),
        keys=tuple((day, f"{h // 6 * 6:02d}", f"{h:02d}") for day in days for h in range(24)),
        counts=tuple(int(count) for count in whole.ravel()),
        shown_in="chart",
    )
    quarters = [
        CountCells(
            source=layer.name,
            dimensions=("weekday", "quarter"),
            keys=tuple((day, f"{a:02d}") for day in days),
            counts=tuple(int(count) for count in whole[:, a:b].sum(axis=1)),
            column=_quarter(a, b),
        )
        for a, b in PARTS
    ]
    day = CountCells(
        source=layer.name,
        dimensions=("weekday",),
        keys=tuple((day,) for day in days),
        counts=tuple(int(count) for count in whole.sum(axis=1)),
        column="all",
    )
    return [hours, *quarters, day]


def _quarter(first: int, after: int) -> str:
    return f"h{first:02d}_{after:02d}"


def busiest_stretch(grid: np.ndarray) -> tuple[int, float]:
    """First hour of the busiest stretch of the week, and its share of all."""
    week = np.concatenate([grid.ravel(), grid.ravel()[: STRETCH - 1]])
    sums = np.convolve(week, np.ones(STRETCH), mode="valid")
    first = int(np.argmax(sums))
    return first, float(sums[first] / grid.sum())


def stretch_words(first: int) -> str:
    """The busiest stretch in words, from its first hour of the week."""
    last = (first + STRETCH) % 168
    if last % 24 == 0:
        return f"{words.weekday_name(first // 24)} {first % 24:02d}:00 to midnight"
    until = f"{last % 24:02d}:00"
    if last // 24 != first // 24:
        until = f"{words.weekday_name(last // 24)} {until}"
    return f"{words.weekday_name(first // 24)} {first % 24:02d}:00 to {until}"


def _sentence(layer: Layer, first: int, share: float, grid: np.ndarray) -> str:
    even = STRETCH / 168
    night = grid[:, [22, 23, 0, 1, 2, 3, 4, 5]].sum() / grid.sum()
    return (
        f"{words.capital(layer.noun)} are most frequent from {stretch_words(first)}: these "
        f"{STRETCH} hours hold {words.percent(share)} of all, against {words.percent(even)} if "
        f"they were spread evenly over the week. The eight hours from 22:00 to 06:00 hold "
        f"{words.percent(night)}."
    )


def _limits(layer: Layer, profile: AoristicProfile) -> tuple[str, ...]:
    if layer.resolution != "interval":
        return (
            "The recorded time is often when something was noticed or typed in; full hours and "
            "midnight are common defaults.",
        )
    return (
        "The moment is known only as a window, half of them longer than "
        f"{words.counted(round(profile.median_window), 'hour')}. Each is spread evenly over its "
        "window, which flattens true peaks.",
        f"{words.percent(profile.share_uninformative)} of the windows are a day or longer and say "
        "nothing about the hour.",
    )


def _table(layer: Layer, grid: np.ndarray) -> Table:
    columns = [Column(name="weekday", label="Weekday")]
    columns += [
        Column(name=_quarter(a, b), label=f"{a:02d}:00 to {b:02d}:00", numeric=True, decimals=0)
        for a, b in PARTS
    ]
    columns.append(Column(name="all", label="Whole day", numeric=True, decimals=0))
    rows = tuple(
        (
            words.weekday_name(day),
            *(float(grid[day, a:b].sum()) for a, b in PARTS),
            float(grid[day].sum()),
        )
        for day in range(7)
    )
    return Table(
        columns=tuple(columns),
        rows=rows,
        caption=f"{words.capital(layer.noun)} by quarter of the day",
    )


def _cannot(layer: Layer) -> Finding:
    return Finding(
        id=f"{layer.name}.hours",
        block=Block.PROBLEMS,
        question=f"On which days and at which hours do {layer.noun} happen?",
        sentence=(
            f"We cannot tell at which hours {layer.noun} happen: the source gives the "
            f"{layer.resolution} only."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("weekday-hour"),
        sources=(layer.name,),
        limits=(
            "It cannot be worked out from this source. The publisher may hold the hour: ask for "
            "it, or for the two moments between which it happened.",
        ),
    )


def _too_vague(layer: Layer, profile: AoristicProfile) -> Finding:
    return Finding(
        id=f"{layer.name}.hours",
        block=Block.PROBLEMS,
        question=f"On which days and at which hours do {layer.noun} happen?",
        sentence=(
            f"We cannot tell at which hours {layer.noun} happen: "
            f"{words.percent(profile.share_uninformative)} are known only to lie in a window of a "
            "day or longer."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("aoristic"),
        sources=(layer.name,),
        limits=("Shorter windows come from asking when the thing was last seen in order.",),
    )
