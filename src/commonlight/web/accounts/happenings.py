"""What happened to people and their places; the event log, which lies above, listens."""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal

from commonlight.web.policy import Actor

__all__ = ["happened", "tell"]

happened = Signal()
"""Sent with `actor`, `action`, `thing`, `workspace`, `kind` and `detail`."""


def tell(
    actor: Actor | None,
    action: str,
    thing: Any = None,
    *,
    workspace: Any = None,
    kind: str = "change",
    **detail: Any,
) -> None:
    """Tell the event log, in the transaction of what it tells of; no personal data in detail."""
    happened.send(
        tell,
        actor=actor,
        action=action,
        thing=thing,
        workspace=workspace,
        kind=kind,
        detail=detail,
    )
