"""Who may join and part claims and grounds."""

from __future__ import annotations

from typing import Any

from commonlight.web.policy import Actor, Decision, rule
from commonlight.web.thread.kinds import key_of, kind_named

__all__ = ["link_claim"]


@rule("thread.link")
def link_claim(actor: Actor, claim: Any) -> Decision:
    """Who may change the claim may say what it rests on."""
    return kind_named(key_of(claim)[0]).change(actor, claim)
