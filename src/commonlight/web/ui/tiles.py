"""The city's own background tiles: one PMTiles file, read in parts."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from commonlight.web.ui.marks import for_everybody

__all__ = ["tiles"]

RANGE = re.compile(r"bytes=(\d+)-(\d+)")
LARGEST = 4 * 1024 * 1024
"""One answer holds at most so many bytes; a reader of PMTiles asks for far less."""


@for_everybody
@require_safe
@cache_control(public=True, max_age=3600)
def tiles(request: HttpRequest) -> HttpResponse:
    """The part of the tile file that was asked for."""
    path = Path(getattr(settings, "COMMONLIGHT_TILES", "") or "/nonexistent")
    if not path.is_file():
        raise Http404
    size = path.stat().st_size
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not int(asked[1]) <= int(asked[2]) or int(asked[1]) >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return _part(path, int(asked[1]), min(int(asked[2]), size - 1), size)


def _part(path: Path, first: int, last: int, size: int) -> HttpResponse:
    last = min(last, first + LARGEST - 1)
    with path.open("rb") as file:
        file.seek(first)
        content = file.read(last - first + 1)
    stat = path.stat()
    return HttpResponse(
        content,
        status=206,
        content_type="application/octet-stream",
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Accept-Ranges": "bytes",
            "ETag": f'"{stat.st_mtime_ns:x}-{size:x}"',
        },
    )
