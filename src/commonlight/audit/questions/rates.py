"""Which areas have more, and which fewer, than their residents explain?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.rates import MINIMUM_COUNT, RateFunnel, Rates, rate_funnel, rates
from commonlight.audit.counted import area_cells
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.audit.series import monthly
from commonlight.findings import words
from commonlight.findings.model import (
    AreaMap,
    BarChart,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    IntervalChart,
    Map,
    Series,
    Table,
)

__all__ = ["rate_findings", "years_covered"]

PER = 1000.0
DAYS_A_YEAR = 365.25
#: Areas with fewer residents get no rate.
FEWEST_RESIDENTS = 100
#: With fewer records a month an empty month may be chance; with more it was not delivered.
FEWEST_A_MONTH = 10
#: Areas shown in a chart; the table holds all.
SHOWN = 12
#: Areas that get a number on the map.
MARKED = 12
#: Fewer areas than this are not tested against each other.
FEWEST_AREAS = 5


def rate_findings(layer: Layer) -> list[Finding]:
    """Rates per resident where residents are known, else counts by area."""
    areas = layer.areas
    if areas is None or len(areas.codes) < 2 or not (layer.area >= 0).any():
        return []
    counts = layer.area_counts()
    if len(areas.codes) < FEWEST_AREAS or not _in_peopled_areas(areas, counts):
        return [_count_finding(layer, areas, counts)]
    assert areas.population is not None
    years = years_covered(layer)
    funnel = rate_funnel(
        counts, areas.population * years, per=PER, minimum_population=FEWEST_RESIDENTS * years
    )
    rate = rates(
        counts,
        areas.population * years,
        per=PER,
        minimum_population=FEWEST_RESIDENTS * years,
        dispersion=funnel.dispersion,
    )
    found = [_rate_finding(layer, areas, counts, rate, funnel)]
    if funnel.below.any():
        found.append(_quiet_finding(layer, areas, counts, rate, funnel))
    return found


def _in_peopled_areas(areas: AreaLayer, counts: np.ndarray) -> bool:
    """Whether any incident lies in an area with a known number of residents."""
    return areas.population is not None and bool(counts[areas.population > 0].any())


def years_covered(layer: Layer) -> float:
    """Years that the records cover, so that a rate is one a year.

    Months and years given as such count whole. Otherwise it is the period without the months
    that were not delivered: empty ones between others that hold many records.
    """
    unit = {"month": "M", "year": "Y"}.get(layer.resolution)
    if unit is not None:
        span = np.unique(layer.start.astype(f"datetime64[{unit}]"))
        days = _length(span, span + 1)
    else:
        days = (layer.period[1] - layer.period[0]).days + 1
        months = monthly(layer).month.astype("datetime64[M]")
        if layer.start.size >= FEWEST_A_MONTH * max(months.size, 1):
            days -= _length(months[:1], months[-1:] + 1) - _length(months, months + 1)
    return max(days, 1) / DAYS_A_YEAR


def _length(first: np.ndarray, after: np.ndarray) -> int:
    """Days from the first of each span to the first after it."""
    days = after.astype("datetime64[D]") - first.astype("datetime64[D]")
    return int(days.astype(np.int64).sum())


def _part_of_a_year(layer: Layer) -> str:
    """The months covered, where they are no whole years; else an empty text."""
    years = years_covered(layer)
    if abs(years - round(years)) < 0.02:
        return ""
    return words.counted(max(round(12 * years), 1), "month")


def _rate_finding(
    layer: Layer, areas: AreaLayer, counts: np.ndarray, rate: Rates, funnel: RateFunnel
) -> Finding:
    above = _ordered(funnel.above, funnel.ratio)
    return Finding(
        id=f"{layer.name}.rates",
        block=Block.PROBLEMS,
        question=f"Which {areas.noun} have more {layer.noun} than their residents explain?",
        sentence=_rate_sentence(layer, areas, funnel, above),
        certainty=_certainty(funnel, above),
        method=method(
            "rates",
            areas_tested=funnel.n_tested,
            spread=f"differences between areas {funnel.dispersion:.1f} times what chance gives",
            false_discovery_rate=words.percent(funnel.level),
        ),
        sources=_sources(layer, areas),
        details=_rate_details(layer, areas, funnel, above),
        limits=_rate_limits(layer, areas, rate, funnel),
        chart=_rate_chart(layer, areas, rate, above),
        map=_map(layer, areas, _shown_rates(rate), above, _unit(layer)),
        table=_rate_table(layer, areas, counts, rate, funnel),
        numbers={
            "city_rate": funnel.city_rate,
            "above": int(above.size),
            "below": int(funnel.below.sum()),
            "tested": funnel.n_tested,
            "dispersion": funnel.dispersion,
        },
        cells=_rate_cells(layer, areas, counts, rate),
    )


def _rate_cells(
    layer: Layer, areas: AreaLayer, counts: np.ndarray, rate: Rates
) -> tuple[CountCells, ...]:
    table = area_cells(
        layer,
        areas,
        counts,
        _rate_order(rate),
        column="count",
        derived=("rate", "lower", "upper", "verdict"),
        fitted=("lower", "upper"),
        chart=("rate", "lower", "upper"),
    )
    return (table, area_cells(layer, areas, counts, shown_in="map")) if areas.mapped else (table,)


def _rate_order(rate: Rates) -> np.ndarray:
    """Areas by rate, the highest first; those without one last."""
    return np.argsort(-np.nan_to_num(rate.estimate, nan=-1.0), kind="stable")


def _shown_rates(rate: Rates) -> np.ndarray:
    return np.where(rate.too_small, np.nan, rate.estimate)


def _sources(layer: Layer, areas: AreaLayer) -> tuple[str, ...]:
    return (layer.name, *([areas.population_source] if areas.population_source else []))


def _unit(layer: Layer) -> str:
    return f"{layer.noun} a year per {words.number(PER)} residents"


def _ordered(chosen: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Positions of the chosen areas, the highest value first."""
    position = np.flatnonzero(chosen)
    return position[np.argsort(-value[position], kind="stable")]


