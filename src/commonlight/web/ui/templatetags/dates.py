"""The filter `date` of every template: the framework's own, with the first of a month in French."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import defaultfilters

from commonlight.web.ui.dates import format_for

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """A day or moment in a format of the language; nothing where there is none."""
    return str(defaultfilters.date(value, format_for(value, form)))
