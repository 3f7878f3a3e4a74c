"""Things of the thread that are rows of a table: how they are found, and by which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["finder", "with_words"]

LARGEST = 2**63 - 1
"""The largest number that a database takes; an address can name a longer one."""


def finder(
    model: Any, first: str, *related: str, many: tuple[str, ...] = (), without: tuple[str, ...] = ()
) -> Callable[[Any, Iterable[str]], dict[str, Any]]:
    """What finds rows of a workspace by the text of their number, all in one query.

    `first`, `related` and `many` are read along, `without` are large fields that nobody needs here.
    """

    def find(workspace: Any, keys: Iterable[str]) -> dict[str, Any]:
        numbers = [int(key) for key in keys if key.isdecimal()]
        rows = model.objects.of(workspace).filter(pk__in=[n for n in numbers if n <= LARGEST])
        rows = rows.select_related(first, *related).prefetch_related(*many).defer(*without)
        return {str(one.pk): one for one in rows}

    return find


def with_words(rows: Any, words: str, field: str) -> Any:
    """The rows whose field holds every one of the words, in whatever case."""
    for word in words.split():
        rows = rows.filter(**{f"{field}__icontains": word})
    return rows
