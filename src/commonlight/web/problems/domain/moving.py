"""Move a problem on its path; what may follow what stands in `states.toml`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, decide, require
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem
from commonlight.web.states import StateTable, read_table

__all__ = ["LABELS", "ReasonError", "may_move", "move", "states", "take"]

LABELS = dict(ProblemState.choices)
WITH_REASON = frozenset({"set_aside", "redefine", "redesign"})


class ReasonError(ValueError):
    """A step that asks for a reason, taken without one."""


def states() -> StateTable:
    """The table of the states of a problem."""
    return read_table("commonlight.web.problems", machine="problem")


def may_move(actor: Actor, problem: Problem, action: str) -> Decision:
    """Whether the actor may take this step now, and if not, why."""
    may = decide(actor, "problem.move", problem)
    return states().decide(problem.state, action, LABELS) if may else may


@transaction.atomic
def move(
    actor: Actor, problem: Problem, action: str, *, reason: str = "", at: datetime | None = None
) -> Problem:
    """Take a step of the table: start_design, brief, redefine, redesign, set_aside or take_up.

    The steps `open_framing`, `close_framing` and `define` have actions of their own, which look
    at more than the state.

    Raises
    ------
    NotNow
        If the step does not fit the state.
    ReasonError
        If the step asks for a reason.
    Refused
        If the actor may not move the problem.
    """
    require(actor, "problem.move", problem)
    if action in WITH_REASON and not reason.strip():
        raise ReasonError(_("Say why. The reason stays in the record."))
    return take(actor, problem, action, reason=reason, at=at)


def take(
    actor: Actor | None,
    problem: Problem,
    action: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> Problem:
    """Change the state by the table, under a lock, and record it."""
    held = Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)
    problem.state = states().after(held.state, action, LABELS)
    problem.state_since, problem.state_reason = at or timezone.now(), reason.strip()
    problem.save(update_fields=["state", "state_since", "state_reason"])
    record(
        actor,
        f"problem.{action}",
        problem,
        workspace=problem.workspace,
        number=problem.number,
        state=problem.state,
    )
    return problem
