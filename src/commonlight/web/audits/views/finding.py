"""One finding as a page with an address of its own, and the files that can be taken from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commonlight.web.audits.domain.downloads import Download, download, drawing, files_of
from commonlight.web.audits.domain.faces import cite_text, face_of, labelled_map, stamp_of
from commonlight.web.audits.domain.pictures import Stamp
from commonlight.web.audits.domain.results import SourceUse, geometry_file, sources_of_run
from commonlight.web.audits.enums import CERTAINTY_KINDS, CERTAINTY_MEANINGS
from commonlight.web.audits.models import StoredFinding
from commonlight.web.audits.views.files import attachment, geometry_answer, one_finding_file
from commonlight.web.audits.views.frame import actor_of, found_run, today_of
from commonlight.web.audits.visibility import Sight
from commonlight.web.eventlog.reads import note_read
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, page, require

__all__ = ["FILE_LABELS", "detail", "file", "geometry", "map_addresses", "map_values", "picture"]

FILE_LABELS = {
    "table.csv": _("Table (CSV)"),
    "finding.json": _("Finding (JSON)"),
    "chart.svg": _("Chart (SVG)"),
    "map.svg": _("Map (SVG)"),
    "map.geojson": _("Map areas with values (GeoJSON)"),
    "finding.html": _("This finding as one file (HTML)"),
}


@dataclass(frozen=True)
class _Opened:
    """A finding that the person may see, with its sources and the words for its pictures."""

    finding: StoredFinding
    sources: list[SourceUse]
    stamp: Stamp
    address: str


def _opened(request: HttpRequest, run: int, key: str, *, action: str) -> _Opened:
    """The finding, or no such page; refused with the reason where a source is closed."""
    actor = actor_of(request)
    done = found_run(actor, run)
    rows = StoredFinding.objects.of(actor.workspace).filter(run=done, key=key)
    finding = rows.select_related("plan").defer("public_content").first()
    if finding is None:
        raise Http404
    finding.run = done
    require(actor, action, finding)
    used = sources_of_run(done, today=today_of(actor.workspace))
    sources = [used[slug] for slug in finding.sources if slug in used]
    path = reverse("audits:finding", args=[actor.workspace.slug, done.pk, key])
    address = request.build_absolute_uri(path)
    stamp = stamp_of(finding, finding.content, sources, address=address)
    return _Opened(finding, sources, stamp, address)


@page("finding.view")
@require_safe
def detail(request: HttpRequest, workspace: str, run: int, key: str) -> HttpResponse:
    """The finding with all that supports and limits it."""
    opened = _opened(request, run, key, action="finding.view")
    finding, actor = opened.finding, actor_of(request)
    if any(one.dataset.is_sensitive for one in opened.sources):
        note_read(actor, finding, action="finding.view")
    return render(request, "audits/finding.html", _context(request, opened))


def _context(request: HttpRequest, opened: _Opened) -> dict[str, Any]:
    finding, actor = opened.finding, actor_of(request)
    return {
        "finding": finding,
        "run": finding.run,
        "face": face_of(finding, finding.content, opened.stamp),
        "kind": CERTAINTY_KINDS.get(finding.certainty, ""),
        "meaning": CERTAINTY_MEANINGS.get(finding.certainty, ""),
        "sources": opened.sources,
        "agreements": _sight(actor, opened).agreements(finding),
        "files": _files(finding),
        "address": opened.address,
        "cite": cite_text(
            finding,
            finding.sentence,
            publisher=actor.workspace.name,
            address=opened.address,
            sources=opened.sources,
        ),
        **map_addresses(finding),
    }


def _sight(actor: Actor, opened: _Opened) -> Sight:
    return Sight.on(actor, [one.dataset for one in opened.sources])


def _files(finding: StoredFinding) -> list[tuple[Any, str]]:
    names = [*files_of(finding.content), "finding.html"]
    place = (finding.run.workspace.slug, finding.run.pk, finding.key)
    return [(FILE_LABELS[name], reverse("audits:file", args=[*place, name])) for name in names]


def map_addresses(finding: StoredFinding) -> dict[str, str]:
    """Where the script finds the map's values and shapes, and where its pictures are."""
    place = (finding.run.workspace.slug, finding.run.pk, finding.key)
    addresses = {
        "map_url": reverse("audits:map", args=place),
        "image_url": reverse("audits:picture", args=[*place, "map", "wide"]),
        "image_narrow_url": reverse("audits:picture", args=[*place, "map", "narrow"]),
    }
    data = labelled_map(finding, Stamp(title="", lines=()))
    for name in ("geometry", "ground"):
        digest = (data or {}).get(name)
        addresses[f"{name}_url"] = (
            reverse("audits:geometry", args=[*place, digest]) if digest else ""
        )
    return addresses


@page("finding.view")
@require_safe
def map_values(request: HttpRequest, workspace: str, run: int, key: str) -> HttpResponse:
    """Values, classes and places of the map, for the script that draws it."""
    opened = _opened(request, run, key, action="finding.view")
    data = labelled_map(opened.finding, opened.stamp)
    if data is None:
        raise Http404
    return JsonResponse(data)


@page("finding.view")
@require_safe
def geometry(request: HttpRequest, workspace: str, run: int, key: str, digest: str) -> HttpResponse:
    """The shapes of this finding's map, and of no other finding of the run; they never change."""
    opened = _opened(request, run, key, action="finding.view")
    return geometry_answer(request, geometry_file(opened.finding, digest), digest)


@page("finding.view")
@require_safe
def picture(
    request: HttpRequest, workspace: str, run: int, key: str, kind: str, width: str
) -> HttpResponse:
    """A drawing for the page, with title, source and date in it."""
    opened = _opened(request, run, key, action="finding.view")
    svg = drawing(opened.finding, kind, opened.stamp, narrow=width == "narrow", opaque=True)
    if not svg:
        raise Http404
    return HttpResponse(svg, content_type="image/svg+xml")


@page("finding.download")
@require_safe
def file(request: HttpRequest, workspace: str, run: int, key: str, name: str) -> HttpResponse:
    """A file of the finding; taking it away is logged."""
    opened = _opened(request, run, key, action="finding.download")
    finding = opened.finding
    made: Download | None
    if name == "finding.html":
        made = one_finding_file(request, finding, _context(request, opened))
    else:
        made = download(finding, name, content=finding.content, stamp=opened.stamp)
    if made is None:
        raise Http404
    record(actor_of(request), "finding.download", finding, kind="export", key=key, file=name)
    return attachment(made)
