"""Files as answers: taken away as a whole, never run by the browser as a page of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.safestring import mark_safe

from commonlight.web.audits.domain.downloads import Download, drawing
from commonlight.web.audits.models import StoredFinding
from commonlight.web.ui.svg import inline_svg

__all__ = ["attachment", "geometry_answer", "one_finding_file"]


def attachment(made: Download) -> HttpResponse:
    """A file to keep; no copy of it stays in a cache, so that a withdrawn right is withdrawn."""
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def geometry_answer(request: HttpRequest, path: Path | None, digest: str) -> HttpResponse:
    """Shapes, which the browser may keep but asks for again each time."""
    if path is None:
        raise Http404
    if request.headers.get("If-None-Match") == f'"{digest}"':
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(path.read_bytes(), content_type="application/geo+json")
    answer["ETag"] = f'"{digest}"'
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def one_finding_file(
    request: HttpRequest, finding: StoredFinding, context: dict[str, Any]
) -> Download:
    """The finding as one HTML file that needs nothing else."""
    style = finders.find("audits/one-finding.css")
    css = Path(str(style)).read_text("utf-8")
    drawn = {kind: drawing(finding, kind, context["face"].stamp) for kind in ("chart", "map")}
    pictures = {kind: inline_svg(svg) for kind, svg in drawn.items() if svg}
    html = render_to_string(
        "audits/finding_file.html",
        {**context, "css": mark_safe(css), "pictures": pictures},
        request=request,
    )
    return Download(f"{finding.key}.html", "text/html; charset=utf-8", html.encode())
