"""Who may plan engagement and answer what people said."""

from __future__ import annotations

from typing import Any

from commonlight.web.policy import Actor, Decision, decide, rule

__all__ = ["manage_engagement", "write_reply"]


@rule("engagement.manage")
def manage_engagement(actor: Actor, thing: Any) -> Decision:
    """The record of a problem that was set aside is read only."""
    return decide(actor, "problem.write", getattr(thing, "problem", thing))


@rule("reply.write")
def write_reply(actor: Actor, thing: Any) -> Decision:
    """As with everything that is written into the record of a problem."""
    return decide(actor, "problem.write", getattr(thing, "problem", thing))
