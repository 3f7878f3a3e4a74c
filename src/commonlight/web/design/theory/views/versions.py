"""The versions of a theory: keep one, look at one, bring one back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.theory.domain.graph import Arrow, Box, Graph
from commonlight.web.design.theory.domain.keeping import keep_version, restore_version
from commonlight.web.design.theory.domain.picture import draw
from commonlight.web.design.theory.domain.reading import theory_of
from commonlight.web.design.theory.domain.versions import content_of, differences
from commonlight.web.design.theory.forms import KeepForm
from commonlight.web.design.theory.markup import shapes
from commonlight.web.design.theory.models import Version
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.views.shared import address, found_theory, framed
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["index", "keep", "restore", "version"]


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All versions, the newest first."""
    problem = problem_page(request, number)
    return _listed(request, problem, KeepForm())


@require_http_methods(["POST"])
@page("design.write")
def keep(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Keep the theory as it is now."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found_theory(problem)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _listed(request, problem, form)
    made = keep_version(request.actor, problem, note=form.cleaned_data["note"])
    messages.success(request, _("Version %(number)s is kept.") % {"number": made.number})
    return redirect(address(problem, "versions"))


@require_safe
@page("design.view")
def version(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """One version as it was, and what has changed since."""
    problem = problem_page(request, number)
    found = _version(problem, version)
    now = content_of(found.theory)
    picture = draw(_graph(found.content), title=str(problem.title))
    context = framed(
        request,
        problem,
        version=found,
        picture=picture,
        shapes=shapes(picture),
        differences=differences(found.content, now),
    )
    return render(request, "theory/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def restore(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """Bring a version back."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    found = _version(problem, version)
    if request.method == "POST":
        restore_version(request.actor, found)
        messages.success(
            request,
            _("Version %(number)s is back. What was there before is kept as a version.")
            % {"number": found.number},
        )
        return redirect(address(problem))
    context = framed(
        request,
        problem,
        title=_("Bring version %(number)s back") % {"number": found.number},
        consequences=[
            _("Steps and links become what they were in this version."),
            _("What is there now is kept as a version of its own, so nothing is lost."),
        ],
        button=_("Bring it back"),
    )
    back = {"back_url": address(problem, "version", found.number)}
    return render(request, "theory/confirm.html", context | back)


def _listed(request: WorkspaceRequest, problem: Problem, form: KeepForm) -> HttpResponse:
    theory = theory_of(problem)
    rows: Any = []
    if theory is not None:
        rows = theory.versions.select_related("kept_by__organisation").order_by("-number")
        rows = rows.defer("content")
    return render(
        request, "theory/versions.html", framed(request, problem, form=form, versions=list(rows))
    )


def _version(problem: Problem, number: int) -> Version:
    theory = found_theory(problem)
    rows = Version.objects.of(problem.workspace).filter(theory=theory, number=number)
    found = rows.select_related("kept_by__organisation").first()
    if found is None:
        raise Http404
    version: Version = found
    version.theory = theory
    return version


def _graph(content: dict[str, Any]) -> Graph:
    boxes = (
        Box(uid=one["id"], **{name: one[name] for name in ("number", "kind", "text", "witness")})
        for one in content["steps"]
    )
    names = ("number", "mechanism", "assumption", "confidence", "harm")
    arrows = (
        Arrow(
            uid=one["id"],
            source=one["from"],
            target=one["to"],
            is_own_judgement=one["own_judgement"],
            has_evidence=True,
            **{name: one[name] for name in names},
        )
        for one in content["links"]
    )
    return Graph(tuple(boxes), tuple(arrows))
