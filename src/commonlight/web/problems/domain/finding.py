"""The problems of a workspace, narrowed by what a list asks."""

from __future__ import annotations

from typing import Any

from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem

__all__ = ["problems_of"]


def problems_of(
    actor: Actor,
    *,
    q: str = "",
    state: str = "",
    focus_area: str = "",
    theme: str = "",
    owner: Any = None,
) -> Any:
    """The problems that the actor may read, the newest first."""
    require(actor, "problem.view")
    found = Problem.objects.of(actor.workspace).select_related("owner", "workspace")
    for word in q.split():
        found = found.filter(title__icontains=word)
    chosen = {"state": state, "focus_area": focus_area, "theme": theme, "owner": owner}
    return found.filter(**{name: value for name, value in chosen.items() if value})
