"""What can be read from reports of residents, and what not?"""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

from commonlight.analysis.rates import Rates, rates
from commonlight.analysis.report_duplicates import LikelyDuplicates, likely_duplicates
from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.audit.answers_layer import AnswersLayer, Measure, answer_cells
from commonlight.audit.counted import area_cells
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.rates import years_covered
from commonlight.audit.questions.survey.estimates import about, estimate
from commonlight.findings import words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table
from commonlight.sources.codebook import Construct

__all__ = ["citizen_report_findings"]

PER = 1000.0
#: Above this p-value a rank correlation may be chance.
LEVEL = 0.05
#: Fewer areas with both witnesses than this are not compared.
FEWEST_AREAS = 8
#: Fewer reports than this say nothing about repeats.
FEWEST_REPORTS = 50


def citizen_report_findings(layer: Layer, surveys: tuple[AnswersLayer, ...] = ()) -> list[Finding]:
    """Repeated reports, and whether reports come from where residents see problems."""
    if layer.record_kind != "reports":
        return []
    found = []
    if layer.street_level and layer.resolution in ("instant", "hour", "day"):
        found += _repeats(layer)
    for survey in surveys:
        measure = survey.main_measure(Construct.PERCEIVED_DISORDER)
        if measure is not None and survey.areas is not None and survey.areas is layer.areas:
            found += _propensity(layer, survey, measure)
            break
    return found


def _repeats(layer: Layer) -> list[Finding]:
    if layer.x.size < FEWEST_REPORTS or (layer.count != 1).any():
        return []  # too few, or counts without the single reports behind them
    day = layer.start.astype("datetime64[s]").astype(np.int64) / 86_400.0
    found = likely_duplicates(layer.x, layer.y, day, layer.kind)
    reports = np.bincount(layer.kind, minlength=len(layer.kinds))
    problems = np.bincount(layer.kind[found.first], minlength=len(layer.kinds))
    order = np.argsort(-reports, kind="stable")
    share = found.share_repeated
    return [
        Finding(
            id=f"{layer.name}.repeated-reports",
            block=Block.PROBLEMS,
            question=f"How many of the {layer.noun} speak of the same problem?",
            sentence=(
                f"{words.number(found.n_reports)} {layer.noun} speak of "
                f"{words.rounded(found.n_problems)} problems: {words.percent(share)} repeat an "
                "earlier one of the same kind nearby."
            ),
            certainty=Certainty.DESCRIPTIVE,
            method=method(
                "report-duplicates",
                distance=f"{found.distance:g} metres",
                time=f"{found.days:g} days after the latest report",
            ),
            sources=(layer.name,),
            details=_unplaced(layer, found),
            limits=(
                "The rule counts too many problems rather than too few: a problem that is placed "
                "wrongly, or reported again after weeks, is counted twice.",
                "Two reports close together may be about two things, and one problem may be "
                "placed wrongly and counted twice.",
                "Many reports of one thing can mean that it is urgent, or that few people know "
                "that it was reported before.",
            ),
            table=Table(
                columns=(
                    Column(name="kind", label="Kind of report"),
                    Column(name="reports", label="Reports", numeric=True),
                    Column(name="problems", label="Likely problems", numeric=True),
                    Column(name="repeated", label="Repeated", unit="%", numeric=True, decimals=1),
                ),
                rows=tuple(
                    (
                        layer.kinds[i],
                        int(reports[i]),
                        int(problems[i]),
                        100 * (1 - problems[i] / reports[i]) if reports[i] else None,
                    )
                    for i in order
                ),
                caption=words.capital(f"{layer.noun} and likely problems by kind"),
            ),
            numbers={"reports": found.n_reports, "problems": found.n_problems},
            cells=(
                CountCells(
                    source=layer.name,
                    dimensions=("kind",),
                    keys=tuple((layer.kinds[i],) for i in order),
                    counts=tuple(int(reports[i]) for i in order),
                    column="reports",
                    derived=("problems", "repeated"),
                ),
                CountCells(
                    source=f"{layer.name}/problems",
                    dimensions=("kind",),
                    keys=tuple((layer.kinds[i],) for i in order),
                    counts=tuple(int(problems[i]) for i in order),
                    column="problems",
                    derived=("repeated",),
                ),
                # Reports less problems: one repeat alone is somebody's own.
                CountCells(
                    source=f"{layer.name}/repeats",
                    dimensions=("kind",),
                    keys=tuple((layer.kinds[i],) for i in order),
                    counts=tuple(int(reports[i] - problems[i]) for i in order),
                    derived=("problems", "repeated"),
                ),
                CountCells(
                    source=f"{layer.name}/repeats",
                    dimensions=(),
                    keys=((),),
                    counts=(found.n_reports - found.n_problems,),
                    shown_in="text",
                ),
            ),
            one_sided=False,
        )
    ]


