"""Lists in pages, and the errors that every operation can answer with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from ninja import Query, Schema

from commonlight.web.api.problems import Problem

__all__ = ["Limit", "Offset", "Page", "answers", "file_answer", "page_of"]

Item = TypeVar("Item")
ERRORS = frozenset({400, 401, 403, 404, 413, 422, 429})
PUBLIC_ERRORS = frozenset({400, 404, 422, 429})

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out.")]


class Page(Schema, Generic[Item]):
    """A part of a list; `count` is the length of the whole."""

    items: list[Item]
    count: int
    limit: int
    offset: int


def page_of(rows: Any, limit: int, offset: int, convert: Callable[[Any], Any]) -> dict[str, Any]:
    """A part of a query or of a list."""
    count = len(rows) if isinstance(rows, Sequence) else rows.count()
    chosen = list(rows[offset : offset + limit])
    return {
        "items": [convert(one) for one in chosen],
        "count": count,
        "limit": limit,
        "offset": offset,
    }


def answers(kind: Any, *, status: int = 200, public: bool = False) -> dict[Any, Any]:
    """What an operation answers with: the thing itself, or a problem."""
    return {status: kind, (PUBLIC_ERRORS if public else ERRORS): Problem}


def file_answer(*media_types: str) -> dict[str, Any]:
    """The part of the document that says that a file is sent."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    return {"responses": {200: {"description": "The file", "content": content}}}
