"""What can be said of single months a year or more apart?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.change import compare_counts
from commonlight.audit.counted import month_keys, month_name_of
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.spans import comparable_spans
from commonlight.audit.questions.spread import month_dispersion
from commonlight.audit.series import MonthSeries, month_label
from commonlight.findings import words
from commonlight.findings.model import (
    BarChart,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    Series,
    Table,
)

__all__ = ["compared_finding", "year_on_year_finding"]


CITYWIDE_LIMIT = (
    "What moves the whole city in one month, such as the weather, can hardly be measured with so "
    "few months; the interval allows for it roughly, and may still be too narrow."
)
RECORDING_LIMIT = "A change in what is recorded may be a change in reporting or in recording rules."


def compared_finding(layer: Layer, series: MonthSeries) -> Finding:
    """The last month against the first of the same name, where months are missing between."""
    pair = _same_month(series)
    if pair is None:
        return _cannot(layer, series)
    first, last = pair
    change = compare_counts(
        int(series.counts[first]),
        int(series.counts[last]),
        exposure_before=float(series.days[first]),
        exposure_after=float(series.days[last]),
        **month_dispersion(layer, series),
    )
    span = f"from {_name(series, first)} to {_name(series, last)}"
    word = words.change_word(change.estimate, change.ci_lower, change.ci_upper)
    return Finding(
        id=f"{layer.name}.trend",
        block=Block.PROBLEMS,
        question=f"Do {layer.noun} rise or fall?",
        sentence=words.change_sentence(
            layer.noun, span, change.estimate, change.ci_lower, change.ci_upper
        ),
        certainty=words.certainty_of(word),
        method=method("change", months=series.month.size, spread=f"{change.dispersion:.1f}"),
        sources=(layer.name,),
        limits=(
            f"Only {words.counted(series.month.size, 'month')} of the period were delivered: "
            "this compares months, it is no trend.",
            CITYWIDE_LIMIT,
            RECORDING_LIMIT,
        ),
        chart=_chart(layer, series),
        table=_table(layer, series),
        numbers={
            "ratio": change.estimate,
            "lower": change.ci_lower,
            "upper": change.ci_upper,
        },
        cells=(_cells(layer, series),),
    )


def year_on_year_finding(layer: Layer, series: MonthSeries) -> Finding | None:
    """The same months of two years, where the series is too short for a trend.

    None where no month of the year comes twice.
    """
    spans = comparable_spans(layer)
    if spans is None:
        return None
    before, after = (int(layer.count[span].sum()) for span in (spans.before, spans.after))
    change = compare_counts(
        before,
        after,
        exposure_before=spans.before_days,
        exposure_after=spans.after_days,
        **month_dispersion(layer, series),
    )
    word = words.change_word(change.estimate, change.ci_lower, change.ci_upper)
    return Finding(
        id=f"{layer.name}.trend",
        block=Block.PROBLEMS,
        question=f"Do {layer.noun} rise or fall?",
        sentence=words.change_sentence(
            layer.noun,
            f"from {spans.before_label} to {spans.after_label}",
            change.estimate,
            change.ci_lower,
            change.ci_upper,
            events=before + after,
        ),
        certainty=words.certainty_of(word),
        method=method("change", before=spans.before_label, after=spans.after_label),
        sources=(layer.name,),
        details=(
            f"{words.number(before)} before, {words.number(after)} after. With less than two whole "
            "years, this compares the same months; it is no trend.",
        ),
        limits=(CITYWIDE_LIMIT, RECORDING_LIMIT),
        numbers={
            "before": before,
            "after": after,
            "ratio": change.estimate,
            "lower": change.ci_lower,
            "upper": change.ci_upper,
        },
        cells=(
            CountCells(
                source=layer.name,
                dimensions=(spans.dimension,),
                keys=((spans.before_label,), (spans.after_label,)),
                counts=(before, after),
                shown_in="text",
                overlaps=("month",) if spans.dimension == "span" else (),
            ),
        ),
    )


def _same_month(series: MonthSeries) -> tuple[int, int] | None:
    """Positions of the first and last delivered month of the same name."""
    last = series.month.size - 1
    same = np.flatnonzero(series.of_year == series.of_year[last])
    return (int(same[0]), last) if same.size > 1 else None


def _name(series: MonthSeries, position: int) -> str:
    month = int(series.month[position])
    return f"{words.month_name(month % 12 + 1)} {1970 + month // 12}"


def _cannot(layer: Layer, series: MonthSeries) -> Finding:
    return Finding(
        id=f"{layer.name}.trend",
        block=Block.PROBLEMS,
        question=f"Do {layer.noun} rise or fall?",
        sentence=(
            f"We cannot tell whether {layer.noun} rise or fall: only "
            f"{words.counted(series.month.size, 'month')} were delivered, with gaps, and no month "
            "of the year twice."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("change", months=series.month.size),
        sources=(layer.name,),
        limits=("Ask for the missing months.",),
        chart=_chart(layer, series),
        table=_table(layer, series),
        cells=(_cells(layer, series),),
    )


def _cells(layer: Layer, series: MonthSeries) -> CountCells:
    return CountCells(
        source=layer.name,
        dimensions=("year", "month"),
        keys=month_keys(series.month),
        counts=tuple(int(count) for count in series.counts),
        column="count",
        chart=("count",),
        names=tuple(month_name_of(month) for month in series.month),
    )


def _chart(layer: Layer, series: MonthSeries) -> BarChart:
    labels = tuple(month_label(int(month)) for month in series.month)
    return BarChart(
        title=f"{words.capital(layer.noun)} in the months that were delivered",
        description="; ".join(
            f"{label} {words.number(count)}"
            for label, count in zip(labels, series.counts, strict=True)
        )
        + ".",
        categories=labels,
        series=(Series(label=words.capital(layer.noun), values=tuple(map(float, series.counts))),),
        x_label=words.capital(layer.noun),
    )


def _table(layer: Layer, series: MonthSeries) -> Table:
    return Table(
        columns=(
            Column(name="month", label="Month"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
        ),
        rows=tuple(
            (month_label(int(month)), int(count))
            for month, count in zip(series.month, series.counts, strict=True)
        ),
        caption=f"{words.capital(layer.noun)} by month delivered",
    )
