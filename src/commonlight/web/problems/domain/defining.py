"""Mark a problem as defined, once nothing is missing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, Decision, Refused, refused, require
from commonlight.web.problems.domain.moving import may_move, take
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Lack, known_of, lacks_of

__all__ = ["define", "lacks", "may_define"]


def lacks(actor: Actor, problem: Problem) -> list[Lack]:
    """All that the problem lacks to count as defined."""
    return lacks_of(known_of(actor, [problem]))[problem.pk]


def may_define(actor: Actor, problem: Problem, missing: list[Lack]) -> Decision:
    """Whether the actor may mark the problem as defined now, and if not, why."""
    may = may_move(actor, problem, "define")
    if may and missing:
        return refused(_("Something is missing. The list above says what, and where to mend it."))
    return may


@transaction.atomic
def define(actor: Actor, problem: Problem, *, at: datetime | None = None) -> Problem:
    """Mark the problem as defined.

    Raises
    ------
    Refused
        If something is missing, or the problem is at another point of its path.
    """
    require(actor, "problem.move", problem)
    decision = may_define(actor, problem, lacks(actor, problem))
    if not decision:
        raise Refused("problem.move", decision)
    return take(actor, problem, "define", at=at)
