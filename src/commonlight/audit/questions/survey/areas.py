"""Where do residents feel how? Never a ranking of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.survey.differences import survey_difference
from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.analysis.survey.small_area_results import SmallAreas
from commonlight.analysis.survey.small_areas import fay_herriot
from commonlight.audit.answers_layer import AnswersLayer, Measure, answer_cells
from commonlight.audit.layers import AreaLayer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.audit.questions.observed import ObservedCause, cause_chart
from commonlight.audit.questions.survey.chances import chances
from commonlight.audit.questions.survey.estimates import about, answered, estimate, scale_of
from commonlight.findings import words
from commonlight.findings.model import AreaMap, Block, Certainty, Column, CountCells, Finding, Table
from commonlight.sources.codebook import Construct

__all__ = ["AreaEstimates", "area_estimates", "area_findings"]

#: Constructs whose first question is told by area; worry only where safety was not asked.
MAPPED = {
    Construct.PERCEIVED_DISORDER: Block.PROBLEMS,
    Construct.SAFETY: Block.PROBLEMS,
    Construct.WORRY: Block.PROBLEMS,
    Construct.VICTIMISATION: Block.VICTIMS,
}
LEVEL = 0.05
#: Fewer areas than this do not show whether two things go together.
FEWEST_AREAS = 15
#: Rank correlations weaker than this are told as none.
WEAK = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaEstimates:
    """One measure by area: from the area's own answers, and with what is borrowed.

    `lower` and `higher` say which areas differ clearly from the rest of the city.
    """

    measure: Measure
    direct: SurveyEstimates
    small: SmallAreas
    city: SurveyEstimates
    higher: np.ndarray
    lower: np.ndarray


def area_estimates(layer: AnswersLayer, measure: Measure) -> AreaEstimates:
    """Estimate one measure for each area of the layer."""
    assert layer.areas is not None
    n = len(layer.areas.codes)
    direct = estimate(layer, measure, by=layer.area, n_groups=n)
    question = measure.item.item
    bounds = (0.0, 1.0) if measure.share else None
    if bounds is None and question.lowest is not None and question.highest is not None:
        bounds = (float(question.lowest), float(question.highest))
    small = fay_herriot(
        direct.estimate,
        direct.se**2,
        answers=direct.n,
        degrees_of_freedom=direct.degrees_of_freedom,
        bounds=bounds,
    )
    against = survey_difference(measure.values, layer.design, groups=layer.area, n_groups=n)
    clear = benjamini_hochberg(chances(measure, direct, against), level=LEVEL).rejected
    return AreaEstimates(
        measure=measure,
        direct=direct,
        small=small,
        city=estimate(layer, measure),
        higher=clear & (against.estimate > 0),
        lower=clear & (against.estimate < 0),
    )


def area_findings(layer: AnswersLayer, *, causes: tuple[ObservedCause, ...] = ()) -> list[Finding]:
    """The first question of each mapped construct, by area, beside what was observed there."""
    if layer.areas is None or not (layer.area >= 0).any():
        return []
    found = []
    for construct, block in MAPPED.items():
        measure = layer.main_measure(construct)
        twice = construct is Construct.WORRY and layer.measures(Construct.SAFETY)
        if measure is not None and not twice:
            found.append(_finding(layer, layer.areas, measure, block, causes))
    return found


def _finding(
    layer: AnswersLayer,
    areas: AreaLayer,
    measure: Measure,
    block: Block,
    causes: tuple[ObservedCause, ...],
) -> Finding:
    found = area_estimates(layer, measure)
    order = np.argsort(np.asarray(areas.labels, dtype=object), kind="stable")
    felt = measure.construct in (Construct.SAFETY, Construct.WORRY)
    beside = causes if felt else ()
    tested = int(found.direct.available.sum())
    return Finding(
        id=f"{layer.name}.{measure.slug}.areas".replace("_", "-"),
        block=block,
        question=f"{words.capital(about(measure))}: do {areas.noun} differ?",
        sentence=_sentence(areas, found, tested),
        certainty=_certainty(found, tested),
        method=method(
            "small-areas",
            question=measure.item.item.wording,
            areas_with_enough_answers=tested,
            false_discovery_rate=words.percent(LEVEL),
            **_notes(found),
        ),
        sources=(layer.name, *dict.fromkeys(cause.source for cause in beside)),
        details=(*_seen_beside(areas, found, beside), *_details(areas, found)),
        limits=_limits(areas, felt),
        chart=cause_chart(beside),
        map=_map(layer, areas, found),
        table=_table(areas, found, beside, order),
        numbers={
            "tested": tested,
            "higher": int(found.higher.sum()),
            "lower": int(found.lower.sum()),
        },
        cells=_cells(layer, areas, found, order),
        free=("chart",) if beside else (),
        one_sided=False,
    )


def _certainty(found: AreaEstimates, tested: int) -> Certainty:
    if tested < 2:
        return Certainty.CANNOT_TELL
    return Certainty.CLEAR if (found.higher | found.lower).any() else Certainty.NOT_SHOWN


def _sentence(areas: AreaLayer, found: AreaEstimates, tested: int) -> str:
    title = f"{words.capital(about(found.measure))}{scale_of(found.measure)}"
    if tested < 2:
        return (
            f"{title}: we cannot tell whether {areas.noun} differ, for there are too few answers "
            "in each."
        )
    of = f"{words.number(tested)} {areas.noun} with enough answers"
    parts = [
        f"{way} in {words.number(count)}"
        for way, count in (("higher", int(found.higher.sum())), ("lower", int(found.lower.sum())))
        if count
    ]
    if not parts:
        return (
            f"{title}: none of the {of} differs from the rest of the city by more than chance "
            "would explain."
        )
    what = "share" if found.measure.share else "average"
    return (
        f"{title}: of {of}, the {what} is clearly {' and clearly '.join(parts)}, set against the "
        "rest of the city."
    )


def _seen_beside(
    areas: AreaLayer, found: AreaEstimates, causes: tuple[ObservedCause, ...]
) -> tuple[str, ...]:
    """How what was seen goes with what is answered, over all areas; no area is named."""
    from scipy.stats import spearmanr

    ways: dict[str, list[str]] = {"lower": [], "higher": [], "about the same": []}
    for cause in causes:
        both = found.direct.available & np.isfinite(cause.values)
        if both.sum() < FEWEST_AREAS or np.ptp(cause.values[both]) == 0:
            continue
        test = spearmanr(cause.values[both], found.direct.estimate[both])
        way = "about the same" if abs(test.statistic) < WEAK else "higher"
        way = "lower" if test.statistic <= -WEAK else way
        seen = cause.label.removeprefix("Seen: ").lower()
        ways[way].append(f"{seen} ({words.number(test.statistic, decimals=2)})")
    told = [f"{way} with more {words.listing(seen, limit=6)}" for way, seen in ways.items() if seen]
    if not told:
        return ()
    what = "share" if found.measure.share else "average"
    return (
        f"From one of the {areas.noun} to the next, the {what} is {', '.join(told)}, as seen on "
        "site (in brackets the rank correlation, from \u22121 to 1). What goes together need not "
        "be cause and effect.",
    )


def _details(areas: AreaLayer, found: AreaEstimates) -> tuple[str, ...]:
    small = found.small
    if not small.available.any():
        return (f"No area borrows from the others: {small.reason[0]}.",)
    borrowed = small.borrowed[small.available]
    half, most = (words.percent(share) for share in (np.median(borrowed), borrowed.max()))
    how = (
        f"by at most {most}"
        if half == most
        else f"half of them by at most {half}, none by more than {most}"
    )
    return (
        f"Where answers are few, an estimate is drawn towards that of all {areas.noun}: {how}.",
    )


def _notes(found: AreaEstimates) -> dict[str, str]:
    return {"notes": "; ".join(found.small.notes)} if found.small.notes else {}


def _limits(areas: AreaLayer, felt: bool) -> tuple[str, ...]:
    limits = [
        f"The {areas.noun} stand in the order of their names. This is no ranking: their "
        "intervals overlap too much to put them into one.",
        "An estimate that borrows much says more about the city than about the area.",
    ]
    if felt:
        limits.append(
            "What makes people feel unsafe is often not crime: light, noise, dirt, emptiness and "
            "what is told. Look at the causes first."
        )
    return tuple(limits)


def _values(found: AreaEstimates) -> np.ndarray:
    """What is shown for each area: borrowed where that works, else its own; nan = nothing."""
    own = np.where(found.direct.available, found.direct.estimate, np.nan)
    return np.where(found.small.available, found.small.estimate, own)


def _map(layer: AnswersLayer, areas: AreaLayer, found: AreaEstimates) -> AreaMap | None:
    if not areas.mapped:
        return None
    measure = found.measure
    values = _values(found) * (100.0 if measure.share else 1.0)
    unit = _unit(measure)
    if measure.construct is Construct.SAFETY and measure.higher_is_worse is False:
        unit = f"{unit}; darker is safer"
    known = values[np.isfinite(values)]
    span = (
        f"from {words.number(known.min(), decimals=1)} to {words.number(known.max(), decimals=1)}"
        if known.size
        else "without values"
    )
    return AreaMap(
        title=words.capital(f"{about(measure)}, {words.number(len(areas.codes))} {areas.noun}"),
        description=f"Map of {areas.noun} shaded by the answers ({unit}), {span}. None is marked.",
        geometries=areas.polygons,
        labels=areas.labels,
        values=values,
        breaks=quantile_breaks(values),
        unit=unit,
        crs=areas.crs,
        attribution=layer.source.attribution or layer.source.publisher,
    )


def _unit(measure: Measure) -> str:
    if not measure.share:
        scale = measure.item.item.scale
        return f"On average, from {scale}" if scale else "On average"
    said = answered(measure)
    return "% of those who answered" + (f" who say {said}" if said else "")


def _table(
    areas: AreaLayer, found: AreaEstimates, causes: tuple[ObservedCause, ...], order: np.ndarray
) -> Table:
    factor = 100.0 if found.measure.share else 1.0
    direct, small = found.direct, found.small
    rows = []
    for i in order:
        own, model = bool(direct.available[i]), bool(small.available[i])
        rows.append(
            (
                areas.codes[i],
                areas.labels[i],
                *(_number(cause.values[i]) for cause in causes),
                int(direct.n[i]),
                *(
                    float(factor * value[i]) if own else None
                    for value in (direct.estimate, direct.ci_lower, direct.ci_upper)
                ),
                *(
                    float(factor * value[i]) if model else None
                    for value in (small.estimate, small.ci_lower, small.ci_upper)
                ),
                float(100 * small.borrowed[i]) if model else None,
                _verdict(found, int(i)),
            )
        )
    unit = "%" if found.measure.share else ""
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            *(
                Column(name=cause.name, label=cause.label, numeric=True, decimals=1, free=True)
                for cause in causes
            ),
            Column(name="answers", label="Answers", numeric=True),
            _estimate("direct", "Own answers", unit),
            _estimate("direct_lower", "at least", unit),
            _estimate("direct_upper", "at most", unit),
            _estimate("model", "With borrowing", unit),
            _estimate("model_lower", "at least", unit),
            _estimate("model_upper", "at most", unit),
            Column(name="borrowed", label="Borrowed", unit="%", numeric=True),
            Column(name="verdict", label="Against the rest of the city"),
        ),
        rows=tuple(rows),
        caption=words.capital(
            f"{about(found.measure)}{scale_of(found.measure)} by area, in the order of names, "
            "95 % intervals"
        ),
    )


def _estimate(name: str, label: str, unit: str) -> Column:
    return Column(name=name, label=label, unit=unit, numeric=True, decimals=1)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _verdict(found: AreaEstimates, i: int) -> str:
    if not found.direct.available[i]:
        return "too few to say"
    if found.higher[i]:
        return "higher"
    return "lower" if found.lower[i] else "not clearly different"


def _cells(
    layer: AnswersLayer, areas: AreaLayer, found: AreaEstimates, order: np.ndarray
) -> tuple[CountCells, ...]:
    table = answer_cells(
        layer,
        found.measure,
        areas,
        found.direct.n,
        order,
        column="answers",
        derived=("direct", "direct_lower", "direct_upper", "verdict"),
        fitted=("model", "model_lower", "model_upper", "borrowed"),
    )
    if not areas.mapped:
        return (table,)
    return (table, answer_cells(layer, found.measure, areas, found.direct.n, shown_in="map"))
