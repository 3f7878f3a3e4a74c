"""The guards of a focus area: what a design must say, and what must not stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.design.domain.concepts import current_version
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.plan_texts import PlanText, texts_by_concept
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.models import GuardAnswer
from commonlight.web.design.theory.domain.reading import texts_of, theory_of
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Guard",
    "Hit",
    "answer_guard",
    "answer_words",
    "areas_of",
    "detected",
    "guards_of",
    "guards_of_many",
    "open_guards",
    "parameters_of",
]

BEFORE = 30
"""A pattern does not count where a word of negation stands in so many letters before it."""


@dataclass(frozen=True)
class Hit:
    """Words that must not stand in a design, and where they stand."""

    words: str
    where: Any
    address: str


@dataclass(frozen=True)
class Guard:
    """One guard with its answer, and what stands against it."""

    area: dict[str, Any]
    row: dict[str, Any]
    answer: GuardAnswer | None
    hits: tuple[Hit, ...] = ()

    @property
    def key(self) -> str:
        """The name of the guard among those of all areas."""
        return f"{self.area['id']}-{self.row['id']}"

    @property
    def is_answered(self) -> bool:
        """Whether the design passes the guard."""
        if self.hits or self.answer is None:
            return False
        if self.row["kind"] == "absence":
            return self.answer.is_confirmed
        return bool(self.answer.text) and (self.row["kind"] == "text" or bool(self.answer.choices))

    @property
    def said(self) -> str:
        """The sentence with which the design passes the guard."""
        return self.answer.text if self.answer is not None and self.is_answered else ""

    @property
    def refusal(self) -> str:
        """What the design or an answer falls short of; nothing, as long as nobody has answered."""
        if self.is_answered or (self.answer is None and not self.hits):
            return ""
        if self.hits or self.row["kind"] != "absence":
            return str(self.row["refusal"])
        return _("Nobody has confirmed yet: %(rule)s") % {"rule": self.row["satisfied_by"]}

    @property
    def open_text(self) -> str:
        """What is open about the guard: the refusal, or the question that waits for an answer."""
        return self.refusal or str(self.row["question"])


def areas_of(problem: Problem) -> list[dict[str, Any]]:
    """The focus area and the theme of a problem, with their parameters and guards."""
    known = {one["id"]: one for one in _content()["area"]}
    chosen = [known[name] for name in (problem.focus_area, problem.theme) if name in known]
    return [known.get(one.get("same_as", ""), one) for one in chosen]


def parameters_of(concept: Concept) -> list[tuple[dict[str, Any], dict[str, Any], Any]]:
    """The questions on which guards depend, each with its area and its answer."""
    answers = _answers(concept.problem).get(concept.pk, {})
    return [
        (area, one, answers.get((area["id"], one["id"], True)))
        for area in areas_of(concept.problem)
        for one in area.get("parameter", ())
        if one["id"] in _deciding(area)
    ]


def guards_of(concept: Concept) -> list[Guard]:
    """The guards that apply to a concept, with their answers and what stands against them."""
    return guards_of_many(concept.problem, [concept])[concept.pk]


def guards_of_many(problem: Problem, concepts: list[Concept]) -> dict[int, list[Guard]]:
    """The guards of several concepts of a problem; the queries do not grow with them."""
    areas = areas_of(problem)
    rows = [(area, row) for area in areas for row in area.get("guard", ())]
    answers = _answers(problem)
    is_read = any(row["kind"] == "absence" for _area, row in rows)
    texts = texts_by_concept(problem) if is_read else {}
    behind = _behind(problem) if is_read else []

    def guards(one: Concept) -> list[Guard]:
        own = answers.get(one.pk, {})
        read = [*texts.get(one.pk, ()), *behind]
        return [
            Guard(area, row, own.get((area["id"], row["id"], False)), tuple(_hits(row, read)))
            for area, row in rows
            if _applies(own, area, row)
        ]

    return {one.pk: guards(one) for one in concepts}


def open_guards(concept: Concept) -> list[Guard]:
    """The guards that the concept does not pass yet."""
    return [one for one in guards_of(concept) if not one.is_answered]


def open_parameters(concept: Concept) -> list[dict[str, Any]]:
    """The questions on which guards depend and that nobody has answered."""
    return [one for _area, one, answer in parameters_of(concept) if answer is None]


@transaction.atomic
def answer_guard(
    actor: Actor,
    concept: Concept,
    area: str,
    name: str,
    *,
    choices: Iterable[str] = (),
    text: str = "",
    is_confirmed: bool = False,
    is_parameter: bool = False,
) -> GuardAnswer:
    """Answer a guard, or a question on which guards depend.

    Raises
    ------
    ReviewError
        If something stands in the design that must not, or somebody else has to confirm it.
    """
    require(actor, "design.write", concept.problem)
    if is_confirmed:
        _require_free(actor, concept, area, name)
    made, _is_new = GuardAnswer.objects.of(concept.workspace).update_or_create(
        workspace=concept.workspace,
        concept=concept,
        area=area,
        name=name,
        is_parameter=is_parameter,
        defaults={
            "choices": list(choices),
            "text": text.strip(),
            "is_confirmed": is_confirmed,
            "concept_version": current_version(concept).number,
            "author": actor.membership,
            "answered_at": timezone.now(),
        },
    )
    found: GuardAnswer = made
    record(actor, "review.guard", concept.problem, concept=concept.number, guard=name)
    return found


def answer_words(names: Iterable[str]) -> list[Any]:
    """Chosen answers in words."""
    known = {one["id"]: one["title"] for one in _content()["answer"]}
    return [known.get(one, one) for one in names]


def detected(row: dict[str, Any], text: str) -> str:
    """The words of a text that a guard refuses; empty where there are none."""
    for language, patterns in row.get("detect", {}).items():
        for pattern in patterns:
            for match in _compiled(pattern).finditer(text):
                before = text[max(0, match.start() - BEFORE) : match.start()]
                if not _compiled(_content()["negation"][language]).search(before):
                    return match.group()
    return ""


def _require_free(actor: Actor, concept: Concept, area: str, name: str) -> None:
    if actor.role != "coordinator":
        raise ReviewError(_("The coordinator confirms this. Ask her or him."))
    guard = next(
        (one for one in guards_of(concept) if (one.area["id"], one.row["id"]) == (area, name)), None
    )
    if guard is not None and guard.hits:
        raise ReviewError(str(guard.row["refusal"]))


def _content() -> dict[str, Any]:
    return read_content("commonlight.web.problems", "focus_areas")


def _behind(problem: Problem) -> list[PlanText]:
    """The texts of the theory, which stands behind every concept of the problem."""
    theory = theory_of(problem)
    found = texts_of(theory) if theory is not None else []
    return [PlanText(one, _("Theory of change"), "") for one in found]


def _hits(row: dict[str, Any], texts: list[PlanText]) -> Iterable[Hit]:
    for one in texts if row["kind"] == "absence" else ():
        words = detected(row, one.text)
        if words:
            yield Hit(words, one.where, one.address)


Answers = dict[tuple[str, str, bool], GuardAnswer]
"""The answers of one concept by area, name, and whether it is a parameter."""


@read_once
def _answers(problem: Problem) -> dict[int, Answers]:
    """What all concepts of a problem answer, so that a page reads it once for whichever it asks."""
    rows = GuardAnswer.objects.of(problem.workspace).filter(concept__problem=problem)
    found: dict[int, Answers] = {}
    for one in rows.select_related("author__organisation"):
        found.setdefault(one.concept_id, {})[one.area, one.name, one.is_parameter] = one
    return found


def _deciding(area: dict[str, Any]) -> set[str]:
    """The parameters of an area on which a guard depends."""
    return {
        str(row["applies_when"]).partition(" = ")[0]
        for row in area.get("guard", ())
        if row["applies_when"] != "always"
    }


def _applies(answers: Answers, area: dict[str, Any], row: dict[str, Any]) -> bool:
    """A guard that depends on a parameter applies where that value was chosen."""
    if row["applies_when"] == "always":
        return True
    name, _sign, value = str(row["applies_when"]).partition(" = ")
    answer = answers.get((area["id"], name, True))
    return answer is not None and value in answer.choices


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
