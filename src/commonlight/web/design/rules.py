"""Who may write in a design, and who may vote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.design.domain.voting import has_voted
from commonlight.web.design.enums import VoteKind, VoteState
from commonlight.web.design.models import Vote
from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.problems.models import Problem
from commonlight.web.problems.rules import write_problem

__all__ = ["vote_once", "write_design"]


@rule("design.write")
def write_design(actor: Actor, thing: Any) -> Decision:
    """Everything of a design is written as long as the record of its problem is."""
    problem = thing if isinstance(thing, Problem) else thing.problem
    return write_problem(actor, problem)


@rule("design.vote")
def vote_once(actor: Actor, vote: Vote) -> Decision:
    """A member votes once, while the vote is open."""
    if vote.kind != VoteKind.MEMBERS:
        return refused(
            _("In this vote the dots on the wall are counted."),
            _("Give your dots to those who lead the workshop."),
        )
    if vote.state != VoteState.OPEN:
        return refused(_("This vote is closed."))
    if has_voted(actor, vote):
        return refused(_("You have voted. Each member votes once."))
    return allowed
