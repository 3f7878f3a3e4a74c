"""What can be taken away from a finding, each as a file in an open format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commonlight.web.audits.domain.pictures import Stamp, stamped
from commonlight.web.audits.domain.results import INTERNAL, PUBLIC, result_file, shelf_file
from commonlight.web.audits.models import StoredFinding

__all__ = ["FILES", "Download", "download", "drawing", "files_of"]

FILES: Mapping[str, str] = {
    "table.csv": "text/csv; charset=utf-8",
    "finding.json": "application/json",
    "chart.svg": "image/svg+xml",
    "map.svg": "image/svg+xml",
    "map.geojson": "application/geo+json",
}
"""The files of a finding and their media types."""


@dataclass(frozen=True)
class Download:
    """A file that leaves the workbench."""

    name: str
    media_type: str
    content: bytes


def files_of(content: Mapping[str, Any]) -> list[str]:
    """Which files a finding has, in the order of `FILES`."""
    has = {
        "table.csv": content.get("table"),
        "finding.json": True,
        "chart.svg": content.get("chart"),
        "map.svg": content.get("map"),
        "map.geojson": content.get("map"),
    }
    return [name for name in FILES if has[name]]


def drawing(
    finding: StoredFinding,
    kind: str,
    stamp: Stamp,
    *,
    narrow: bool = False,
    public: bool = False,
    opaque: bool = False,
) -> str:
    """The drawing of a chart or map with title, source and date in it; empty if there is none."""
    name = f"{finding.key}{'-narrow' if narrow else ''}.svg"
    path = shelf_file(finding.run, f"{kind}s", name, public=public)
    if path is None:
        return ""
    content = (finding.public_content if public else finding.content) or {}
    title = (content.get(kind) or {}).get("title") if stamp.title else ""
    own = replace(stamp, title=title or stamp.title)
    return stamped(path.read_text("utf-8"), own, opaque=opaque)


def download(
    finding: StoredFinding,
    name: str,
    *,
    content: Mapping[str, Any],
    stamp: Stamp,
    public: bool = False,
) -> Download | None:
    """One file of a finding, or None where it has no such file."""
    if name not in files_of(content):
        return None
    made = _MAKERS[name](finding, content, stamp, public)
    if not made:
        return None
    return Download(f"{finding.key}-{name}", FILES[name], made)


def _table(finding: StoredFinding, content: Any, stamp: Stamp, public: bool) -> bytes:
    path = shelf_file(finding.run, "tables", f"{finding.key}.csv", public=public)
    return b"" if path is None else path.read_bytes()


def _json(finding: StoredFinding, content: Any, stamp: Stamp, public: bool) -> bytes:
    said = {key: value for key, value in content.items() if key != "files"}
    told = {"title": stamp.title, "source": list(stamp.lines), "finding": said}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _chart(finding: StoredFinding, content: Any, stamp: Stamp, public: bool) -> bytes:
    return drawing(finding, "chart", stamp, public=public, opaque=True).encode()


def _map(finding: StoredFinding, content: Any, stamp: Stamp, public: bool) -> bytes:
    return drawing(finding, "map", stamp, public=public, opaque=True).encode()


def _geojson(finding: StoredFinding, content: Any, stamp: Stamp, public: bool) -> bytes:
    folder = PUBLIC if public else INTERNAL
    path = result_file(finding.run, folder, "data", "maps", f"{finding.key}.geojson")
    return b"" if path is None else path.read_bytes()


_MAKERS: dict[str, Callable[[StoredFinding, Any, Stamp, bool], bytes]] = {
    "table.csv": _table,
    "finding.json": _json,
    "chart.svg": _chart,
    "map.svg": _map,
    "map.geojson": _geojson,
}
