"""Which areas carry the harm, and where the sets of weights disagree about that?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonlight.analysis.harm import MINIMUM_EFFECTIVE, HarmCounts
from commonlight.audit.counted import area_cells
from commonlight.audit.harm_layer import LayerWeights
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.audit.questions.harm_words import (
    compared_sets,
    harm_columns,
    per_cent,
    share_range,
    weight_limits,
)
from commonlight.findings import words
from commonlight.findings.model import (
    AreaMap,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    IntervalChart,
    Series,
    Table,
)

__all__ = ["harm_area_findings"]

#: Fewer areas than this are not ranked against each other.
FEWEST_AREAS = 5
#: The top are the areas of this share, but at least one and at most so many.
TOP_SHARE = 0.2
MOST_AT_TOP = 10
#: No share where kinds with fewer events than this in the area make up more than this part of it.
FEW_EVENTS = 5
FEW_PART = 0.1
#: Harm is said to be more than the number suggests from this ratio on, under every set.
CLEARLY_MORE = 1.1
#: Areas shown in the chart; the table holds all.
SHOWN = 12
#: Areas that get a number on the map.
MARKED = 12


@dataclass(frozen=True, kw_only=True)
class AreaHarm:
    """Harm by area, and who is at the top under all or some sets.

    `counts` are of all kinds, `part` the share of an area in the incidents that have a weight.
    """

    counts: np.ndarray
    part: np.ndarray
    found: HarmCounts
    too_few: np.ndarray
    top: int
    always: np.ndarray
    sometimes: np.ndarray


def harm_area_findings(layer: Layer, weights: LayerWeights) -> list[Finding]:
    """The areas that carry the most harm; none where there are few areas or none.

    Parameters
    ----------
    layer : Layer
        Incidents of several kinds.
    weights : LayerWeights
        Weights of its kinds; at least two sets must be comparable.

    Returns
    -------
    list of Finding
    """
    areas = layer.areas
    if areas is None or len(areas.codes) < FEWEST_AREAS or not (layer.area >= 0).any():
        return []
    table = _by_area_and_kind(layer, areas)
    found = weights.weighted(table)
    if not found.available:
        return []
    return [_area_finding(layer, areas, weights, _area_harm(layer, weights, table, found))]


def _by_area_and_kind(layer: Layer, areas: AreaLayer) -> np.ndarray:
    inside = layer.area >= 0
    cell = layer.area[inside].astype(np.int64) * len(layer.kinds) + layer.kind[inside]
    size = len(areas.codes) * len(layer.kinds)
    flat = np.bincount(cell, weights=layer.count[inside], minlength=size)
    return flat.astype(np.int64).reshape(len(areas.codes), len(layer.kinds))


def _area_harm(
    layer: Layer, weights: LayerWeights, table: np.ndarray, found: HarmCounts
) -> AreaHarm:
    too_few = _hangs_on_few(weights, table, found)
    top = min(max(1, round(TOP_SHARE * too_few.size)), MOST_AT_TOP)
    best, worst = found.rank_range()
    lower, upper = found.share_range()
    order = np.argsort(-(lower + upper), kind="stable")
    always = [i for i in order if not too_few[i] and worst[i] <= top]
    sometimes = [i for i in order if not too_few[i] and best[i] <= top < worst[i]]
    return AreaHarm(
        counts=layer.area_counts(),
        part=_part(table[:, found.used].sum(axis=1)),
        found=found,
        too_few=too_few,
        top=top,
        always=np.array(always, dtype=int),
        sometimes=np.array(sometimes, dtype=int),
    )


def _hangs_on_few(weights: LayerWeights, table: np.ndarray, found: HarmCounts) -> np.ndarray:
    """Areas whose harm under any set hangs on few events, which would also tell their number."""
    chosen = list(weights.chosen)
    middle = np.where(found.used, (weights.low[chosen] + weights.high[chosen]) / 2, 0.0)
    rare = middle @ np.where(table < FEW_EVENTS, table, 0).T
    mostly_rare = (rare > FEW_PART * found.total).any(axis=0)
    return np.asarray(mostly_rare | (found.effective_count.min(axis=0) < MINIMUM_EFFECTIVE))


def _part(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts / max(int(counts.sum()), 1))


def _area_finding(layer: Layer, areas: AreaLayer, weights: LayerWeights, harm: AreaHarm) -> Finding:
    return Finding(
        id=f"{layer.name}.harm-areas",
        block=Block.PROBLEMS,
        question=f"Which {areas.noun} carry the most harm?",
        sentence=_sentence(layer, areas, weights, harm),
        certainty=_certainty(weights, harm),
        method=method(
            "harm",
            sets_compared=compared_sets(weights),
            top=f"{harm.top} of {len(areas.codes)} {areas.noun}",
        ),
        sources=(layer.name,),
        details=_details(areas, harm),
        limits=tuple(_limits(areas, weights, harm)),
        chart=_chart(areas, weights, harm),
        map=_map(layer, areas, harm),
        table=_table(layer, areas, weights, harm),
        numbers={
            "sets": len(weights.chosen),
            "top": harm.top,
            "always": int(harm.always.size),
            "sometimes": int(harm.sometimes.size),
            "too_few": int(harm.too_few.sum()),
        },
        cells=_cells(layer, areas, weights, harm),
    )


def _certainty(weights: LayerWeights, harm: AreaHarm) -> Certainty:
    if not harm.always.size:
        return Certainty.CANNOT_TELL
    # That the sets agree is no test against chance, so it is never called clear.
    return Certainty.TENTATIVE


def _sentence(layer: Layer, areas: AreaLayer, weights: LayerWeights, harm: AreaHarm) -> str:
    sets = words.counted(len(weights.chosen), "set")
    if not harm.always.size:
        return f"We cannot tell which {areas.noun} carry the most harm from {layer.noun}: " + (
            f"no area is among the {words.number(harm.top)} highest under all of {sets} of weights."
            if harm.sometimes.size
            else "in the highest ones it hangs on a few rare events."
        )
    names = words.listing([areas.labels[i] for i in harm.always], limit=4)
    verb = "is" if harm.always.size == 1 else "are"
    rest = (
        f"; for {words.number(harm.sometimes.size)} more it depends on the weights"
        if harm.sometimes.size
        else ""
    )
    return (
        f"{names} {verb} among the {words.number(harm.top)} {areas.noun} with the most harm from "
        f"{layer.noun} under each of {sets} of weights{rest}."
    )


def _details(areas: AreaLayer, harm: AreaHarm) -> tuple[str, ...]:
    lower, upper = harm.found.share_range()
    details = []
    if harm.always.size:
        first = harm.always[0]
        part = words.percent(harm.part[first])
        details.append(
            f"{areas.labels[first]} carries {share_range(lower[first], upper[first])} of the "
            f"weighted harm, with {part} of the incidents that have a weight."
        )
    if harm.sometimes.size:
        names = words.listing([areas.labels[i] for i in harm.sometimes], limit=6)
        details.append(f"The sets of weights disagree about {names}.")
    heavier = _heavier(harm)
    if heavier.size:
        names = words.listing([areas.labels[i] for i in heavier], limit=4)
        details.append(
            f"Clearly more harm than the number of incidents suggests, under every set: {names}."
        )
    return tuple(details)


def _heavier(harm: AreaHarm) -> np.ndarray:
    """Areas whose share of harm is well above their share of incidents, the most first.

    Under every set it must be so by more than two standard errors of the weighted count.
    """
    least, _ = harm.found.share_range()
    error = 1 / np.sqrt(np.maximum(harm.found.effective_count.min(axis=0), 1))
    ratio = np.divide(least, harm.part, out=np.zeros_like(least), where=harm.part > 0)
    chosen = np.flatnonzero(~harm.too_few & (ratio >= CLEARLY_MORE) & (ratio * (1 - 2 * error) > 1))
    return np.asarray(chosen[np.argsort(-ratio[chosen], kind="stable")])


def _limits(areas: AreaLayer, weights: LayerWeights, harm: AreaHarm) -> list[str]:
    limits = [
        "A share of harm is not set against residents or visitors: an area where many people are "
        "carries more. It is no measure of danger to one person.",
        "Who is among the highest holds for what was recorded in this time; near the border chance "
        "decides.",
        *weight_limits(weights),
    ]
    if harm.too_few.any():
        hatched = " (hatched on the map)" if areas.mapped else ""
        limits.append(
            f"For {words.number(harm.too_few.sum())} of {words.number(len(areas.codes))} "
            f"{areas.noun} the harm hangs on so few events that it could be very different by "
            f"chance. No share is given there{hatched}."
        )
    out = 1 - harm.found.share_used
    if out > 0.001:
        limits.append(
            f"{words.percent(out)} of incidents are of kinds that not all sets weight, and in no "
            "share."
        )
    return limits


def _shown_shares(harm: AreaHarm) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least, middle and most share in per cent; nan where the harm hangs on too few events."""
    lower, upper = harm.found.share_range()
    ends = [np.where(harm.too_few, np.nan, np.round(100 * end, 1)) for end in (lower, upper)]
    return ends[0], np.round((ends[0] + ends[1]) / 2, 1), ends[1]


