"""What happens to people and their places, told from below, is kept here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Membership

__all__ = ["keep_happening"]


def keep_happening(
    sender: Any,
    *,
    actor: Actor | None,
    action: str,
    thing: Any,
    workspace: Any,
    kind: str,
    detail: dict[str, Any],
    **_: Any,
) -> None:
    """One event; what a person does to her own account also in the log of her workspaces."""
    record(actor, action, thing, workspace=workspace, kind=kind, **detail)
    if actor is None or actor.user_id is None or actor.workspace or workspace:
        return
    for place in _workspaces(actor.user_id):
        record(replace(actor, workspace=place), action, thing, kind=kind, **detail)


def _workspaces(user_id: int) -> list[Any]:
    found = (
        Membership.objects.everywhere("log a sign-in where the person belongs")
        .filter(user_id=user_id, ended_at__isnull=True)
        .select_related("workspace")
        .order_by("workspace__slug")
    )
    return [one.workspace for one in found]
