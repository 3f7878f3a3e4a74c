"""Ideas in a list that holds thousands, one idea, and clusters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.domain.ideas import (
    IdeaError,
    add_idea,
    cluster_ideas,
    ideas_of,
    keep_idea,
    release_idea,
    rename_cluster,
)
from commonlight.web.design.domain.voting import standings
from commonlight.web.design.forms.ideas import (
    ClusterForm,
    ClusterNameForm,
    IdeaFilterForm,
    IdeaForm,
    KeepForm,
)
from commonlight.web.design.models import Cluster, Idea
from commonlight.web.design.views.frame import address, design_frame, design_page, numbered, sent
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem

__all__ = ["cluster", "idea", "index", "keep", "new", "release"]

ON_A_PAGE = 50
either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All ideas, page by page; those that are chosen can be laid into a cluster."""
    given = sent(request)
    problem = design_page(request, number, "design.write" if given else "design.view")
    lay = ClusterForm(given)
    if given is not None and lay.is_valid():
        chosen = _chosen(problem, given.getlist("idea"))
        try:
            moved = cluster_ideas(request.actor, problem, chosen, name=lay.cleaned_data["cluster"])
        except IdeaError as error:
            lay.add_error("cluster", str(error))
        else:
            messages.success(request, _moved(moved))
            return redirect(request.get_full_path())
    form = IdeaFilterForm(request.GET, problem=problem)
    shown = Paginator(_filtered(problem, form), ON_A_PAGE).get_page(request.GET.get("page"))
    context = design_frame(
        request,
        problem,
        form=form,
        lay=lay,
        shown=shown,
        rows=[(one, address(problem, "idea", one.number)) for one in shown],
        ticked={int(one) for one in given.getlist("idea") if one.isdecimal()} if given else set(),
        clusters=problem.clusters.annotate(number=Count("ideas")),
        in_none=problem.ideas.filter(cluster=None).count(),
        kept=problem.ideas.filter(is_minority=True).count(),
    )
    return render(request, "design/ideas.html", context)


@either
@page("design.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write an idea that does not come from a note."""
    problem = design_page(request, number, "design.write")
    form = IdeaForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = add_idea(request.actor, problem, **form.cleaned_data)
        messages.success(request, _("The idea is added."))
        return redirect(address(problem, "idea", made.number))
    context = design_frame(request, problem, form=form, back_url=address(problem, "ideas"))
    return render(request, "design/idea_new.html", context)


@require_safe
@page("design.view")
def idea(request: WorkspaceRequest, workspace: str, number: int, idea: int) -> HttpResponse:
    """One idea: where it comes from, what it got in votes, and what became of it."""
    problem = design_page(request, number)
    found = _idea(problem, idea)
    held = list(found.votes.all())
    places = standings(found, held)
    votes = [(one, address(problem, "vote", one.number), places.get(one.pk)) for one in held]
    concepts = problem.concepts.filter(versions__ideas=found).distinct()
    context = design_frame(
        request,
        problem,
        idea=found,
        votes=votes,
        concept_url=f"{address(problem, 'concept-new')}?idea={found.number}",
        concepts=[(one, address(problem, "concept", one.number)) for one in concepts],
        back_url=address(problem, "ideas"),
    )
    return render(request, "design/idea.html", context)


@either
@page("design.write")
def keep(request: WorkspaceRequest, workspace: str, number: int, idea: int) -> HttpResponse:
    """Keep an idea with few votes, with who needs it."""
    problem = design_page(request, number, "design.write")
    found = _idea(problem, idea)
    form = KeepForm(sent(request), initial={"reason": found.minority_reason})
    if request.method == "POST" and form.is_valid():
        keep_idea(request.actor, found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The idea is kept. It goes on beside the winners."))
        return redirect(address(problem, "idea", idea))
    context = design_frame(
        request,
        problem,
        form=form,
        title=_("Keep this idea though it has few votes"),
        button=_("Keep the idea"),
        consequences=[found.text],
        back_url=address(problem, "idea", idea),
    )
    return render(request, "design/step.html", context)


@require_POST
@page("design.write")
def release(request: WorkspaceRequest, workspace: str, number: int, idea: int) -> HttpResponse:
    """Take the mark of a minority idea away; the idea stays."""
    problem = design_page(request, number, "design.write")
    release_idea(request.actor, _idea(problem, idea))
    messages.success(request, _("The mark is taken away. The idea stays in the list."))
    return redirect(address(problem, "idea", idea))


@either
@page("design.write")
def cluster(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Give a cluster another name."""
    problem = design_page(request, number, "design.write")
    found: Cluster = get_object_or_404(problem.clusters, pk=pk)
    found.problem = problem
    form = ClusterNameForm(sent(request), initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_cluster(request.actor, found, name=form.cleaned_data["name"])
        except IdeaError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The cluster has another name now."))
            return redirect(address(problem, "ideas"))
    context = design_frame(
        request,
        problem,
        form=form,
        title=_("Rename a cluster"),
        button=_("Save the name"),
        back_url=address(problem, "ideas"),
    )
    return render(request, "design/step.html", context)


def _idea(problem: Problem, number: int) -> Idea:
    found: Idea = numbered(
        problem.ideas.select_related("cluster", "workshop", "note", "added_by__organisation"),
        number,
    )
    found.problem = problem
    return found


def _filtered(problem: Problem, form: IdeaFilterForm) -> Any:
    found = ideas_of(problem)
    if not form.is_valid():
        return found
    wanted = form.cleaned_data
    found = found.filter(text__icontains=wanted["q"]) if wanted["q"] else found
    if wanted["cluster"]:
        chosen = None if wanted["cluster"] == "none" else wanted["cluster"]
        found = found.filter(cluster=chosen)
    found = found.filter(workshop__number=wanted["workshop"]) if wanted["workshop"] else found
    return found.filter(is_minority=True) if wanted["kept"] else found


def _chosen(problem: Problem, texts: list[str]) -> list[Idea]:
    numbers = [int(one) for one in texts if one.isdecimal() and len(one) < 9]
    return list(problem.ideas.filter(number__in=numbers[: 2 * ON_A_PAGE]))


def _moved(number: int) -> str:
    return ngettext("%(number)d idea is moved.", "%(number)d ideas are moved.", number) % {
        "number": number
    }
