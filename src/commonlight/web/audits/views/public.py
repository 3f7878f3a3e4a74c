"""Pages for everybody: released findings, without sign-in, cookies or a trace of who reads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commonlight.web.audits.domain.downloads import Download, download, drawing, files_of
from commonlight.web.audits.domain.faces import (
    cite_text,
    face_of,
    labelled_map,
    stamp_of,
)
from commonlight.web.audits.domain.pictures import Stamp
from commonlight.web.audits.domain.public import (
    PublicFinding,
    public_finding,
    public_report,
    released,
)
from commonlight.web.audits.domain.results import SourceUse, geometry_file, sources_of_run
from commonlight.web.audits.enums import CERTAINTY_KINDS, CERTAINTY_MEANINGS, Certainty
from commonlight.web.audits.views.files import attachment, geometry_answer
from commonlight.web.audits.views.finding import FILE_LABELS
from commonlight.web.audits.views.frame import today_of
from commonlight.web.policy import open_page
from commonlight.web.workspaces.models import Workspace

__all__ = [
    "brief",
    "file",
    "finding",
    "geometry",
    "index",
    "map_values",
    "picture",
    "report",
]


@open_page
@require_safe
def index(request: HttpRequest, workspace: str) -> HttpResponse:
    """All released findings of a partnership."""
    place = get_object_or_404(Workspace, slug=workspace)
    context = {"workspace": place, "releases": released(place)}
    return _fresh(render(request, "audits/public_findings.html", context))


@open_page
@require_safe
def brief(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """One release on one page, to print for a council or the press."""
    place = get_object_or_404(Workspace, slug=workspace)
    found = next(iter(released(place, number=number, with_content=True)), None)
    if found is None:
        raise Http404
    used = sources_of_run(found.release.run, today=today_of(place))
    context = {
        "workspace": place,
        "release": found.release,
        "faces": [_face(request, place, one, used) for one in found.findings],
        "has_report": public_report(found) is not None,
        "meanings": CERTAINTY_MEANINGS,
    }
    return _fresh(render(request, "audits/public_brief.html", context))


@open_page
@require_safe
def report(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """The public report as PDF, where all of it was released."""
    place = get_object_or_404(Workspace, slug=workspace)
    found = next(iter(released(place, number=number)), None)
    path = public_report(found) if found else None
    if path is None:
        raise Http404
    name = f"{workspace}-release-{number}.pdf"
    return attachment(Download(name, "application/pdf", path.read_bytes()))


@open_page
@require_safe
def finding(request: HttpRequest, workspace: str, number: int, key: str) -> HttpResponse:
    """One released finding in plain words, with its table and files."""
    place, found = _found(workspace, number, key)
    context = {"workspace": place, **_only_face(request, place, found)}
    return _fresh(render(request, "audits/public_finding.html", context))


def _found(workspace: str, number: int, key: str) -> tuple[Workspace, PublicFinding]:
    place = get_object_or_404(Workspace, slug=workspace)
    found = public_finding(place, number, key)
    if found is None:
        raise Http404
    return place, found


def _only_face(request: HttpRequest, place: Workspace, found: PublicFinding) -> dict[str, Any]:
    used = sources_of_run(found.release.run, today=today_of(place))
    return _face(request, place, found, used)


def _face(
    request: HttpRequest, place: Workspace, found: PublicFinding, used: dict[str, SourceUse]
) -> dict[str, Any]:
    """All that the page of a released finding shows."""
    one, content = found.finding, found.content
    args = [place.slug, found.release.number, one.key]
    address = request.build_absolute_uri(reverse("audits-public:finding", args=args))
    sources = [used[slug] for slug in one.sources if slug in used]
    stamp = stamp_of(one, content, sources, address=address)
    certainty = str(content.get("certainty", ""))
    return {
        "release": found.release,
        "finding": one,
        "face": face_of(one, content, stamp, public=True),
        "sources": sources,
        "address": address,
        "certainty_label": dict(Certainty.choices).get(certainty, certainty),
        "kind": CERTAINTY_KINDS.get(certainty, ""),
        "meaning": CERTAINTY_MEANINGS.get(certainty, ""),
        "files": [
            (FILE_LABELS[name], reverse("audits-public:file", args=[*args, name]))
            for name in files_of(content)
        ],
        "cite": cite_text(
            one,
            found.sentence,
            publisher=place.name,
            address=address,
            sources=sources,
        ),
        **_map_addresses(found, args),
    }


def _map_addresses(found: PublicFinding, args: list[Any]) -> dict[str, str]:
    data = labelled_map(found.finding, Stamp(title="", lines=()), public=True) or {}
    shapes = {
        f"{name}_url": reverse("audits-public:geometry", args=[*args, data[name]])
        for name in ("geometry", "ground")
        if data.get(name)
    }
    return {
        "map_url": reverse("audits-public:map", args=args),
        "image_url": reverse("audits-public:picture", args=[*args, "map", "wide"]),
        "image_narrow_url": reverse("audits-public:picture", args=[*args, "map", "narrow"]),
        **shapes,
    }


def _stamp(request: HttpRequest, place: Workspace, found: PublicFinding) -> Stamp:
    stamp: Stamp = _only_face(request, place, found)["face"].stamp
    return stamp


@open_page
@require_safe
def file(request: HttpRequest, workspace: str, number: int, key: str, name: str) -> HttpResponse:
    """A file of a released finding; nobody writes down who took it."""
    place, found = _found(workspace, number, key)
    made = download(
        found.finding,
        name,
        content=found.content,
        stamp=_stamp(request, place, found),
        public=True,
    )
    if made is None:
        raise Http404
    return _fresh(attachment(made))


@open_page
@require_safe
def picture(
    request: HttpRequest, workspace: str, number: int, key: str, kind: str, width: str
) -> HttpResponse:
    """A drawing with title, source and date in it."""
    place, found = _found(workspace, number, key)
    svg = drawing(
        found.finding,
        kind,
        _stamp(request, place, found),
        narrow=width == "narrow",
        public=True,
        opaque=True,
    )
    if not svg:
        raise Http404
    return _fresh(HttpResponse(svg, content_type="image/svg+xml"))


@open_page
@require_safe
def map_values(request: HttpRequest, workspace: str, number: int, key: str) -> HttpResponse:
    """Values, classes and places of the public map."""
    place, found = _found(workspace, number, key)
    data = labelled_map(found.finding, _stamp(request, place, found), public=True)
    if data is None:
        raise Http404
    return _fresh(JsonResponse(data))


@open_page
@require_safe
def geometry(
    request: HttpRequest, workspace: str, number: int, key: str, digest: str
) -> HttpResponse:
    """The shapes of the public map."""
    _place, found = _found(workspace, number, key)
    path = geometry_file(found.finding, digest, public=True)
    return geometry_answer(request, path, digest)


def _fresh(answer: HttpResponse) -> HttpResponse:
    """Asked for anew each time, so that what is withdrawn is gone."""
    patch_cache_control(answer, no_cache=True)
    return answer
