"""Data sets that are kept as files: areas, residents, streets, places, past interventions."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commonlight.web.data.methods.file_roles import COLUMN_ROLES
from commonlight.web.data.methods.keeping import put_file
from commonlight.web.data.methods.pictures import picture_of_shapes
from commonlight.web.data.methods.reading import check_unpacked, person_columns
from commonlight.web.data.methods.rows import (
    has_shapes,
    read_interventions,
    read_places,
    text_table,
)

__all__ = ["import_file", "look_at_file"]

ROWS_SHOWN = 10
_GUESSES = {
    "code": ("code", "id", "schluessel", "schlüssel", "nummer", "key", "plr", "bez", "lor"),
    "name": ("name", "bezeichnung", "nom", "title", "titel"),
    "parent": ("parent", "district", "bezirk", "borough", "bzr"),
    "area": ("area", "code", "gebiet", "zone", "lsoa", "plr", "lor", "id"),
    "count": ("count", "population", "residents", "persons", "einwohner", "total", "e_e", "n"),
    "identifier": ("id", "fid", "segment", "street_id", "osm_id"),
    "category": ("category", "type", "kind", "art", "kategorie"),
    "what": ("what", "measure", "description", "massnahme", "maßnahme", "action"),
    "from": ("from", "start", "begin", "von", "start_date"),
    "to": ("to", "end", "until", "bis", "end_date"),
    "x": ("lon", "longitude", "lng", "x", "east", "easting"),
    "y": ("lat", "latitude", "y", "north", "northing"),
}


def look_at_file(path: Path, kind: str, drop: list[str]) -> dict[str, Any]:
    """The header, the first rows and a first guess at what the columns are."""
    check_unpacked(path)
    persons = person_columns(path, drop)
    if persons:
        return {"persons": persons}
    table = text_table(path, drop)
    header = list(table)
    rows = [[_cell(table[name][k]) for name in header] for k in range(_shown(table))]
    return {
        "header": header,
        "raw_rows": rows,
        "read": _size(table),
        "guess": _guess(header, COLUMN_ROLES[kind]),
        "has_shapes": has_shapes(path),
    }


def _shown(table: dict[str, list[Any]]) -> int:
    return min(ROWS_SHOWN, _size(table))


def _size(table: dict[str, list[Any]]) -> int:
    return len(next(iter(table.values()), []))


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:120]}..."


def _guess(header: list[str], roles: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for role in roles:
        for word in _GUESSES[role]:
            fits = [n for n in header if _fits(n, word) and n not in found.values()]
            if fits:
                found[role] = fits[0]
                break
    return found


def _fits(name: str, word: str) -> bool:
    plain = name.casefold()
    return plain == word or (len(word) > 2 and word in plain)


def import_file(
    path: Path,
    *,
    kind: str,
    columns: dict[str, str],
    crs: str,
    date_format: str,
    drop: list[str],
    target: Path,
    folder: Path,
) -> dict[str, Any]:
    """Check a file with the library's readers and keep it in `target` by its digest."""
    check_unpacked(path)
    persons = person_columns(path, drop)
    if persons:
        return {"persons": persons}
    found = _READERS[kind](path, columns, crs or None, date_format, drop, folder)
    return _kept(found, found.pop("path", path), path, kind, columns, crs, target, folder.name)


def _kept(
    found: dict[str, Any],
    source: Path,
    sent: Path,
    kind: str,
    columns: dict[str, str],
    crs: str,
    target: Path,
    attempt: str,
) -> dict[str, Any]:
    digest, raw = _digest(source), _digest(sent)
    target.mkdir(parents=True, exist_ok=True)
    kept = target / f"{digest[:16]}-{source.name}"
    put_file(kept, lambda aside: shutil.copyfile(source, aside), attempt)
    picture = json.dumps(found.pop("picture", {}))
    drawn = target / f"{kept.name}.picture.json"
    put_file(drawn, lambda aside: aside.write_text(picture, encoding="utf-8"), attempt)
    import commonlight

    manifest = {
        "kind": kind,
        "columns": {role: name for role, name in columns.items() if name},
        "crs": crs,
        "library_version": commonlight.__version__,
        "sources": [{"name": sent.name, "sha256": raw, "bytes": sent.stat().st_size}],
        "notes": found.get("notes", []),
        **found.get("manifest", {}),
    }
    return {**found, "digest": digest, "file": kept.name, "manifest": manifest, "is_new": True}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- one reader for each kind

Reader = Callable[
    [Path, dict[str, str], str | None, str, list[str], Path],
    dict[str, Any],
]


def _counts(read: int, accepted: int, rejected: int) -> dict[str, int]:
    return {"read": read, "accepted": accepted, "rejected": rejected}


def _areas(
    path: Path, columns: dict[str, str], crs: str | None, _: str, drop: list[str], folder: Path
) -> dict[str, Any]:
    from commonlight.sources.areas import read_areas

    areas = read_areas(
        path,
        code=columns["code"],
        name=columns.get("name") or None,
        parent=columns.get("parent") or None,
        crs=crs,
    )
    n = len(areas.codes)
    picture = picture_of_shapes(areas.polygons, areas.crs, areas.names or areas.codes)
    return {
        **_counts(n, n, 0),
        "notes": list(areas.notes),
        "picture": picture,
        "manifest": {"metric_crs": areas.crs, "items": n},
    }


def _streets(
    path: Path, columns: dict[str, str], crs: str | None, _: str, drop: list[str], folder: Path
) -> dict[str, Any]:
    from commonlight.sources.streets import read_streets

    lines = read_streets(path, crs=crs, identifier=columns.get("identifier") or None)
    n = len(set(lines.ids))
    picture = picture_of_shapes(lines.lines, lines.crs, lines.ids)
    paths = picture.get("paths", [])
    if paths:
        picture["paths"] = [{"name": "", "d": "".join(one["d"] for one in paths)}]
    return {
        **_counts(n, n, 0),
        "notes": list(lines.notes),
        "picture": picture,
        "manifest": {"metric_crs": lines.crs, "items": len(lines.lines)},
    }


def _population(
    path: Path, columns: dict[str, str], crs: str | None, _: str, drop: list[str], folder: Path
) -> dict[str, Any]:
    import numpy as np

    from commonlight.sources.population import read_population

    people = read_population(path, area=columns["area"], count=columns["count"])
    n, total = len(people.codes), float(np.nansum(people.counts))
    return {
        **_counts(n, n, 0),
        "notes": list(people.notes),
        "manifest": {"items": n, "residents": total},
    }


_READERS: dict[str, Reader] = {
    "areas": _areas,
    "streets": _streets,
    "population": _population,
    "places": read_places,
    "interventions": read_interventions,
}
