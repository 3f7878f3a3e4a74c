"""Open a problem and say what is wrong; each version of the statement stays as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.solutions import read_problem
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Problem, Statement
from commonlight.web.workspaces.models import Organisation, Workspace
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "PARTS",
    "SolutionError",
    "add_version",
    "check_parts",
    "current_statement",
    "describe",
    "frames_alone",
    "note_framed_alone",
    "open_problem",
    "state_anew",
]

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
    actor: Actor,
    *,
    title: str,
    owner: Organisation | None = None,
    focus_area: str = "",
    theme: str = "",
    at: datetime | None = None,
    **parts: str,
) -> Problem:
    """A new problem with the next number and the first version of its statement: a signal.

    `owner` answers for it; without one, anybody who may can move it on.

    Raises
    ------
    SolutionError
        If the title or a part names a solution only.
    PersonError
        If a text holds an e-mail address or a phone number.
    """
    require(actor, "problem.open")
    check_parts(title=title, **parts)
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = Problem.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    now = at or timezone.now()
    problem: Problem = Problem.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        owner=owner,
        focus_area=focus_area,
        theme=theme,
        opened_by=actor.membership,
        opened_at=now,
        state_since=now,
    )
    _version(actor, problem, 1, parts, created_at=now)
    owned: dict[str, Any] = {"owner": owner.pk} if owner is not None else {}
    record(actor, "problem.open", problem, number=problem.number, **owned)
    return problem


@transaction.atomic
def describe(
    actor: Actor, problem: Problem, *, title: str, owner: Any, focus_area: str, theme: str
) -> Problem:
    """Give the problem its title, who answers for it, and where it belongs.

    Raises
    ------
    SolutionError
        If the title names a solution only.
    """
    require(actor, "problem.move", problem)
    require(actor, "problem.write", problem)
    check_parts(title=title)
    problem.title, problem.owner = title.strip(), owner
    problem.focus_area, problem.theme = focus_area, theme
    problem.save(update_fields=["title", "owner", "focus_area", "theme"])
    record(
        actor,
        "problem.describe",
        problem,
        number=problem.number,
        owner=owner.pk if owner else None,
        focus_area=focus_area,
        theme=theme,
    )
    return problem


@transaction.atomic
def state_anew(
    actor: Actor, problem: Problem, *, reason: str, at: datetime | None = None, **parts: str
) -> Statement:
    """A new version of the statement, with what moved it; a version that changes nothing is none.

    Who writes before partners were asked apart frames the problem alone, and the record says so
    for ever.

    Raises
    ------
    SolutionError
        If a part names a solution only.
    PersonError
        If a text holds an e-mail address or a phone number.
    Refused
        If the actor may not write in the record.
    """
    require(actor, "problem.write", problem)
    check_parts(**parts, reason=reason)
    Problem.objects.of(actor.workspace).select_for_update().get(pk=problem.pk)
    before = current_statement(problem)
    if all(getattr(before, name) == parts.get(name, "").strip() for name in PARTS):
        return before
    note_framed_alone(actor, problem)
    return add_version(actor, problem, parts, reason=reason, at=at)


def add_version(
    actor: Actor,
    problem: Problem,
    parts: dict[str, str],
    *,
    reason: str,
    is_joint: bool = False,
    at: datetime | None = None,
) -> Statement:
    """The next version, with the causes as they stand now; the caller has asked whether."""
    number = current_statement(problem).number + 1
    made = _version(
        actor,
        problem,
        number,
        parts,
        reason=reason.strip(),
        is_joint=is_joint,
        causes=_causes(problem),
        created_at=at or timezone.now(),
    )
    record(actor, "problem.restate", problem, number=problem.number, version=made.number)
    return made


def frames_alone(problem: Problem) -> bool:
    """Whether who writes now frames the problem before any partner has answered apart."""
    return (
        problem.first_framed_by_id is None and not problem.rounds.exclude(opened_at=None).exists()
    )


def note_framed_alone(actor: Actor, problem: Problem) -> None:
    """Keep for ever which organisation framed the problem before others were asked."""
    if frames_alone(problem):
        problem.first_framed_by = actor.membership.organisation
        problem.save(update_fields=["first_framed_by"])
        record(actor, "problem.framed_alone", problem, number=problem.number)


@read_once
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


def _causes(problem: Problem) -> list[dict[str, Any]]:
    rows = problem.causes.filter(withdrawn_at=None).order_by("pk")
    same = ("text", "family", "reach", "is_disputed", "is_presumed", "left_out_reason")
    return [{name: getattr(one, name) for name in same} for one in rows]


def check_parts(**texts: str) -> None:
    """Title, sentence and harm say what is wrong; no part says how to reach a person."""
    refuse_contacts(**texts)
    for name in ("title", "sentence", "harm"):
        found = read_problem(texts.get(name, ""))
        if found.is_refused:
            raise SolutionError(name, found.family_title, found.example)
