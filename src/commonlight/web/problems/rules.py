"""Who may open, write, frame and move a problem."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import FrameRound, Problem
from commonlight.web.ui.dates import date_format

__all__ = ["answer_round", "move_problem", "write_problem"]


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


@rule("problem.frame")
def answer_round(actor: Actor, round: FrameRound) -> Decision:
    """Each organisation that was asked answers for itself, until the closing time."""
    if round.is_open or round.is_due():
        return refused(
            _("The answers have been closed since %(time)s.")
            % {"time": date_format(localtime(round.closes_at), "DATETIME_FORMAT")},
            _("What you would say now belongs into the joint statement."),
        )
    if actor.organisation_id not in {one.pk for one in round.organisations.all()}:
        return refused(
            _("Your organisation was not asked this time."),
            _("Ask the coordinator to invite it to the next round."),
        )
    return allowed
