"""`{% load knowledge %}`: labels of the evidence room, and text that stays in its language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commonlight.web.knowledge.labels import label, language_of
from commonlight.web.knowledge.words import number

register = template.Library()


@register.simple_tag
def evidence_label(name: str, id: str | None) -> Any:
    """What people read for a word of a list."""
    return label(name, id)


@register.simple_tag
def english(text: Any) -> SafeString:
    """Text of the evidence room, which is English on every page."""
    return written(text, "en")


@register.simple_tag
def written(text: Any, code: str) -> SafeString:
    """Text in the language that it was written in; marked where the page has another."""
    if (get_language() or "en").split("-")[0] == code:
        return format_html("{}", text)
    return format_html('<span lang="{}">{}</span>', code, text)


@register.filter
def figure_of(value: float) -> str:
    """A figure with the decimals that it has."""
    return number(value)


@register.filter
def language_name_of(code: str) -> str:
    """The name of a language in itself."""
    return language_of(code)


@register.simple_tag
def not_english() -> bool:
    """Whether the page is in another language than the evidence."""
    return (get_language() or "en").split("-")[0] != "en"
