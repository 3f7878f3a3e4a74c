"""Who may change what about people, beyond the role."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.models import Membership, Space
from commonlight.web.workspaces.people.members import is_last_coordinator
from commonlight.web.workspaces.rules import view_space

__all__ = ["manage_people", "manage_space"]


@rule("people.manage")
def manage_people(actor: Actor, thing: Any) -> Decision:
    """An ended membership stays as it is; the last coordinator stays."""
    if not isinstance(thing, Membership):
        return allowed
    if thing.ended_at is not None:
        return refused(_("This membership has ended."), _("Invite the person again."))
    if thing.user_id == actor.user_id and is_last_coordinator(thing):
        return refused(
            _("You are the last coordinator of this workspace."),
            _("Make somebody else a coordinator first."),
        )
    return allowed


@rule("space.manage")
def manage_space(actor: Actor, space: Space) -> Decision:
    """Whoever may not enter a space may not change it either."""
    return view_space(actor, space)
