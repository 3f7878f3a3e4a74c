"""Roles of a workspace that need a second factor."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from commonlight.web.accounts.second_factor import SecondFactorNeeded, has_second_factor
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import Membership

__all__ = ["USUAL_ROLES", "demand_second_factor"]

USUAL_ROLES = (Role.COORDINATOR.value, Role.ANALYST.value)
"""Roles that a new workspace asks for a second factor: they see the most."""


def demand_second_factor(request: HttpRequest, membership: Membership) -> None:
    """Stop who holds such a role and signed in with a password alone.

    Raises
    ------
    SecondFactorNeeded
        With the sentence that leads to setting one up.
    """
    workspace = membership.workspace
    if membership.role not in workspace.second_factor_roles or has_second_factor(request):
        return
    raise SecondFactorNeeded(
        _("“%(workspace)s” asks your role for a second factor. Set one up to go on.")
        % {"workspace": workspace.name}
    )
