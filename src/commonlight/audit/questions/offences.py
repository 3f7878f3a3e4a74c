"""What is recorded, and which kinds changed?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.change import Change, compare_counts
from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.audit.counted import total_cells
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.spans import Spans, comparable_spans
from commonlight.audit.questions.spread import month_dispersion
from commonlight.audit.series import monthly
from commonlight.evidence.offences import load_iccs
from commonlight.findings import words
from commonlight.findings.model import (
    BarChart,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    IntervalChart,
    Series,
    Table,
)

__all__ = ["offence_findings"]

#: Kinds shown in a chart; the table holds all.
SHOWN = 12
#: A kind with fewer incidents in either period is not compared.
FEWEST_COMPARED = 30


def offence_findings(layer: Layer) -> list[Finding]:
    """The mix of kinds, and how each changed over the last year."""
    if len(layer.kinds) < 2:
        return []
    found = [_mix(layer)]
    spans = comparable_spans(layer)
    if spans is not None:
        found += _changes(layer, spans)
    return found


def _mix(layer: Layer) -> Finding:
    counts = layer.kind_counts()
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    total = int(counts.sum())
    first = order[0]
    top = [layer.kinds[i] for i in order[:3]]
    sentence = (
        f"The most recorded kind was {_quoted(layer.kinds[first])}: "
        f"{words.number(counts[first])} of {words.number(total)} {layer.noun} "
        f"({words.percent(counts[first] / total)})."
    )
    if len(top) == 3:
        share = counts[order[:3]].sum() / total
        sentence += f" The three largest kinds make up {words.percent(share)} of all."
    return Finding(
        id=f"{layer.name}.kinds",
        block=Block.VICTIMS,
        question=f"What kinds of {layer.noun} are there?",
        sentence=sentence,
        certainty=Certainty.DESCRIPTIVE,
        method=method("offence-classes"),
        sources=(layer.name,),
        limits=tuple(_mix_limits(layer)),
        chart=_mix_chart(layer, counts, order),
        table=_mix_table(layer, counts, order),
        numbers={"total": total, "largest": int(counts[first]), "kinds": int(order.size)},
        cells=(
            total_cells(layer),
            CountCells(
                source=layer.name,
                dimensions=("kind",),
                keys=tuple((layer.kinds[i],) for i in order),
                counts=tuple(int(counts[i]) for i in order),
                column="count",
                derived=("share",),
                chart=("count",),
            ),
        ),
    )


def _quoted(kind: str) -> str:
    return f"\u2018{kind}\u2019"


def _mix_limits(layer: Layer) -> list[str]:
    limits = ["Kinds are the publisher's own; how an event is classed is a decision, not a fact."]
    if layer.record_kind != "incidents":
        return limits
    unmapped = [k for k, code in zip(layer.kinds, layer.codes, strict=True) if code is None]
    if unmapped:
        limits.append(
            f"Without a code in the UN classification: {words.listing(unmapped, limit=6)}. "
            "They are counted in their own words."
        )
    iccs = load_iccs()
    if any(code is not None and not iccs.verified(code) for code in layer.codes):
        limits.append(
            "Names of the UN classification with * are not yet checked against the official text."
        )
    return limits


def _mix_chart(layer: Layer, counts: np.ndarray, order: np.ndarray) -> BarChart:
    shown = order[:SHOWN]
    rest = f", the {SHOWN} largest of {order.size} kinds" if order.size > SHOWN else ""
    return BarChart(
        title=f"{words.capital(layer.noun)} by kind",
        description=(
            f"Bars of {layer.noun} by kind{rest}: "
            + "; ".join(f"{layer.kinds[i]} {words.number(counts[i])}" for i in shown)
            + "."
        ),
        categories=tuple(layer.kinds[i] for i in shown),
        series=(
            Series(label=words.capital(layer.noun), values=tuple(float(counts[i]) for i in shown)),
        ),
        x_label=words.capital(layer.noun),
        highlight=(layer.kinds[order[0]],),
    )


def _mix_table(layer: Layer, counts: np.ndarray, order: np.ndarray) -> Table:
    iccs = load_iccs()
    total = counts.sum()
    rows = []
    for i in order:
        code = layer.codes[i]
        name = "" if code is None else iccs.name(code)
        if code is not None and not iccs.verified(code):
            name += " *"
        rows.append((layer.kinds[i], code or "none", name, int(counts[i]), 100 * counts[i] / total))
    return Table(
        columns=(
            Column(name="kind", label="Kind, as recorded"),
            Column(name="iccs", label="ICCS"),
            Column(name="iccs_name", label="UN classification"),
            Column(name="count", label="Count", numeric=True),
            Column(name="share", label="Share", unit="%", numeric=True, decimals=1),
        ),
        rows=tuple(rows),
        caption=f"{words.capital(layer.noun)} by kind",
    )


def _changes(layer: Layer, spans: Spans) -> list[Finding]:
    compared: list[tuple[int, int, int, Change]] = []
    for i in np.argsort(-layer.kind_counts(), kind="stable"):
        of_kind = layer.kind == i
        before, after = (
            int(layer.count[of_kind & span].sum()) for span in (spans.before, spans.after)
        )
        if min(before, after) >= FEWEST_COMPARED:
            change = compare_counts(
                before,
                after,
                exposure_before=spans.before_days,
                exposure_after=spans.after_days,
                **month_dispersion(layer, monthly(layer, of_kind), of_kind),
            )
            compared.append((int(i), before, after, change))
    if len(compared) < 2:
        return []
    return [_change_finding(layer, spans, compared)]


def _change_finding(
    layer: Layer, spans: Spans, compared: list[tuple[int, int, int, Change]]
) -> Finding:
    verdicts = _verdicts(compared)
    rose = [layer.kinds[i] for i, *_ in compared if verdicts[i] == "rose"]
    fell = [layer.kinds[i] for i, *_ in compared if verdicts[i] == "fell"]
    other = len(compared) - len(rose) - len(fell)
    parts = [
        f"{words.listing(kinds, limit=3)} {verb}"
        for kinds, verb in ((rose, "rose"), (fell, "fell"))
        if kinds
    ]
    clear = "; ".join(parts) if parts else "no kind changed clearly"
    rest = f"; for {_others(other)} there is no clear change" if parts and other else ""
    return Finding(
        id=f"{layer.name}.kinds-change",
        block=Block.VICTIMS,
        question=f"Which kinds of {layer.noun} rose or fell over a year?",
        sentence=f"From {spans.before_label} to {spans.after_label}, {clear}{rest}.",
        certainty=Certainty.CLEAR if parts else Certainty.NO_CLEAR_CHANGE,
        method=method("change", before=spans.before_label, after=spans.after_label),
        sources=(layer.name,),
        limits=(
            "A change in what is recorded may be a change in reporting or in recording rules.",
            "Changed does not mean caused: nothing here says why.",
            "Of many kinds some change by chance. The words \u2018rose\u2019 and \u2018fell\u2019 "
            "allow for that; the intervals in the chart do not.",
        ),
        chart=IntervalChart(
            title=f"Change by kind, {spans.after_label} against {spans.before_label}",
            description=(
                f"Change in per cent per kind from {spans.before_label} to {spans.after_label}, "
                "with 95 % intervals and a line at no change."
            ),
            categories=tuple(layer.kinds[i] for i, *_ in compared),
            series=Series(
                label="Change",
                values=tuple(_as_change(c.estimate) for *_, c in compared),
                lower=tuple(_as_change(c.ci_lower) for *_, c in compared),
                upper=tuple(_as_change(c.ci_upper) for *_, c in compared),
                limits_label="95 % interval",
            ),
            x_label=f"Change in %, {spans.after_label} against {spans.before_label}",
            reference=0.0,
            reference_label="no change",
        ),
        table=_change_table(layer, spans, compared, verdicts),
        numbers={layer.kinds[i]: _as_change(c.estimate) for i, *_, c in compared},
        cells=_change_cells(layer, spans, compared),
    )


def _change_cells(
    layer: Layer, spans: Spans, compared: list[tuple[int, int, int, Change]]
) -> tuple[CountCells, ...]:
    """Each kind in each of the two spans."""
    return tuple(
        CountCells(
            source=layer.name,
            dimensions=("kind", spans.dimension),
            keys=tuple((layer.kinds[i], label) for i, *_ in compared),
            counts=tuple(counts),
            column=column,
            derived=("change", "lower", "upper", "verdict"),
            chart=("change", "lower", "upper"),
            selected=True,
        )
        for column, label, counts in (
            ("before", spans.before_label, [before for _, before, _, _ in compared]),
            ("after", spans.after_label, [after for _, _, after, _ in compared]),
        )
    )


def _others(n: int) -> str:
    return "the other kind" if n == 1 else f"the other {words.number(n)} kinds"


def _verdicts(compared: list[tuple[int, int, int, Change]]) -> dict[int, str]:
    """The word for each kind; a clear one must survive false-discovery control over all."""
    found = benjamini_hochberg(np.asarray([change.p_value for *_, change in compared]))
    verdicts = {}
    for (i, *_, change), survives in zip(compared, found.rejected, strict=True):
        word = words.change_word(change.estimate, change.ci_lower, change.ci_upper)
        verdicts[i] = (word if survives else _softer(word)).value
    return verdicts


def _softer(word: words.ChangeWord) -> words.ChangeWord:
    """The tentative form of a clear word."""
    return {
        words.ChangeWord.ROSE: words.ChangeWord.MAY_HAVE_RISEN,
        words.ChangeWord.FELL: words.ChangeWord.MAY_HAVE_FALLEN,
    }.get(word, word)


def _as_change(ratio: float) -> float:
    return 100.0 * (ratio - 1.0)


def _change_table(
    layer: Layer,
    spans: Spans,
    compared: list[tuple[int, int, int, Change]],
    verdicts: dict[int, str],
) -> Table:
    return Table(
        columns=(
            Column(name="kind", label="Kind, as recorded"),
            Column(name="before", label=spans.before_label, numeric=True),
            Column(name="after", label=spans.after_label, numeric=True),
            Column(name="change", label="Change", unit="%", numeric=True, decimals=1),
            Column(name="lower", label="at least", unit="%", numeric=True, decimals=1),
            Column(name="upper", label="at most", unit="%", numeric=True, decimals=1),
            Column(name="verdict", label="In words"),
        ),
        rows=tuple(
            (
                layer.kinds[i],
                before,
                after,
                _as_change(c.estimate),
                _as_change(c.ci_lower),
                _as_change(c.ci_upper),
                verdicts[i],
            )
            for i, before, after, c in compared
        ),
        caption="Change by kind, with 95 % intervals",
    )
