"""One question of a survey by group or area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.audit.answers_layer import AnswersLayer, Measure, make_answers_layer
from commonlight.audit.questions.survey.estimates import estimate
from commonlight.audit.single.results import MethodResult
from commonlight.audit.single.tables import open_data_set, source_note
from commonlight.findings import words
from commonlight.sources.answers import Answers, read_answers
from commonlight.sources.codebook import Construct

__all__ = ["estimates_of", "survey_result"]


def survey_result(table: str, lake: Path, item: str | None, by: str | None) -> MethodResult:
    """Estimates of one question, with their intervals."""
    measure, labels, found = estimates_of(table, lake, item=item, by=by)
    factor = 100.0 if measure.share else 1.0
    rows = [
        (label, int(found.n[k]), *_shown(found, k, factor), found.reason[k])
        for k, label in enumerate(labels)
    ]
    unit = "%" if measure.share else measure.unit
    return MethodResult(
        result={"item": measure.name, "unit": unit, "groups": list(labels), "estimates": found},
        sentence=f"{measure.label} ({unit}): \u2018{measure.item.item.wording}\u2019",
        lines=found.notes,
        columns=("group", "answers", "estimate", "at least", "at most", "design effect", "note"),
        rows=tuple(rows),
    )


def estimates_of(
    table: str, lake: Path, *, item: str | None, by: str | None
) -> tuple[Measure, tuple[str, ...], SurveyEstimates]:
    """Estimates of one question, with the labels of the groups they are for.

    Raises
    ------
    LakeError
        There is no such data set.
    ValueError
        No question or group was named that the survey has.
    """
    answers = read_answers(open_data_set(table, lake))
    source = source_note(table, answers.n, kind="answers", witness="survey")
    layer = make_answers_layer(answers, name=table, noun="residents", source=source, areas=None)
    measure = _measure(layer, item)
    labels, codes = _groups(answers, by)
    return measure, labels, estimate(layer, measure, by=codes, n_groups=len(labels))


def _measure(layer: AnswersLayer, item: str | None) -> Measure:
    known = [m.name for construct in Construct for m in layer.measures(construct)]
    if item not in known:
        asked = "name a question with --item" if item is None else f"no question {item!r}"
        raise ValueError(f"{asked}; the survey has {words.listing(known, limit=40)}")
    return layer.measure(item)


def _groups(answers: Answers, by: str | None) -> tuple[tuple[str, ...], np.ndarray]:
    if by is None:
        return ("all",), np.zeros(answers.n, dtype=np.int64)
    columns = dict(answers.groups)
    if answers.area is not None:
        columns["area"] = answers.area
    if by not in columns:
        raise ValueError(
            f"no group {by!r}; the survey has {words.listing(list(columns), limit=20)}"
        )
    return columns[by].labels, columns[by].codes.astype(np.int64)


def _shown(found: Any, k: int, factor: float) -> tuple[float | None, ...]:
    if not found.available[k]:
        return (None,) * 4
    values = (found.estimate, found.ci_lower, found.ci_upper)
    return (*(float(factor * value[k]) for value in values), float(found.deff[k]))