def _chart(areas: AreaLayer, weights: LayerWeights, harm: AreaHarm) -> IntervalChart | None:
    lower, middle, upper = _shown_shares(harm)
    known = np.flatnonzero(~np.isnan(middle))
    order = known[np.argsort(-middle[known], kind="stable")][:SHOWN]
    if order.size < 2:
        return None
    return IntervalChart(
        title=f"The {order.size} {areas.noun} with the largest shares of the weighted harm",
        description=(
            f"Per cent of the weighted harm under {len(weights.chosen)} sets of weights, from the "
            "least to the most: "
            + "; ".join(
                f"{areas.labels[i]} {share_range(lower[i] / 100, upper[i] / 100)}" for i in order
            )
            + "."
        ),
        categories=tuple(areas.labels[i] for i in order),
        series=Series(
            label="Middle of the range",
            values=tuple(float(middle[i]) for i in order),
            lower=tuple(float(lower[i]) for i in order),
            upper=tuple(float(upper[i]) for i in order),
            limits_label="range over the sets of weights",
        ),
        x_label="Share of the weighted harm in %",
        reference=round(100 / len(areas.codes), 1),
        reference_label="equal shares",
    )


def _map(layer: Layer, areas: AreaLayer, harm: AreaHarm) -> AreaMap | None:
    if not areas.mapped:
        return None
    _, middle, _ = _shown_shares(harm)
    marked = harm.sometimes[:MARKED]
    numbered = words.listing([areas.labels[i] for i in marked], limit=MARKED)
    return AreaMap(
        title=f"Share of the weighted harm, {words.number(len(areas.codes))} {areas.noun}",
        description=(
            f"Map of {areas.noun} shaded by the middle of the range of their share of the weighted "
            "harm over the sets of weights. "
            + (f"Numbered, since the sets disagree: {numbered}." if marked.size else "")
        ).strip(),
        geometries=areas.polygons,
        labels=areas.labels,
        values=middle,
        breaks=quantile_breaks(middle),
        unit="% of the weighted harm, middle of the range",
        crs=areas.crs,
        marked=tuple(int(i) for i in marked),
        mark_label="the sets of weights disagree",
        attribution=layer.source.attribution or layer.source.publisher,
    )


