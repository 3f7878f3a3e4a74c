"""Gaps: the list, a new one, one with its steps, and all of them as research needs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.domain.gaps import (
    SCHEMA,
    GapError,
    close_gap,
    gap_states,
    gaps_of,
    need_of,
    needs_markdown,
    record_gap,
)
from commonlight.web.knowledge.enums import GapState
from commonlight.web.knowledge.forms.finding import GapFilter
from commonlight.web.knowledge.forms.writing import GapForm, ReasonForm
from commonlight.web.knowledge.models import Gap
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import NotNow

__all__ = ["as_json", "gap", "index", "markdown", "new", "step"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("knowledge.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What nobody knows, as far as this partnership looked."""
    form = GapFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    context = {"form": form, "gaps": gaps_of(request.actor, state=state)}
    return render(request, "knowledge/gaps.html", context)


@either
@page("knowledge.add")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Write down what was not found."""
    problems = list(Problem.objects.of(request.workspace))
    words = request.GET.get("words", "")[:200]
    form = GapForm(
        request.POST if request.method == "POST" else None,
        initial={"words": words, "title": words[:150], "problem": request.GET.get("problem", "")},
        language=request.workspace.language,
        problems=problems,
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        chosen = given.pop("problem")
        problem = next((one for one in problems if str(one.pk) == chosen), None)
        made = record_gap(request.actor, problem=problem, **given)
        messages.success(request, _("The gap is recorded. It can be exported as a research need."))
        return redirect(_address(workspace, made))
    back = reverse("knowledge:gaps", args=[workspace])
    return render(request, "knowledge/gap_form.html", {"form": form, "back_url": back})


@require_safe
@page("knowledge.view")
def gap(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """One gap."""
    found = _gap(request, number)
    steps = gap_states().actions(found.state)
    return render(request, "knowledge/gap.html", {"gap": found, "steps": steps})


@either
@page("knowledge.add")
def step(request: WorkspaceRequest, workspace: str, number: int, step: str) -> HttpResponse:
    """Answer, drop or reopen a gap."""
    found = _gap(request, number)
    words = _step_words().get(step)
    if words is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, label=words["asked"])
    if request.method == "POST" and form.is_valid():
        try:
            close_gap(request.actor, found, step, reason=form.cleaned_data["reason"])
        except (NotNow, GapError) as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, words["done"])
            return redirect(_address(workspace, found))
    context = {
        "form": form,
        "title": words["title"] % {"title": found.title},
        "button": words["button"],
        "back_url": _address(workspace, found),
        "back_label": found.title,
    }
    return render(request, "knowledge/step.html", context)


@require_safe
@page("knowledge.view")
def markdown(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Open gaps as a text for people."""
    rows = _exported(request, "markdown")
    text = needs_markdown(rows, city=request.workspace.city)
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="research-needs-{workspace}.md"'
    return answer


@require_safe
@page("knowledge.view")
def as_json(request: WorkspaceRequest, workspace: str) -> JsonResponse:
    """Open gaps for other programs."""
    needs = [need_of(one) for one in _exported(request, "json")]
    answer = JsonResponse({"schema": SCHEMA, "needs": needs}, json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="research-needs-{workspace}.json"'
    return answer


def _exported(request: WorkspaceRequest, kind: str) -> list[Gap]:
    rows = gaps_of(request.actor, state=GapState.OPEN)[::-1]
    place = request.workspace
    record(
        request.actor,
        "knowledge.needs_export",
        workspace=place,
        kind="export",
        format=kind,
        gaps=len(rows),
    )
    return rows


def _gap(request: WorkspaceRequest, number: int) -> Gap:
    found = next((one for one in gaps_of(request.actor) if one.number == number), None)
    if found is None:
        raise Http404
    require(request.actor, "knowledge.view", found)
    return found


def _address(workspace: str, gap: Gap) -> str:
    return reverse("knowledge:gap", args=[workspace, gap.number])


def _step_words() -> dict[str, dict[str, Any]]:
    return {
        "answer": {
            "title": _("“%(title)s” is answered"),
            "asked": _("What answers it, and where does that stand?"),
            "button": _("Mark as answered"),
            "done": _("The gap is marked as answered."),
        },
        "drop": {
            "title": _("Drop “%(title)s”"),
            "asked": _("Why is it no longer a question?"),
            "button": _("Drop the gap"),
            "done": _("The gap is dropped. It stays readable."),
        },
        "reopen": {
            "title": _("Open “%(title)s” again"),
            "asked": _("Why is it open again?"),
            "button": _("Open again"),
            "done": _("The gap is open again."),
        },
    }
