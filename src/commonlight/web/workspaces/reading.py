"""What a page asks of the database, it asks once.

A page is put together by many apps, and several of them look at the same things. Inside a reading
each question is answered once; the first write makes it forget everything, so that nothing stale
is shown. Outside a reading every call asks anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.http import HttpRequest, HttpResponse

__all__ = ["ReadOnceMiddleware", "is_showing", "read_once", "reading", "shelf", "showing"]

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "EXPLAIN", "BEGIN", "WITH")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)
_shows: ContextVar[bool] = ContextVar("shows", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Inside, what is read once is kept until something is written."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        with connection.execute_wrapper(_forget_at_a_write):
            yield
    finally:
        _answers.reset(token)


@contextmanager
def showing() -> Iterator[None]:
    """A reading in which a page only shows what stands in the database."""
    token = _shows.set(True)
    try:
        with reading():
            yield
    finally:
        _shows.reset(token)


def is_showing() -> bool:
    """Whether a page is only shown: what is read here was committed, and no step is half done."""
    return _shows.get()


def read_once(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A function that inside a reading answers the same question from memory.

    What it gives is shared by those who ask, so nobody changes it. Its arguments are things,
    values, and lists of them.
    """

    @wraps(ask)
    def answer(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        known = _answers.get()
        if known is None:
            return ask(*args, **options)
        key = (ask, _fixed(args), _fixed(options))
        if key in known:
            found: Answer = known[key]
            return found
        known[key] = found = ask(*args, **options)
        return found

    return answer


def shelf(*name: Any) -> dict[Any, Any]:
    """What was put there under this name in this reading; outside one it is always empty."""
    known = _answers.get()
    if known is None:
        return {}
    found: dict[Any, Any] = known.setdefault(("shelf", _fixed(name)), {})
    return found


class ReadOnceMiddleware:
    """A page that only shows something is one reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read once for GET and HEAD; what changes something reads anew."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with showing():
            return self.get_response(request)


def _forget_at_a_write(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    known = _answers.get()
    if known is not None and not sql.lstrip().upper().startswith(HARMLESS):
        known.clear()
    return execute(sql, params, many, context)


def _fixed(value: Any) -> Any:
    """The same as something that can be a key."""
    if isinstance(value, (list, tuple)):
        return tuple(_fixed(one) for one in value)
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if isinstance(value, dict):
        return _fixed(sorted(value.items()))
    return value
