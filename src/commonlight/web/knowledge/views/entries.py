"""Local practices and statements: the list, writing one, and the steps of its review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.knowledge.domain.entries import (
    ACTION,
    MODELS,
    WITH_REASON,
    Entry,
    EntryError,
    add_entry,
    change_entry,
    entries_of,
    entry_states,
    may_take,
    take_step,
)
from commonlight.web.knowledge.domain.stances import stances_about
from commonlight.web.knowledge.enums import EntryKind
from commonlight.web.knowledge.forms.finding import EntryFilter
from commonlight.web.knowledge.forms.writing import ENTRY_FORMS, ReasonForm
from commonlight.web.knowledge.labels import practice_name
from commonlight.web.knowledge.methods import evidence
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.states import NotNow
from commonlight.web.thread.kinds import key_of

__all__ = ["change", "entry", "entry_page", "index", "new", "step"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("knowledge.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What partners wrote themselves, by kind."""
    known = {kind: entries_of(request.actor, kind) for kind in EntryKind}
    form = EntryFilter(request.GET, entries=[one for rows in known.values() for one in rows])
    groups = [(kind, [one for one in rows if form.keeps(one)]) for kind, rows in known.items()]
    return render(request, "knowledge/entries.html", {"form": form, "groups": groups})


@either
@page("knowledge.add")
def new(request: WorkspaceRequest, workspace: str, entry_kind: str) -> HttpResponse:
    """A new draft."""
    kind = _kind(entry_kind)
    about = request.GET.get("practice", "")
    form = ENTRY_FORMS[kind](
        request.POST if request.method == "POST" else None,
        initial={"practice": about} if about in evidence().practices.practices else {},
        language=request.workspace.language,
    )
    if request.method == "POST" and form.is_valid():
        made = add_entry(request.actor, kind, **form.cleaned_data)
        messages.success(request, _("The draft is saved. Offer it for review when it is ready."))
        return redirect(_address(made))
    context = {
        "form": form,
        "kind": kind,
        "back_url": reverse("knowledge:entries", args=[workspace]),
    }
    return render(request, "knowledge/entry_form.html", context)


@require_safe
@page("knowledge.view")
def entry(request: WorkspaceRequest, workspace: str, entry_kind: str, number: int) -> HttpResponse:
    """One entry with its author, its review and its next steps."""
    found = entry_page(request, entry_kind, number)
    fields: Any = {one.name: one for one in found._meta.concrete_fields}
    labels = [(fields[name].verbose_name, getattr(found, name)) for name in found.parts]
    about = getattr(found, "practice", "")
    context = {
        "entry": found,
        "parts": labels,
        "about": about,
        "about_name": practice_name(about) if about in evidence().practices.practices else about,
        "steps": _steps(request, found),
        "may_change": found.state in ("draft", "returned"),
        "stances": stances_about(request.actor, key_of(found)),
    }
    return render(request, "knowledge/entry.html", context)


@either
@page("knowledge.add")
def change(request: WorkspaceRequest, workspace: str, entry_kind: str, number: int) -> HttpResponse:
    """Write a draft anew."""
    found = entry_page(request, entry_kind, number)
    require(request.actor, "knowledge.add", found)
    maker = ENTRY_FORMS[_kind(entry_kind)]
    now = {name: getattr(found, name) for name in maker.base_fields}
    form = maker(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_entry(request.actor, found, **form.cleaned_data)
        except EntryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(_address(found))
    context = {"form": form, "kind": found.kind, "entry": found, "back_url": _address(found)}
    return render(request, "knowledge/entry_form.html", context)


@either
@page("knowledge.view")
def step(
    request: WorkspaceRequest, workspace: str, entry_kind: str, number: int, step: str
) -> HttpResponse:
    """Offer, take back, approve, return, revise or withdraw."""
    found = entry_page(request, entry_kind, number)
    words = _step_words().get(step)
    if words is None:
        raise Http404
    require(request.actor, ACTION[step], found)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        required=step in WITH_REASON,
        label=words["asked"],
    )
    if request.method == "POST" and form.is_valid():
        try:
            take_step(request.actor, found, step, reason=form.cleaned_data["reason"])
        except (NotNow, EntryError) as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, words["done"])
            return redirect(_address(found))
    context = {
        "form": form,
        "title": words["title"] % {"title": found.title},
        "button": words["button"],
        "consequences": words["consequences"],
        "back_url": _address(found),
        "back_label": found.title,
    }
    return render(request, "knowledge/step.html", context)


def entry_page(request: WorkspaceRequest, kind: str, number: int) -> Entry:
    """The entry of the address, if the actor may read it."""
    rows = MODELS[_kind(kind)].objects.of(request.workspace)
    related = ("workspace", "organisation", "author__user", "changed_by__user", "reviewer__user")
    found: Entry | None = rows.select_related(*related).filter(number=number).first()
    if found is None:
        raise Http404
    require(request.actor, "knowledge.view", found)
    return found


def _kind(name: str) -> EntryKind:
    if name not in EntryKind.values:
        raise Http404
    return EntryKind(name)


def _address(entry: Entry) -> str:
    return reverse("knowledge:entry", args=[entry.workspace.slug, entry.kind, entry.number])


def _steps(request: WorkspaceRequest, entry: Entry) -> list[dict[str, Any]]:
    """The steps that fit the state, each with the decision of the policy."""
    words = _step_words()
    return [
        {
            "name": name,
            "button": words[name]["button"],
            "action": ACTION[name],
            "may": may_take(request.actor, entry, name),
        }
        for name in entry_states().actions(entry.state)
    ]


def _step_words() -> dict[str, dict[str, Any]]:
    return {
        "offer": {
            "title": _("Offer “%(title)s” for review"),
            "asked": _("A word to the reviewer"),
            "button": _("Offer for review"),
            "done": _("A member of another organisation can review it now."),
            "consequences": [_("All partners can read it from now on, marked as not reviewed.")],
        },
        "take_back": {
            "title": _("Take “%(title)s” back"),
            "asked": _("Reason"),
            "button": _("Take back"),
            "done": _("It is a draft again."),
            "consequences": [_("Only your organisation can read it then.")],
        },
        "approve": {
            "title": _("Approve “%(title)s”"),
            "asked": _("What you checked, if you like"),
            "button": _("Approve"),
            "done": _("The entry is reviewed. Other things can rest on it now."),
            "consequences": [_("Your organisation stands beside it as its reviewer.")],
        },
        "return": {
            "title": _("Return “%(title)s” to its author"),
            "asked": _("What should be changed?"),
            "button": _("Return"),
            "done": _("The entry went back to its author, with what you said."),
            "consequences": [],
        },
        "revise": {
            "title": _("Revise “%(title)s”"),
            "asked": _("Reason"),
            "button": _("Take up for revision"),
            "done": _("It is a draft again, and needs another review."),
            "consequences": [
                _("It counts as not reviewed until somebody approves it again."),
                _("What rests on it is marked “unsupported” until then."),
            ],
        },
        "withdraw": {
            "title": _("Withdraw “%(title)s”"),
            "asked": _("Why is it withdrawn?"),
            "button": _("Withdraw"),
            "done": _("The entry is withdrawn. It stays readable with the reason."),
            "consequences": [_("What rests on it is marked “unsupported” at once.")],
        },
    }
