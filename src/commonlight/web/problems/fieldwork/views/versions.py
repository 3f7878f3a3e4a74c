"""The public version: proposed by one person, checked by another in another role."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.problems.fieldwork.addresses import audit_page
from commonlight.web.problems.fieldwork.catalogue import audit_words
from commonlight.web.problems.fieldwork.domain.covering import cover_of
from commonlight.web.problems.fieldwork.domain.guarding import stop_unless
from commonlight.web.problems.fieldwork.domain.publishing import (
    let_go,
    may_check,
    may_propose,
    propose_version,
    public_content,
    send_back,
    shaken,
    shown_to_all,
    withdraw_version,
)
from commonlight.web.problems.fieldwork.enums import VersionState
from commonlight.web.problems.fieldwork.forms import RELEASE, CheckForm, ProposalForm, ReasonForm
from commonlight.web.problems.fieldwork.models import PublicVersion
from commonlight.web.problems.fieldwork.views.audits import audit_of
from commonlight.web.problems.fieldwork.views.faces import face_of
from commonlight.web.problems.fieldwork.views.sending import done

__all__ = ["propose", "version", "withdraw"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("release.propose")
def propose(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """See what everybody would read, and hand it to a second person."""
    audit = audit_of(request, number)
    may = may_propose(request.actor, audit)
    stop_unless(may, request.actor, "release.propose", audit)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = done(form, propose_version, request.actor, audit, **form.cleaned_data)
        if made:
            messages.success(request, _("The public version is proposed. Somebody else checks it."))
            return redirect(audit_page(request.workspace, "version", number, made.number))
    cover = cover_of(request.actor, audit)
    context = {
        "audit": audit,
        "form": form,
        "face": face_of(public_content(audit, cover)),
        "left_out": sum(
            bool(row.entry.public_text) and row not in shown_to_all(cover)
            for block in cover.blocks
            for row in block.rows
        ),
        "words": audit_words(),
        "home": audit_page(request.workspace, "audit", number),
    }
    return render(request, "fieldwork/version_propose.html", context)


@either
@page("release.view")
def version(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """What is or would be public, and the second person's decision."""
    found = _version(request, number, version)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.actor, "release.check")
        stop_unless(may_check(request.actor, found), request.actor, "release.check", found)
        if form.is_valid() and _decided(request, found, form):
            return redirect(audit_page(request.workspace, "version", number, version))
    waits = found.state == VersionState.PROPOSED
    context = {
        "audit": found.audit,
        "version": found,
        "face": face_of(found.content, shaken(request.workspace, [found])[found.pk]),
        "form": form,
        "waits": waits,
        "is_out": found.state == VersionState.RELEASED,
        "may_check": may_check(request.actor, found) if waits else None,
        "words": audit_words(),
        "home": audit_page(request.workspace, "audit", number),
    }
    return render(request, "fieldwork/version.html", context)


def _decided(request: WorkspaceRequest, found: PublicVersion, form: CheckForm) -> Any:
    given = form.cleaned_data
    if given["decision"] == RELEASE:
        messages.success(request, _("It is public now."))
        return done(form, let_go, request.actor, found, comment=given["comment"])
    messages.success(request, _("It is returned with your comment."))
    return done(form, send_back, request.actor, found, comment=given["comment"])


@either
@page("release.withdraw")
def withdraw(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """Take a public version back."""
    found = _version(request, number, version)
    back = audit_page(request.workspace, "version", number, version)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(form, withdraw_version, request.actor, found, comment=reason):
            messages.success(request, _("The public version is withdrawn. Its page is gone."))
            return redirect(back)
    context = {
        "title": _("Withdraw the public version"),
        "consequences": [
            _("Its public page is gone at once."),
            _("Copies that others made stay with them."),
        ],
        "form": form,
        "button": _("Withdraw it"),
        "is_dangerous": True,
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


def _version(request: WorkspaceRequest, number: int, version: int) -> PublicVersion:
    rows = PublicVersion.objects.of(request.workspace).select_related(
        "audit__workspace",
        "workspace",
        "proposed_by__organisation",
        "proposed_by__user",
        "checked_by__organisation",
        "checked_by__user",
    )
    found: PublicVersion = get_object_or_404(rows, audit__number=number, number=version)
    return found
