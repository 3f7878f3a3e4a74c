"""Add, change and take out a step: as a page, or in the panel beside the diagram."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.theory.domain.changing import (
    ChangedMeanwhileError,
    add_step,
    change_step,
    remove_step,
)
from commonlight.web.design.theory.domain.reading import steps_of, theory_of
from commonlight.web.design.theory.forms import AddStepForm, StepForm
from commonlight.web.design.theory.models import Step
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.views.saving import (
    conflict,
    done_in_panel,
    in_panel,
    is_autosave,
    not_saved,
    saved,
)
from commonlight.web.design.theory.views.shared import address, find_step, framed
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["add", "change", "remove"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("design.write")
def add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A new step, with the link that leads to it."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    theory = theory_of(problem)
    steps = steps_of(theory) if theory else []
    sent = request.POST if request.method == "POST" else None
    initial = {"after": request.GET.get("after", "")}
    form = AddStepForm(sent, steps=steps, initial=initial, auto_id="id_new_%s")
    if sent is not None and form.is_valid():
        given = dict(form.cleaned_data)
        before = given.pop("after")
        after = next((one for one in steps if str(one.number) == before), None)
        made = add_step(request.actor, problem, after=after, **given)
        if is_autosave(request):
            return done_in_panel("step", made.number)
        messages.success(
            request, _("Step %(number)s is in the theory now.") % {"number": made.number}
        )
        return redirect(f"{address(problem)}?after={made.number}#add-step")
    context = _context(
        request, problem, form=form, is_new=True, form_url=address(problem, "add-step")
    )
    return render(request, in_panel(request, "step"), context)


@either
@page("design.view")
def change(request: WorkspaceRequest, workspace: str, number: int, step: int) -> HttpResponse:
    """One step: read it, change it, comment on it."""
    problem = problem_page(request, number)
    found = find_step(problem, step)
    if request.method == "POST":
        require_write(request.actor, problem)
        return _save(request, problem, found)
    form = StepForm(initial=_initial(found))
    return render(request, in_panel(request, "step"), _context(request, problem, form, found))


@either
@page("design.write")
def remove(request: WorkspaceRequest, workspace: str, number: int, step: int) -> HttpResponse:
    """Take a step out, with its links."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found = find_step(problem, step)
    if request.method == "POST":
        remove_step(request.actor, found)
        messages.success(request, _("The step is taken out. An earlier version brings it back."))
        return redirect(f"{address(problem)}#steps")
    links = [*found.leads_on.filter(removed_at=None), *found.led_to_by.filter(removed_at=None)]
    context = framed(
        request,
        problem,
        title=_("Take step %(number)s out") % {"number": found.number},
        consequences=[
            found.text,
            _("Its links are taken out with it: %(links)s.")
            % {"links": ", ".join(str(one.number) for one in links)}
            if links
            else _("It has no links."),
            _("Restoring an earlier version brings it back, with evidence and comments."),
        ],
        button=_("Take out"),
        is_dangerous=True,
    )
    return render(request, "theory/confirm.html", context | {"back_url": address(problem)})


def _save(request: WorkspaceRequest, problem: Problem, step: Step) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        if is_autosave(request):
            return not_saved(request, form)
        return render(request, in_panel(request, "step"), _context(request, problem, form, step))
    given = {name: form.cleaned_data[name] for name in ("kind", "text", "witness")}
    try:
        now = change_step(request.actor, step, revision=form.opened_revision, **given)
    except ChangedMeanwhileError as error:
        rows = [
            (_("Kind of step"), error.current.get_kind_display()),
            (_("Step"), error.current.text),
        ]
        context = _context(request, problem, form, step)
        return conflict(request, error.current, rows, context, kind="step")
    if is_autosave(request):
        return saved(request, now)
    messages.success(request, _("Step %(number)s is saved.") % {"number": now.number})
    return redirect(f"{address(problem)}#step-{now.number}")


def _initial(step: Step) -> dict[str, Any]:
    names = ("kind", "text", "witness", "revision")
    return {name: getattr(step, name) for name in names}


def _context(
    request: WorkspaceRequest, problem: Problem, form: Any, step: Step | None = None, **more: Any
) -> dict[str, Any]:
    if step is None:
        return framed(request, problem, form=form, **more)
    return framed(
        request,
        problem,
        form=form,
        box=step,
        form_url=address(problem, "step", step.number),
        comments=step.comments.select_related("author__organisation", "answered_by__organisation"),
        **more,
    )
