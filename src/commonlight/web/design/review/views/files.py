"""A brief as a file: tagged PDF, Markdown and JSON; what is closed to the reader is not named."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonlight.web.design.review.domain.brief.blocks import redacted
from commonlight.web.design.review.domain.brief.decided import decision_of, with_decision
from commonlight.web.design.review.domain.brief.markdown import as_markdown
from commonlight.web.design.review.methods import brief_pdf
from commonlight.web.design.review.models import Brief
from commonlight.web.design.review.views.briefs import found_version
from commonlight.web.design.views.frame import design_page
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["json_file", "markdown", "pdf"]


@require_safe
@page("design.view")
def pdf(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """The brief on A4, with tags for screen readers."""
    found, content = _asked_for(request, number, version)
    made = brief_pdf(with_decision(content, found), state=content["words"][found.state])
    return _sent(request, found, made, "application/pdf", "pdf")


@require_safe
@page("design.view")
def markdown(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """The brief as text that can be edited on."""
    found, content = _asked_for(request, number, version)
    made = as_markdown(with_decision(content, found)).encode()
    return _sent(request, found, made, "text/markdown; charset=utf-8", "md")


@require_safe
@page("design.view")
def json_file(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """The brief for programs."""
    found, content = _asked_for(request, number, version)
    told = {**content, "state": found.state, "decision": decision_of(found)}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return _sent(request, found, f"{text}\n".encode(), "application/json", "json")


def _asked_for(
    request: WorkspaceRequest, number: int, version: int
) -> tuple[Brief, dict[str, Any]]:
    problem = design_page(request, number)
    found = found_version(problem, version)
    return found, redacted(found.content or {}, request.actor)


def _sent(
    request: WorkspaceRequest, brief: Brief, content: bytes, kind: str, ending: str
) -> HttpResponse:
    record(
        request.actor,
        "brief.download",
        brief.problem,
        kind="export",
        brief=brief.number,
        file=ending,
    )
    answer = HttpResponse(content, content_type=kind)
    name = f"design-brief-{brief.problem.number}-{brief.number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
