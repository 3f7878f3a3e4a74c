"""What do residents say? One finding for each construct, none of them merged."""

from __future__ import annotations

import numpy as np

from commonlight.analysis.survey.estimates import (
    SurveyEstimates,
    survey_mean,
    survey_proportion,
)
from commonlight.audit.answers_layer import CONSTRUCT_NAMES, AnswersLayer, Measure
from commonlight.audit.methods import method
from commonlight.evidence.survey_items import NIGHT_WALK, single_item_warning
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
from commonlight.sources.codebook import CodebookItem, Construct

__all__ = ["FEW", "about", "answered", "construct_findings", "estimate", "scale_of", "written"]

#: Constructs in the order in which they are told: what is seen and lived through comes before
#: what is felt.
ORDER = {
    Construct.PERCEIVED_DISORDER: Block.PROBLEMS,
    Construct.SAFETY: Block.PROBLEMS,
    Construct.WORRY: Block.PROBLEMS,
    Construct.PERCEIVED_RISK: Block.PROBLEMS,
    Construct.SAFETY_CHANGE: Block.PROBLEMS,
    Construct.BEHAVIOUR: Block.PROBLEMS,
    Construct.VICTIMISATION: Block.VICTIMS,
    Construct.TRUST_POLICE: Block.SERVICES,
    Construct.COLLECTIVE_EFFICACY: Block.STRENGTHS,
}
#: The question of each finding.
QUESTIONS = {
    Construct.PERCEIVED_DISORDER: "What do {noun} see that disturbs them?",
    Construct.SAFETY: "How safe do {noun} feel?",
    Construct.WORRY: "What do {noun} worry about?",
    Construct.PERCEIVED_RISK: "What do {noun} think may happen to them?",
    Construct.SAFETY_CHANGE: "Do {noun} feel that safety has changed?",
    Construct.BEHAVIOUR: "What do {noun} do or avoid for their safety?",
    Construct.VICTIMISATION: "What have {noun} lived through?",
    Construct.TRUST_POLICE: "How do {noun} rate the police?",
    Construct.COLLECTIVE_EFFICACY: "Do neighbours stand in for each other?",
}
#: Measures named in a sentence; the table holds all.
NAMED = 2
#: Shares under this are written with one decimal.
FEW = 0.1
#: Ratings with an interval shorter than this are written with two decimals, else with one.
SHORT = 0.2
_PERCENT = 100.0
_DARK = ("night", "after dark", "dark", "evening")
_NEAR = ("neighbourhood", "area", "street")


def construct_findings(layer: AnswersLayer) -> list[Finding]:
    """One finding for each construct that the survey asks about."""
    found = []
    for construct, block in ORDER.items():
        measures = layer.told(construct)
        if measures:
            found.append(_construct_finding(layer, construct, block, measures))
    return found


def estimate(
    layer: AnswersLayer,
    measure: Measure,
    *,
    by: np.ndarray | None = None,
    n_groups: int | None = None,
) -> SurveyEstimates:
    """The weighted mean, or the weighted share, of a measure by group."""
    ask = survey_proportion if measure.share else survey_mean
    found: SurveyEstimates = ask(measure.values, layer.design, by=by, n_groups=n_groups)
    return found


def written(measure: Measure, value: float, lower: float, upper: float) -> str:
    """An estimate with its interval: a share in per cent, a rating with one decimal or two."""
    if measure.share:
        fine = 1 if upper < FEW else 0
        shown, low, high = (words.percent(v, decimals=fine) for v in (value, lower, upper))
        return f"{shown} (between {low} and {high})"
    return words.estimate(value, lower, upper, decimals=2 if upper - lower < SHORT else 1)


def about(measure: Measure) -> str:
    """What a measure is about, without the answers that are counted."""
    return measure.item.item.title or measure.item.item.name.replace("_", " ")


def answered(measure: Measure) -> str:
    """The answers that a share counts, in quotes; empty for a rating, and for a plain yes."""
    question = measure.item.item
    if not measure.share:
        return ""
    if question.kind != "multiple" and question.share_of:
        counted = [question.labels.get(code, code) for code in question.share_of]
    else:
        counted = [measure.label.removeprefix(f"{about(measure)}: ")]
    if counted == ["yes"]:
        return ""
    return " or ".join(f"\u2018{label}\u2019" for label in counted)


def scale_of(measure: Measure) -> str:
    """What stands in brackets after the title: the counted answers, or the ends of the scale."""
    inside = answered(measure) if measure.share else measure.item.item.scale
    return f" ({inside})" if inside else ""


