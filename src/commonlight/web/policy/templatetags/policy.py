"""Ask the policy from a template, so that a button knows whether it may be pressed."""

from __future__ import annotations

from typing import Any

from django import template

from commonlight.web.policy.decisions import Decision
from commonlight.web.policy.rules import decide

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, action: str, thing: Any = None) -> Decision:
    """The decision about an action for the one who looks at the page."""
    return decide(context["request"].actor, action, thing)
