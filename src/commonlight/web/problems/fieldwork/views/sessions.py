"""Method cards and sessions of a problem."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.agreements.domain import today_in
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import card, card_words, cards, voice_titles
from commonlight.web.problems.fieldwork.domain.guarding import stop_unless
from commonlight.web.problems.fieldwork.domain.sessions import (
    change_session,
    may_change,
    record_session,
    take_back_session,
)
from commonlight.web.problems.fieldwork.forms import ReasonForm, SessionForm
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.problems.fieldwork.views.sending import done
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame, problem_page

__all__ = ["card_list", "card_page", "change", "index", "new", "session_of", "take_back"]

PILLAR = "problem_identification"
SHEET_LINES = range(1, 13)
"""The lines of the sheet that goes along on paper."""
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The sessions of a problem, and the cards to begin with."""
    problem = problem_page(request, number)
    standing = Q(observations__withdrawn_at=None)
    sessions = list(
        problem.sessions.filter(withdrawn_at=None)
        .select_related("led_by")
        .annotate(told=Count("observations", filter=standing))
    )
    titles = {one["id"]: one["title"] for one in cards()}
    rows = [(one, titles.get(one.method, one.method)) for one in sessions]
    context = frame(request, problem, pillar=PILLAR, rows=rows, cards=cards(), words=card_words())
    return render(request, "fieldwork/sessions.html", context)


@require_safe
@page("problem.view")
def card_list(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All method cards, to read and to print."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR, cards=cards(), words=card_words())
    return render(request, "fieldwork/cards.html", context)


@require_safe
@page("problem.view")
def card_page(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """One method card with its consent note and a sheet for notes on paper."""
    problem = problem_page(request, number)
    found = _card(name)
    context = frame(
        request, problem, pillar=PILLAR, card=found, words=card_words(), lines=SHEET_LINES
    )
    return render(request, "fieldwork/card.html", context)


@either
@page("problem.write")
def new(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """Write a session down: method, day, place, kind of people, consent."""
    problem = problem_page(request, number, "problem.write")
    found = _card(name)
    sent = request.POST if request.method == "POST" else None
    form = SessionForm(sent, method=name, initial={"held_on": today_in(request.workspace)})
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        made = done(form, record_session, request.actor, problem, method=name, **given)
        if made:
            messages.success(request, _("The session is recorded. Now write what you observed."))
            return redirect(page_of(problem, "session", made.number))
    context = frame(request, problem, pillar=PILLAR, card=found, words=card_words(), form=form)
    return render(request, "fieldwork/session_form.html", context)


@either
@page("problem.write")
def change(request: WorkspaceRequest, workspace: str, number: int, session: int) -> HttpResponse:
    """Mend what was written about a session."""
    problem = problem_page(request, number, "problem.write")
    found = session_of(request, problem, session)
    stop_unless(may_change(request.actor, found), request.actor, "problem.write", found)
    sent = request.POST if request.method == "POST" else None
    names = ("held_on", "hours", "place", "consent", "groups", "people", "remarks")
    form = SessionForm(
        sent, method=found.method, initial={name: getattr(found, name) for name in names}
    )
    if (
        sent is not None
        and form.is_valid()
        and done(form, change_session, request.actor, found, **form.cleaned_data)
    ):
        messages.success(request, _("The session is changed."))
        return redirect(page_of(problem, "session", session))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        card=card(found.method) or {},
        words=card_words(),
        form=form,
        session=found,
    )
    return render(request, "fieldwork/session_form.html", context)


@either
@page("problem.write")
def take_back(request: WorkspaceRequest, workspace: str, number: int, session: int) -> HttpResponse:
    """Take a session back; quotes in it are erased."""
    problem = problem_page(request, number, "problem.write")
    found = session_of(request, problem, session)
    stop_unless(may_change(request.actor, found), request.actor, "problem.write", found)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, take_back_session, request.actor, found, **form.cleaned_data)
    ):
        messages.success(request, _("The session is taken back."))
        return redirect(page_of(problem, "sessions"))
    context = {
        "title": _("Take back session %(number)s") % {"number": found.number},
        "consequences": [
            _("Quotes in it are erased for good."),
            _("The problem, causes and statements that rest on it are marked “unsupported”."),
            _("The reason is kept. Use this when somebody no longer agrees."),
        ],
        "form": form,
        "button": _("Take the session back"),
        "is_dangerous": True,
        "back_url": page_of(problem, "session", session),
    }
    return render(request, "ui/confirm.html", context)


def session_of(request: WorkspaceRequest, problem: Problem, number: int) -> CaptureSession:
    """The session with this number of the problem, if it stands."""
    rows = CaptureSession.objects.of(request.workspace).select_related(
        "problem__workspace", "led_by", "author__organisation", "workspace"
    )
    found: CaptureSession = get_object_or_404(rows, problem=problem, number=number)
    return found


def group_titles(session: CaptureSession) -> list[Any]:
    """The groups of a session in words."""
    titles = voice_titles()
    return [titles[one] for one in session.groups if one in titles]


def _card(name: str) -> dict[str, Any]:
    found = card(name)
    if found is None:
        raise Http404
    return found
