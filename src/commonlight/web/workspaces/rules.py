"""Who may enter a space."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role, SpaceRoleKind
from commonlight.web.workspaces.models import Space, SpaceRole

__all__ = ["role_in_space", "view_space"]


def role_in_space(actor: Actor, space: Space) -> str | None:
    """The role of the actor in a space; the coordinator looks after every space."""
    if actor.role == Role.COORDINATOR:
        return SpaceRoleKind.OWNER
    found = SpaceRole.objects.of(space.workspace).filter(space=space, membership=actor.membership)
    role: str | None = found.values_list("role", flat=True).first()
    return role


@rule("space.view")
def view_space(actor: Actor, space: Space) -> Decision:
    """An open space is for all members, a closed one for those who were let in."""
    if space.is_open or role_in_space(actor, space):
        return allowed
    return refused(
        _("The space “%(space)s” is closed.") % {"space": space.name},
        _("Ask the coordinator of this workspace to let you in."),
    )
