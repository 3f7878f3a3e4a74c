"""Starting templates, and the dated steps of those at work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.domain.templates import (
    choose_template,
    chosen_templates,
    cycles_of,
    finish_step,
    start_again,
)
from commonlight.web.partnerships.domain.words import by_id, template_names, template_of
from commonlight.web.partnerships.forms.others import ChooseForm, StartForm, StepForm
from commonlight.web.partnerships.models import Cycle, CycleStep
from commonlight.web.partnerships.views.shared import address, ask, either, one_of, sent
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.workspaces.enums import OrganisationKind

__all__ = ["again", "choose", "cycle_page", "step_done", "template_list", "template_page"]


@require_safe
@page("partnership.view")
def template_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The five templates, and the cycles at work."""
    chosen = set(chosen_templates(request.workspace))
    rows = [
        (template_of(name), name in chosen, address(request, "template", name))
        for name in template_names()
    ]
    cycles = [
        (one, template_of(one.template)["title"], address(request, "cycle", one.pk))
        for one in cycles_of(request.workspace)
    ]
    return render(request, "partnerships/templates.html", {"rows": rows, "cycles": cycles})


@require_safe
@page("partnership.view")
def template_page(request: WorkspaceRequest, workspace: str, name: str) -> HttpResponse:
    """What a template would bring, and where each part of it comes from."""
    template = _template(name)
    kinds = dict(OrganisationKind.choices)
    seats = {row["id"]: row["title"] for row in template["organisation"]}
    clauses = by_id("clauses", "clause")
    context = {
        "template": template,
        "name": name,
        "is_chosen": name in chosen_templates(request.workspace),
        "organisations": [
            (row, kinds.get(row["kind"], ""), row["origin"] == "source")
            for row in template["organisation"]
        ],
        "tasks": [(row, seats[row["accountable"]]) for row in template["task"]],
        "steps": [(row, seats[row["by"]]) for row in template["step"]],
        "hints": [
            (clauses[row["clause"]]["title"], row["hint"])
            for row in template.get("clause_hint", [])
        ],
        "sources": template["sources"].values(),
    }
    return render(request, "partnerships/template.html", context)


@either
@page("partnership.manage")
def choose(request: WorkspaceRequest, workspace: str, name: str) -> HttpResponse:
    """Put a template to work: from when, and who holds which seat."""
    template = _template(name)
    if name in chosen_templates(request.workspace):
        return redirect(address(request, "template", name))
    form = ChooseForm(
        sent(request),
        workspace=request.workspace,
        template=template,
        initial={"starts_on": day_of(request.workspace)},
    )
    return ask(
        request,
        form,
        lambda: choose_template(
            request.actor,
            name,
            starts_on=form.cleaned_data["starts_on"],
            seats=form.holders(),
        ),
        title=_("Put “%(template)s” to work") % {"template": template["title"]},
        button=_("Put it to work"),
        done=_("Register, tasks, series and dated steps are there. Fill and confirm them."),
        back=address(request, "template", name),
        onward=lambda made: address(request, "cycle", made.pk),
        intro=_(
            "Say who holds each seat. Nothing is invented: who is not chosen stays an open seat, "
            "and each organisation confirms its own tasks."
        ),
    )


@require_safe
@page("partnership.view")
def cycle_page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The dated steps of one cycle."""
    cycle = _cycle(request, pk)
    today = day_of(request.workspace)
    steps = [
        {
            "step": one,
            "is_now": one.done_on is None and one.from_on <= today <= one.to_on,
            "is_late": one.done_on is None and one.to_on < today,
            "url": address(request, "step-done", one.pk),
        }
        for one in cycle.steps.all()
    ]
    context = {"cycle": cycle, "template": template_of(cycle.template), "steps": steps}
    return render(request, "partnerships/cycle.html", context)


@either
@page("partnership.manage")
def again(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The same steps from another day on."""
    cycle = _cycle(request, pk)
    ends = max((one.to_on for one in cycle.steps.all()), default=cycle.starts_on)
    form = StartForm(sent(request), initial={"starts_on": ends + timedelta(days=1)})
    return ask(
        request,
        form,
        lambda: start_again(request.actor, cycle, starts_on=form.cleaned_data["starts_on"]),
        title=_("Start the cycle again"),
        button=_("Start cycle"),
        done=_("The next cycle has its days."),
        back=address(request, "cycle", pk),
        onward=lambda made: address(request, "cycle", made.pk),
    )


@either
@page("meeting.write")
def step_done(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A step is done."""
    found = CycleStep.objects.of(request.workspace).select_related("cycle")
    step: CycleStep = one_of(found, pk=pk)
    known = {"done_on": step.done_on or day_of(request.workspace)}
    form = StepForm(sent(request), initial=known)
    return ask(
        request,
        form,
        lambda: finish_step(request.actor, step, done_on=form.cleaned_data["done_on"]),
        title=step.title,
        button=_("Save day"),
        done=_("The step is marked."),
        back=address(request, "cycle", step.cycle_id),
    )


def _template(name: str) -> dict[str, Any]:
    try:
        return template_of(name)
    except KeyError:
        raise Http404 from None


def _cycle(request: WorkspaceRequest, pk: int) -> Cycle:
    found: Cycle = one_of(cycles_of(request.workspace), pk=pk)
    return found
