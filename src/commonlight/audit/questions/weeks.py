"""Did any of the last weeks stand out?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.exceptions import WeeklyExceptions, weekly_exceptions
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.series import WeekSeries, weekly
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    LineChart,
    Series,
    Table,
)

__all__ = ["week_findings"]


def week_findings(layer: Layer) -> list[Finding]:
    """Weeks outside the limits that their own past sets."""
    if layer.resolution in ("month", "year"):
        return []
    series = weekly(layer)
    if not series.counts.size:
        return []
    result = weekly_exceptions(series.counts)
    if not result.available:
        return [_cannot(layer, result)]
    return [_finding(layer, series, result)]


def _cannot(layer: Layer, result: WeeklyExceptions) -> Finding:
    return Finding(
        id=f"{layer.name}.weeks",
        block=Block.PROBLEMS,
        question=f"Did any week stand out in {layer.noun}?",
        sentence=(
            f"We cannot tell whether any week of {layer.noun} stands out: its past is too short "
            "or too sparse to know what a usual week is."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("weekly-exceptions"),
        sources=(layer.name,),
        details=(words.capital(f"{result.reason}."),),
        limits=(
            "A season needs more than two years of weeks before it can be told from a change.",
        ),
    )


def _finding(layer: Layer, series: WeekSeries, result: WeeklyExceptions) -> Finding:
    high = np.flatnonzero(result.signal > 0)
    low = np.flatnonzero(result.signal < 0)
    return Finding(
        id=f"{layer.name}.weeks",
        block=Block.PROBLEMS,
        question=f"Did any week stand out in {layer.noun}?",
        sentence=_sentence(layer, series, result, high, low),
        certainty=Certainty.CLEAR if high.size or low.size else Certainty.NOT_SHOWN,
        method=method("weekly-exceptions", weeks_tested=result.n_tested),
        sources=(layer.name,),
        limits=(
            "A week outside the limits asks for a look, it does not explain itself: a feast, a "
            "big event, a change in recording or a campaign may be behind it.",
        ),
        chart=_chart(layer, series, result),
        table=_table(layer, series, result),
        numbers={"high": int(high.size), "low": int(low.size), "tested": result.n_tested},
        cells=(_cells(layer, series, result),),
    )


def _cells(layer: Layer, series: WeekSeries, result: WeeklyExceptions) -> CountCells:
    shown = np.flatnonzero(result.tested)
    return CountCells(
        source=layer.name,
        dimensions=("week",),
        keys=tuple((series.monday[i].item().isoformat(),) for i in shown),
        counts=tuple(int(series.counts[i]) for i in shown),
        column="count",
        derived=("expected", "lower", "upper", "verdict"),
        fitted=("expected", "lower", "upper"),
        chart=("count",),
        names=tuple(_week(series, int(i)) for i in shown),
        overlaps=("month", "span"),
    )


def _sentence(
    layer: Layer,
    series: WeekSeries,
    result: WeeklyExceptions,
    high: np.ndarray,
    low: np.ndarray,
) -> str:
    tested = f"the last {words.counted(result.n_tested, 'week')}"
    if not high.size and not low.size:
        return (
            f"None of {tested} stands out: all counts of {layer.noun} lie within what their own "
            "past leads one to expect."
        )
    parts = []
    for found, word in ((high, "more"), (low, "fewer")):
        if found.size:
            names = [_week(series, int(i)) for i in found]
            parts.append(f"{word} in the week from {words.listing(names, limit=3)}")
    n = int(high.size + low.size)
    return (
        f"{words.capital(words.counted(n, 'week'))} of {tested} "
        f"{'stands' if n == 1 else 'stand'} out, with {' and '.join(parts)} than the past of "
        f"{layer.noun} leads one to expect."
    )


def _week(series: WeekSeries, position: int) -> str:
    return words.day(series.monday[position].item())


def _chart(layer: Layer, series: WeekSeries, result: WeeklyExceptions) -> LineChart:
    shown = np.flatnonzero(result.tested)
    x = tuple(float(day) for day in series.monday[shown].astype(np.int64))
    marks = tuple(
        (float(series.monday[i].astype(np.int64)), float(series.counts[i]), _week(series, int(i)))
        for i in np.flatnonzero(result.signal)
    )
    return LineChart(
        title=f"{words.capital(layer.noun)} recorded and expected, by week",
        description=(
            f"Weekly counts of {layer.noun} with the range that the past leads one to expect; "
            f"{words.counted(len(marks), 'week') if marks else 'no week'} outside it."
        ),
        x=x,
        x_tick_labels=_ticks(series, shown),
        series=(
            Series(
                label="recorded",
                values=tuple(float(v) for v in series.counts[shown]),
                emphasis=True,
            ),
            Series(
                label="expected",
                values=tuple(float(v) for v in result.expected[shown]),
                lower=tuple(float(v) for v in result.lower[shown]),
                upper=tuple(float(v) for v in result.upper[shown]),
                limits_label="limits for the whole series",
            ),
        ),
        x_label="Week",
        y_label=f"{words.capital(layer.noun)} a week",
        marks=marks,
    )


def _ticks(series: WeekSeries, shown: np.ndarray) -> dict[float, str]:
    """A label at the first week of each quarter."""
    ticks = {}
    for i in shown:
        day = series.monday[i].item()
        if day.day <= 7 and day.month % 3 == 1:
            ticks[float(series.monday[i].astype(np.int64))] = (
                f"{words.month_name(day.month)[:3]} {day.year}"
            )
    return ticks or {float(series.monday[shown[0]].astype(np.int64)): _week(series, int(shown[0]))}


def _table(layer: Layer, series: WeekSeries, result: WeeklyExceptions) -> Table:
    meaning = {0: "within", 1: "above", -1: "below"}
    rows = tuple(
        (
            series.monday[i].item().isoformat(),
            int(series.counts[i]),
            float(result.expected[i]),
            float(result.lower[i]),
            float(result.upper[i]),
            meaning[int(result.signal[i])],
        )
        for i in np.flatnonzero(result.tested)
    )
    return Table(
        columns=(
            Column(name="monday", label="Week from Monday"),
            Column(name="count", label="Recorded", numeric=True),
            Column(name="expected", label="Expected", numeric=True, decimals=1),
            Column(name="lower", label="Lower limit", numeric=True),
            Column(name="upper", label="Upper limit", numeric=True),
            Column(name="verdict", label="Against the limits"),
        ),
        rows=rows,
        caption=f"{words.capital(layer.noun)} by week, with limits",
    )
