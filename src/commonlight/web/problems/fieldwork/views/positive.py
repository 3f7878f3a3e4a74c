"""The positive lens of a problem."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import (
    lens,
    none_found_words,
    question_named,
    questions,
)
from commonlight.web.problems.fieldwork.domain.positive import (
    add_use,
    answers_of,
    say_none_found,
    take_back_use,
)
from commonlight.web.problems.fieldwork.forms import NoneFoundForm, ReasonForm, UseForm
from commonlight.web.problems.fieldwork.models import ValuedUse
from commonlight.web.problems.fieldwork.views.sending import done
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.thread.domain import supports

__all__ = ["answer", "index", "take_back"]

PILLAR = "problem_identification"
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What the place is good for, question by question."""
    problem = problem_page(request, number)
    answers = answers_of(request.workspace, [problem])[problem.pk]
    keys = {one.pk: ("valued_use", str(one.pk)) for one in answers}
    held = supports(request.workspace, keys.values(), actor=request.actor)
    rows = [
        (one, [(use, held[keys[use.pk]]) for use in answers if use.question == one["id"]])
        for one in questions()
    ]
    context = frame(request, problem, pillar=PILLAR, lens=lens(), rows=rows)
    return render(request, "fieldwork/positive.html", context)


@either
@page("problem.write")
def answer(request: WorkspaceRequest, workspace: str, number: int, question: str) -> HttpResponse:
    """One answer, or “none found” and where one looked."""
    problem = problem_page(request, number, "problem.write")
    asked = question_named(question)
    if asked is None:
        raise Http404
    is_none = request.method == "POST" and "none" in request.POST
    sent = request.POST if request.method == "POST" else None
    form = UseForm(None if is_none else sent)
    none = NoneFoundForm(sent if is_none else None)
    chosen, deed = (none, say_none_found) if is_none else (form, add_use)
    if sent is not None and chosen.is_valid():
        given = chosen.cleaned_data
        if done(chosen, deed, request.actor, problem, question=question, **given):
            messages.success(request, _("Your answer is saved."))
            return redirect(page_of(problem, "positive"))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        asked=asked,
        form=form,
        none_form=none,
        none_words=none_found_words(),
    )
    return render(request, "fieldwork/positive_answer.html", context)


@either
@page("problem.write")
def take_back(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Take an answer back, with the reason."""
    problem = problem_page(request, number, "problem.write")
    rows = ValuedUse.objects.of(request.workspace).select_related("problem__workspace")
    use = get_object_or_404(rows, problem=problem, withdrawn_at=None, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, take_back_use, request.actor, use, **form.cleaned_data)
    ):
        messages.success(request, _("The answer is taken back."))
        return redirect(page_of(problem, "positive"))
    context = {
        "title": _("Take back “%(text)s”") % {"text": use},
        "consequences": [
            _("It disappears from this page; the reason is kept."),
            _("What rests on it is marked “unsupported” at once."),
        ],
        "form": form,
        "button": _("Take it back"),
        "back_url": page_of(problem, "positive"),
    }
    return render(request, "ui/confirm.html", context)
