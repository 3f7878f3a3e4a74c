"""A step that is taken after its consequences were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from commonlight.web.partnerships.views.shared import take_step
from commonlight.web.policy import WorkspaceRequest

__all__ = ["confirm_step"]


def confirm_step(
    request: WorkspaceRequest,
    step: Callable[[], Any],
    *,
    title: Any,
    button: Any,
    done: Any,
    back: str,
    consequences: Iterable[Any] = (),
) -> HttpResponse:
    """Show what follows, and take the step when it is confirmed."""
    if request.method == "POST":
        return take_step(request, step, done=done, back=back)
    context = {
        "title": title,
        "button": button,
        "back_url": back,
        "consequences": list(consequences),
    }
    return render(request, "partnerships/step.html", context)
