"""A refusal is kept, so that a partner can see that the rules held."""

from __future__ import annotations

from typing import Any

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision

__all__ = ["keep_refusal"]


def keep_refusal(
    sender: Any, *, actor: Actor, action: str, thing: Any, decision: Decision, **_: Any
) -> None:
    """Write down who was refused what; who is in no workspace leaves no trace in one."""
    if not actor.is_member:
        return
    kept = thing if hasattr(thing, "_meta") else None
    record(actor, action, kept, kind="refusal", reason=str(decision.reason))
