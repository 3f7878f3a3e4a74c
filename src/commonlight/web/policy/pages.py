"""Every view says who may open it; one that does not is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from commonlight.web.policy.actor import Actor
from commonlight.web.policy.rules import actions, require

__all__ = ["WorkspaceRequest", "find_actor_with", "open_page", "own_page", "page"]


class WorkspaceRequest(HttpRequest):
    """A request that `page` has let through: by whom, in which workspace."""

    actor: Actor
    workspace: Any


View = Callable[..., HttpResponseBase]
_finder: list[Callable[[HttpRequest, str], Actor]] = []


def find_actor_with(finder: Callable[[HttpRequest, str], Actor]) -> None:
    """Say how a signed-in person and the name of a workspace become an actor."""
    _finder[:] = [finder]


def page(action: str) -> Callable[[View], View]:
    """A page of a workspace, for those whose role includes the action.

    The view receives `request.actor` and `request.workspace`, and then asks about the thing
    itself. Who does not belong to the workspace is told that there is no such page.
    """
    if action not in actions():
        raise ValueError(f"no action {action!r} in roles.toml")

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, workspace: str, *args: Any, **kwargs: Any) -> Any:
            actor = _finder[0](request, workspace)
            request.actor = actor  # type: ignore[attr-defined]
            request.workspace = actor.workspace  # type: ignore[attr-defined]
            require(actor, action)
            return view(request, workspace, *args, **kwargs)

        guarded = login_required(guarded)
        guarded.policy = action  # type: ignore[attr-defined]
        return guarded

    return mark


def own_page(view: View) -> View:
    """A page about the signed-in person."""
    guarded = login_required(view)
    guarded.policy = "own"  # type: ignore[attr-defined]
    return guarded


def open_page(view: View) -> View:
    """A page for everybody."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.policy = "open"  # type: ignore[attr-defined]
    return marked
