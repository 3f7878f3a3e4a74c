"""Who may enter a space."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role, SpaceRoleKind
from commonlight.web.workspaces.models import Space, SpaceRole

__all__ = ["role_in_space", "spaces_open_to", "view_space"]


def role_in_space(actor: Actor, space: Space) -> str | None:
    """The role of the actor in a space; the coordinator looks after every space."""
    if actor.role == Role.COORDINATOR:
        return SpaceRoleKind.OWNER
    found = SpaceRole.objects.of(space.workspace).filter(space=space, membership=actor.membership)
    role: str | None = found.values_list("role", flat=True).first()
    return role


def spaces_open_to(actor: Actor) -> list[Space]:
    """The spaces that the actor may enter, in a constant number of queries."""
    spaces = Space.objects.of(actor.workspace).select_related("workspace")
    if actor.role == Role.COORDINATOR:
        return list(spaces)
    roles = SpaceRole.objects.of(actor.workspace).filter(membership=actor.membership)
    entered = set(roles.values_list("space_id", flat=True))
    return [one for one in spaces if one.is_open or one.pk in entered]


@rule("space.view")
def view_space(actor: Actor, space: Space) -> Decision:
    """An open space is for all members, a closed one for those who were let in."""
    if space.is_open or role_in_space(actor, space):
        return allowed
    return refused(
        _("The space “%(space)s” is closed.") % {"space": space.name},
        _("Ask the coordinator of this workspace to let you in."),
    )
