"""Which kinds of incidents, and which areas, carry the harm?

Everything is a range over several sets of weights. Where the sets do not agree, the answer is that
we cannot tell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from commonlight.analysis.harm import HarmCounts, harm_totals, joint_share
from commonlight.audit.counted import total_cells
from commonlight.audit.harm_layer import LayerWeights, layer_weights
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.harm_areas import harm_area_findings
from commonlight.audit.questions.harm_words import (
    compared_sets,
    harm_columns,
    per_cent,
    quoted,
    share_range,
    weight_limits,
)
from commonlight.evidence.harm import HarmWeightSet
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    IntervalChart,
    Series,
    Table,
)

__all__ = ["harm_findings"]

#: Kinds shown in the chart; the table holds all.
SHOWN = 12
#: If a set finds more than this share of its harm in kinds left out, readers are told.
MUCH_LEFT_OUT = 0.1
#: If more kinds than this can carry the most, none is named.
MOST_LEADERS = 3
#: Kinds whose joint share is told.
TOGETHER = 3
#: Share of incidents that must have a price before a sum of money is told.
MONEY_COVERED = 0.8
_IN_MONEY = "In money"


def harm_findings(layer: Layer) -> list[Finding]:
    """Which kinds and which areas carry the harm, as ranges over sets of weights.

    Parameters
    ----------
    layer : Layer
        Incidents of several kinds, some with a code of the UN classification.

    Returns
    -------
    list of Finding
        None for reports of residents, for a single kind, and where no kind has a weight.
    """
    if layer.record_kind != "incidents" or int((layer.kind_counts() > 0).sum()) < 2:
        return []
    weights = layer_weights(layer)
    if not np.isfinite(weights.low).any():
        return []
    if not weights.comparable:
        return [_too_little(layer, weights)]
    return [_kind_finding(layer, weights), *harm_area_findings(layer, weights)]


def _too_little(layer: Layer, weights: LayerWeights) -> Finding:
    best = int(np.argmax(weights.covered))
    return Finding(
        id=f"{layer.name}.harm-kinds",
        block=Block.VICTIMS,
        question=f"Which kinds of {layer.noun} carry the most harm?",
        sentence=(
            f"We cannot tell which kinds of {layer.noun} carry the most harm: too few incidents "
            "are of kinds that two sets of weights know. The set that knows most, "
            f"{weights.sets[best].short}, has a weight for "
            f"{words.percent(float(weights.covered[best]))} of them."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("harm", sets_compared=0),
        sources=(layer.name,),
        limits=(
            "No number is given, since a kind without a weight would count as harmless.",
            "A finer code of the UN classification for the local kinds would help.",
        ),
        cells=(total_cells(layer),),
    )


def _kind_finding(layer: Layer, weights: LayerWeights) -> Finding:
    found = weights.whole
    order = _order(found, weights.counts)
    leading = _leading(found)
    certainty, sentence = _verdict(layer, weights, found, leading)
    return Finding(
        id=f"{layer.name}.harm-kinds",
        block=Block.VICTIMS,
        question=f"Which kinds of {layer.noun} carry the most harm?",
        sentence=sentence,
        certainty=certainty,
        method=method("harm", sets_compared=compared_sets(weights)),
        sources=(layer.name,),
        details=tuple(_details(layer, weights, found)),
        limits=tuple(_limits(layer, weights, found)),
        chart=_chart(layer, weights, found, order),
        table=_table(layer, weights, found, order),
        numbers={
            "sets": len(weights.chosen),
            "share_without_weight": round(1 - found.share_used, 3),
        },
        cells=_cells(layer, weights, order, leading),
    )


def _order(found: HarmCounts, counts: np.ndarray) -> np.ndarray:
    """Kinds that occur, the highest middle of the range first, those without weight last."""
    middle = np.nan_to_num(_middle(found), nan=-1.0)
    present = np.flatnonzero(counts > 0)
    return present[np.lexsort((-counts[present], -middle[present]))]


def _middle(found: HarmCounts) -> np.ndarray:
    lower, upper = found.kind_share_range()
    return (lower + upper) / 2


def _leading(found: HarmCounts) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Kinds that can carry the most under every set, and under any."""
    first = [set(kinds) for kinds in found.first_kinds()]
    middle = _middle(found)
    always = sorted(set.intersection(*first), key=lambda i: -middle[i])
    ever = sorted(set.union(*first), key=lambda i: -middle[i])
    return tuple(always), tuple(ever)


