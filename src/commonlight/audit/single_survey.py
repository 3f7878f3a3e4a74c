"""One question of a survey by group or area, for the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.audit.answers_layer import AnswersLayer, Measure, make_answers_layer
from commonlight.audit.questions.survey.estimates import estimate
from commonlight.findings import words
from commonlight.findings.model import SourceNote
from commonlight.sources.answers import Answers, read_answers
from commonlight.sources.codebook import Construct
from commonlight.sources.errors import LakeError
from commonlight.sources.lake import Lake

__all__ = ["estimates_of"]


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
    if table not in Lake(lake).names():
        raise LakeError(
            f"the lake at {lake} has no data set {table!r}; "
            f"see commonlight sources list --lake {lake}"
        )
    answers = read_answers(Lake(lake).open(table))
    layer = make_answers_layer(
        answers, name=table, noun="residents", source=_note(table, answers.n), areas=None
    )
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


def _note(table: str, rows: int) -> SourceNote:
    return SourceNote(
        id=table,
        name=table,
        kind="answers",
        publisher="",
        licence="",
        first_day=None,
        last_day=None,
        age_days=None,
        rows_read=rows,
        rows_accepted=rows,
        rows_rejected=0,
        digest="",
        witness="survey",
    )
