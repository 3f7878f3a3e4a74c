"""Comments of partners, and their answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.theory.domain.changing import TheoryError
from commonlight.web.design.theory.domain.commenting import add_comment, answer_comment
from commonlight.web.design.theory.forms import AnswerForm, CommentForm
from commonlight.web.design.theory.models import Comment
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.views.pages import show
from commonlight.web.design.theory.views.shared import (
    address,
    find_link,
    find_step,
    found_theory,
    framed,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["add", "answer", "on_link", "on_step"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_http_methods(["POST"])
@page("design.write")
def add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A comment on the whole theory."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    form = CommentForm(request.POST, auto_id="id_comment_%s")
    if not form.is_valid():
        return show(request, problem, comment_form=form)
    add_comment(request.actor, problem, text=form.cleaned_data["text"])
    messages.success(request, _("Your comment is there. The others see it now."))
    return redirect(f"{address(problem)}#comments")


@either
@page("design.write")
def on_step(request: WorkspaceRequest, workspace: str, number: int, step: int) -> HttpResponse:
    """A comment on one step."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found = find_step(problem, step)
    title = _("Comment on step %(number)s") % {"number": found.number}
    back = address(problem, "step", found.number)
    return _about(request, problem, title, found.text, back, step=found)


@either
@page("design.write")
def on_link(request: WorkspaceRequest, workspace: str, number: int, link: int) -> HttpResponse:
    """A comment on one link."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found = find_link(problem, link)
    title = _("Comment on link %(number)s") % {"number": found.number}
    back = address(problem, "link", found.number)
    text = f"{found.source.text} → {found.target.text}"
    return _about(request, problem, title, text, back, link=found)


@either
@page("design.write")
def answer(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Answer a comment, and close it."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    theory = found_theory(problem)
    rows = Comment.objects.of(request.workspace).filter(theory=theory)
    comment = get_object_or_404(rows, pk=pk)
    comment.theory = theory
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_comment(request.actor, comment, answer=form.cleaned_data["answer"])
        except TheoryError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The comment is answered."))
            return redirect(f"{address(problem)}#comments")
    context = framed(
        request,
        problem,
        title=_("Answer a comment"),
        consequences=[comment.text],
        form=form,
        button=_("Answer"),
    )
    return render(request, "theory/confirm.html", context | {"back_url": address(problem)})


def _about(
    request: WorkspaceRequest, problem: Problem, title: str, text: str, back: str, **part: Any
) -> HttpResponse:
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        add_comment(request.actor, problem, text=form.cleaned_data["text"], **part)
        messages.success(request, _("Your comment is there. The others see it now."))
        return redirect(back)
    context = framed(
        request, problem, title=title, consequences=[text], form=form, button=_("Send comment")
    )
    return render(request, "theory/confirm.html", context | {"back_url": back})