def _verdict(
    layer: Layer,
    weights: LayerWeights,
    found: HarmCounts,
    leading: tuple[tuple[int, ...], tuple[int, ...]],
) -> tuple[Certainty, str]:
    always, ever = leading
    rest = _rest(layer, weights, found)
    if not always:
        return Certainty.CANNOT_TELL, (
            f"We cannot tell which kind of {layer.noun} carries the most harm: it is "
            f"{_by_set(layer, found)}, of {words.number(len(weights.chosen))} compared.{rest}"
        )
    if len(ever) > MOST_LEADERS:
        could = words.listing([quoted(layer.kinds[i]) for i in ever], limit=6)
        return Certainty.CANNOT_TELL, (
            f"We cannot tell which kind of {layer.noun} carries the most harm: within the weights "
            f"of {words.counted(len(weights.chosen), 'set')} it can be any of {could}.{rest}"
        )
    kind = always[0]
    lower, upper = found.kind_share_range()
    harm = share_range(lower[kind], upper[kind])
    part = words.percent(weights.counts[kind] / weights.counts.sum())
    sets = words.counted(len(weights.chosen), "set")
    if len(ever) == 1:
        certainty = Certainty.CLEAR if weights.many else Certainty.TENTATIVE
        return certainty, (
            f"{quoted(layer.kinds[kind])} carries the most harm under each of {sets} of weights: "
            f"{harm} of it, with {part} of {_noun(layer, weights)}.{rest}"
        )
    others = words.listing([quoted(layer.kinds[i]) for i in ever if i != kind], limit=3)
    return Certainty.TENTATIVE, (
        f"{quoted(layer.kinds[kind])} may carry the most harm: {harm} of it under {sets} of "
        f"weights, with {part} of {_noun(layer, weights)}. Under some weights {others} can "
        f"lead.{rest}"
    )


def _noun(layer: Layer, weights: LayerWeights) -> str:
    """What the shares are of, once what is no offence is set aside."""
    return "offences" if weights.no_offence else layer.noun


def _rest(layer: Layer, weights: LayerWeights, found: HarmCounts) -> str:
    if found.share_used > 0.999:
        return ""
    return (
        f" {words.percent(1 - found.share_used)} of {_noun(layer, weights)} are of kinds that not "
        "all sets weight; they are left out."
    )


def _by_set(layer: Layer, found: HarmCounts) -> str:
    """Which kind leads under how many sets."""
    first = [int(np.argmax(np.nan_to_num(row, nan=-1.0))) for row in found.kind_share]
    kinds, times = np.unique(first, return_counts=True)
    order = np.argsort(-times, kind="stable")
    parts = [f"{quoted(layer.kinds[kinds[i]])} under {int(times[i])}" for i in order]
    return words.listing(parts, limit=4) + (" set" if int(times[order[-1]]) == 1 else " sets")


def _details(layer: Layer, weights: LayerWeights, found: HarmCounts) -> list[str]:
    details = [
        "Compared: "
        + words.listing(
            [f"{item.title} ({item.unit})" for item in weights.compared],
            limit=len(weights.compared),
        )
        + "."
    ]
    out = [s for s in range(len(weights.sets)) if s not in weights.chosen]
    if out:
        details.append(
            "Not compared, since with them too little of the incidents or of the harm would have a "
            "weight in every set: "
            + words.listing(
                [
                    f"{weights.sets[s].title} (weights for "
                    f"{words.percent(float(weights.covered[s]))} of incidents)"
                    for s in out
                ],
                limit=len(out),
            )
            + "."
        )
    return [
        *_together(layer, weights, found),
        *details,
        *_missed(layer, weights, found),
        *_money(weights),
    ]


def _together(layer: Layer, weights: LayerWeights, found: HarmCounts) -> list[str]:
    """What the first kinds carry together, where there are others beside them."""
    used = [int(i) for i in _order(found, weights.counts) if found.used[i]]
    if len(used) <= TOGETHER:
        return []
    group = np.isin(np.arange(len(layer.kinds)), used[:TOGETHER])
    chosen = list(weights.chosen)
    lower, upper = joint_share(
        weights.counts, weights.low[chosen], group, weights_upper=weights.high[chosen]
    )
    names = words.listing([quoted(layer.kinds[i]) for i in used[:TOGETHER]], limit=TOGETHER)
    part = words.percent(weights.counts[group].sum() / weights.counts.sum())
    return [
        f"Together {names} carry {share_range(lower.min(), upper.max())} of the harm, with {part} "
        f"of {_noun(layer, weights)}."
    ]


def _missed(layer: Layer, weights: LayerWeights, found: HarmCounts) -> list[str]:
    """What the set that misses most finds in the kinds left out."""
    worst = int(np.argmax(found.weight_left_out))
    if found.weight_left_out[worst] <= MUCH_LEFT_OUT:
        return []
    position = weights.chosen[worst]
    middle = np.nan_to_num((weights.low[position] + weights.high[position]) / 2)
    most = int(np.argmax(np.where(found.used, -1.0, middle * weights.counts)))
    return [
        f"Under {weights.sets[position].title} "
        f"{words.percent(float(found.weight_left_out[worst]))} of the harm lies in kinds for "
        f"which another set has no weight, first of all {quoted(layer.kinds[most])}."
    ]


def _money(weights: LayerWeights) -> list[str]:
    """Sums of money, each with its prices; told only where together they are a range."""
    parts, ends = [], set()
    for s, item in enumerate(weights.sets):
        if item.kind != "money" or weights.covered[s] < MONEY_COVERED:
            continue
        total = harm_totals(weights.counts, weights.low[s], weights_upper=weights.high[s])
        ends |= {total.lower, total.upper}
        parts.append(
            f"{_sum(item, total.lower, total.upper)} at {_prices(item)} "
            f"({item.title}, {words.percent(total.covered)} of incidents)"
        )
    if len(ends) < 2:
        return []
    return [
        f"{_IN_MONEY}, what was recorded comes to {words.listing(parts, limit=len(parts))}. These "
        "are sums at the least: the costs are per crime that happened, and we do not have the "
        "factors from recorded to actual crimes for all of them. The prices are of different years "
        "and are not converted."
    ]