def _construct_finding(
    layer: AnswersLayer, construct: Construct, block: Block, measures: tuple[Measure, ...]
) -> Finding:
    found = [estimate(layer, measure) for measure in measures]
    shown = [bool(item.available[0]) for item in found]
    told = CONSTRUCT_NAMES[construct]
    return Finding(
        id=f"{layer.name}.{construct.value.replace('_', '-')}",
        block=block,
        question=QUESTIONS[construct].format(noun=layer.noun),
        sentence=_sentence(layer, construct, measures, found, shown),
        certainty=Certainty.DESCRIPTIVE if any(shown) else Certainty.CANNOT_TELL,
        method=method("survey-estimates", **_parameters(layer, found)),
        sources=(layer.name,),
        details=_details(measures, found),
        limits=_limits(layer, construct, measures),
        chart=_chart(measures, found, shown, told),
        table=_table(measures, found, shown, told),
        numbers={
            measure.name: {
                "estimate": float(item.estimate[0]),
                "lower": float(item.ci_lower[0]),
                "upper": float(item.ci_upper[0]),
                "answers": int(item.n[0]),
            }
            for measure, item, is_shown in zip(measures, found, shown, strict=True)
            if is_shown
        },
        cells=_cells(layer, measures, found),
        one_sided=False,
    )


def _parameters(layer: AnswersLayer, found: list[SurveyEstimates]) -> dict[str, object]:
    design = layer.design
    drawn = "weights" if layer.answers.weighted else "no weights"
    if design.strata is not None:
        drawn += f", {words.counted(design.n_strata, 'stratum', 'strata')}"
    if design.clusters is not None:
        drawn += f", {words.counted(design.n_units, 'cluster')}"
    if design.n_replicates:
        drawn += f", {words.number(design.n_replicates)} replicate weights"
    known = [item.deff[0] for item in found if item.available[0]]
    effect = {"design_effect": f"{min(known):.2f} to {max(known):.2f}"} if known else {}
    return {"design": drawn, **effect}


def _sentence(
    layer: AnswersLayer,
    construct: Construct,
    measures: tuple[Measure, ...],
    found: list[SurveyEstimates],
    shown: list[bool],
) -> str:
    told = [
        (measure, item)
        for measure, item, is_shown in zip(measures, found, shown, strict=True)
        if is_shown
    ]
    if not told:
        return f"We cannot tell {CONSTRUCT_NAMES[construct]}: too few {layer.noun} answered."
    named = [told[0], *sorted(told[1:], key=lambda pair: not _dark_nearby(pair[0]))][:NAMED]
    before = [None, *(measure for measure, _ in named)]
    clauses = [_clause(*pair, last) for pair, last in zip(named, before, strict=False)]
    return words.capital(f"{'; '.join(clauses)}.")


def _dark_nearby(measure: Measure) -> bool:
    """Whether it is safety in the own neighbourhood after dark, the best known question."""
    question = measure.item.item
    is_safety = question.construct is Construct.SAFETY
    return is_safety and question.place in _NEAR and _after_dark(question)


def _clause(measure: Measure, item: SurveyEstimates, before: Measure | None) -> str:
    """One measure; what the one before has said of the answers is not said again."""
    value = written(measure, item.estimate[0], item.ci_lower[0], item.ci_upper[0])
    head = f"{about(measure)}: {value}"
    same = before is not None and scale_of(before) == scale_of(measure)
    if same and before is not None and before.share == measure.share:
        return head
    if not measure.share:
        scale = measure.item.item.scale
        return f"{head} on average" + (f", from {scale}" if scale else "")
    said = answered(measure)
    return f"{head} of those who answered" + (f" say {said}" if said else "")


def _details(measures: tuple[Measure, ...], found: list[SurveyEstimates]) -> tuple[str, ...]:
    routed = {
        about(measure): measure.item.item.asked_of
        for measure in measures
        if measure.item.item.asked_of
    }
    told = [f"The question on {name} was put to {who} alone." for name, who in routed.items()]
    notes = dict.fromkeys(note for item in found for note in item.notes)
    return (*told, *(f"{words.capital(note)}." for note in notes))


def _limits(
    layer: AnswersLayer, construct: Construct, measures: tuple[Measure, ...]
) -> tuple[str, ...]:
    limits = [
        "The interval covers the chance of the draw alone. It does not cover those who were not "
        "reached, did not want to answer, or understood the question otherwise.",
    ]
    if len(measures) > 1:
        limits.append(
            "Each question is told by itself. An average over questions would hide which one moved."
        )
    if not layer.answers.weighted:
        limits.append("The answers have no weights, so groups that answer more count for more.")
    if any(not measure.item.item.exact for measure in measures):
        limits.append(
            "The wording is described here, not quoted, so this wave must not be compared with "
            "another by it."
        )
    warning = _night_walk_warning(layer) if construct is Construct.SAFETY else None
    if warning:
        limits.append(warning)
    if construct is Construct.VICTIMISATION:
        limits.append(
            "People forget, and remember things as more recent than they were. What happens at "
            "home is told least."
        )
    return tuple(limits)


