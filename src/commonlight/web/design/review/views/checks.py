"""A concept against the principles of the Roadmap and the guards of its focus area."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain import principles as checking
from commonlight.web.design.review.domain.guards import (
    answer_guard,
    answer_words,
    areas_of,
    guards_of,
    parameters_of,
)
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.forms.answers import GuardForm, PrincipleForm
from commonlight.web.design.review.views.frame import address, concept_of, show
from commonlight.web.design.views.frame import address as design_address
from commonlight.web.design.views.frame import design_page, sent
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem

__all__ = ["guard", "guards", "principle", "principles"]

KINDS = {"met": "success", "will_do": "info", "not_applicable": "mark"}


@require_safe
@page("design.view")
def principles(
    request: WorkspaceRequest, workspace: str, number: int, concept: int
) -> HttpResponse:
    """Every check with its answer; those without one come first in their pillar."""
    problem = design_page(request, number)
    found = concept_of(problem, concept)
    checks = checking.checks_of(found)
    return show(
        request,
        "principles",
        problem,
        concept=found,
        pillars=_by_pillar(problem, found, checks),
        left=sum(one.answer is None for one in checks),
        total=len(checks),
        words=checking.content()["words"],
        concept_url=design_address(problem, "concept", found.number),
        guards_url=address(problem, "guards", found.number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def principle(
    request: WorkspaceRequest, workspace: str, number: int, concept: int, check: str
) -> HttpResponse:
    """Answer one check."""
    problem = design_page(request, number, "design.write")
    found = concept_of(problem, concept)
    rows = checking.checks_of(found)
    place = next((at for at, one in enumerate(rows) if one.row["id"] == check), None)
    if place is None:
        raise Http404
    one = rows[place]
    names = ("answer", "where", "what", "owner", "due", "reason")
    initial = {name: getattr(one.answer, name) for name in names} if one.answer else {}
    given = sent(request)
    form = PrincipleForm(given, check=one.row, workspace=problem.workspace, initial=initial)
    if given is not None and form.is_valid():
        checking.answer_check(request.actor, found, check, **form.cleaned_data)
        messages.success(request, _("Your answer is saved."))
        following = [each.row["id"] for each in rows if each.answer is None]
        further = next((name for name in following if name != check), None)
        if further is not None and "next" in request.POST:
            return redirect(address(problem, "principle", found.number, further))
        return redirect(address(problem, "principles", found.number))
    return show(
        request,
        "principle",
        problem,
        concept=found,
        check=one,
        place=place + 1,
        total=len(rows),
        form=form,
        back_url=address(problem, "principles", found.number),
    )


@require_safe
@page("design.view")
def guards(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """What designs of this focus area must say, and what must not stand in them."""
    problem = design_page(request, number)
    found = concept_of(problem, concept)
    return show(
        request,
        "guards",
        problem,
        concept=found,
        areas=areas_of(problem),
        parameters=[
            {
                "row": row,
                "answer": answer,
                "chosen": answer_words(answer.choices) if answer else [],
                "url": address(problem, "guard", found.number, "parameter", area["id"], row["id"]),
            }
            for area, row, answer in parameters_of(found)
        ],
        guards=[
            {
                "guard": one,
                "chosen": answer_words(one.answer.choices) if one.answer else [],
                "url": address(
                    problem, "guard", found.number, "guard", one.area["id"], one.row["id"]
                ),
            }
            for one in guards_of(found)
        ],
        words=read_content("commonlight.web.problems", "focus_areas")["words"],
        concept_url=design_address(problem, "concept", found.number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def guard(
    request: WorkspaceRequest,
    workspace: str,
    number: int,
    concept: int,
    part: str,
    area: str,
    name: str,
) -> HttpResponse:
    """Answer one guard, or one question on which guards depend."""
    problem = design_page(request, number, "design.write")
    found = concept_of(problem, concept)
    is_parameter = part == "parameter"
    row, answer, hits = _asked(found, area, name, is_parameter=is_parameter)
    given = sent(request)
    may_confirm = request.actor.role == "coordinator" and not hits
    form = GuardForm(
        given,
        row=row,
        is_parameter=is_parameter,
        may_confirm=may_confirm,
        initial=_initial(row, answer),
    )
    back = address(problem, "guards", found.number)
    if given is not None and form.is_valid():
        try:
            answer_guard(
                request.actor, found, area, name, is_parameter=is_parameter, **form.answer()
            )
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your answer is saved."))
            return redirect(back)
    return show(
        request,
        "guard",
        problem,
        concept=found,
        row=row,
        hits=hits,
        form=form,
        may_confirm=may_confirm,
        words=read_content("commonlight.web.problems", "focus_areas")["words"],
        back_url=back,
    )


def _by_pillar(
    problem: Problem, concept: Concept, checks: list[checking.Check]
) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The checks under the pillars that they belong to."""
    pillars = read_content("commonlight.web.problems", "pillars")["pillar"]
    rows: list[dict[str, Any]] = [
        {
            "check": one,
            "url": address(problem, "principle", concept.number, one.row["id"]),
            "kind": KINDS.get(one.answer.answer, "") if one.answer else "warning",
        }
        for one in checks
    ]
    found = [
        (pillar["title"], [row for row in rows if row["check"].row["pillar"] == pillar["id"]])
        for pillar in pillars
    ]
    return [(title, group) for title, group in found if group]


def _asked(concept: Concept, area: str, name: str, *, is_parameter: bool) -> tuple[Any, Any, Any]:
    """The row of the content, its answer, and what stands against it."""
    if is_parameter:
        for one, row, answer in parameters_of(concept):
            if (one["id"], row["id"]) == (area, name):
                return row, answer, ()
    else:
        for guarded in guards_of(concept):
            if (guarded.area["id"], guarded.row["id"]) == (area, name):
                return guarded.row, guarded.answer, guarded.hits
    raise Http404


def _initial(row: dict[str, Any], answer: Any) -> dict[str, Any]:
    if answer is None:
        return {}
    is_many = row.get("kind") == "choices"
    chosen = answer.choices if is_many else next(iter(answer.choices), "")
    return {"choices": chosen, "text": answer.text, "is_confirmed": answer.is_confirmed}
