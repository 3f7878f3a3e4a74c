"""One wave of a survey, laid out with its design and its areas for the questions of an audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.audit.layers import AreaLayer
from commonlight.findings.model import CountCells, SourceNote
from commonlight.sources.answers import AnswerItem, Answers
from commonlight.sources.codebook import CodebookItem, Construct

__all__ = [
    "COMPARED_GROUPS",
    "CONSTRUCT_NAMES",
    "AnswersLayer",
    "Measure",
    "answer_cells",
    "make_answers_layer",
    "measures_of",
]

#: Groups that answers are compared by unless the configuration names others.
COMPARED_GROUPS = ("sex", "gender", "age", "age_group")

#: How a report calls each construct; they are shown apart and never merged.
CONSTRUCT_NAMES: Mapping[Construct, str] = {
    Construct.PERCEIVED_DISORDER: "what residents see that disturbs them",
    Construct.VICTIMISATION: "what residents lived through",
    Construct.SAFETY: "how safe residents feel",
    Construct.SAFETY_CHANGE: "whether residents feel that safety has changed",
    Construct.WORRY: "what residents worry about",
    Construct.PERCEIVED_RISK: "what residents think may happen to them",
    Construct.BEHAVIOUR: "what residents do or avoid for their safety",
    Construct.TRUST_POLICE: "how residents rate the police",
    Construct.COLLECTIVE_EFFICACY: "whether neighbours stand in for each other",
    Construct.OTHER: "what else was asked",
}


#: Places of a question that are an area's own.
_NEAR = ("neighbourhood", "area", "street")

#: Whether a high code means more trouble, by what the codebook says of it. "More" and "less"
#: have no better end: more of what is asked may be more fear or more help.
_WORSE = {"safe": False, "better": False, "unsafe": True, "worse": True}


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """One number for each answer that may be averaged: a rating, a share or one choice.

    `values` has shape (n,), nan = missing. For a share, `share` is true and values are 0 or 1.
    """

    name: str
    label: str
    item: AnswerItem
    values: np.ndarray
    share: bool
    unit: str

    @property
    def construct(self) -> Construct:
        """What it is about."""
        return self.item.item.construct

    @property
    def slug(self) -> str:
        """The name as it may stand in the identifier of a finding, and so in a file name."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.name).strip("-") or "item"

    @property
    def ends(self) -> tuple[float, ...]:
        """What the axis of a chart must reach: 0 for shares in per cent, the ends of a scale."""
        if self.share:
            return (0.0,)
        question = self.item.item
        return tuple(float(end) for end in (question.lowest, question.highest) if end is not None)

    @property
    def higher_is_worse(self) -> bool | None:
        """Whether a high value means more trouble; None where that is not known.

        What a high code means is in the codebook; a share of the lower codes means the opposite.
        """
        worse = _WORSE.get(self.item.item.high_is or "")
        if worse is None and self.construct is Construct.VICTIMISATION:
            return True
        if worse is None or not self.share:
            return worse
        codes = self.item.item.values()
        counted = [codes[code] for code in self.item.item.share_of if code in codes]
        if not counted:
            return None
        upper = np.mean(counted) >= np.mean(list(codes.values()))
        return worse if upper else not worse


@dataclass(frozen=True, kw_only=True, eq=False)
class AnswersLayer:
    """The answers of one survey. Arrays have one entry per answer sheet.

    `area` is an index into `areas.codes` (-1 = none or not known). `compared` names the groups
    that answers are compared by.
    """

    name: str
    noun: str
    source: SourceNote
    answers: Answers
    design: SurveyDesign
    areas: AreaLayer | None
    area: np.ndarray
    compared: tuple[str, ...] = COMPARED_GROUPS

    @property
    def n(self) -> int:
        """Answer sheets."""
        return self.answers.n

    @property
    def field_days(self) -> tuple[date, date] | None:
        """First and last day of the interviews."""
        days = self.answers.day
        if days is None or np.isnat(days).all():
            return None
        known = days[~np.isnat(days)]
        return known.min().item(), known.max().item()

    def measures(self, construct: Construct) -> tuple[Measure, ...]:
        """What can be averaged about one construct, in the order of the questionnaire."""
        return tuple(m for m in self._measures.values() if m.construct == construct)

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        """Everything that can be averaged, by name, in the order of the questionnaire."""
        found = (m for name, item in self.answers.items.items() for m in measures_of(name, item))
        return {measure.name: measure for measure in found}

    def main_measure(self, construct: Construct) -> Measure | None:
        """The question that stands for a construct where only one can be shown; None without.

        Of what people lived through the broadest one, that most say yes to. Else one about the own
        neighbourhood before one about home or city, one with many steps before one with few
        (four-step questions on safety have a ceiling), and the earlier before the later.
        """
        measures = self.measures(construct)
        if not measures:
            return None
        if construct is Construct.VICTIMISATION:
            shares = [m for m in measures if m.share and np.isfinite(m.values).any()]
            return max(shares, key=lambda m: float(np.nanmean(m.values)), default=measures[0])
        return max(measures, key=lambda m: (m.item.item.place in _NEAR, not m.share))

    def told(self, construct: Construct) -> tuple[Measure, ...]:
        """All measures of a construct, the main one first."""
        main = self.main_measure(construct)
        others = tuple(m for m in self.measures(construct) if main is None or m.name != main.name)
        return (main, *others) if main is not None else others

    def measure(self, name: str) -> Measure:
        """The measure of an item by the item's name; KeyError where there is none."""
        return self._measures[name]