def _certainty(funnel: RateFunnel, above: np.ndarray) -> Certainty:
    if not funnel.n_tested:
        return Certainty.CANNOT_TELL
    return Certainty.CLEAR if above.size else Certainty.NOT_SHOWN


def _rate_sentence(layer: Layer, areas: AreaLayer, funnel: RateFunnel, above: np.ndarray) -> str:
    if not funnel.n_tested:
        return (
            f"We cannot tell in which {areas.noun} there are more {layer.noun} than residents "
            "explain: there are too few events, or too few residents, in each."
        )
    tested = f"{words.number(funnel.n_tested)} {areas.noun}"
    if not above.size:
        return (
            f"In none of {tested} are there clearly more {layer.noun} than residents and the "
            "usual differences between areas explain."
        )
    names = words.listing([areas.labels[i] for i in above], limit=4)
    verb = "has" if above.size == 1 else "have"
    low, high = (
        words.number(v, decimals=1) for v in (funnel.ratio[above[-1]], funnel.ratio[above[0]])
    )
    times = high if low == high else f"{low} to {high}"
    return (
        f"{names} {verb} by far the most {layer.noun} for their residents: {times} times the rate "
        f"of all {areas.noun} together ({words.number(above.size)} of {tested} stand out)."
    )


def _rate_details(
    layer: Layer, areas: AreaLayer, funnel: RateFunnel, above: np.ndarray
) -> tuple[str, ...]:
    assert areas.population is not None
    known = int((areas.population > 0).sum())
    where = (
        "Over the whole area"
        if known == len(areas.codes)
        else f"In the {words.number(known)} {areas.noun} with a known number of residents"
    )
    part = _part_of_a_year(layer)
    pace = f", at the pace of the {part} recorded" if part else ""
    details = [
        f"{where} there were {words.number(funnel.city_rate, decimals=1)} {layer.noun} a year per "
        f"{words.number(PER)} residents{pace}."
    ]
    if above.size:
        top = above[0]
        details.append(
            f"{areas.labels[top]} has {words.number(funnel.ratio[top], decimals=1)} times the "
            "number that its residents would lead one to expect (between "
            f"{words.number(funnel.ci_lower[top], decimals=1)} and "
            f"{words.number(funnel.ci_upper[top], decimals=1)} times)."
        )
    return tuple(details)


