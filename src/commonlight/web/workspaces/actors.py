"""How a person, a token or a job becomes an actor in a workspace."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from commonlight.web.accounts.models import User
from commonlight.web.policy.actor import Actor
from commonlight.web.workspaces.clock import use_clock_of
from commonlight.web.workspaces.models import Membership, Workspace
from commonlight.web.workspaces.second_factor import demand_second_factor

__all__ = ["actor_for", "actor_of_request", "memberships_of"]


def actor_of_request(request: HttpRequest, slug: str) -> Actor:
    """The signed-in person in the workspace; for anybody else there is no such page."""
    if not isinstance(request.user, User):
        raise Http404
    membership = (
        Membership.objects.everywhere("find the workspace of a signed-in person")
        .select_related("workspace", "organisation", "user")
        .filter(workspace__slug=slug, user=request.user, ended_at__isnull=True)
        .first()
    )
    if membership is None:
        raise Http404
    demand_second_factor(request, membership)
    use_clock_of(membership.workspace)
    return _actor(membership)


def actor_for(user: Any, workspace: Workspace) -> Actor:
    """The person in the workspace as of now; without a membership, one who may do nothing."""
    membership = (
        Membership.objects.of(workspace)
        .select_related("workspace", "organisation", "user")
        .filter(user=user, user__is_active=True, ended_at__isnull=True)
        .first()
    )
    if membership is None:
        return Actor(kind="person", user_id=user.pk, name=str(user), workspace=workspace)
    return _actor(membership)


def memberships_of(user: Any) -> Any:
    """The open memberships of a person, over all workspaces."""
    return (
        Membership.objects.everywhere("list a person's own workspaces")
        .select_related("workspace", "organisation")
        .filter(user=user, ended_at__isnull=True)
        .order_by("workspace__name")
    )


def _actor(membership: Membership) -> Actor:
    return Actor(
        kind="person",
        user_id=membership.user_id,
        name=str(membership.user),
        workspace=membership.workspace,
        membership=membership,
        role=membership.role,
        organisation_id=membership.organisation_id,
    )
