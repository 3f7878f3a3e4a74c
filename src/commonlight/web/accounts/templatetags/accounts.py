"""What the pages of signing in need in their templates."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """JSON as text, which the template escapes for an attribute."""
    return json.dumps(_plain(value), cls=DjangoJSONEncoder)


def _plain(value: Any) -> Any:
    """Mappings of the passkey library as plain dictionaries."""
    if hasattr(value, "items"):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
