"""What came of it: matrix and gaps, the short page, the sheets, the files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from commonlight.web import runs
from commonlight.web.assessment.domain.files import FILES, file_of
from commonlight.web.assessment.domain.finding import assessor_of
from commonlight.web.assessment.domain.gap_lines import gap_lines
from commonlight.web.assessment.domain.gaps import gap_rule
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.sheets import PDF_JOB, sheet_content, sheet_run
from commonlight.web.assessment.domain.summary import coverage_words, log_reading, summary_of
from commonlight.web.assessment.views.frame import address, assessment_page, frame
from commonlight.web.assessment.words import verdict_rows, verdict_words
from commonlight.web.policy import WorkspaceRequest, decide, page

__all__ = ["brief", "file", "make_pdf", "matrix", "pdf", "sheets"]

Request = WorkspaceRequest


@require_safe
@page("assessment.view")
def matrix(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Differences first, then gaps, then principles and values against verdicts."""
    found = assessment_page(request, number, edition)
    reading = read_assessment(request.actor, found)
    words = verdict_words()
    context = frame(
        found,
        here="matrix",
        reading=reading,
        matrix=reading.matrix,
        coverage=coverage_words(reading),
        words=words,
        rule=gap_rule(),
        gap_lines=gap_lines(reading.matrix.gaps),
        verdicts=list(verdict_rows().values()),
        several=len(found.assessors.all()) > 1,
        may_judge=decide(request.actor, "assessment.assess", found),
        mine=assessor_of(request.actor, found),
        files=list(FILES),
    )
    return render(request, "assessment/matrix.html", context)


@require_safe
@page("assessment.view")
def brief(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """One page for somebody with fifteen minutes."""
    found = assessment_page(request, number, edition)
    summary = summary_of(request.actor, found)
    context = frame(found, here="brief", summary=summary, reading=summary.reading)
    return render(request, "assessment/brief.html", context)


@require_safe
@page("assessment.view")
def sheets(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Two sheets of paper, for the printer of the browser and as a PDF."""
    found = assessment_page(request, number, edition)
    summary = summary_of(request.actor, found)
    context = frame(
        found,
        summary=summary,
        sheet=sheet_content(summary, made_on=timezone.localdate()),
        run=sheet_run(request.actor, found),
        may_run=decide(request.actor, "run.start"),
    )
    return render(request, "assessment/sheets.html", context)


@require_POST
@page("assessment.view")
def make_pdf(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Ask for the two sheets as a PDF."""
    found = assessment_page(request, number, edition)
    run = runs.request(
        request.actor,
        PDF_JOB,
        workspace=request.workspace,
        title_values={"strategy": found.strategy.title},
        parameters={
            "strategy": found.strategy.number,
            "edition": found.number,
            "language": get_language() or "en",
        },
        reuse=False,
    )
    return redirect(f"{address(found, 'sheets')}#pdf-{run.pk}")


@require_safe
@page("assessment.view")
def pdf(request: Request, workspace: str, number: int, edition: int) -> Any:
    """The newest PDF that the actor asked for."""
    found = assessment_page(request, number, edition)
    run = sheet_run(request.actor, found)
    path = run.result_path / "assessment.pdf" if run is not None and run.state == "done" else None
    if path is None or not path.is_file():
        raise Http404
    log_reading(request.actor, found, "assessment.pdf")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename="assessment.pdf")
    answer["Content-Type"] = "application/pdf"
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@page("assessment.view")
def file(request: Request, workspace: str, number: int, edition: int, name: str) -> HttpResponse:
    """A file of the assessment, as the actor may read it."""
    found = assessment_page(request, number, edition)
    if name not in FILES:
        raise Http404
    content, media_type = file_of(name, summary_of(request.actor, found))
    log_reading(request.actor, found, name)
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