def _night_walk_warning(layer: AnswersLayer) -> str:
    """The known criticism where safety is asked by the night-walk question alone."""
    items = [item.item for item in layer.answers.items.values()]
    safety = [item for item in items if item.construct is Construct.SAFETY]
    if not all(_after_dark(item) for item in safety):
        return ""
    found = single_item_warning({item.construct.value for item in items}, items=[NIGHT_WALK])
    return found.text if found is not None else ""


def _after_dark(item: CodebookItem) -> bool:
    return item.item_id == NIGHT_WALK or (item.time_of_day or "").lower() in _DARK


def _chart(
    measures: tuple[Measure, ...], found: list[SurveyEstimates], shown: list[bool], told: str
) -> IntervalChart | None:
    """The measures that share a scale; where there are two scales, those of the fuller one."""
    by_scale: dict[tuple[bool, str], list[tuple[Measure, SurveyEstimates]]] = {}
    for measure, item, is_shown in zip(measures, found, shown, strict=True):
        if is_shown:
            scale = "%" if measure.share else measure.unit
            by_scale.setdefault((measure.share, scale), []).append((measure, item))
    same = max(by_scale.values(), key=len, default=[])
    if len(same) < 2:
        return None
    first = same[0][0]
    factor = _PERCENT if first.share else 1.0
    one_answer = len({answered(measure) for measure, _ in same}) == 1
    labels = [about(m) if one_answer else m.label for m, _ in same]
    if len(set(labels)) < len(labels):
        labels = [measure.label for measure, _ in same]
    said = answered(first) if one_answer else ""
    return IntervalChart(
        title=words.capital(told),
        description="; ".join(
            f"{m.label} {written(m, i.estimate[0], i.ci_lower[0], i.ci_upper[0])}" for m, i in same
        )
        + ".",
        categories=tuple(words.capital(label) for label in labels),
        series=Series(
            label="Estimate",
            values=tuple(float(factor * i.estimate[0]) for _, i in same),
            lower=tuple(float(factor * i.ci_lower[0]) for _, i in same),
            upper=tuple(float(factor * i.ci_upper[0]) for _, i in same),
            limits_label="95 % interval",
        ),
        x_label=(
            "% of those who answered" + (f" who say {said}" if said else "")
            if first.share
            else words.capital(f"on average, from {first.item.item.scale}")
            if first.item.item.scale
            else "On average"
        ),
        reaches=first.ends,
    )


def _table(
    measures: tuple[Measure, ...], found: list[SurveyEstimates], shown: list[bool], told: str
) -> Table:
    rows = []
    for measure, item, is_shown in zip(measures, found, shown, strict=True):
        factor = _PERCENT if measure.share else 1.0
        values = (item.estimate, item.ci_lower, item.ci_upper)
        rows.append(
            (
                measure.label,
                measure.item.item.wording,
                int(item.n[0]),
                "% of those who answered" if measure.share else measure.unit,
                *(float(factor * value[0]) if is_shown else None for value in values),
                float(item.n_effective[0]) if is_shown else None,
                float(item.deff[0]) if is_shown else None,
            )
        )
    return Table(
        columns=(
            Column(name="item", label="Item"),
            Column(name="question", label="Question"),
            Column(name="answers", label="Answers", numeric=True),
            Column(name="unit", label="Scale"),
            Column(name="estimate", label="Estimate", numeric=True, decimals=1),
            Column(name="lower", label="at least", numeric=True, decimals=1),
            Column(name="upper", label="at most", numeric=True, decimals=1),
            Column(name="effective", label="Worth as many answers", numeric=True),
            Column(name="deff", label="Design effect", numeric=True, decimals=2),
        ),
        rows=tuple(rows),
        caption=f"{words.capital(told)}, weighted, with 95 % intervals",
    )


def _cells(
    layer: AnswersLayer, measures: tuple[Measure, ...], found: list[SurveyEstimates]
) -> tuple[CountCells, ...]:
    return (
        CountCells(
            source=f"{layer.name}/answers",
            dimensions=("item",),
            keys=tuple((measure.name,) for measure in measures),
            counts=tuple(int(item.n[0]) for item in found),
            column="answers",
            derived=("estimate", "lower", "upper", "effective", "deff"),
            chart=("estimate", "lower", "upper"),
        ),
    )
