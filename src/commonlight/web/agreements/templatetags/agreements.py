"""How fine data may be shown, in words that stand inside a sentence."""

from __future__ import annotations

from django import template

from commonlight.web.agreements.domain.words import place_words, time_words

__all__ = ["by_place", "by_time"]

register = template.Library()


@register.filter
def by_place(detail: str) -> str:
    """Such as "by grid cell"."""
    return place_words(detail) if detail else ""


@register.filter
def by_time(detail: str) -> str:
    """Such as "by month"."""
    return time_words(detail) if detail else ""
