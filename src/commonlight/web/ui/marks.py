"""The mark of views that are open to everybody; the policy refuses views without a mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase

__all__ = ["for_everybody"]

View = Callable[..., HttpResponseBase]


def for_everybody(view: View) -> View:
    """A page that shows nothing of any workspace and needs no sign-in.

    The design lies below the policy and cannot import `policy.open_page`; the mark is the same.
    """

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.policy = "open"  # type: ignore[attr-defined]
    return marked