def _table_order(harm: AreaHarm) -> np.ndarray:
    _, middle, _ = _shown_shares(harm)
    return np.argsort(-np.nan_to_num(middle, nan=-1.0), kind="stable")


def _table(layer: Layer, areas: AreaLayer, weights: LayerWeights, harm: AreaHarm) -> Table:
    lower, middle, upper = _shown_shares(harm)
    total = max(int(harm.counts.sum()), 1)
    rows = []
    for i in (int(k) for k in _table_order(harm)):
        few = bool(harm.too_few[i])
        rows.append(
            (
                areas.codes[i],
                areas.labels[i],
                int(harm.counts[i]),
                per_cent(harm.counts[i] / total),
                *(None if few else float(value[i]) for value in (middle, lower, upper)),
                *(None if few else per_cent(share) for share in harm.found.share[:, i]),
                _verdict(harm, i),
            )
        )
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="share", label="Share of incidents", unit="%", numeric=True, decimals=1),
            *harm_columns(weights),
            Column(name="verdict", label="Among the highest"),
        ),
        rows=tuple(rows),
        caption=(
            "Share of the weighted harm by area, by set of weights; where a set gives a range, its "
            "column holds the middle"
        ),
    )


def _verdict(harm: AreaHarm, i: int) -> str:
    if harm.too_few[i]:
        return "too few to say"
    if i in harm.always:
        return "under all sets"
    return "the sets disagree" if i in harm.sometimes else "no"


def _cells(
    layer: Layer, areas: AreaLayer, weights: LayerWeights, harm: AreaHarm
) -> tuple[CountCells, ...]:
    columns = ("middle", "lower", "upper", *(item.name for item in weights.compared))
    table = area_cells(
        layer,
        areas,
        harm.counts,
        _table_order(harm),
        column="count",
        derived=("share", *columns, "verdict"),
        fitted=columns,
        chart=("middle", "lower", "upper"),
    )
    told = list(dict.fromkeys([*harm.always, *harm.sometimes, *_heavier(harm)]))
    text = area_cells(layer, areas, harm.counts, told, shown_in="text")
    drawn = (area_cells(layer, areas, harm.counts, shown_in="map"),) if areas.mapped else ()
    return (table, text, *drawn)
