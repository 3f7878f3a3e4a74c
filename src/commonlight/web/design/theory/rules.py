"""Who may change a theory: who may design, as long as the problem is not set aside."""

from __future__ import annotations

from commonlight.web.policy import Actor, Decision, Refused, decide
from commonlight.web.policy.rules import refusal_shown
from commonlight.web.problems.models import Problem
from commonlight.web.problems.rules import write_problem

__all__ = ["may_write", "require_write"]


def may_write(actor: Actor, problem: Problem) -> Decision:
    """Whether the actor may change the theory of the problem, and if not, why."""
    for decision in (decide(actor, "problem.view", problem), decide(actor, "design.write")):
        if not decision:
            return decision
    return write_problem(actor, problem)


def require_write(actor: Actor, problem: Problem) -> None:
    """Let pass, or stop with the reason; a stop is logged.

    Raises
    ------
    Refused
        With the decision.
    """
    decision = may_write(actor, problem)
    if not decision:
        refusal_shown.send(
            Actor, actor=actor, action="design.write", thing=problem, decision=decision
        )
        raise Refused("design.write", decision)
