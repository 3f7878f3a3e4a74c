"""The impact questions: law, ethics, gender, other uses of the place and more, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.models import ImpactAnswer
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = ["UNKNOWN", "Aspect", "answer_aspect", "aspects_of", "content", "open_aspects"]


UNKNOWN = "unknown"
"""The answer that stands without words."""


@dataclass(frozen=True)
class Aspect:
    """One aspect with its questions and the answer."""

    row: dict[str, Any]
    answer: ImpactAnswer | None

    @property
    def answer_title(self) -> Any:
        """The answer in words."""
        rows = {one["id"]: one["title"] for one in content()["answer"]}
        return rows[self.answer.answer] if self.answer else ""


def content() -> dict[str, Any]:
    """The content file of the impact questions."""
    return read_content("commonlight.web.design.review", "impact_screen")


@read_once
def aspects_of(problem: Problem) -> list[Aspect]:
    """All aspects of a problem."""
    rows = ImpactAnswer.objects.of(problem.workspace).filter(problem=problem)
    answers = {one.aspect: one for one in rows.select_related("author__organisation")}
    return [Aspect(row, answers.get(row["id"])) for row in content()["aspect"]]


def open_aspects(problem: Problem) -> list[Aspect]:
    """The aspects that nobody has answered."""
    return [one for one in aspects_of(problem) if one.answer is None]


@transaction.atomic
def answer_aspect(
    actor: Actor, problem: Problem, aspect: str, *, answer: str, text: str
) -> ImpactAnswer:
    """Yes in this way, no because, or not known yet; who can says how it will be found out.

    Raises
    ------
    ReviewError
        If an answer other than “not known yet” has no words.
    """
    require(actor, "design.write", problem)
    if not text.strip() and answer != UNKNOWN:
        raise ReviewError(_("Say it in a sentence."))
    made, _is_new = ImpactAnswer.objects.of(problem.workspace).update_or_create(
        workspace=problem.workspace,
        problem=problem,
        aspect=aspect,
        defaults={
            "answer": answer,
            "text": text.strip(),
            "author": actor.membership,
            "answered_at": timezone.now(),
        },
    )
    found: ImpactAnswer = made
    record(actor, "review.impact", problem, number=problem.number, aspect=aspect)
    return found
