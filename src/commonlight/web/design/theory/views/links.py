"""Add, change and take out a link: as a page, or in the panel beside the diagram."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.theory.domain.changing import (
    ChangedMeanwhileError,
    TheoryError,
    add_link,
    change_link,
    remove_link,
)
from commonlight.web.design.theory.domain.reading import steps_of
from commonlight.web.design.theory.forms import AddLinkForm, LinkForm
from commonlight.web.design.theory.models import Link, Step
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.views.saving import (
    conflict,
    done_in_panel,
    in_panel,
    is_autosave,
    not_saved,
    saved,
)
from commonlight.web.design.theory.views.shared import address, find_link, found_theory, framed
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["add", "change", "remove"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("design.write")
def add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A new link between two steps."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    steps = steps_of(found_theory(problem))
    sent = request.POST if request.method == "POST" else None
    asked = {"source": request.GET.get("from", ""), "target": request.GET.get("to", "")}
    form = AddLinkForm(sent, steps=steps, initial=asked, auto_id="id_link_%s")
    if sent is not None and form.is_valid():
        source, target, given = _ends(form, steps, problem)
        try:
            made = add_link(request.actor, source, target, **given)
        except TheoryError as error:
            form.add_error(error.field, str(error))
        else:
            if is_autosave(request):
                return done_in_panel("link", made.number)
            messages.success(
                request,
                _("Link %(number)s is in the theory now. Say what it rests on.")
                % {"number": made.number},
            )
            return redirect(address(problem, "link", made.number))
    context = framed(
        request, problem, form=form, is_new=True, form_url=address(problem, "add-link")
    )
    return render(request, in_panel(request, "link"), context)


@either
@page("design.view")
def change(request: WorkspaceRequest, workspace: str, number: int, link: int) -> HttpResponse:
    """One link: read it, change it, say what it rests on, comment on it."""
    problem = problem_page(request, number)
    found = find_link(problem, link)
    steps = steps_of(found.theory)
    if request.method == "POST":
        require_write(request.actor, problem)
        return _save(request, problem, found, steps)
    form = LinkForm(steps=steps, initial=_initial(found))
    return render(request, in_panel(request, "link"), _context(request, problem, form, found))


@either
@page("design.write")
def remove(request: WorkspaceRequest, workspace: str, number: int, link: int) -> HttpResponse:
    """Take a link out."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found = find_link(problem, link)
    if request.method == "POST":
        remove_link(request.actor, found)
        messages.success(request, _("The link is taken out. An earlier version brings it back."))
        return redirect(f"{address(problem)}#links")
    context = framed(
        request,
        problem,
        title=_("Take link %(number)s out") % {"number": found.number},
        consequences=[
            _("Step %(start)s leads to step %(end)s no more.")
            % {"start": found.source.number, "end": found.target.number},
            _("Restoring an earlier version brings it back, with evidence and comments."),
        ],
        button=_("Take out"),
        is_dangerous=True,
    )
    return render(request, "theory/confirm.html", context | {"back_url": address(problem)})


def _save(
    request: WorkspaceRequest, problem: Problem, link: Link, steps: list[Step]
) -> HttpResponse:
    form = LinkForm(request.POST, steps=steps)
    if form.is_valid():
        source, target, given = _ends(form, steps, problem)
        for name in ("revision", "over"):
            given.pop(name)
        try:
            now = change_link(
                request.actor,
                link,
                revision=form.opened_revision,
                source=source,
                target=target,
                **given,
            )
        except TheoryError as error:
            form.add_error(error.field, str(error))
        except ChangedMeanwhileError as error:
            context = _context(request, problem, form, link)
            return conflict(request, error.current, _told(error.current), context, kind="link")
        else:
            if is_autosave(request):
                return saved(request, now)
            messages.success(request, _("Link %(number)s is saved.") % {"number": now.number})
            return redirect(f"{address(problem)}#link-{now.number}")
    if is_autosave(request):
        return not_saved(request, form)
    return render(request, in_panel(request, "link"), _context(request, problem, form, link))


def _ends(form: Any, steps: list[Step], problem: Problem) -> tuple[Step, Step, dict[str, Any]]:
    """The two steps that were chosen, and the rest of the form."""
    given = dict(form.cleaned_data)
    known = {str(one.number): one for one in steps}
    source, target = known[given.pop("source")], known[given.pop("target")]
    source.theory.problem = problem
    return source, target, given


def _initial(link: Link) -> dict[str, Any]:
    names = ("mechanism", "assumption", "confidence", "harm", "is_own_judgement", "revision")
    ends = {"source": str(link.source.number), "target": str(link.target.number)}
    return ends | {name: getattr(link, name) for name in names}


def _told(link: Link) -> list[tuple[str, str]]:
    """How the link stands now, for who wrote at the same time."""
    return [
        (_("Mechanism"), link.mechanism),
        (_("Assumption"), link.assumption),
        (_("Confidence"), str(link.get_confidence_display())),
        (_("Possible harm"), link.harm),
    ]


def _context(request: WorkspaceRequest, problem: Problem, form: Any, link: Link) -> dict[str, Any]:
    comments = link.comments.select_related("author__organisation", "answered_by__organisation")
    return framed(
        request,
        problem,
        form=form,
        link=link,
        form_url=address(problem, "link", link.number),
        comments=comments,
    )
