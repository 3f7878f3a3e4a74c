"""One block of an audit: what partners know, and what the workspace could add."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.policy import Refused, WorkspaceRequest, page
from commonlight.web.problems.fieldwork.addresses import audit_page
from commonlight.web.problems.fieldwork.catalogue import audit_words, block_named
from commonlight.web.problems.fieldwork.domain.covering import cover_of, suggestions
from commonlight.web.problems.fieldwork.domain.guarding import stop_unless
from commonlight.web.problems.fieldwork.domain.scope import (
    change_entry,
    may_write,
    may_write_entry,
    take_back_entry,
    write_entry,
)
from commonlight.web.problems.fieldwork.domain.sight import entries_seen
from commonlight.web.problems.fieldwork.enums import Nature
from commonlight.web.problems.fieldwork.forms import EntryForm, ReasonForm
from commonlight.web.problems.fieldwork.models import SafetyAudit, ScopeEntry
from commonlight.web.problems.fieldwork.views.audits import audit_of
from commonlight.web.problems.fieldwork.views.sending import done
from commonlight.web.problems.models import Problem
from commonlight.web.thread.kinds import kind_named

__all__ = ["block", "change", "take_back", "write"]

GROUNDS = ("finding", "dataset", "valued_use")
STRENGTHS = "strengths"
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("problem.view")
def block(request: WorkspaceRequest, workspace: str, number: int, block: str) -> HttpResponse:
    """The block with its questions, its entries and what could stand in it."""
    audit = audit_of(request, number)
    content = _block(block)
    cover = cover_of(request.actor, audit)
    findings, uses, datasets = suggestions(request.actor, cover, block)
    context = {
        **_context(request, audit, content),
        "block": cover.block(block),
        "rows": [(row, may_write_entry(request.actor, row.entry)) for row in _rows(cover, block)],
        "findings": findings,
        "uses": uses,
        "datasets": datasets,
        "may_write": may_write(request.actor, audit),
    }
    return render(request, "fieldwork/block.html", context)


def _rows(cover: Any, block: str) -> Any:
    return cover.block(block).rows


@either
@page("problem.write")
def write(request: WorkspaceRequest, workspace: str, number: int, block: str) -> HttpResponse:
    """A new entry, begun from a finding, a data set or a valued use where one was chosen."""
    audit = audit_of(request, number)
    content = _block(block)
    stop_unless(may_write(request.actor, audit), request.actor, "problem.write", audit)
    ground, title = _ground(request)
    problems = list(Problem.objects.of(request.workspace))
    sent = request.POST if request.method == "POST" else None
    form = EntryForm(sent, problems=problems, initial=_begun(block, ground, title))
    if sent is not None and form.is_valid():
        given = _given(form, problems)
        grounds = [ground] if ground is not None else []
        made = done(form, write_entry, request.actor, audit, block=block, grounds=grounds, **given)
        if made:
            return _written(request, audit, made, bool(grounds))
    context = {**_context(request, audit, content), "form": form, "ground_title": title}
    return render(request, "fieldwork/entry_form.html", context)


@either
@page("problem.write")
def change(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Write an entry anew."""
    audit = audit_of(request, number)
    entry = _entry(request, audit, pk)
    problems = list(Problem.objects.of(request.workspace))
    sent = request.POST if request.method == "POST" else None
    names = ("text", "nature", "groups", "public_text")
    initial = {name: getattr(entry, name) for name in names}
    form = EntryForm(
        sent, problems=problems, initial={**initial, "problem": str(entry.problem_id or "")}
    )
    if (
        sent is not None
        and form.is_valid()
        and done(form, change_entry, request.actor, entry, **_given(form, problems))
    ):
        messages.success(request, _("The entry is changed."))
        return redirect(audit_page(request.workspace, "audit-block", number, entry.block))
    context = {**_context(request, audit, _block(entry.block)), "form": form, "entry": entry}
    return render(request, "fieldwork/entry_form.html", context)


@either
@page("problem.write")
def take_back(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Take an entry back, with the reason."""
    audit = audit_of(request, number)
    entry = _entry(request, audit, pk)
    back = audit_page(request.workspace, "audit-block", number, entry.block)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, take_back_entry, request.actor, entry, **form.cleaned_data)
    ):
        messages.success(request, _("The entry is taken back."))
        return redirect(back)
    context = {
        "title": _("Take this entry back"),
        "consequences": [
            _("It leaves the audit; the reason is kept."),
            _("In a public version its sentence is marked as not supported any more."),
        ],
        "rows": [(_("Entry"), entry.text)],
        "form": form,
        "button": _("Take it back"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


def _written(
    request: WorkspaceRequest, audit: SafetyAudit, entry: ScopeEntry, rests: bool
) -> HttpResponse:
    """Where to go after writing: to what it rests on, if that is not said yet."""
    if rests:
        messages.success(request, _("The entry is saved, with what it rests on."))
        return redirect(audit_page(request.workspace, "audit-block", audit.number, entry.block))
    messages.success(request, _("The entry is saved. Say now what it rests on."))
    return redirect("thread:join", request.workspace.slug, "scope_entry", str(entry.pk))


def _block(name: str) -> dict[str, Any]:
    found = block_named(name)
    if found is None:
        raise Http404
    return found


def _entry(request: WorkspaceRequest, audit: SafetyAudit, pk: int) -> ScopeEntry:
    """An entry that stands, that the actor may read and may change."""
    rows = ScopeEntry.objects.of(request.workspace).select_related(
        "audit__workspace", "organisation", "problem", "workspace"
    )
    entry: ScopeEntry = get_object_or_404(rows, audit=audit, withdrawn_at=None, pk=pk)
    seen = entries_seen(request.actor, {str(entry.pk): entry})[str(entry.pk)]
    stop_unless(seen, request.actor, "problem.view", entry)
    stop_unless(may_write_entry(request.actor, entry), request.actor, "problem.write", entry)
    return entry


def _ground(request: WorkspaceRequest) -> tuple[Any, str]:
    """The thing that the address names, if the actor may see it."""
    name, _colon, key = request.GET.get("ground", "").partition(":")
    if name not in GROUNDS:
        return None, ""
    kind = kind_named(name)
    things = kind.find(request.workspace, [key])
    if key not in things:
        raise Http404
    decision = kind.see(request.actor, things)[key]
    if not decision:
        raise Refused("thread.link", decision)
    return things[key], kind.title(things[key])


def _begun(block: str, ground: Any, title: str) -> dict[str, Any]:
    """A finding says it already; a data set is only named."""
    begun: dict[str, Any] = {"nature": Nature.STRENGTH} if block == STRENGTHS else {}
    return begun if ground is None or hasattr(ground, "slug") else {**begun, "text": title[:600]}


def _given(form: EntryForm, problems: list[Problem]) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    chosen = given.pop("problem")
    return {**given, "problem": next((one for one in problems if str(one.pk) == chosen), None)}


def _context(
    request: WorkspaceRequest, audit: SafetyAudit, content: dict[str, Any]
) -> dict[str, Any]:
    return {
        "audit": audit,
        "content": content,
        "words": audit_words(),
        "home": audit_page(request.workspace, "audit", audit.number),
        "back_url": audit_page(request.workspace, "audit-block", audit.number, content["id"]),
    }
