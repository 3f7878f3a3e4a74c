"""Who asks: a person in a workspace, a token, a job, or anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Actor"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one who asks, with the role held in the workspace at this moment.

    `scopes` are the actions a token was given; None = all that the role may do. `kind` is
    person, token, job or public.
    """

    kind: str = "public"
    user_id: int | None = None
    name: str = ""
    workspace: Any = None
    membership: Any = None
    role: str | None = None
    organisation_id: int | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_member(self) -> bool:
        """Whether the actor belongs to the workspace today."""
        return self.role is not None

    def as_job(self) -> Actor:
        """The same person, asking through a job."""
        return replace(self, kind="job")
