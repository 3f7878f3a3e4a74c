"""A concept against the principles of the Roadmap and the guards of its focus area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain import principles as checking
from commonlight.web.design.review.domain.guards import (
    Guard,
    answer_guard,
    answer_words,
    areas_of,
    guards_of,
    open_guards,
    open_parameters,
    parameters_of,
)
from commonlight.web.design.review.domain.record_shows import (
    open_text,
    shown_checks,
    shown_guards,
    taken_from_guards,
)
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.forms.sheets import ChecksForm, GuardsForm
from commonlight.web.design.review.views.frame import address, concept_of, show
from commonlight.web.design.views.frame import address as design_address
from commonlight.web.design.views.frame import design_page, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["guard", "guards", "principle", "principles"]

KINDS = {"met": "success", "will_do": "info", "not_applicable": "mark"}


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.view")
def principles(
    request: WorkspaceRequest, workspace: str, number: int, concept: int
) -> HttpResponse:
    """Every check with its answer on one page; one button saves what was answered."""
    given = sent(request)
    problem = design_page(request, number, "design.view" if given is None else "design.write")
    found = concept_of(problem, concept)
    checks = checking.checks_of(found)
    shown = shown_checks(request.actor, found)
    owner = problem.owner_id or request.actor.organisation_id
    form = ChecksForm(given, checks=checks, shown=shown, workspace=problem.workspace, owner=owner)
    if given is not None and form.is_valid():
        with transaction.atomic():
            for name, told in form.told().items():
                checking.answer_check(request.actor, found, name, **told)
        messages.success(request, _("Your answers are saved."))
        return redirect(address(problem, "principles", found.number))
    rows = _rows(form, checks, taken_from_guards(found, shown))
    waiting = [one for one in rows if one["check"].answer is None and not one["is_proposed"]]
    answered = [one for one in rows if one["check"].answer is not None]
    return show(
        request,
        "principles",
        problem,
        concept=found,
        form=form,
        pillars=_by_pillar(rows),
        open=_by_pillar(waiting),
        proposed=[one for one in rows if one["is_proposed"]],
        answered=answered,
        is_changing=any(one["is_changing"] for one in answered),
        waiting=len(waiting),
        total=len(checks),
        words=checking.content()["words"],
        concept_url=design_address(problem, "concept", found.number),
        guards_url=address(problem, "guards", found.number),
        onward=_onward(found, "principles"),
    )


@require_safe
@page("design.view")
def principle(
    request: WorkspaceRequest, workspace: str, number: int, concept: int, check: str
) -> HttpResponse:
    """The place of one check on the page of all."""
    problem = design_page(request, number)
    found = concept_of(problem, concept)
    return redirect(f"{address(problem, 'principles', found.number)}#check-{check}")


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.view")
def guards(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """What designs of this focus area must say, and what must not stand in them, on one page."""
    given = sent(request)
    problem = design_page(request, number, "design.view" if given is None else "design.write")
    found = concept_of(problem, concept)
    asked, guarded = parameters_of(found), guards_of(found)
    may_confirm = request.actor.role == "coordinator"
    shown = shown_guards(request.actor, found)
    form = GuardsForm(given, parameters=asked, guards=guarded, shown=shown, may_confirm=may_confirm)
    if given is not None and form.is_valid() and _is_saved(request, found, form):
        messages.success(request, _("Your answers are saved."))
        return redirect(address(problem, "guards", found.number))
    return show(
        request,
        "guards",
        problem,
        concept=found,
        form=form,
        areas=areas_of(problem),
        parameters=_parameters(form, asked),
        guards=_guards(request, found, form, guarded),
        may_confirm=may_confirm,
        words=read_content("commonlight.web.problems", "focus_areas")["words"],
        concept_url=design_address(problem, "concept", found.number),
        onward=_onward(found, "guards"),
    )


@require_safe
@page("design.view")
def guard(
    request: WorkspaceRequest,
    workspace: str,
    number: int,
    concept: int,
    part: str,
    area: str,
    name: str,
) -> HttpResponse:
    """The place of one guard on the page of all."""
    problem = design_page(request, number)
    found = concept_of(problem, concept)
    place = f"parameter-{name}" if part == "parameter" else f"guard-{area}-{name}"
    return redirect(f"{address(problem, 'guards', found.number)}#{place}")


def _is_saved(request: WorkspaceRequest, concept: Concept, form: GuardsForm) -> bool:
    """Save all answers, or none and say why at the top of the page."""
    try:
        with transaction.atomic():
            for told in form.told():
                answer_guard(request.actor, concept, **told)
    except ReviewError as error:
        form.add_error(None, str(error))
        return False
    return True


def _rows(
    form: ChecksForm, checks: list[checking.Check], taken: Mapping[str, Guard]
) -> list[dict[str, Any]]:
    """Each check with its fields and the guard whose answer it takes over."""
    rows = form.rows()
    for one in checks:
        name = one.row["id"]
        rows[name]["kind"] = KINDS.get(one.answer.answer, "") if one.answer else "warning"
        rows[name]["guard"] = taken.get(name)
    return list(rows.values())


def _by_pillar(rows: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The checks under the pillars that they belong to."""
    pillars = read_content("commonlight.web.problems", "pillars")["pillar"]
    found = [
        (pillar["title"], [one for one in rows if one["check"].row["pillar"] == pillar["id"]])
        for pillar in pillars
    ]
    return [(title, group) for title, group in found if group]


def _onward(concept: Concept, here: str) -> list[tuple[str, str]]:
    """Where to go from here: guards come before checks, and the approval after both."""
    problem = concept.problem
    back = (
        _("The concept and its approval"),
        design_address(problem, "concept", concept.number),
    )
    is_waiting = bool(open_guards(concept) or open_parameters(concept))
    guards = (
        _("Answer the guards first: they answer some of these checks")
        if is_waiting
        else _("Guards of the focus area"),
        address(problem, "guards", concept.number),
    )
    checks = (
        _("Go on to the principle checks"),
        address(problem, "principles", concept.number),
    )
    if here == "principles":
        is_first = is_waiting and checking.open_checks(concept)
        return [guards, back] if is_first else [back, guards]
    return [checks, back] if checking.open_checks(concept) else [back, checks]


def _parameters(form: GuardsForm, asked: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "answer": answer,
            "chosen": answer_words(answer.choices) if answer else [],
            "fields": form.fields_of(f"parameter_{area['id']}_{row['id']}"),
        }
        for area, row, answer in asked
    ]


def _guards(
    request: WorkspaceRequest, concept: Concept, form: GuardsForm, guarded: list[Any]
) -> list[dict[str, Any]]:
    return [
        {
            "guard": one,
            "chosen": answer_words(one.answer.choices) if one.answer else [],
            "fields": form.fields_of(f"guard_{one.area['id']}_{one.row['id']}"),
            "shown": form.shown.get(one.row["id"], "") if one.answer is None else "",
            "refusal": _refusal(request, concept, one),
        }
        for one in guarded
    ]


def _refusal(request: WorkspaceRequest, concept: Concept, guard: Any) -> str:
    """What an answer or the record speaks against; nothing where only an answer is lacking."""
    if guard.is_answered or guard.hits:
        return ""
    told = open_text(request.actor, concept, guard)
    return "" if told == str(guard.row["question"]) else told
