"""Link evidence to a problem with a stance, and all that is linked to one problem."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.knowledge.domain.passports import passports_of
from commonlight.web.knowledge.domain.published import practice_in, statement_in
from commonlight.web.knowledge.domain.stances import (
    Linked,
    StanceError,
    linked_of,
    stance_on,
    take_stance,
    use_of,
)
from commonlight.web.knowledge.domain.suggesting import suggested_for
from commonlight.web.knowledge.enums import Position, SourceKind
from commonlight.web.knowledge.forms.linking import StanceForm
from commonlight.web.knowledge.path_parts import use_in_words
from commonlight.web.knowledge.views.entries import entry_page
from commonlight.web.policy import WorkspaceRequest, decide, page
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.thread.kinds import key_of, kind_named

__all__ = ["evidence", "link", "link_entry"]

either = require_http_methods(["GET", "HEAD", "POST"])
FINDERS = {"practice": practice_in, "statement": statement_in}
PRACTICES = frozenset({SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE})


@either
@page("knowledge.link")
def link(request: WorkspaceRequest, workspace: str, key: str, kind: str) -> HttpResponse:
    """Say what a problem makes of a published practice or statement."""
    found = FINDERS[kind](request.workspace, key)
    if found is None:
        raise Http404
    return _linking(request, found)


@either
@page("knowledge.link")
def link_entry(
    request: WorkspaceRequest, workspace: str, entry_kind: str, number: int
) -> HttpResponse:
    """Say what a problem makes of a local entry."""
    return _linking(request, entry_page(request, entry_kind, number))


def _linking(request: WorkspaceRequest, thing: Any) -> HttpResponse:
    open_ones = Problem.objects.of(request.workspace).exclude(state=ProblemState.SET_ASIDE)
    problems = list(open_ones.select_related("workspace"))
    kind = kind_named(key_of(thing)[0])
    chosen = request.GET.get("problem", "")
    before = next(
        (stance_on(one, key_of(thing)) for one in problems if str(one.number) == chosen), None
    )
    initial = {"problem": chosen}
    if before is not None:
        initial |= {"position": before.position, "reason": before.reason}
    form = StanceForm(
        request.POST if request.method == "POST" else None, problems=problems, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        problem = next(one for one in problems if str(one.number) == given["problem"])
        try:
            take_stance(request.actor, problem, thing, given["position"], reason=given["reason"])
        except StanceError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("It is linked. The record of the problem shows it."))
            slug = request.workspace.slug
            return redirect(reverse("knowledge:evidence", args=[slug, problem.number]))
    context = {
        "form": form,
        "title": kind.title(thing),
        "back_url": kind.address(thing),
        "has_problems": bool(problems),
    }
    return render(request, "knowledge/link.html", context)


@require_safe
@page("knowledge.view")
def evidence(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What research knows of this problem, and what the partnership made of it."""
    found = problem_page(request, number)
    linked = linked_of(request.actor, found)
    use = use_of(request.actor, [found])[found.pk]
    context = frame(
        request,
        found,
        pillar="problem_identification",
        linked=_with_passports(request, found, linked),
        use=use,
        use_words=use_in_words(use),
        earlier=_earlier(found),
        suggested=suggested_for(
            request.actor, found, without={one.stance.source for one in linked}
        ),
        may_link=decide(request.actor, "knowledge.link", found),
    )
    return render(request, "knowledge/evidence.html", context)


def _with_passports(
    request: WorkspaceRequest, problem: Problem, linked: list[Linked]
) -> list[tuple[Linked, str, str]]:
    """Each linked thing with its passport, or where one is opened for a practice without one."""
    slug, number = request.workspace.slug, problem.number
    have = {one.source: one.number for one in passports_of(request.actor, problem)}
    new = reverse("knowledge:new-passport", args=[slug, number])
    may_link = decide(request.actor, "knowledge.link", problem)
    rows = []
    for one in linked:
        kind, key = one.stance.source
        known = have.get((kind, key))
        address = reverse("knowledge:passport", args=[slug, number, known]) if known else ""
        wanted = may_link and kind in PRACTICES and one.stance.position != Position.REJECTED
        rows.append(
            (one, address, f"{new}?{urlencode({'practice': f'{kind}:{key}'})}" if wanted else "")
        )
    return rows


def _earlier(problem: Problem) -> int:
    count: int = problem.stances.exclude(replaced_at=None).count()
    return count
