"""What the evidence room holds for a problem, by its own words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from commonlight.web.knowledge.domain.searching import Hit, search
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.models import Problem
from commonlight.web.thread.kinds import Key

__all__ = ["Suggested", "suggested_for"]

MOST = 5


@dataclass(frozen=True)
class Suggested:
    """Practices and statements that the words of a problem lead to, the best fit first."""

    practices: tuple[Hit, ...]
    statements: tuple[Hit, ...]


def suggested_for(actor: Actor, problem: Problem, *, without: Collection[Key]) -> Suggested:
    """What title, statement and causes lead to; nothing of what was looked at before.

    A long text holds many words by the way. So a practice must be tied to what the text means, and
    not to the kind of place or a word alone; a statement must hold two of its words. Of both, one
    word must say more than of whom, where and when one speaks.
    """
    found = search(actor, " ".join(_told(problem)))
    return Suggested(
        _first(
            "practice", [one for one in found.practices if one.is_meant and one.is_telling], without
        ),
        _first(
            "statement",
            [one for one in found.statements if len(one.words) > 1 and one.is_telling],
            without,
        ),
    )


def _told(problem: Problem) -> list[str]:
    causes = problem.causes.filter(withdrawn_at=None, left_out_reason="").order_by("pk")
    texts = [problem.title, current_statement(problem).sentence]
    return [*texts, *causes.values_list("text", flat=True)]


def _first(kind: str, hits: Collection[Hit], without: Collection[Key]) -> tuple[Hit, ...]:
    return tuple(one for one in hits if (kind, one.id) not in without)[:MOST]