def _rate_limits(
    layer: Layer, areas: AreaLayer, rate: Rates, funnel: RateFunnel
) -> tuple[str, ...]:
    limits = [
        "Residents are not all who are at risk: in a centre, a station or a park most people "
        "live elsewhere, so its rate is too high.",
        "An area where people report more looks worse than it is.",
        f"{words.capital(areas.noun)} always differ. How many are named depends on how large the "
        "usual differences are taken to be.",
    ]
    part = _part_of_a_year(layer)
    if part:
        limits.append(
            f"The {part} recorded are no whole years: with the other seasons the rate of a year "
            "would differ."
        )
    limits += _left_out(areas, rate, funnel)
    return tuple(limits)


def _left_out(areas: AreaLayer, rate: Rates, funnel: RateFunnel) -> list[str]:
    """How many areas have no rate, or were not tested, and why."""
    small, untested = int(rate.too_small.sum()), len(areas.codes) - funnel.n_tested
    found = []
    if small:
        hatched = "; they are hatched on the map" if areas.mapped else ""
        found.append(
            f"{words.number(small)} {areas.noun} have fewer than {MINIMUM_COUNT} events, fewer "
            f"than {FEWEST_RESIDENTS} residents or no count of residents, and get no rate{hatched}."
        )
    if untested:
        found.append(
            f"{words.number(untested)} {areas.noun} were not tested: too few residents, or too few "
            "events both recorded and to be expected."
        )
    return found


def _rate_chart(
    layer: Layer, areas: AreaLayer, rate: Rates, above: np.ndarray
) -> IntervalChart | None:
    known = np.flatnonzero(~rate.too_small)
    order = known[np.argsort(-rate.estimate[known], kind="stable")][:SHOWN]
    if order.size < 2:
        return None
    return IntervalChart(
        title=f"The {order.size} {areas.noun} with the highest rates, and the rate of all",
        description=(
            f"{words.capital(_unit(layer))} with 95 % intervals: "
            + "; ".join(
                f"{areas.labels[i]} {words.number(rate.estimate[i], decimals=1)}" for i in order
            )
            + f". All together {words.number(rate.overall, decimals=1)}."
        ),
        categories=tuple(areas.labels[i] for i in order),
        series=Series(
            label="Rate",
            values=tuple(float(rate.estimate[i]) for i in order),
            lower=tuple(float(rate.ci_lower[i]) for i in order),
            upper=tuple(float(rate.ci_upper[i]) for i in order),
            limits_label="95 % interval",
        ),
        x_label=words.capital(_unit(layer)),
        reference=float(rate.overall),
        reference_label="all together",
    )


def _map(
    layer: Layer, areas: AreaLayer, values: np.ndarray, marked: np.ndarray, unit: str
) -> Map | None:
    if not areas.mapped:
        return None
    numbered = words.listing([areas.labels[i] for i in marked[:MARKED]], limit=MARKED)
    return AreaMap(
        title=words.capital(f"{unit}, {words.number(len(areas.codes))} {areas.noun}"),
        description=(
            f"Map of {areas.noun} shaded by {unit}. "
            + (f"Numbered: {numbered}." if marked.size else "No area is marked.")
        ),
        geometries=areas.polygons,
        labels=areas.labels,
        values=np.asarray(values, dtype=float),
        breaks=quantile_breaks(np.asarray(values, dtype=float)),
        unit=unit,
        crs=areas.crs,
        marked=tuple(int(i) for i in marked[:MARKED]),
        mark_label="clearly more than residents explain",
        attribution=layer.source.attribution or layer.source.publisher,
    )


def _rate_table(
    layer: Layer, areas: AreaLayer, counts: np.ndarray, rate: Rates, funnel: RateFunnel
) -> Table:
    rows = []
    for i in _rate_order(rate):
        small = bool(rate.too_small[i])
        residents = areas.population[i] if areas.population is not None else np.nan
        rows.append(
            (
                areas.codes[i],
                areas.labels[i],
                int(counts[i]),
                None if np.isnan(residents) else int(residents),
                None if small else float(rate.estimate[i]),
                None if small else float(rate.ci_lower[i]),
                None if small else float(rate.ci_upper[i]),
                _verdict(funnel, int(i), small),
            )
        )
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="residents", label="Residents", numeric=True, free=True),
            Column(name="rate", label=f"Per {words.number(PER)}", numeric=True, decimals=1),
            Column(name="lower", label="at least", numeric=True, decimals=1),
            Column(name="upper", label="at most", numeric=True, decimals=1),
            Column(name="verdict", label="Against all areas"),
        ),
        rows=tuple(rows),
        caption=words.capital(f"{_unit(layer)}, with 95 % intervals"),
    )


