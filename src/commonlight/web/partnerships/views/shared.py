"""What the pages of the partnership have in common: forms, steps and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.forms.fields import take_error
from commonlight.web.policy import WorkspaceRequest

__all__ = ["address", "ask", "either", "one_of", "sent", "take_step"]

either = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: WorkspaceRequest) -> QueryDict | None:
    """What a form was sent with; None where the page was only opened."""
    return request.POST if request.method == "POST" else None


def address(request: WorkspaceRequest, name: str, *more: Any) -> str:
    """The address of a page of the partnership."""
    return reverse(f"partnerships:{name}", args=[request.workspace.slug, *more])


def one_of(found: Any, **which: Any) -> Any:
    """The thing of the workspace that the address names."""
    thing = found.filter(**which).first()
    if thing is None:
        raise Http404
    return thing


def ask(
    request: WorkspaceRequest,
    form: forms.Form,
    save: Callable[[], Any],
    *,
    title: Any,
    button: Any,
    done: Any,
    back: str,
    onward: Callable[[Any], str] | None = None,
    template: str = "partnerships/form.html",
    **more: Any,
) -> HttpResponse:
    """A form and what is done with it; a refusal stands beside its field, and nothing is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except PartnershipError as error:
            take_error(form, error)
        else:
            messages.success(request, done)
            return redirect(onward(made) if onward else back)
    context = {"form": form, "title": title, "button": button, "back_url": back, **more}
    return render(request, template, context)


def take_step(
    request: WorkspaceRequest, step: Callable[[], Any], *, done: Any, back: str
) -> HttpResponse:
    """Take a step and say so, or say why it was not taken."""
    try:
        step()
    except PartnershipError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(back)
