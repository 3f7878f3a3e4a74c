"""A session with its observations, entered one after another, and what rests on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import card, card_words
from commonlight.web.problems.fieldwork.domain.guarding import stop_unless
from commonlight.web.problems.fieldwork.domain.observing import (
    claims_offered,
    first_kind,
    may_observe,
    record_observation,
    take_back_observation,
    use_observation,
)
from commonlight.web.problems.fieldwork.domain.sessions import may_change
from commonlight.web.problems.fieldwork.forms import (
    ObservationForm,
    ReasonForm,
    UseObservationForm,
)
from commonlight.web.problems.fieldwork.models import CaptureSession, Observation
from commonlight.web.problems.fieldwork.views.sending import done
from commonlight.web.problems.fieldwork.views.sessions import group_titles, session_of
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.thread.domain import web_of
from commonlight.web.thread.kinds import kind_named

__all__ = ["session", "take_back", "use"]

PILLAR = "problem_identification"
either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("problem.view")
def session(request: WorkspaceRequest, workspace: str, number: int, session: int) -> HttpResponse:
    """The session, the form for the next observation on top, and those entered so far."""
    problem = problem_page(request, number)
    found = session_of(request, problem, session)
    form = _form(request, found)
    if request.method == "POST":
        require(request.actor, "problem.write", problem)
        if form.is_valid():
            given = form.cleaned_data
            made = done(form, record_observation, request.actor, found, **given)
            if made:
                messages.success(request, _("Saved. You can write the next one."))
                address = page_of(problem, "session", session)
                return redirect(f"{address}?kind={made.kind}#observe")
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        session=found,
        card=card(found.method) or {},
        groups=group_titles(found),
        form=form,
        may_observe=may_observe(request.actor, found),
        rows=_rows(request, found),
        words=card_words(),
        goes_on=True,
    )
    return render(request, "fieldwork/session.html", context)


@either
@page("problem.write")
def use(
    request: WorkspaceRequest, workspace: str, number: int, session: int, observation: int
) -> HttpResponse:
    """Choose the cause, the statement or the valued use that rests on an observation."""
    problem = problem_page(request, number, "problem.write")
    found = _observation(request, problem, session, observation)
    offered = claims_offered(request.actor, found)
    claims = {name: claim for name, claim, is_joined in offered if not is_joined}
    choices = _choices(claims)
    sent = request.POST if request.method == "POST" else None
    form = UseObservationForm(sent, claims=choices)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        claim = claims[given["claim"]]
        if done(form, use_observation, request.actor, found, claim, note=given["note"]):
            messages.success(request, _("It rests on this observation now."))
            return redirect(page_of(problem, "session", session))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        observation=found,
        form=form,
        has_choices=bool(choices),
        session_url=page_of(problem, "session", session),
    )
    return render(request, "fieldwork/use.html", context)


@either
@page("problem.write")
def take_back(
    request: WorkspaceRequest, workspace: str, number: int, session: int, observation: int
) -> HttpResponse:
    """Take an observation back, with the reason."""
    problem = problem_page(request, number, "problem.write")
    found = _observation(request, problem, session, observation)
    may = may_change(request.actor, found.session)
    stop_unless(may, request.actor, "problem.write", found)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, take_back_observation, request.actor, found, **form.cleaned_data)
    ):
        messages.success(request, _("The observation is taken back."))
        return redirect(page_of(problem, "session", session))
    context = {
        "title": _("Take back observation %(number)s") % {"number": found.number},
        "consequences": [
            _("The words of a quote are erased for good."),
            _("What rests on it is marked “unsupported” at once."),
        ],
        "form": form,
        "button": _("Take it back"),
        "back_url": page_of(problem, "session", session),
    }
    return render(request, "ui/confirm.html", context)


def _form(request: WorkspaceRequest, session: CaptureSession) -> ObservationForm:
    """The form for the next observation; it begins as the one before ended."""
    sent = request.POST if request.method == "POST" else None
    initial = {"kind": request.GET.get("kind") or first_kind(session)}
    return ObservationForm(sent, with_quotes=session.has_consent, initial=initial)


def _rows(request: WorkspaceRequest, session: CaptureSession) -> list[dict[str, Any]]:
    """The observations that stand, the newest first, each with how many claims rest on it."""
    web = web_of(request.workspace)
    rows = session.observations.filter(withdrawn_at=None).order_by("-number")
    return [
        {"observation": one, "claims": len(web.claims.get(("observation", str(one.pk)), ()))}
        for one in rows
    ]


def _observation(
    request: WorkspaceRequest, problem: Problem, session: int, number: int
) -> Observation:
    rows = Observation.objects.of(request.workspace).filter(
        session__problem=problem, session__number=session, withdrawn_at=None
    )
    found: Observation = get_object_or_404(
        rows.select_related("session__problem__workspace", "session__led_by", "workspace"),
        number=number,
    )
    return found


def _choices(claims: dict[str, Any]) -> list[Any]:
    """The claims by kind, as groups of choices."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, claim in claims.items():
        kind = kind_named(name.partition(":")[0])
        groups.setdefault(str(kind.label), []).append((name, kind.title(claim)))
    return list(groups.items())
