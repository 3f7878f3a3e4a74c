"""Open a problem and say what is wrong; each version of the statement stays as it was."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.solutions import read_problem
from commonlight.web.problems.models import Problem, Statement
from commonlight.web.workspaces.models import Workspace

__all__ = ["PARTS", "SolutionError", "current_statement", "open_problem", "state_anew"]

PARTS = ("sentence", "place", "period", "groups_harmed", "harm", "effects", "disputed")
"""The parts of a statement, in the order in which they are read."""


class SolutionError(ValueError):
    """A text that names a measure where something wrong should be named."""

    def __init__(self, part: str, family: Any, example: str) -> None:
        super().__init__(
            _(
                "Your text names a measure (%(family)s), but not what is wrong. Say what happens, "
                "where and when, and who is harmed by it. For example: “%(example)s”"
            )
            % {"family": family, "example": example}
        )
        self.part = part


@transaction.atomic
def open_problem(
    actor: Actor, *, title: str, focus_area: str = "", theme: str = "", **parts: str
) -> Problem:
    """A new problem with the next number and the first version of its statement.

    Raises
    ------
    SolutionError
        If the title or a part names a solution only.
    """
    require(actor, "problem.open")
    _refuse_solutions(title=title, **parts)
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = Problem.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    problem: Problem = Problem.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        focus_area=focus_area,
        theme=theme,
        opened_by=actor.membership,
        first_framed_by=actor.membership.organisation,
    )
    _version(actor, problem, 1, parts)
    record(actor, "problem.open", problem, number=problem.number)
    return problem


@transaction.atomic
def state_anew(
    actor: Actor, problem: Problem, *, reason: str, is_joint: bool = False, **parts: str
) -> Statement:
    """A new version of the statement, with what moved it; a version that changes nothing is none.

    Raises
    ------
    SolutionError
        If a part names a solution only.
    Refused
        If the actor may not write in the record.
    """
    require(actor, "problem.write", problem)
    _refuse_solutions(**parts)
    Problem.objects.of(actor.workspace).select_for_update().get(pk=problem.pk)
    before = current_statement(problem)
    same = all(getattr(before, name) == parts.get(name, "").strip() for name in PARTS)
    if same and before.is_joint == is_joint:
        return before
    made = _version(actor, problem, before.number + 1, parts, reason=reason, is_joint=is_joint)
    record(actor, "problem.restate", problem, number=problem.number, version=made.number)
    return made


def current_statement(problem: Problem) -> Statement:
    """The newest version of the statement."""
    found: Statement = problem.statements.order_by("-number")[0]
    return found


def _version(
    actor: Actor, problem: Problem, number: int, parts: dict[str, str], **more: Any
) -> Statement:
    made: Statement = Statement.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=number,
        author=actor.membership,
        **{name: parts.get(name, "").strip() for name in PARTS},
        **more,
    )
    return made


def _refuse_solutions(**texts: str) -> None:
    """Title, sentence and harm say what is wrong; other parts may name what they like."""
    for name in ("title", "sentence", "harm"):
        found = read_problem(texts.get(name, ""))
        if found.is_refused:
            raise SolutionError(name, found.family_title, found.example)
