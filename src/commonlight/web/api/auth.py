"""Who asks: a token in the header, or the session of a signed-in person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from commonlight.web.accounts.models import User
from commonlight.web.api.tokens import actor_of_token
from commonlight.web.policy import Actor, require
from commonlight.web.workspaces.actors import actor_of_request

__all__ = ["SessionAuth", "TokenAuth", "actor_in"]


class TokenAuth(HttpBearer):
    """`Authorization: Bearer clt_...`; a token belongs to one workspace."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token."""
        return actor_of_token(token)


class SessionAuth(APIKeyCookie):
    """The session of the pages; whatever changes something needs the CSRF token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person, unless a token was sent, which then decides alone."""
        if "Authorization" in request.headers:
            return None
        return request.user if isinstance(request.user, User) else None


def actor_in(request: Any, workspace: str, action: str, thing: Any = None) -> Actor:
    """The actor in this workspace, allowed to do this; for others there is no such workspace.

    Raises
    ------
    Http404
        If the one who asks does not belong to the workspace.
    Refused
        If the role, the token or a rule says no.
    """
    actor = (
        request.auth if isinstance(request.auth, Actor) else actor_of_request(request, workspace)
    )
    if actor.workspace.slug != workspace:
        raise Http404
    request.actor, request.workspace = actor, actor.workspace
    require(actor, action, thing)
    return actor
