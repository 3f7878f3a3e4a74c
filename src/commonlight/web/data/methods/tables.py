"""Tables of observations: guessed, looked at and imported, as the command line does it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonlight.web.data.methods.reading import check_unpacked, person_columns

if TYPE_CHECKING:
    from commonlight.sources.bytestream import Progress
    from commonlight.sources.import_result import ImportResult
    from commonlight.sources.mapping import Mapping

__all__ = ["guess", "import_table", "look", "table_facts"]

LONGEST_WAIT, PAUSE = 3600.0, 0.5
MAPPING, CODEBOOK, REJECTED = "mapping.toml", "codebook.toml", "rejected.csv"


def guess(path: Path, drop: list[str]) -> dict[str, Any]:
    """A first mapping for a file, with what was taken for what and why."""
    from commonlight.sources.guess import guess_mapping
    from commonlight.sources.mapping_files import dump_mapping

    check_unpacked(path)
    persons = person_columns(path, drop)
    if persons:
        return {"persons": persons}
    found = guess_mapping(path)
    mapping, codebook = found.mapping, ""
    if found.codebook is not None:
        from commonlight.sources.codebook_files import dump_codebook

        mapping, codebook = (
            replace(mapping, codebook=CODEBOOK, keep={}),
            dump_codebook(found.codebook),
        )
    dropped = tuple(dict.fromkeys((*mapping.drop, *drop)))
    text = dump_mapping(replace(mapping, drop=dropped))
    return {"mapping": text, "codebook": codebook, "notes": list(found.notes)}


def look(
    path: Path, *, mapping: str, codebook: str, drop: list[str], folder: Path
) -> dict[str, Any]:
    """The first rows as they stand and as they are read, and what would be rejected and why."""
    from commonlight.sources.errors import PersonDataError
    from commonlight.sources.preview import preview_source

    check_unpacked(path)
    chosen = _loaded(mapping, codebook, folder)
    classes = _classes(chosen)
    try:
        seen = preview_source([path], chosen, drop=_dropped(chosen, drop), classes=classes)
    except PersonDataError as error:
        return {"persons": [{"name": name, "reason": ""} for name in error.columns]}
    found: dict[str, Any] = seen.to_json()
    if found.get("person_columns"):
        return {"persons": _persons(found["person_columns"])}
    return {**found, "types": _types(path, chosen, drop)}


def _persons(columns: list[Any]) -> list[dict[str, str]]:
    return [
        {"name": one["name"], "reason": one["reason"]}
        if isinstance(one, dict)
        else {"name": one[0], "reason": one[1]}
        for one in columns
    ]


def _types(path: Path, mapping: Mapping, drop: list[str]) -> dict[str, int]:
    """All local types in the sample with their number, whether they have a class or not."""
    from commonlight.sources.preview import preview_source

    if mapping.type is None:
        return {}
    plain = replace(mapping, type=replace(mapping.type, scheme=None, iccs={}))
    seen = preview_source([path], plain, drop=_dropped(mapping, drop))
    return dict(seen.unmapped_types)


def import_table(
    path: Path,
    *,
    mapping: str,
    codebook: str,
    drop: list[str],
    lake: Path,
    name: str,
    crs: str,
    folder: Path,
    progress: Progress,
    waiting: Callable[[], None],
) -> dict[str, Any]:
    """Read a file into a new version of a source; `folder` gets the mapping and the rejected.

    While another import into the source runs, `waiting` is called now and then.
    """
    from commonlight.sources.errors import PersonDataError
    from commonlight.sources.importing import import_source

    check_unpacked(path)
    chosen = _loaded(mapping, codebook, folder)
    try:
        result = _in_turn(
            lambda: import_source(
                path,
                chosen,
                lake=lake,
                name=name,
                classes=_classes(chosen),
                crs=crs or None,
                drop=_dropped(chosen, drop),
                progress=progress,
            ),
            waiting,
        )
    except PersonDataError as error:
        return {"persons": [{"name": one, "reason": ""} for one in error.columns]}
    return _told(result, lake, name, folder)


def _in_turn(bring: Callable[[], ImportResult], waiting: Callable[[], None]) -> ImportResult:
    """Wait for another import into the same source, for as long as one may take."""
    from commonlight.sources.errors import LakeBusyError

    until = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return bring()
        except LakeBusyError:
            if time.monotonic() > until:
                raise
        waiting()
        time.sleep(PAUSE)


def _loaded(mapping: str, codebook: str, folder: Path) -> Mapping:
    from commonlight.sources.mapping_files import load_mapping

    (folder / MAPPING).write_text(mapping, encoding="utf-8")
    if codebook:
        (folder / _codebook_name(mapping)).write_text(codebook, encoding="utf-8")
    return load_mapping(folder / MAPPING)


def _codebook_name(mapping: str) -> str:
    """The file name by which the mapping calls its codebook, without any folder."""
    import tomllib

    try:
        named = tomllib.loads(mapping).get("codebook")
    except tomllib.TOMLDecodeError:
        return CODEBOOK
    return Path(str(named)).name if named else CODEBOOK


def _dropped(mapping: Mapping, drop: list[str]) -> tuple[str, ...]:
    """Columns to leave unread that the mapping does not name itself."""
    return tuple(name for name in drop if name not in mapping.drop)


def _classes(mapping: Mapping) -> Any:
    """The table of offence classes that the mapping names, if any."""
    if mapping.type is None or mapping.type.scheme is None:
        return None
    from commonlight.evidence.offences import load_scheme

    return load_scheme(mapping.type.scheme)


def _told(result: ImportResult, lake: Path, name: str, folder: Path) -> dict[str, Any]:
    from commonlight.sources.lake import Lake
    from commonlight.sources.quality import source_quality
    from commonlight.sources.rejected_file import write_rejected

    assert result.version is not None
    version = Lake(lake).open(name, result.version)
    write_rejected(version.rejected(), folder / REJECTED)
    return {
        **table_facts(version.manifest),
        "lake_version": result.version,
        "is_new": result.is_new,
        "notes": [note for note in (result.crs_note, *result.notes) if note],
        "quality": source_quality(version).to_json(),
    }


def table_facts(manifest: dict[str, Any]) -> dict[str, Any]:
    """What a version says of itself: digest, counts, days and manifest."""
    first, last = _days(manifest.get("period"))
    return {
        "digest": manifest["content_digest"],
        "read": manifest["read"],
        "accepted": manifest["accepted"],
        "rejected": manifest["rejected"],
        "first_day": first,
        "last_day": last,
        "manifest": manifest,
    }


def _days(period: list[str] | None) -> tuple[str | None, str | None]:
    """First and last day; a day, month or year ends at 00:00 of the next."""
    if not period:
        return None, None
    first, end = (datetime.fromisoformat(text) for text in period)
    last = max(first, end - timedelta(seconds=1))
    return first.date().isoformat(), last.date().isoformat()