def _unplaced(layer: Layer, found: LikelyDuplicates) -> tuple[str, ...]:
    if not found.n_unplaced:
        return ()
    share = words.percent(found.n_unplaced / found.n_reports)
    return (f"{words.capital(share)} of {layer.noun} have no place and count as problems apart.",)


def _propensity(layer: Layer, survey: AnswersLayer, measure: Measure) -> list[Finding]:
    areas = layer.areas
    assert areas is not None
    if areas.population is None:
        return []
    counts = layer.area_counts()
    rate = rates(counts, areas.population * years_covered(layer), per=PER)
    seen = estimate(survey, measure, by=survey.area, n_groups=len(areas.codes))
    city = estimate(survey, measure)
    both = seen.available & ~rate.too_small
    if both.sum() < FEWEST_AREAS:
        return []
    test = spearmanr(rate.estimate[both], seen.estimate[both])
    quiet = both & (rate.ci_upper < rate.overall) & (seen.ci_lower > city.estimate[0])
    return [
        Finding(
            id=f"{layer.name}.reporting",
            block=Block.PROBLEMS,
            question=f"Do {layer.noun} come from where residents see problems?",
            sentence=_propensity_sentence(
                layer, areas, both, (float(test.statistic), float(test.pvalue)), quiet
            ),
            certainty=Certainty.TENTATIVE,
            method=method(
                "reporting-propensity",
                survey_item=measure.label,
                areas=int(both.sum()),
                rank_correlation=f"{test.statistic:.2f} (p = {test.pvalue:.3f})",
            ),
            sources=(layer.name, survey.name),
            limits=(
                f"{words.capital(layer.noun)} depend on who knows the service, has the time and "
                "expects an answer. They count the willingness to report as much as problems.",
                "The survey asks about problems in general, the service takes reports of single "
                "things. They need not agree even where everybody reports.",
            ),
            table=_propensity_table(areas, counts, rate, seen, quiet, measure),
            numbers={"areas": int(both.sum()), "rank_correlation": float(test.statistic)},
            cells=(
                area_cells(layer, areas, counts, column="reports", derived=("rate", "verdict")),
                answer_cells(
                    survey, measure, areas, seen.n, column="answers", derived=("seen", "verdict")
                ),
            ),
            one_sided=False,
        )
    ]


def _propensity_sentence(
    layer: Layer, areas: AreaLayer, both: np.ndarray, test: tuple[float, float], quiet: np.ndarray
) -> str:
    correlation, p_value = test
    if p_value > LEVEL:
        how = "do not clearly follow where residents see more problems"
    elif correlation > 0:
        how = "tend to come from where residents see more problems"
    else:
        how = "tend to come from where residents see fewer problems"
    text = (
        f"Over {words.number(both.sum())} {areas.noun}, {layer.noun} {how} "
        f"(rank correlation {words.number(correlation, decimals=2)})"
    )
    if not quiet.any():
        return f"{text}."
    return (
        f"{text}; in {words.number(quiet.sum())} of them residents see clearly more problems than "
        "in the city and report clearly less."
    )


def _propensity_table(
    areas: AreaLayer,
    counts: np.ndarray,
    rate: Rates,
    seen: SurveyEstimates,
    quiet: np.ndarray,
    measure: Measure,
) -> Table:
    estimate_, small = rate.estimate, rate.too_small
    factor, unit = (100.0, "%") if measure.share else (1.0, "")
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="answers", label="Answers", numeric=True),
            Column(
                name="seen",
                label=words.capital(about(measure)),
                unit=unit,
                numeric=True,
                decimals=1,
            ),
            Column(name="reports", label="Reports", numeric=True),
            Column(
                name="rate",
                label=f"Reports a year per {words.number(PER)} residents",
                numeric=True,
                decimals=1,
            ),
            Column(name="verdict", label="Quiet"),
        ),
        rows=tuple(
            (
                areas.codes[i],
                areas.labels[i],
                int(seen.n[i]),
                float(factor * seen.estimate[i]) if seen.available[i] else None,
                int(counts[i]),
                None if small[i] else float(estimate_[i]),
                "yes" if quiet[i] else "",
            )
            for i in range(len(areas.codes))
        ),
        caption="What residents see and what they report, by area; quiet: sees more, reports less",
    )
