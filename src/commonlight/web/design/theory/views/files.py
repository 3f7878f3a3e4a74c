"""A theory as files, and a file as a theory."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.agreements.word_file import MEDIA_TYPE as WORD
from commonlight.web.agreements.word_file import word_file
from commonlight.web.design.theory.domain.exchange import (
    LARGEST,
    as_json,
    import_theory,
    read_file,
)
from commonlight.web.design.theory.domain.file_check import FileError
from commonlight.web.design.theory.domain.reading import Sheet, read_theory
from commonlight.web.design.theory.forms import ImportForm
from commonlight.web.design.theory.methods import svg_as_png
from commonlight.web.design.theory.papers import document, picture_file, slides
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.slide_file import MEDIA_TYPE as DECK
from commonlight.web.design.theory.slide_file import slide_file
from commonlight.web.design.theory.views.shared import address, framed, sheet_context
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["bring", "docx", "json_file", "pptx", "svg"]


@require_safe
@page("design.view")
def svg(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The picture with its title and its words."""
    problem, sheet, shown = _asked_for(request, number)
    content = picture_file(shown["picture"])
    return _sent(request, problem, sheet, content.encode(), "image/svg+xml", "svg")


@require_safe
@page("design.view")
def json_file(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The theory for another workbench; it comes back identically."""
    problem, sheet, _shown = _asked_for(request, number)
    return _sent(request, problem, sheet, as_json(sheet).encode(), "application/json", "json")


@require_safe
@page("design.view")
def docx(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The theory as a document with headings, tables and a picture that is told in words."""
    problem, sheet, shown = _asked_for(request, number)
    drawn = picture_file(shown["picture"])
    png = svg_as_png(drawn, width=shown["picture"].width)
    content = word_file(
        document(problem, sheet, shown, png, drawn),
        title=_("Theory of change: %(problem)s") % {"problem": problem.title},
        language=get_language() or "en",
        landscape=True,
    )
    return _sent(request, problem, sheet, content, WORD, "docx")


@require_safe
@page("design.view")
def pptx(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The theory as slides."""
    problem, sheet, shown = _asked_for(request, number)
    drawn = picture_file(shown["picture"])
    png = svg_as_png(drawn, width=shown["picture"].width)
    content = slide_file(
        slides(problem, shown, png, drawn),
        title=_("Theory of change: %(problem)s") % {"problem": problem.title},
        language=get_language() or "en",
    )
    return _sent(request, problem, sheet, content, DECK, "pptx")


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def bring(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Put the theory of a file in the place of the one that is there."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            # one more than may be: a file that is too large is noticed and not read whole
            found = read_file(form.cleaned_data["file"].read(LARGEST + 1))
            import_theory(request.actor, problem, found)
        except FileError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The theory of the file is in place."))
            return redirect(address(problem))
    return render(request, "theory/import.html", framed(request, problem, form=form))


def _asked_for(request: WorkspaceRequest, number: int) -> tuple[Problem, Sheet, dict[str, Any]]:
    problem = problem_page(request, number)
    sheet = read_theory(request.actor, problem)
    if not sheet.steps:
        raise Http404
    return problem, sheet, sheet_context(problem, sheet)


def _sent(
    request: WorkspaceRequest,
    problem: Problem,
    sheet: Sheet,
    content: bytes,
    media_type: str,
    ending: str,
) -> HttpResponse:
    record(request.actor, "theory.export", sheet.theory, kind="export", format=ending)
    answer = HttpResponse(content, content_type=media_type)
    name = f"theory-{request.workspace.slug}-{problem.number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