def answer_cells(
    layer: AnswersLayer,
    measure: Measure,
    areas: AreaLayer,
    answers: np.ndarray,
    order: Iterable[int] | None = None,
    **shown: Any,
) -> CountCells:
    """Answers to one question by area, in the order of a table or map."""
    positions = range(len(areas.codes)) if order is None else [int(i) for i in order]
    return CountCells(
        source=f"{layer.name}/answers",
        dimensions=("item", "area"),
        keys=tuple((measure.name, areas.codes[i]) for i in positions),
        counts=tuple(int(answers[i]) for i in positions),
        **shown,
    )


def make_answers_layer(
    answers: Answers,
    *,
    name: str,
    noun: str,
    source: SourceNote,
    areas: AreaLayer | None,
    compared: tuple[str, ...] = COMPARED_GROUPS,
) -> AnswersLayer:
    """Join the answers to the areas and describe how they were sampled."""
    return AnswersLayer(
        name=name,
        noun=noun,
        source=source,
        answers=answers,
        design=_design(answers),
        areas=areas,
        area=_areas_of(answers, areas),
        compared=compared,
    )


def _design(answers: Answers) -> SurveyDesign:
    return SurveyDesign(
        weights=answers.weight,
        strata=_known(answers.stratum),
        clusters=_known(answers.cluster),
        population=answers.stratum_population if _known(answers.stratum) is not None else None,
        replicate_weights=answers.replicate_weights,
        replicate_scale=None
        if answers.replicate_weights is None
        else 1.0 / answers.replicate_weights.shape[1],
    )


def _known(column: object) -> np.ndarray | None:
    """Codes of a column of the design; None where it is missing for any answer."""
    codes = getattr(column, "codes", None)
    if codes is None or (codes < 0).any():
        return None
    return np.asarray(codes, dtype=np.int64)


def _areas_of(answers: Answers, areas: AreaLayer | None) -> np.ndarray:
    found = np.full(answers.n, -1, dtype=np.int64)
    if areas is None or answers.area is None:
        return found
    position = {code: index for index, code in enumerate(areas.codes)}
    index = np.array([position.get(label, -1) for label in answers.area.labels] + [-1])
    found[:] = index[answers.area.codes]
    return found


def measures_of(name: str, item: AnswerItem) -> list[Measure]:
    """What can be averaged about one question: a rating, a share, or one share for each choice."""
    question = item.item
    if question.kind == "multiple":
        return [
            Measure(
                name=f"{name}/{code}",
                label=f"{_label(question)}: {question.labels.get(code, code)}",
                item=item,
                values=values,
                share=True,
                unit="%",
            )
            for code, values in item.choices.items()
        ]
    if question.share_of:
        counted = " or ".join(question.labels.get(code, code) for code in question.share_of)
        return [
            Measure(
                name=name,
                label=_label(question) if counted == "yes" else f"{_label(question)}: {counted}",
                item=item,
                values=item.share(),
                share=True,
                unit="%",
            )
        ]
    if question.kind == "number" or question.high_is is not None:
        return [
            Measure(
                name=name,
                label=_label(question),
                item=item,
                values=item.values,
                share=False,
                unit=question.scale or "value",
            )
        ]
    codes = question.values()
    return [
        Measure(
            name=f"{name}/{code}",
            label=f"{_label(question)}: {label}",
            item=item,
            values=np.where(np.isnan(item.values), np.nan, item.values == codes[code]),
            share=True,
            unit="%",
        )
        for code, label in question.labels.items()
    ]


def _label(question: CodebookItem) -> str:
    return question.title or question.name.replace("_", " ")
