"""Filters of a list, which stand in the address and can be removed one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.http import QueryDict

__all__ = ["ChosenFilter", "chosen_filters", "without_filters"]


@dataclass(frozen=True)
class ChosenFilter:
    """A filter in force; `url` is the same list without it."""

    label: str
    value: str
    url: str


def chosen_filters(form: Any, query: QueryDict) -> list[ChosenFilter]:
    """The filters of a form that the address sets; what is hidden is no filter."""
    return [chosen for bound in form.visible_fields() for chosen in _chosen(bound, query)]


def without_filters(form: Any, query: QueryDict) -> str:
    """The query of the same list without filters: only what the form hides stays."""
    rest = QueryDict(mutable=True)
    for bound in form.hidden_fields():
        if values := query.getlist(bound.html_name):
            rest.setlist(bound.html_name, values)
    return f"?{rest.urlencode()}" if rest else ""


def _chosen(bound: BoundField, query: QueryDict) -> Iterator[ChosenFilter]:
    for value in query.getlist(bound.html_name):
        if value:
            yield ChosenFilter(
                str(bound.label), _shown(bound, value), _without(query, bound.html_name, value)
            )


def _shown(bound: BoundField, value: str) -> str:
    """The words of a choice, or the value itself."""
    choices = getattr(bound.field, "choices", ())
    return next((str(words) for key, words in _flat(choices) if str(key) == value), value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, words in choices:
        if isinstance(words, list | tuple):
            yield from _flat(words)
        else:
            yield key, words


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    rest.pop("page", None)
    return "?" + rest.urlencode()
