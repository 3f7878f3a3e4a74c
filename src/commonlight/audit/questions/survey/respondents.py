"""Who answered, and who is missing: respondents against residents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonlight.analysis.survey.estimates import MINIMUM_ANSWERS
from commonlight.analysis.survey.representation import Representation, compare_sample
from commonlight.audit.answers_layer import AnswersLayer
from commonlight.audit.methods import method
from commonlight.findings import words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table

__all__ = ["Compared", "called", "missing_groups", "respondent_findings", "respondents"]

#: The division by area, which is told as a number of areas and not by their names.
AREA = "area"


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """One division of the answers set against residents; `found` is None without residents."""

    name: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    answers: np.ndarray
    weighted: np.ndarray
    found: Representation | None


def respondents(layer: AnswersLayer) -> tuple[Compared, ...]:
    """Answers by sex, age and other compared groups, against residents where they are known."""
    compared = []
    for name, group in layer.answers.groups.items():
        if name not in layer.compared:
            continue
        codes, n = group.codes, len(group.labels)
        use = codes >= 0
        answers = np.bincount(codes[use], minlength=n)
        weighted = np.bincount(codes[use], weights=layer.answers.weight[use], minlength=n)
        residents = layer.areas.group_residents(name, group.labels) if layer.areas else None
        compared.append(
            Compared(
                name=name,
                codes=group.labels,
                labels=group.labels,
                answers=answers,
                weighted=weighted / weighted.sum() if weighted.sum() else weighted,
                found=None if residents is None else compare_sample(answers, residents),
            )
        )
    return (*compared, *_by_area(layer))


def _by_area(layer: AnswersLayer) -> tuple[Compared, ...]:
    """Answers by area against residents: adults where they are known, else everybody."""
    areas = layer.areas
    residents = None if areas is None else areas.residents_who_could_answer
    if areas is None or residents is None or len(areas.codes) < 2 or not (layer.area >= 0).any():
        return ()
    n, use = len(areas.codes), layer.area >= 0
    answers = np.bincount(layer.area[use], minlength=n)
    weighted = np.bincount(layer.area[use], weights=layer.answers.weight[use], minlength=n)
    return (
        Compared(
            name=AREA,
            codes=areas.codes,
            labels=areas.labels,
            answers=answers,
            weighted=weighted / weighted.sum() if weighted.sum() else weighted,
            found=compare_sample(answers, np.nan_to_num(residents)),
        ),
    )


def called(group: str, label: str) -> str:
    """What a sentence calls a group: its label, with what it is grouped by before a number.

    Examples
    --------
    >>> called("age", "18-24"), called("sex", "women")
    ('age 18-24', 'women')
    """
    return f"{group.replace('_', ' ')} {label}" if label[:1].isdigit() else label


def missing_groups(layer: AnswersLayer) -> tuple[str, ...]:
    """Groups whose voice is missing or weak among the answers, each once."""
    return tuple(
        called(item.name, item.labels[k])
        for item in respondents(layer)
        if item.found is not None and item.name != AREA
        for k in np.flatnonzero(item.found.under_represented)
    )


def respondent_findings(layer: AnswersLayer) -> list[Finding]:
    """How many answered, when, and which groups are too few."""
    compared = respondents(layer)
    known = [item for item in compared if item.found is not None and item.name != AREA]
    weak = missing_groups(layer)
    thin = _thin_areas(layer)
    return [
        Finding(
            id=f"{layer.name}.respondents",
            block=Block.CONTEXT,
            question="Who answered the survey, and who is missing?",
            sentence=_sentence(layer, bool(known), weak),
            certainty=Certainty.DESCRIPTIVE,
            method=method(
                "representation",
                answers_needed_for_an_estimate=MINIMUM_ANSWERS,
            ),
            sources=(
                layer.name,
                *([f"residents-{layer.areas.name}"] if known and layer.areas is not None else []),
            ),
            details=_details(layer, thin, compared),
            limits=_limits(layer, bool(known)),
            table=_table(compared) if compared else None,
            numbers={"answers": layer.n, "thin_areas": thin, "weak_groups": len(weak)},
            cells=_cells(layer, compared),
            one_sided=False,
        )
    ]


def _sentence(layer: AnswersLayer, known: bool, weak: tuple[str, ...]) -> str:
    days = layer.field_days
    when = f" from {words.day(days[0])} to {words.day(days[1])}" if days else ""
    text = f"{words.number(layer.n)} {layer.noun} answered{when}"
    if not known:
        return (
            f"{text}; who is missing among them is not known, for there is no count of residents "
            "by group."
        )
    if not weak:
        return f"{text}; none of the groups that were compared with residents is clearly too small."
    return (
        f"{text}; compared with all residents, too few of them are of "
        f"{words.listing(list(weak), limit=4)}."
    )


def _thin_areas(layer: AnswersLayer) -> int:
    if layer.areas is None:
        return 0
    count = np.bincount(layer.area[layer.area >= 0], minlength=len(layer.areas.codes))
    return int((count < MINIMUM_ANSWERS).sum())


def _details(layer: AnswersLayer, thin: int, compared: tuple[Compared, ...]) -> tuple[str, ...]:
    details = []
    if layer.areas is not None and thin:
        details.append(
            f"{words.number(thin)} of {words.number(len(layer.areas.codes))} {layer.areas.noun} "
            f"have fewer than {MINIMUM_ANSWERS} answers and get no estimate of their own."
        )
    details += _area_detail(layer, compared)
    unknown = int((layer.area < 0).sum())
    if layer.areas is not None and unknown:
        details.append(
            f"{words.percent(unknown / max(layer.n, 1))} of the answers belong to none of the "
            f"{layer.areas.noun}."
        )
    return (*details, *(f"{words.capital(note)}." for note in layer.answers.notes))


def _area_detail(layer: AnswersLayer, compared: tuple[Compared, ...]) -> list[str]:
    """How many areas gave clearly fewer answers than their share of residents."""
    found = next((item.found for item in compared if item.name == AREA), None)
    if found is None or layer.areas is None:
        return []
    few = int(found.under_represented.sum())
    noun, n = layer.areas.noun, words.number(len(layer.areas.codes))
    if not few:
        return [f"None of the {n} {noun} has clearly fewer answers than its share of residents."]
    return [
        f"{words.number(few)} of {n} {noun} {'has' if few == 1 else 'have'} clearly fewer answers "
        "than their share of residents. Where as many were asked in each, that is by design, and "
        "the weights correct it."
    ]


def _limits(layer: AnswersLayer, known: bool) -> tuple[str, ...]:
    limits = [
        "Weights can make a group count for its due share. They cannot make the few who answered "
        "speak for those who did not.",
    ]
    if not layer.answers.weighted:
        limits.append("There are no weights: those who answer gladly count for too much.")
    if not known:
        limits.append(
            "Residents by sex and age, which the statistics office has, would show who is missing."
        )
    return tuple(limits)


def _table(compared: tuple[Compared, ...]) -> Table:
    rows = []
    for item in compared:
        total = max(int(item.answers.sum()), 1)
        for k, label in enumerate(item.labels):
            found = item.found
            rows.append(
                (
                    label,
                    item.name.replace("_", " "),
                    int(item.answers[k]),
                    float(100 * item.answers[k] / total),
                    float(100 * item.weighted[k]),
                    None if found is None else float(100 * found.share_population[k]),
                    "not known" if found is None else found.mark[k],
                )
            )
    return Table(
        columns=(
            Column(name="group", label="Group"),
            Column(name="by", label="By"),
            Column(name="answers", label="Answers", numeric=True),
            Column(name="share", label="Of the answers", unit="%", numeric=True, decimals=1),
            Column(name="weighted", label="Once weighted", unit="%", numeric=True, decimals=1),
            Column(
                name="residents",
                label="Of residents",
                unit="%",
                numeric=True,
                decimals=1,
                free=True,
            ),
            Column(name="mark", label="Among those who answered"),
        ),
        rows=tuple(rows),
        caption="Who answered, before and after weighting, against residents",
    )


def _cells(layer: AnswersLayer, compared: tuple[Compared, ...]) -> tuple[CountCells, ...]:
    total = CountCells(
        source=layer.name, dimensions=(), keys=((),), counts=(layer.n,), shown_in="text"
    )
    if not compared:
        return (total,)
    rows = [(g, k) for g, item in enumerate(compared) for k in range(len(item.labels))]
    return (
        total,
        CountCells(
            source=layer.name,
            dimensions=tuple(item.name for item in compared),
            keys=tuple(
                tuple(compared[h].codes[k] if g == h else "" for h in range(len(compared)))
                for g, k in rows
            ),
            counts=tuple(int(compared[g].answers[k]) for g, k in rows),
            column="answers",
            derived=("share", "weighted", "mark"),
        ),
    )
