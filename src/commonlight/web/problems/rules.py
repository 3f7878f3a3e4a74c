"""Who may open, write and move a problem."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem

__all__ = ["move_problem", "write_problem"]


@rule("problem.write")
def write_problem(actor: Actor, problem: Problem) -> Decision:
    """The record of a problem that was set aside is read only."""
    if problem.state == ProblemState.SET_ASIDE:
        return refused(
            _("This problem was set aside; its record is kept as it is."),
            _("Take it up again first."),
        )
    return allowed


@rule("problem.move")
def move_problem(actor: Actor, problem: Problem) -> Decision:
    """The owner's people and the coordinator move a problem on its path."""
    if actor.role == "coordinator" or problem.owner_id in (None, actor.organisation_id):
        return allowed
    return refused(
        _("Only %(owner)s and the coordinator may do this.") % {"owner": problem.owner},
        _("Ask the coordinator of this workspace."),
    )
