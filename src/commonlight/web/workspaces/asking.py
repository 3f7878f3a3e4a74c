"""The request of a page of a workspace, after the policy let it pass."""

from __future__ import annotations

from django.http import HttpRequest

from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Workspace

__all__ = ["WorkspaceRequest"]


class WorkspaceRequest(HttpRequest):
    """Carries who asks, and where."""

    actor: Actor
    workspace: Workspace
