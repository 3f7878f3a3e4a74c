"""Does it rise or fall over the years, when in the year does it happen, and did it jump?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from commonlight.analysis.change_points import change_points
from commonlight.analysis.season import Season, season
from commonlight.analysis.trend import Trend, trend
from commonlight.audit.counted import month_keys, month_name_of
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.compare import compared_finding, year_on_year_finding
from commonlight.audit.series import MonthSeries, month_label, monthly, yearly
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    IntervalChart,
    LineChart,
    Series,
    Table,
)

__all__ = ["trend_findings"]

_LIMITS = (
    "What is recorded can change because reporting or recording changed.",
    "Changed does not mean caused: nothing here says why.",
)


#: Settings of counts that texts alone rest on.
_TEXT_ONLY: dict[str, Any] = {"shown_in": "text", "column": "", "derived": (), "chart": ()}
#: With fewer months, or a weaker test than one in a hundred, a season is only tentative.
MONTHS_FOR_A_SEASON = 36


def trend_findings(layer: Layer, *, rng: np.random.Generator) -> list[Finding]:
    """Trend, season and jumps of the monthly (or yearly) series."""
    if layer.resolution == "year":
        return _yearly(layer)
    series = monthly(layer)
    if not series.month.size:
        return []
    if not series.unbroken:
        return [compared_finding(layer, series)]
    result = trend(series.counts, days=series.days, month=series.of_year)
    found = [_short_series(layer, series, result) or _trend_finding(layer, series, result)]
    found += _season_findings(layer, series)
    found += _jump_findings(layer, series, rng)
    return found


def _short_series(layer: Layer, series: MonthSeries, result: Trend) -> Finding | None:
    """The same months of two years, with the chart and table of all months."""
    if result.available:
        return None
    finding = year_on_year_finding(layer, series)
    if finding is None:
        return None
    return replace(
        finding,
        details=(*finding.details, *_extremes(layer, series)),
        chart=_month_chart(layer, series),
        table=_month_table(layer, series),
        cells=(*finding.cells, *_month_cells(layer, series)),
    )


def _trend_finding(layer: Layer, series: MonthSeries, result: Trend) -> Finding:
    span = _span(series)
    ratio = tuple(1 + v / 100 for v in (result.estimate, result.ci_lower, result.ci_upper))
    if result.available:
        sentence = _steady(layer, span, ratio, int(series.counts.sum()))
        certainty = words.certainty_of(words.change_word(*ratio))
    else:
        sentence = (
            f"We cannot tell whether {layer.noun} rise or fall: with "
            f"{words.counted(series.month.size, 'month')} ({span}), less than two years, a season "
            "and a trend look the same."
        )
        certainty = Certainty.CANNOT_TELL
    return Finding(
        id=f"{layer.name}.trend",
        block=Block.PROBLEMS,
        question=f"Do {layer.noun} rise or fall?",
        sentence=sentence,
        certainty=certainty,
        method=method("trend", months=series.month.size, spread=_spread(result.dispersion)),
        sources=(layer.name,),
        limits=_LIMITS,
        details=_extremes(layer, series),
        chart=_month_chart(layer, series),
        table=_month_table(layer, series),
        numbers={
            "percent_a_year": result.estimate,
            "lower": result.ci_lower,
            "upper": result.ci_upper,
            "p_value": result.p_value,
        },
        cells=_month_cells(layer, series),
    )


def _steady(layer: Layer, span: str, ratio: tuple[float, ...], events: int) -> str:
    """The sentence of a trend; without one, that there is no steady rise or fall."""
    estimate, lower, upper = ratio
    if words.change_word(estimate, lower, upper) is words.ChangeWord.NO_CLEAR_CHANGE:
        return (
            f"There was no steady rise or fall in {layer.noun}, {span} "
            f"({words.change_interval(lower, upper)} each year)."
        )
    return words.change_sentence(
        layer.noun, f"from year to year, {span}", estimate, lower, upper, events=events
    )


def _span(series: MonthSeries) -> str:
    first = series.month[0].astype("datetime64[M]").astype("datetime64[D]")
    last = (series.month[-1] + 1).astype("datetime64[M]").astype("datetime64[D]") - 1
    return words.period(first.item(), last.item())


def _spread(dispersion: float) -> str:
    if np.isnan(dispersion):
        return "not known"
    return f"months differ {dispersion:.1f} times as much as chance alone"


def _extremes(layer: Layer, series: MonthSeries) -> tuple[str, ...]:
    per_day = series.counts / series.days
    high, low = int(np.argmax(per_day)), int(np.argmin(per_day))
    return (
        f"The highest month was {_month_words(series, high)} with "
        f"{_a_day(per_day[high])} a day, the lowest {_month_words(series, low)} with "
        f"{_a_day(per_day[low])} a day.",
        *_first_and_last_year(layer, series),
    )


def _a_day(value: float) -> str:
    return words.number(value, decimals=0 if value >= 100 else 1)


def _month_words(series: MonthSeries, position: int) -> str:
    return f"{words.month_name(int(series.of_year[position]))} {int(series.year[position])}"


def _first_and_last_year(layer: Layer, series: MonthSeries) -> tuple[str, ...]:
    whole = [y for y in np.unique(series.year) if (series.year == y).sum() == 12]
    if len(whole) < 2:
        return ()
    totals = {int(y): int(series.counts[series.year == y].sum()) for y in whole}
    first, last = min(totals), max(totals)
    text = (
        f"There were {words.number(totals[first])} in {first} and "
        f"{words.number(totals[last])} in {last}"
    )
    low, high = min(totals, key=lambda y: totals[y]), max(totals, key=lambda y: totals[y])
    if len(totals) > 3:
        text += (
            f"; fewest in {low} ({words.number(totals[low])}), most in {high} "
            f"({words.number(totals[high])})"
        )
    return (f"{text}.",)


def _month_cells(layer: Layer, series: MonthSeries) -> tuple[CountCells, ...]:
    """Each month, and each whole year that the texts may name."""
    months = CountCells(
        source=layer.name,
        dimensions=("year", "month"),
        keys=month_keys(series.month),
        counts=tuple(int(count) for count in series.counts),
        column="count",
        derived=("a_day",),
        chart=("a_day",),
        names=tuple(month_name_of(month) for month in series.month),
    )
    return months, _year_cells(layer, np.unique(series.year), _by_year(series), shown_in="text")


def _by_year(series: MonthSeries) -> np.ndarray:
    return np.asarray([series.counts[series.year == y].sum() for y in np.unique(series.year)])


def _year_cells(layer: Layer, years: np.ndarray, counts: np.ndarray, **shown: Any) -> CountCells:
    return CountCells(
        source=layer.name,
        dimensions=("year",),
        keys=tuple((str(year),) for year in years),
        counts=tuple(int(count) for count in counts),
        **shown,
    )


def _month_chart(layer: Layer, series: MonthSeries) -> LineChart:
    per_day = series.counts / series.days
    x = tuple(float(m) for m in series.month)
    ticks = {
        float(m): str(1970 + m // 12) if m % 12 == 0 else month_label(int(m))[:3]
        for m in series.month
        if m % 12 == 0 or (series.month.size <= 24 and m % 3 == 0)
    }
    if not ticks:
        ticks = {x[0]: month_label(int(x[0]))}
    return LineChart(
        title=_month_title(layer, per_day),
        description=(
            f"Line of {layer.noun} a day for {words.counted(len(x), 'month')}, "
            f"between {words.number(per_day.min(), decimals=1)} and "
            f"{words.number(per_day.max(), decimals=1)} a day."
        ),
        x=x,
        x_tick_labels=ticks,
        series=(Series(label="a day", values=tuple(float(v) for v in per_day), emphasis=True),),
        x_label="Month",
        y_label=f"{words.capital(layer.noun)} a day",
    )


def _month_title(layer: Layer, per_day: np.ndarray) -> str:
    low, high = (
        words.number(v, decimals=0 if v >= 10 else 1) for v in (per_day.min(), per_day.max())
    )
    return f"Between {low} and {high} {layer.noun} a day, by month"


def _month_table(layer: Layer, series: MonthSeries) -> Table:
    return Table(
        columns=(
            Column(name="month", label="Month"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="days", label="Days", numeric=True, free=True),
            Column(name="a_day", label="A day", numeric=True, decimals=1),
        ),
        rows=tuple(
            (month_label(int(m)), int(c), int(d), float(c / d))
            for m, c, d in zip(series.month, series.counts, series.days, strict=True)
        ),
        caption=f"{words.capital(layer.noun)} by month",
    )


def _yearly(layer: Layer) -> list[Finding]:
    years, counts = yearly(layer)
    if years.size < 2:
        return []
    days = np.asarray([365 + (y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)) for y in years])
    result = trend(counts, days=days)
    span = f"{years[0]} to {years[-1]}"
    if result.available:
        ratio = tuple(1 + v / 100 for v in (result.estimate, result.ci_lower, result.ci_upper))
        sentence = _steady(layer, span, ratio, int(counts.sum()))
        certainty = words.certainty_of(words.change_word(*ratio))
    else:
        sentence = (
            f"We cannot tell whether {layer.noun} rise or fall: "
            f"{words.counted(years.size, 'year')} ({span}) are too few to tell a trend from chance."
        )
        certainty = Certainty.CANNOT_TELL
    return [
        Finding(
            id=f"{layer.name}.trend",
            block=Block.PROBLEMS,
            question=f"Do {layer.noun} rise or fall over the years?",
            sentence=sentence,
            certainty=certainty,
            method=method("trend", years=years.size, spread=_spread(result.dispersion)),
            sources=(layer.name,),
            limits=_LIMITS,
            chart=LineChart(
                title=f"{words.capital(layer.noun)} a year, {span}",
                description=f"Line of {layer.noun} a year, {span}: "
                + ", ".join(f"{y} {words.number(c)}" for y, c in zip(years, counts, strict=True))
                + ".",
                x=tuple(float(y) for y in years),
                x_tick_labels={float(y): str(y) for y in years},
                series=(
                    Series(label="a year", values=tuple(float(c) for c in counts), emphasis=True),
                ),
                x_label="Year",
                y_label=f"{words.capital(layer.noun)} a year",
            ),
            table=Table(
                columns=(
                    Column(name="year", label="Year"),
                    Column(name="count", label=words.capital(layer.noun), numeric=True),
                ),
                rows=tuple((str(y), int(c)) for y, c in zip(years, counts, strict=True)),
                caption=f"{words.capital(layer.noun)} by year",
            ),
            numbers={
                "percent_a_year": result.estimate,
                "lower": result.ci_lower,
                "upper": result.ci_upper,
            },
            cells=(_year_cells(layer, years, counts, column="count", chart=("count",)),),
        )
    ]


def _season_findings(layer: Layer, series: MonthSeries) -> list[Finding]:
    result = season(series.counts, month=series.of_year, days=series.days)
    if not result.available:
        return []
    found = result.p_value < 0.05
    clear = result.p_value < 0.01 and series.month.size >= MONTHS_FOR_A_SEASON
    high, low = int(np.argmax(result.index)), int(np.argmin(result.index))
    if found:
        top = (float(v[high]) for v in _bounds(result))
        size, *interval = next(top), *top
        sentence = (
            f"{words.capital(layer.noun)} {'follow' if clear else 'seem to follow'} the seasons: "
            f"in {words.month_name(high + 1)} there are {words.change_size(size)} than in an "
            f"average month ({words.change_interval(*interval)}), in {words.month_name(low + 1)} "
            f"{words.change_size(float(result.index[low]))}."
        )
    else:
        sentence = f"There is no clear season in {layer.noun}."
    return [
        Finding(
            id=f"{layer.name}.season",
            block=Block.PROBLEMS,
            question=f"In which months are there most {layer.noun}?",
            sentence=sentence,
            certainty=_season_certainty(found, clear),
            method=method("season", months=series.month.size),
            sources=(layer.name,),
            limits=(
                "These are the seasons of the years in the data; the next may differ.",
                "The highest and lowest month were picked after looking, which makes them look "
                "further apart than they are.",
            ),
            chart=_season_chart(result, sentence) if found else None,
            table=_season_table(result),
            numbers={"p_value": result.p_value, "highest": high + 1, "lowest": low + 1},
            cells=(_season_cells(layer, series),),
        )
    ]


def _season_cells(layer: Layer, series: MonthSeries) -> CountCells:
    """Each month of the year, over all years."""
    columns = ("difference", "lower", "upper")
    return CountCells(
        source=layer.name,
        dimensions=("year", "month"),
        keys=tuple(("", f"{month:02d}") for month in range(1, 13)),
        counts=tuple(int(series.counts[series.of_year == m].sum()) for m in range(1, 13)),
        derived=columns,
        fitted=columns,
        chart=columns,
    )


def _season_certainty(found: bool, clear: bool) -> Certainty:
    if clear:
        return Certainty.CLEAR
    return Certainty.TENTATIVE if found else Certainty.NOT_SHOWN


def _season_chart(result: Season, sentence: str) -> IntervalChart:
    high, low = int(np.argmax(result.index)), int(np.argmin(result.index))
    return IntervalChart(
        title=f"Most in {words.month_name(high + 1)}, fewest in {words.month_name(low + 1)}",
        description=f"{sentence} Each month with its 95 % interval against the average month.",
        categories=tuple(words.month_name(m) for m in range(1, 13)),
        series=Series(
            label="Difference from the average month",
            values=tuple(100 * (float(v) - 1) for v in result.index),
            lower=tuple(100 * (float(v) - 1) for v in result.ci_lower),
            upper=tuple(100 * (float(v) - 1) for v in result.ci_upper),
            limits_label="95 % interval",
        ),
        x_label="Difference from the average month, in %",
        reference=0.0,
        reference_label="average month",
    )


def _season_table(result: Season) -> Table:
    return Table(
        columns=(
            Column(name="month", label="Month"),
            Column(name="difference", label="Difference", unit="%", numeric=True, decimals=1),
            Column(name="lower", label="at least", unit="%", numeric=True, decimals=1),
            Column(name="upper", label="at most", unit="%", numeric=True, decimals=1),
        ),
        rows=tuple(
            (words.month_name(m + 1), *(100 * (float(v[m]) - 1) for v in _bounds(result)))
            for m in range(12)
        ),
        caption="Each month of the year against the average month",
    )


def _bounds(result: Season) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return result.index, result.ci_lower, result.ci_upper


def _jump_findings(layer: Layer, series: MonthSeries, rng: np.random.Generator) -> list[Finding]:
    result = change_points(series.counts, exposure=series.days, month=series.of_year, rng=rng)
    if not result.available or not result.index.size:
        return []
    named = {
        month_label(int(series.month[i])): k
        for k, i in enumerate(result.index)
        if abs(float(result.ratio[k]) - 1) >= words.SMALLEST_CHANGE
    }
    if not named:
        return []
    parts = [
        f"in {name} ({words.change_size(float(result.ratio[k]))}, "
        f"{words.change_interval(float(result.ci_lower[k]), float(result.ci_upper[k]))})"
        for name, k in named.items()
    ]
    return [
        Finding(
            id=f"{layer.name}.jumps",
            block=Block.PROBLEMS,
            question=f"Did the level of {layer.noun} shift?",
            sentence=f"The level of {layer.noun} shifted {words.listing(parts, limit=4)}.",
            certainty=Certainty.CLEAR,
            method=method("change-points"),
            sources=(layer.name,),
            limits=(
                "A shift may be a new recording rule or a new system. Ask those who keep the "
                "records.",
            ),
            numbers={name: float(result.ratio[k]) for name, k in named.items()},
            cells=(replace(_month_cells(layer, series)[0], **_TEXT_ONLY),),
        )
    ]
