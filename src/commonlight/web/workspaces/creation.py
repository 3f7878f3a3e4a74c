"""A new workspace, and members who need no invitation."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from commonlight.web.accounts.happenings import tell
from commonlight.web.accounts.models import User
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Membership, Organisation, Workspace
from commonlight.web.workspaces.second_factor import USUAL_ROLES

__all__ = ["add_member", "create_workspace"]


@transaction.atomic
def create_workspace(
    *,
    slug: str,
    name: str,
    city: str,
    is_simulated: bool = False,
    by: User | None = None,
    **given: Any,
) -> Workspace:
    """A workspace with its folders; a real one asks those who see most for a second factor."""
    roles = [] if is_simulated else list(USUAL_ROLES)
    workspace = Workspace.objects.create(
        slug=slug,
        name=name,
        city=city,
        is_simulated=is_simulated,
        second_factor_roles=roles,
        **given,
    )
    tell(_actor(by), "workspace.create", workspace, workspace=workspace)
    transaction.on_commit(lambda: workspace.folder.mkdir(parents=True, exist_ok=True))
    return workspace


@transaction.atomic
def add_member(
    workspace: Workspace,
    user: User,
    *,
    organisation: str,
    kind: str,
    role: str,
    is_signatory: bool = False,
    by: User | None = None,
) -> Membership:
    """Make somebody a member, by the one who operates the installation."""
    place, is_new = Organisation.objects.of(workspace).get_or_create(
        workspace=workspace, name=organisation, defaults={"kind": kind}
    )
    membership: Membership = Membership.objects.create(
        workspace=workspace, user=user, organisation=place, role=role, is_signatory=is_signatory
    )
    actor = _actor(by)
    if is_new:
        tell(actor, "organisation.add", place, workspace=workspace)
    tell(actor, "people.add", membership, workspace=workspace, role=role)
    return membership


def _actor(user: User | None) -> Actor | None:
    return Actor(kind="person", user_id=user.pk, name=str(user)) if user else None
