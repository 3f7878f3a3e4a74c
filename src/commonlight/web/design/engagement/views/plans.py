"""The planner: questions, the ranked methods with their reasons, and the choice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.engagement.domain.beginning import first_answers, likely_groups
from commonlight.web.design.engagement.domain.catalogue import (
    contents,
    group_titles,
    listing,
    methods,
    phases,
    rules,
    titles,
)
from commonlight.web.design.engagement.domain.planning import (
    answers_of,
    choose,
    drop,
    make_plan,
    needs_reason,
    ranking_of,
)
from commonlight.web.design.engagement.domain.ranking import Choice, change_for
from commonlight.web.design.engagement.forms import ChoiceForm, PlanForm
from commonlight.web.design.engagement.models import ChosenMethod, EngagementPlan
from commonlight.web.design.engagement.views.frame import address, found_or_404, show
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["change", "choice", "new", "plan", "take_out"]


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The questions, for a new plan."""
    problem = problem_page(request, number, "engagement.manage")
    return _questions(request, problem, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def change(request: WorkspaceRequest, workspace: str, number: int, plan: int) -> HttpResponse:
    """The questions of a plan, answered anew."""
    problem = problem_page(request, number, "engagement.manage")
    return _questions(request, problem, _plan(problem, plan))


@require_safe
@page("design.view")
def plan(request: WorkspaceRequest, workspace: str, number: int, plan: int) -> HttpResponse:
    """The methods for the answers, each with its reasons."""
    problem = problem_page(request, number, "design.view")
    found = _plan(problem, plan)
    ranking = ranking_of(found)
    chosen = {one.method: one for one in found.chosen.all()}

    def shown(one: Choice) -> dict[str, Any]:
        return _card(problem, found, one, chosen)

    return show(
        request,
        "plan",
        problem,
        plan=found,
        answers=_answers(found),
        first=[shown(one) for one in ranking.shown],
        first_count=len(ranking.shown),
        others=[shown(one) for one in ranking.others],
        aside=[shown(one) for one in ranking.set_aside],
        nearest=[shown(one) for one in ranking.nearest] if not ranking.kept else [],
        ranking=ranking,
        chosen=[
            (one, methods().get(one.method), address(problem, "drop", found.number, one.method))
            for one in chosen.values()
        ],
        words=rules()["words"],
        change_url=address(problem, "plan_change", found.number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def choice(
    request: WorkspaceRequest, workspace: str, number: int, plan: int, method: str
) -> HttpResponse:
    """Choose one method, with the reason where the planner put others first."""
    problem = problem_page(request, number, "engagement.manage")
    found = _plan(problem, plan)
    if method not in methods():
        raise Http404
    ranking = ranking_of(found)
    sent = request.POST if request.method == "POST" else None
    form = ChoiceForm(sent, needs_reason=needs_reason(ranking, method))
    if sent is not None and form.is_valid():
        choose(request.actor, found, method, reason=form.cleaned_data["reason"])
        messages.success(request, _("The method is chosen."))
        return redirect(address(problem, "plan", found.number))
    all_choices = (*ranking.kept, *ranking.set_aside)
    one = next(each for each in all_choices if each.method["id"] == method)
    return show(
        request,
        "choice",
        problem,
        plan=found,
        form=form,
        card=_card(problem, found, one, {}),
        back_url=address(problem, "plan", found.number),
    )


@require_POST
@page("engagement.manage")
def take_out(
    request: WorkspaceRequest, workspace: str, number: int, plan: int, method: str
) -> HttpResponse:
    """Take a method out of the plan."""
    problem = problem_page(request, number, "engagement.manage")
    found = _plan(problem, plan)
    rows = ChosenMethod.objects.of(problem.workspace).filter(plan=found, method=method)
    drop(request.actor, found_or_404(rows.select_related("plan__problem")))
    messages.success(request, _("The method is out of the plan."))
    return redirect(address(problem, "plan", found.number))


def _questions(
    request: WorkspaceRequest, problem: Problem, plan: EngagementPlan | None
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    wanted = methods().get(request.GET.get("for", "")) if plan is not None else None
    initial = first_answers(request.actor, problem) if plan is None else _initial(plan, wanted)
    means = {name: rules()["means"][name] for name in ("days", "cost")}
    form = PlanForm(
        sent,
        likely=likely_groups(request.actor, problem),
        initial={"sensitive": "no", "conflict": "no", **means, **initial},
    )
    if sent is not None and form.is_valid():
        made = make_plan(request.actor, problem, form.answers(), plan=plan)
        _say_what_follows(request, made)
        return redirect(address(problem, "plan", made.number))
    back = address(problem, "plan", plan.number) if plan is not None else address(problem)
    return show(
        request,
        "questions",
        problem,
        form=form,
        plan=plan,
        wanted=wanted,
        words=rules()["words"],
        back_url=back,
    )


def _say_what_follows(request: WorkspaceRequest, plan: EngagementPlan) -> None:
    if ranking_of(plan).kept:
        messages.success(request, _("Here are the methods that fit your answers."))
    else:
        messages.info(request, _("No method fits all your answers. These come closest."))


def _initial(plan: EngagementPlan, wanted: dict[str, Any] | None) -> dict[str, Any]:
    """The answers of a plan; for a method that is wanted, with those that would let it in."""
    given = answers_of(plan)
    found = {
        **{name: getattr(given, name) for name in ("phase", "purpose", "size", "days", "cost")},
        **{name: list(getattr(given, name)) for name in ("reach", "skills", "offers")},
        "sensitive": "yes" if given.is_sensitive else "no",
        "conflict": "yes" if given.is_conflict else "no",
    }
    aside = {one.method["id"]: one for one in ranking_of(plan).set_aside}
    held = aside[wanted["id"]].reasons if wanted is not None and wanted["id"] in aside else ()
    changes = dict(change_for(wanted, one.rule) for one in held) if wanted is not None else {}
    return {**found, **{name: value for name, value in changes.items() if value is not None}}


def _plan(problem: Problem, number: int) -> EngagementPlan:
    rows = EngagementPlan.objects.of(problem.workspace).filter(problem=problem, number=number)
    found: EngagementPlan = found_or_404(
        rows.select_related("problem__workspace").prefetch_related("chosen")
    )
    return found


def _answers(plan: EngagementPlan) -> list[tuple[Any, Any]]:
    """What was answered, in the words of the questions."""
    given = answers_of(plan)
    yes_or_no = {True: _("Yes"), False: _("No")}
    told = {
        "phase": phases().get(given.phase, given.phase),
        "purpose": titles("purpose").get(given.purpose, given.purpose),
        "reach": listing(given.reach, group_titles(), in_sentence=False),
        "size": given.size,
        "days": given.days,
        "cost": titles("cost").get(given.cost, given.cost),
        "skills": listing(given.skills, titles("skill")) or _("None of those listed"),
        "offers": listing(given.offers, titles("need")) or _("None of those listed"),
        "sensitive": yes_or_no[given.is_sensitive],
        "conflict": yes_or_no[given.is_conflict],
    }
    return [(one["title"], told[one["id"]]) for one in rules()["question"]]


def _changes(problem: Problem, plan: EngagementPlan, one: Choice) -> list[tuple[Any, Any, str]]:
    """Each answer that keeps a method out, with the question and the way to change it."""
    titles_of = {row["id"]: row["title"] for row in rules()["question"]}
    here, method = address(problem, "plan_change", plan.number), one.method["id"]
    found = []
    for reason in one.reasons:
        if not reason.speaks_for:
            name, value = change_for(one.method, reason.rule)
            query = f"?for={method}" if value is not None else ""
            place = f"#id_{name}" if name in ("size", "days") else f"#id_{name}_0"
            found.append((reason, titles_of[name], f"{here}{query}{place}"))
    return found


def _card(
    problem: Problem, plan: EngagementPlan, one: Choice, chosen: dict[str, ChosenMethod]
) -> dict[str, Any]:
    """A method as the page shows it."""
    method = one.method
    sources = contents()["sources"]
    return {
        "method": method,
        "url": address(problem, "choice", plan.number, method["id"]),
        "fors": [each for each in one.reasons if each.speaks_for],
        "againsts": [each for each in one.reasons if not (each.speaks_for or each.is_neutral)],
        "unsaid": [each for each in one.reasons if each.is_neutral],
        "cost": titles("cost")[method["cost"]],
        "skills": listing(method["skills"], titles("skill")),
        "needs": listing(method["needs"], titles("need")),
        "is_ours": method["figures"] == "ours",
        "sources": [sources[name] for name in method["sources"]],
        "chosen": chosen.get(method["id"]),
        "changes": _changes(problem, plan, one) if one.is_set_aside else [],
    }
