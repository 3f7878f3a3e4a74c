"""The pages of the thread: around one thing, and where it is changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.policy import Refused, WorkspaceRequest, page, require
from commonlight.web.thread.domain import LinkError, join, part, settle, surroundings
from commonlight.web.thread.forms import JoinForm, ReasonForm
from commonlight.web.thread.kinds import kind_named, kinds
from commonlight.web.thread.models import Link
from commonlight.web.thread.offers import offers_for, search_form

__all__ = ["join_page", "part_page", "settle_page", "thing_page"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("thread.view")
def thing_page(request: WorkspaceRequest, workspace: str, kind: str, key: str) -> HttpResponse:
    """What a thing rests on and what rests on it."""
    thing = _thing(request, kind, key)
    around = surroundings(request.actor, thing)
    return render(
        request, "thread/thing.html", {"thing": thing, "around": around, "kind": kind, "key": key}
    )


@either
@page("thread.link")
def join_page(request: WorkspaceRequest, workspace: str, kind: str, key: str) -> HttpResponse:
    """Choose what the claim rests on."""
    claim = _thing(request, kind, key)
    require(request.actor, "thread.link", claim)
    search = search_form(request.GET)
    offers = offers_for(request.actor, claim, search, sources=kind_named(kind).rests_on_sources)
    sent = request.POST if request.method == "POST" else None
    form = JoinForm(sent, offered=offers.choices)
    if sent is not None and form.is_valid():
        ground = offers.chosen(form.cleaned_data["ground"])
        try:
            join(request.actor, claim, ground, note=form.cleaned_data["note"])
        except LinkError as error:
            form.add_error("ground", str(error))
        else:
            messages.success(request, _("The claim rests on it now."))
            return redirect(_next(request) or _address(workspace, kind, key))
    context = {"form": form, "search": search, "offers": offers}
    frame = _frame(request, claim, kind, key)
    frame["back_url"] = _next(request) or frame["back_url"]
    return render(request, "thread/join.html", frame | context)


@either
@page("thread.link")
def part_page(
    request: WorkspaceRequest, workspace: str, kind: str, key: str, pk: int
) -> HttpResponse:
    """Remove a link, with the reason."""
    return _change(
        request,
        (kind, key, pk),
        part,
        title=_("Remove this link"),
        button=_("Remove link"),
        consequences=[
            _("This claim, and every claim that rests on it, is marked “unsupported” at once."),
            _("It holds again when you say why it holds without the link, or join it again."),
        ],
        done=_("The link is removed. What rested on it is marked unsupported."),
    )


@either
@page("thread.link")
def settle_page(
    request: WorkspaceRequest, workspace: str, kind: str, key: str, pk: int
) -> HttpResponse:
    """Say why a claim holds without a link that was removed."""
    return _change(
        request,
        (kind, key, pk),
        settle,
        title=_("Why does this hold without the removed link?"),
        button=_("Save the reason"),
        consequences=[_("The reason stays readable beside the removed link.")],
        done=_("The reason is saved."),
    )


def _change(
    request: WorkspaceRequest, where: tuple[str, str, int], change: Any, *, done: str, **words: Any
) -> HttpResponse:
    kind, key, pk = where
    claim = _thing(request, kind, key)
    require(request.actor, "thread.link", claim)
    mine = Link.objects.of(request.workspace).filter(claim_kind=kind, claim_key=key)
    link = get_object_or_404(mine, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change(request.actor, claim, link, reason=form.cleaned_data["reason"])
        except LinkError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, done)
            return redirect(_address(request.workspace.slug, kind, key))
    context = _frame(request, claim, kind, key) | {"form": form, "link": link, **words}
    return render(request, "thread/reason.html", context)


def _next(request: WorkspaceRequest) -> str:
    """The page named in `next`, if it is one of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours and wanted.startswith("/") else ""


def _thing(request: WorkspaceRequest, name: str, key: str) -> Any:
    """The thing of the address, if the actor may see it."""
    if name not in {one.name for one in kinds()}:
        raise Http404
    kind = kind_named(name)
    found = kind.find(request.workspace, [key])
    if key not in found:
        raise Http404
    decision = kind.see(request.actor, found)[key]
    if not decision:
        raise Refused("thread.view", decision)
    return found[key]


def _address(workspace: str, kind: str, key: str) -> str:
    return reverse("thread:thing", args=[workspace, kind, key])


def _frame(request: WorkspaceRequest, claim: Any, kind: str, key: str) -> dict[str, Any]:
    return {
        "claim_title": kind_named(kind).title(claim),
        "back_url": _address(request.workspace.slug, kind, key),
    }
