"""`{% load thread %}{% thread_of thing %}`: what a thing rests on, on its own page."""

from __future__ import annotations

from typing import Any

from django import template

from commonlight.web.thread.domain import surroundings
from commonlight.web.thread.kinds import key_of

register = template.Library()


@register.inclusion_tag("thread/part.html", takes_context=True)
def thread_of(context: template.Context, thing: Any, but: Any = "") -> dict[str, Any]:
    """Whether the thing holds, the nearest steps in both directions, and the way to the rest.

    `but` says what of a thing that holds is not shown by anything.
    """
    request = context["request"]
    kind, key = key_of(thing)
    around = surroundings(request.actor, thing)
    near = [step for step in around.grounds if step.depth == 1]
    above = [step for step in around.claims if step.depth == 1]
    return {
        "request": request,
        "around": around,
        "near": near,
        "above": above,
        "kind": kind,
        "key": key,
        "but": but,
    }
