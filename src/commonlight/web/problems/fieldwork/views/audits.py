"""The audit workspace: its list, its six blocks at a glance, and its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.policy import WorkspaceRequest, decide, page
from commonlight.web.problems.fieldwork.addresses import audit_page
from commonlight.web.problems.fieldwork.catalogue import audit_words, none_found_words
from commonlight.web.problems.fieldwork.domain.covering import cover_of
from commonlight.web.problems.fieldwork.domain.guarding import stop_unless
from commonlight.web.problems.fieldwork.domain.publishing import may_propose
from commonlight.web.problems.fieldwork.domain.scope import (
    complete_audit,
    lacks_strengths,
    may_complete,
    may_write,
    open_audit,
    reopen_audit,
    say_no_strength,
)
from commonlight.web.problems.fieldwork.enums import AuditState
from commonlight.web.problems.fieldwork.forms import AuditForm, NoneFoundForm
from commonlight.web.problems.fieldwork.models import SafetyAudit
from commonlight.web.problems.fieldwork.views.sending import done

__all__ = ["audit", "audit_of", "complete", "index", "internal", "new", "none_found", "reopen"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All safety audits."""
    standing = Q(entries__withdrawn_at=None)
    audits = SafetyAudit.objects.of(request.workspace).annotate(
        told=Count("entries", filter=standing)
    )
    rows = [(one, audit_page(request.workspace, "audit", one.number)) for one in audits]
    return render(request, "fieldwork/audits.html", {"rows": rows})


@either
@page("problem.open")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Open an audit."""
    form = AuditForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = done(form, open_audit, request.actor, **form.cleaned_data)
        if made:
            messages.success(request, _("The audit is open. Its six blocks wait for you."))
            return redirect(audit_page(request.workspace, "audit", made.number))
    context = {"form": form, "back_url": audit_page(request.workspace, "audits")}
    return render(request, "fieldwork/audit_new.html", context)


@require_safe
@page("problem.view")
def audit(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The six blocks, what is empty, how old the sources are, and who was not heard."""
    found = audit_of(request, number)
    context = {
        **_context(request, found),
        "may_complete": may_complete(request.actor, found),
        "may_write": may_write(request.actor, found),
        "may_propose": may_propose(request.actor, found),
        "may_reopen": decide(request.actor, "problem.move"),
        "lacks_strengths": lacks_strengths(found),
        "versions": list(
            found.versions.select_related("proposed_by__organisation", "checked_by__organisation")
        ),
    }
    return render(request, "fieldwork/audit.html", context)


@require_safe
@page("problem.view")
def internal(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The internal version: everything on one page, to read and to print."""
    found = audit_of(request, number)
    return render(request, "fieldwork/audit_internal.html", _context(request, found))


@either
@page("problem.write")
def none_found(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Say that no strength was found, and where one looked."""
    found = audit_of(request, number)
    stop_unless(may_write(request.actor, found), request.actor, "problem.write", found)
    sent = request.POST if request.method == "POST" else None
    form = NoneFoundForm(sent, initial={"where_looked": found.none_found})
    if (
        sent is not None
        and form.is_valid()
        and done(form, say_no_strength, request.actor, found, **form.cleaned_data)
    ):
        messages.success(request, _("It is saved."))
        return redirect(audit_page(request.workspace, "audit", number))
    context = {
        "title": none_found_words()["label"],
        "consequences": [_("It stands in the audit, and in the public version as well.")],
        "form": form,
        "button": _("Save “none found”"),
        "back_url": audit_page(request.workspace, "audit", number),
    }
    return render(request, "ui/confirm.html", context)


@either
@page("problem.move")
def complete(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Complete the audit; empty blocks stay listed in it."""
    found = audit_of(request, number)
    may = may_complete(request.actor, found)
    stop_unless(may, request.actor, "problem.move", found)
    cover = cover_of(request.actor, found)
    empty = [one.content["title"] for one in cover.empty]
    consequences = [_("Partners can no longer write in it; it can be opened again.")]
    consequences += [_("This block is empty: %(block)s") % {"block": one} for one in empty]
    return _confirmed(
        request,
        found,
        complete_audit,
        title=_("Complete the audit"),
        button=_("Complete it"),
        consequences=consequences,
        said=_("The audit is completed. A public version can be proposed now."),
    )


@either
@page("problem.move")
def reopen(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Open the audit again."""
    return _confirmed(
        request,
        audit_of(request, number),
        reopen_audit,
        title=_("Open the audit again"),
        button=_("Open it again"),
        consequences=[_("Partners can write in it. What is public stays as it is.")],
        said=_("The audit is open again."),
    )


def _confirmed(
    request: WorkspaceRequest, found: SafetyAudit, deed: Any, *, said: str, **words: Any
) -> HttpResponse:
    """Ask once, then do it."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    home = audit_page(request.workspace, "audit", found.number)
    if request.method == "POST" and form.is_valid() and done(form, deed, request.actor, found):
        messages.success(request, said)
        return redirect(home)
    return render(request, "ui/confirm.html", {"form": form, "back_url": home, **words})


def audit_of(request: WorkspaceRequest, number: int) -> SafetyAudit:
    """The audit with this number."""
    rows = SafetyAudit.objects.of(request.workspace).select_related("workspace")
    found: SafetyAudit = get_object_or_404(rows, number=number)
    return found


def _context(request: WorkspaceRequest, audit: SafetyAudit) -> dict[str, Any]:
    return {
        "audit": audit,
        "cover": cover_of(request.actor, audit),
        "words": audit_words(),
        "is_open": audit.state == AuditState.OPEN,
        "home": audit_page(request.workspace, "audit", audit.number),
    }
