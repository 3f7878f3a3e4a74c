"""Causes: named, weighed, and withdrawn with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.causing import (
    CauseError,
    add_cause,
    change_cause,
    families,
    presume_causes,
    withdraw_cause,
)
from commonlight.web.problems.domain.stating import frames_alone
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.forms.causes import CauseForm
from commonlight.web.problems.forms.problem import ReasonForm
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.problem_needs import bare_causes
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.problems.views.problems import say_notes

__all__ = ["change", "index", "new", "presume", "withdraw"]

either = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = ("text", "family", "reach", "is_disputed", "is_presumed")


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Causes within reach and out of it, each with whether it rests on anything."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR)
    held = context["known"].evidence[problem.pk].causes
    context["bare"] = bare_causes(context["known"], problem)
    rows = list(problem.causes.prefetch_related("seen_by").order_by("pk"))
    titles = families()
    told = [
        {"cause": one, "family": titles.get(one.family, one.family), "support": held.get(one.pk)}
        for one in rows
    ]
    context["groups"] = _grouped(told)
    context["withdrawn"] = [one for one in told if one["cause"].withdrawn_at is not None]
    context["is_empty"] = not rows
    return render(request, "problems/causes.html", context)


def _grouped(told: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    standing = [one for one in told if one["cause"].withdrawn_at is None]
    taken = [one for one in standing if not one["cause"].left_out_reason]
    groups = [
        (
            _("Causes within your reach"),
            _("Causes that the partners can change. Each needs evidence, or is marked presumed."),
            [one for one in taken if one["cause"].reach != CauseReach.OUTSIDE],
        ),
        (
            _("Causes out of your reach"),
            _("You cannot change them here. Naming them protects you from promising too much."),
            [one for one in taken if one["cause"].reach == CauseReach.OUTSIDE],
        ),
        (
            _("Named by some, left out of the joint statement"),
            _("The reason stays in the record."),
            [one for one in standing if one["cause"].left_out_reason],
        ),
    ]
    return [group for group in groups if group[2]]


@require_POST
@page("problem.write")
def presume(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Mark every cause that nothing shows yet as presumed."""
    problem = problem_page(request, number, "problem.write")
    known = known_of(request.actor, [problem])
    marked = presume_causes(request.actor, problem, bare_causes(known, problem))
    told = ngettext(
        "%(count)s cause is marked presumed.", "%(count)s causes are marked presumed.", marked
    )
    messages.success(request, told % {"count": marked})
    return redirect(address(problem, "causes"))


@either
@page("problem.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Name a cause."""
    problem = problem_page(request, number, "problem.write")
    sent = request.POST if request.method == "POST" else None
    first = {"seen_by": [request.actor.organisation_id], "is_presumed": False}
    form = CauseForm(sent, workspace=request.workspace, initial=first)
    if sent is not None and form.is_valid():
        made = add_cause(request.actor, problem, **form.cleaned_data)
        return _done(request, made, _("The cause is named. Now say what it rests on."))
    alone = _(
        "No partner was asked apart yet. If you name causes now, the record says for ever that "
        "your organisation framed this problem alone."
    )
    return _page(
        request,
        problem,
        form,
        title=_("Name a cause"),
        button=_("Name the cause"),
        warning=alone if frames_alone(problem) else "",
    )


@either
@page("problem.write")
def change(request: WorkspaceRequest, workspace: str, number: int, cause: int) -> HttpResponse:
    """Say a cause better."""
    problem = problem_page(request, number, "problem.write")
    found = _cause(problem, cause)
    sent = request.POST if request.method == "POST" else None
    now = {name: getattr(found, name) for name in FIELDS} | {"seen_by": found.seen_by.all()}
    form = CauseForm(sent, workspace=request.workspace, initial=now)
    if sent is not None and form.is_valid():
        change_cause(request.actor, found, **form.cleaned_data)
        return _done(request, found, _("The cause is changed."))
    return _page(request, problem, form, title=_("Change a cause"), button=_("Save the cause"))


@either
@page("problem.write")
def withdraw(request: WorkspaceRequest, workspace: str, number: int, cause: int) -> HttpResponse:
    """Withdraw a cause, with the reason."""
    problem = problem_page(request, number, "problem.write")
    found = _cause(problem, cause)
    sent = request.POST if request.method == "POST" else None
    form = ReasonForm(sent)
    if sent is not None and form.is_valid():
        try:
            withdraw_cause(request.actor, found, reason=form.cleaned_data["reason"])
        except CauseError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(
                request, _("The cause is withdrawn. It stays readable with its reason.")
            )
            return redirect(address(problem, "causes"))
    return _page(
        request,
        problem,
        form,
        title=_("Withdraw the cause “%(cause)s”") % {"cause": found.text},
        lead=_("It stays readable. Whatever rests on it is marked “unsupported”."),
        button=_("Withdraw the cause"),
    )


def _cause(problem: Problem, pk: int) -> Cause:
    """A cause that was not withdrawn; of others there is no such page."""
    found = problem.causes.filter(pk=min(pk, 2**63 - 1), withdrawn_at=None).first()
    if found is None:
        raise Http404
    cause: Cause = found
    cause.problem = problem
    return cause


def _done(request: WorkspaceRequest, cause: Cause, words: str) -> HttpResponse:
    messages.success(request, words)
    say_notes(request, cause.text)
    return redirect(f"{address(cause.problem, 'causes')}#cause-{cause.pk}")


def _page(request: WorkspaceRequest, problem: Problem, form: Any, **words: Any) -> HttpResponse:
    context = frame(
        request, problem, pillar=PILLAR, form=form, back_url=address(problem, "causes"), **words
    )
    return render(request, "problems/form.html", context)