def _prices(item: HarmWeightSet) -> str:
    return "prices of no stated year" if item.year_unknown else f"prices of {item.price_year}"


def _sum(item: HarmWeightSet, lower: float, upper: float) -> str:
    millions = lower >= 1e6
    scale = 1e6 if millions else 1.0
    low, high = (words.rounded(end / scale).removeprefix("about ") for end in (lower, upper))
    span = f"about {low}" if low == high else f"between {low} and {high}"
    return f"{span} {'million ' if millions else ''}{item.unit}"


def _limits(layer: Layer, weights: LayerWeights, found: HarmCounts) -> list[str]:
    limits = weight_limits(weights)
    without = [
        quoted(layer.kinds[i])
        for i in np.argsort(-weights.counts, kind="stable")
        if weights.counts[i] and not found.used[i]
    ]
    if without:
        limits.append(
            f"Not weighted by all sets, so in no share: {words.listing(without, limit=6)}. They "
            "are missing here, not harmless."
        )
    if weights.no_offence:
        names = words.listing([quoted(kind) for kind in weights.no_offence], limit=6)
        limits.append(f"Not counted here, since it is mostly no offence: {names}.")
    limits.append(
        "Harm that is rarely reported, such as violence at home, weighs too little in records."
    )
    return limits


def _chart(
    layer: Layer, weights: LayerWeights, found: HarmCounts, order: np.ndarray
) -> IntervalChart | None:
    shown = [int(i) for i in order if found.used[i]][:SHOWN]
    if len(shown) < 2:
        return None
    lower, upper = found.kind_share_range()
    return IntervalChart(
        title=f"Share of the weighted harm by kind, under {len(weights.chosen)} sets of weights",
        description=(
            "Per cent of the weighted harm, from the least to the most over the sets: "
            + "; ".join(f"{layer.kinds[i]} {share_range(lower[i], upper[i])}" for i in shown)
            + "."
        ),
        categories=tuple(layer.kinds[i] for i in shown),
        series=Series(
            label="Middle of the range",
            values=tuple(per_cent((lower[i] + upper[i]) / 2) for i in shown),
            lower=tuple(per_cent(lower[i]) for i in shown),
            upper=tuple(per_cent(upper[i]) for i in shown),
            limits_label="range over the sets of weights",
        ),
        x_label="Share of the weighted harm in %",
    )


def _table(layer: Layer, weights: LayerWeights, found: HarmCounts, order: np.ndarray) -> Table:
    lower, upper = found.kind_share_range()
    total = max(int(weights.counts.sum()), 1)
    rows = []
    for i in (int(k) for k in order):
        used = bool(found.used[i])
        rows.append(
            (
                layer.kinds[i],
                int(weights.counts[i]),
                per_cent(weights.counts[i] / total),
                per_cent((lower[i] + upper[i]) / 2) if used else None,
                per_cent(lower[i]) if used else None,
                per_cent(upper[i]) if used else None,
                *(per_cent(share) if used else None for share in found.kind_share[:, i]),
            )
        )
    return Table(
        columns=(
            Column(name="kind", label="Kind, as recorded"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(
                name="share",
                label=f"Share of {_noun(layer, weights)}",
                unit="%",
                numeric=True,
                decimals=1,
            ),
            *harm_columns(weights),
        ),
        rows=tuple(rows),
        caption=(
            "Share of the weighted harm by kind, by set of weights; where a set gives a range, its "
            "column holds the middle"
        ),
    )


def _cells(
    layer: Layer,
    weights: LayerWeights,
    order: np.ndarray,
    leading: tuple[tuple[int, ...], tuple[int, ...]],
) -> tuple[CountCells, ...]:
    harm = ("middle", "lower", "upper", *(item.name for item in weights.compared))

    def cells(kinds: list[int], **shown: Any) -> CountCells:
        return CountCells(
            source=layer.name,
            dimensions=("kind",),
            keys=tuple((layer.kinds[i],) for i in kinds),
            counts=tuple(int(weights.counts[i]) for i in kinds),
            **shown,
        )

    told = sorted({*leading[1], *(int(i) for i in weights.whole.used.nonzero()[0])})
    return (
        total_cells(layer),
        cells(
            [int(i) for i in order],
            column="count",
            derived=("share", *harm),
            fitted=harm,
            chart=("middle", "lower", "upper"),
        ),
        cells(told, shown_in="text"),
        # Shares of one whole: with the weights, which everybody knows, all but one tell the last.
        *(cells([int(i)] * len(order), derived=harm) for i in order if weights.whole.used[i]),
        cells([int(i) for i in order], shown_in="text", names=(_IN_MONEY,) * len(order)),
    )
