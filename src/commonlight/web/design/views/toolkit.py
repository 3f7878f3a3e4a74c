"""The toolkit specification: read, write, and take it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.domain.toolkit import (
    as_json,
    as_markdown,
    current_specification,
    open_fields,
    save_specification,
    sections,
    suggested,
)
from commonlight.web.design.forms.concepts import SpecificationForm
from commonlight.web.design.models import Concept
from commonlight.web.design.views.frame import address, design_frame, design_page, numbered, sent
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem

__all__ = ["change", "export", "specification"]

FILES = {
    "json": (as_json, "application/json; charset=utf-8"),
    "md": (as_markdown, "text/markdown; charset=utf-8"),
}


@require_safe
@page("design.view")
def specification(
    request: WorkspaceRequest, workspace: str, number: int, concept: int
) -> HttpResponse:
    """What the tool is, part by part; what is not answered yet says so."""
    problem, found = _concept(request, number, concept)
    newest = current_specification(found)
    context = design_frame(
        request,
        problem,
        concept=found,
        specification=newest,
        sections=sections(newest) if newest else [],
        left=open_fields(newest) if newest else [],
        back_url=address(problem, "concept", concept),
    )
    return render(request, "design/specification.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def change(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """Write the specification; it can be saved half done."""
    problem, found = _concept(request, number, concept, "design.write")
    newest = current_specification(found)
    card = suggested(found)
    form = SpecificationForm(sent(request), card=card, initial=newest.answers if newest else card)
    if request.method == "POST" and form.is_valid():
        save_specification(request.actor, found, form.cleaned_data)
        messages.success(request, _("The specification is saved."))
        return redirect(address(problem, "specification", concept))
    context = design_frame(
        request,
        problem,
        concept=found,
        form=form,
        back_url=address(problem, "specification", concept),
    )
    return render(request, "design/specification_form.html", context)


@require_safe
@page("design.view")
def export(
    request: WorkspaceRequest, workspace: str, number: int, concept: int, name: str
) -> HttpResponse:
    """The specification as a file."""
    _problem, found = _concept(request, number, concept)
    newest = current_specification(found)
    if newest is None or name not in FILES:
        raise Http404
    newest.concept = found
    write, media_type = FILES[name]
    record(request.actor, "design.view", found, kind=EventKind.EXPORT, format=name)
    answer = HttpResponse(write(newest), content_type=media_type)
    file = f"specification-{workspace}-{number}-{concept}.{name}"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _concept(
    request: WorkspaceRequest, number: int, concept: int, action: str = "design.view"
) -> tuple[Problem, Concept]:
    problem = design_page(request, number, action)
    found = numbered(problem.concepts.select_related("workspace"), concept)
    found.problem = problem
    return problem, found
