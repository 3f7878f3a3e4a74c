"""Where what engagement lacks is mended, or read by those who may not mend it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem

__all__ = ["address_of", "hearing_address"]


def address_of(
    actor: Actor, problem: Problem, name: str = "engagement", *more: Any, action: str = ""
) -> str:
    """A page of engagement; its first page for those whose role does not include the action."""
    place = [problem.workspace.slug, problem.number]
    if action and not decide(actor, action):
        return reverse("engagement:engagement", args=place)
    return reverse(f"engagement:{name}", args=[*place, *more])


def hearing_address(actor: Actor, problem: Problem, session: int | None = None) -> str:
    """The form of an engagement record, filled in from a session of fieldwork."""
    found = address_of(actor, problem, "hearing_new", action="reply.write")
    may = session is not None and decide(actor, "reply.write")
    return f"{found}?session={session}" if may else found