def _verdict(funnel: RateFunnel, i: int, small: bool) -> str:
    if small or funnel.too_small[i]:
        return "too few to say"
    if funnel.above[i]:
        return "above"
    return "below" if funnel.below[i] else "as expected"


def _quiet_finding(
    layer: Layer, areas: AreaLayer, counts: np.ndarray, rate: Rates, funnel: RateFunnel
) -> Finding:
    below = _ordered(funnel.below, -funnel.ratio)
    names = [areas.labels[i] for i in below]
    verb = "has" if below.size == 1 else "have"
    return Finding(
        id=f"{layer.name}.quiet-areas",
        block=Block.STRENGTHS,
        question=f"Where are there clearly fewer {layer.noun}?",
        sentence=(
            f"{words.number(below.size)} of {words.number(funnel.n_tested)} "
            f"{areas.noun} {verb} clearly fewer {layer.noun} than their residents would lead one "
            f"to expect: {words.listing(names, limit=4)}."
        ),
        certainty=Certainty.CLEAR,
        method=method("rates", areas_tested=funnel.n_tested),
        sources=_sources(layer, areas),
        details=("Worth asking what works there, and whether people there report less.",),
        limits=("Few records can mean a safe place, or a place where people do not report.",),
        table=Table(
            columns=(
                Column(name="code", label="Code"),
                Column(name="area", label="Area"),
                Column(name="rate", label=f"Per {words.number(PER)}", numeric=True, decimals=1),
                Column(name="ratio", label="Against the rate of all", numeric=True, decimals=2),
            ),
            rows=tuple(
                (
                    areas.codes[i],
                    areas.labels[i],
                    float(rate.estimate[i]),
                    float(funnel.ratio[i]),
                )
                for i in below
            ),
            caption=words.capital(f"{areas.noun} with clearly fewer {layer.noun}"),
        ),
        numbers={"below": int(below.size), "tested": funnel.n_tested},
        cells=(area_cells(layer, areas, counts, below, derived=("rate", "ratio"), selected=True),),
    )


def _count_finding(layer: Layer, areas: AreaLayer, counts: np.ndarray) -> Finding:
    order = np.argsort(-counts, kind="stable")
    top = order[:3]
    share = counts[top].sum() / max(counts.sum(), 1)
    shown = order[:SHOWN]
    names = words.listing([areas.labels[i] for i in top], limit=3)
    return Finding(
        id=f"{layer.name}.areas",
        block=Block.PROBLEMS,
        question=f"In which {areas.noun} are the most {layer.noun}?",
        sentence=(
            f"{names} hold {words.percent(share)} of {layer.noun}: the {words.number(top.size)} of "
            f"{words.number(len(areas.codes))} {areas.noun} with the highest counts."
        ),
        certainty=Certainty.DESCRIPTIVE,
        method=method("description"),
        sources=(layer.name,),
        limits=(
            "These counts are not set against residents: a high count may only mean that many "
            "people live or go there. A count is no measure of risk.",
        ),
        chart=BarChart(
            title=f"The {shown.size} {areas.noun} with the most {layer.noun}",
            description="; ".join(f"{areas.labels[i]} {words.number(counts[i])}" for i in shown)
            + ".",
            categories=tuple(areas.labels[i] for i in shown),
            series=(
                Series(
                    label=words.capital(layer.noun), values=tuple(float(counts[i]) for i in shown)
                ),
            ),
            x_label=words.capital(layer.noun),
        ),
        map=_map(layer, areas, counts.astype(float), np.zeros(0, dtype=int), layer.noun),
        table=Table(
            columns=(
                Column(name="code", label="Code"),
                Column(name="area", label="Area"),
                Column(name="count", label=words.capital(layer.noun), numeric=True),
            ),
            rows=tuple((areas.codes[i], areas.labels[i], int(counts[i])) for i in order),
            caption=words.capital(f"{layer.noun} by area"),
        ),
        numbers={"share_of_three": float(share)},
        cells=_count_cells(layer, areas, counts, order),
    )


def _count_cells(
    layer: Layer, areas: AreaLayer, counts: np.ndarray, order: np.ndarray
) -> tuple[CountCells, ...]:
    table = area_cells(layer, areas, counts, order, column="count", chart=("count",))
    return (table, area_cells(layer, areas, counts, shown_in="map")) if areas.mapped else (table,)
