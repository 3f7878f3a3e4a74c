"""The page of a theory: diagram, tables, checks and comments."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.design.theory.domain.checks import content
from commonlight.web.design.theory.domain.commenting import comments_of
from commonlight.web.design.theory.domain.reading import Sheet, read_theory
from commonlight.web.design.theory.forms import AddStepForm, CommentForm
from commonlight.web.design.theory.prompts import prompts_for
from commonlight.web.design.theory.views.shared import (
    address,
    framed,
    markup,
    sheet_context,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.views.frame import problem_page

__all__ = ["parts", "show", "theory"]


@require_safe
@page("design.view")
def theory(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The theory of a problem, or how to begin one."""
    return show(request, problem_page(request, number))


@require_safe
@page("design.view")
def parts(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The diagram and the tables as they are now, for a page that is open."""
    problem = problem_page(request, number)
    sheet = _read(request, problem)
    shown = sheet_context(problem, sheet)
    context = framed(request, problem, words=content()["words"], **shown)
    context |= markup(problem, shown, may=context["may"])
    return render(request, "theory/parts.html", context)


def show(
    request: WorkspaceRequest, problem: Problem, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page, with a form that was sent and has errors in the place of a fresh one."""
    sheet = _read(request, problem)
    shown = sheet_context(problem, sheet)
    context = framed(
        request,
        problem,
        words=content()["words"],
        comments=comments_of(sheet.theory),
        prompts=prompts_for(request.actor, sheet.theory) if sheet.theory else [],
        exports=_exports(problem),
        **shown,
        **(_fresh(request, sheet) | forms),
    )
    context |= markup(problem, shown, may=context["may"])
    return render(request, "theory/theory.html", context, status=status)


def _read(request: WorkspaceRequest, problem: Problem) -> Sheet:
    """The theory, once all that the problem rests on is known: its links rest on the same."""
    _evidence = known_of(request.actor, [problem]).evidence
    return read_theory(request.actor, problem)


def _fresh(request: WorkspaceRequest, sheet: Sheet) -> dict[str, Any]:
    """Empty forms; a new step follows the one that was added last."""
    after = request.GET.get("after", "")
    return {
        "step_form": AddStepForm(steps=sheet.steps, initial={"after": after}, auto_id="id_new_%s"),
        "comment_form": CommentForm(auto_id="id_comment_%s"),
    }


def _exports(problem: Problem) -> list[tuple[str, str]]:
    return [
        (address(problem, "docx"), _("Document with picture and tables (.docx)")),
        (address(problem, "pptx"), _("Slides (.pptx)")),
        (address(problem, "svg"), _("Picture (SVG)")),
        (address(problem, "json"), _("Export as JSON, for another workbench")),
    ]
