"""Who answers otherwise: women and men, young and old?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.survey.differences import survey_difference
from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.audit.answers_layer import AnswersLayer, Measure
from commonlight.audit.methods import method
from commonlight.audit.questions.survey.chances import chances
from commonlight.audit.questions.survey.estimates import (
    FEW,
    about,
    answered,
    estimate,
    scale_of,
    written,
)
from commonlight.audit.questions.survey.respondents import called
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
from commonlight.sources.answers import GroupColumn
from commonlight.sources.codebook import Construct

__all__ = ["COMPARED", "group_findings"]

#: Constructs whose first question is told by group. Worry is told where safety was not asked:
#: the two move together, and each keeps its own finding over all residents.
COMPARED = {
    Construct.SAFETY: Block.PROBLEMS,
    Construct.WORRY: Block.PROBLEMS,
    Construct.BEHAVIOUR: Block.PROBLEMS,
    Construct.VICTIMISATION: Block.VICTIMS,
    Construct.TRUST_POLICE: Block.SERVICES,
}
#: More groups than this are a list of places or of free texts, not groups of people.
MOST_GROUPS = 12
LEVEL = 0.05
#: Differences named in a sentence, the largest first; the table holds all.
NAMED = 2


def group_findings(layer: AnswersLayer) -> list[Finding]:
    """The first question of each construct, by the groups that the audit compares."""
    groups = [
        group
        for name, group in layer.answers.groups.items()
        if name in layer.compared and 2 <= len(group.labels) <= MOST_GROUPS
    ]
    if not groups:
        return []
    found = []
    for construct, block in COMPARED.items():
        measure = layer.main_measure(construct)
        twice = construct is Construct.WORRY and layer.measures(Construct.SAFETY)
        if measure is not None and not twice:
            found += _finding(layer, measure, groups, block)
    return found


def _finding(
    layer: AnswersLayer, measure: Measure, groups: list[GroupColumn], block: Block
) -> list[Finding]:
    by_group = [
        estimate(layer, measure, by=g.codes.astype(np.int64), n_groups=len(g.labels))
        for g in groups
    ]
    against = [
        survey_difference(
            measure.values,
            layer.design,
            groups=g.codes.astype(np.int64),
            n_groups=len(g.labels),
        )
        for g in groups
    ]
    clear = _clear(measure, by_group, against)
    rows = [(g, k) for g in range(len(groups)) for k in range(len(groups[g].labels))]
    if not any(by_group[g].available[k] for g, k in rows):
        return []
    labels = [groups[g].labels[k] for g, k in rows]
    names = words.listing([group.name.replace("_", " ") for group in groups])
    return [
        Finding(
            id=f"{layer.name}.{measure.slug}.groups".replace("_", "-"),
            block=block,
            question=f"{words.capital(about(measure))}: do groups by {names} differ?",
            sentence=_sentence(measure, groups, by_group, against, clear, names),
            certainty=Certainty.CLEAR if any(c.any() for c in clear) else Certainty.NOT_SHOWN,
            method=method(
                "survey-estimates",
                question=measure.item.item.wording,
                false_discovery_rate=words.percent(LEVEL),
            ),
            sources=(layer.name,),
            limits=(
                "Groups may understand a question differently, and may dare to say more or less. "
                "A difference says nothing about its reason.",
                "Each group is compared with all others together.",
            ),
            chart=_chart(measure, groups, by_group, rows, labels),
            table=_table(measure, groups, by_group, against, clear, rows),
            numbers={"clear": int(sum(c.sum() for c in clear)), "compared": len(rows)},
            cells=(
                CountCells(
                    source=f"{layer.name}/answers",
                    dimensions=("item", *(group.name for group in groups)),
                    keys=tuple(
                        (
                            measure.name,
                            *(groups[g].labels[k] if g == h else "" for h in range(len(groups))),
                        )
                        for g, k in rows
                    ),
                    counts=tuple(int(by_group[g].n[k]) for g, k in rows),
                    column="answers",
                    derived=("estimate", "lower", "upper", "difference", "verdict"),
                    chart=("estimate", "lower", "upper"),
                ),
            ),
            one_sided=False,
        )
    ]


def _clear(
    measure: Measure, by_group: list[SurveyEstimates], against: list[SurveyEstimates]
) -> list[np.ndarray]:
    """Which differences are clear, with all groups of all columns tested together."""
    pairs = zip(by_group, against, strict=True)
    p = np.concatenate([chances(measure, own, item) for own, item in pairs])
    ends = np.cumsum([len(item.estimate) for item in against])[:-1]
    return list(np.split(benjamini_hochberg(p, level=LEVEL).rejected, ends))


def _sentence(
    measure: Measure,
    groups: list[GroupColumn],
    by_group: list[SurveyEstimates],
    against: list[SurveyEstimates],
    clear: list[np.ndarray],
    names: str,
) -> str:
    title = f"{words.capital(about(measure))}{scale_of(measure)}"
    told: list[tuple[float, str]] = []
    for group, own, item, is_clear in zip(groups, by_group, against, clear, strict=True):
        chosen = np.flatnonzero(is_clear)
        if len(group.labels) == 2:
            chosen = chosen[:1]  # the other one says the same with the other sign
        told += [
            (abs(float(item.estimate[k])), _difference(measure, group, own, item, int(k)))
            for k in chosen
        ]
    if not told:
        return f"{title}: no group by {names} differs clearly from all others."
    told.sort(key=lambda item: -item[0])
    return f"{title}: {'; '.join(text for _, text in told[:NAMED])}."


def _difference(
    measure: Measure, group: GroupColumn, own: SurveyEstimates, against: SurveyEstimates, k: int
) -> str:
    """One group and those it is compared with, and the difference with its interval."""
    rest = called(group.name, group.labels[1 - k]) if len(group.labels) == 2 else "all others"
    value, low, high = (float(v[k]) for v in (against.estimate, against.ci_lower, against.ci_upper))
    here = float(own.estimate[k])
    sizes = sorted((abs(low), abs(high)))
    if measure.share:
        fine = int(sizes[1] < FEW)
        shown = [words.percent(share, decimals=fine) for share in (here, here - value)]
        least, most = (words.number(100 * size, decimals=fine) for size in sizes)
        by = f"{'more' if value > 0 else 'fewer'} by {least} to {most} percentage points"
    else:
        shown = [words.number(mean, decimals=2) for mean in (here, here - value)]
        least, most = (words.number(size, decimals=2) for size in sizes)
        by = f"{'higher' if value > 0 else 'lower'} by {least} to {most}"
    return f"{shown[0]} among {called(group.name, group.labels[k])}, {shown[1]} among {rest} ({by})"


def _chart(
    measure: Measure,
    groups: list[GroupColumn],
    found: list[SurveyEstimates],
    rows: list[tuple[int, int]],
    labels: list[str],
) -> IntervalChart | None:
    shown = [(g, k) for g, k in rows if found[g].available[k]]
    if len(shown) < 2 or len(set(labels)) < len(labels):
        return None
    factor = 100.0 if measure.share else 1.0
    return IntervalChart(
        title=words.capital(f"{about(measure)}, by group"),
        description="; ".join(
            f"{groups[g].labels[k]} "
            + written(measure, found[g].estimate[k], found[g].ci_lower[k], found[g].ci_upper[k])
            for g, k in shown
        )
        + ".",
        categories=tuple(groups[g].labels[k] for g, k in shown),
        series=Series(
            label="Estimate",
            values=tuple(float(factor * found[g].estimate[k]) for g, k in shown),
            lower=tuple(float(factor * found[g].ci_lower[k]) for g, k in shown),
            upper=tuple(float(factor * found[g].ci_upper[k]) for g, k in shown),
            limits_label="95 % interval",
        ),
        x_label=_x_label(measure),
        reaches=measure.ends,
    )


def _x_label(measure: Measure) -> str:
    if not measure.share:
        scale = measure.item.item.scale
        return f"On average, from {scale}" if scale else "On average"
    said = answered(measure)
    return "% of those who answered" + (f" and say {said}" if said else "")


def _table(
    measure: Measure,
    groups: list[GroupColumn],
    found: list[SurveyEstimates],
    against: list[SurveyEstimates],
    clear: list[np.ndarray],
    rows: list[tuple[int, int]],
) -> Table:
    factor = 100.0 if measure.share else 1.0
    table = []
    for g, k in rows:
        shown = bool(found[g].available[k])
        values = (found[g].estimate, found[g].ci_lower, found[g].ci_upper)
        way = "higher" if against[g].estimate[k] > 0 else "lower"
        table.append(
            (
                groups[g].labels[k],
                groups[g].name.replace("_", " "),
                int(found[g].n[k]),
                *(float(factor * value[k]) if shown else None for value in values),
                float(factor * against[g].estimate[k]) if against[g].available[k] else None,
                way if clear[g][k] else ("not clearly different" if shown else "too few answers"),
            )
        )
    unit = "%" if measure.share else ""
    return Table(
        columns=(
            Column(name="group", label="Group"),
            Column(name="by", label="By"),
            Column(name="answers", label="Answers", numeric=True),
            Column(name="estimate", label="Estimate", unit=unit, numeric=True, decimals=1),
            Column(name="lower", label="at least", unit=unit, numeric=True, decimals=1),
            Column(name="upper", label="at most", unit=unit, numeric=True, decimals=1),
            Column(name="difference", label="Against all others", numeric=True, decimals=1),
            Column(name="verdict", label="Clearly"),
        ),
        rows=tuple(table),
        caption=words.capital(f"{about(measure)}{scale_of(measure)} by group, 95 % intervals"),
    )
