"""One import: files in, a registered version of a checked table out.

Accepted + rejected = read, for every import, or nothing is registered. What an import
does not answer: whether the publisher recorded everything that happened.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonlight.sources.bytestream import Progress
from commonlight.sources.errors import LakeError, MappingError, PersonDataError
from commonlight.sources.headers import check_header, listed
from commonlight.sources.import_result import ImportResult
from commonlight.sources.lake import Draft, Lake
from commonlight.sources.mapping import Mapping
from commonlight.sources.observations import Classes
from commonlight.sources.records import check_mapping, columns_used
from commonlight.sources.schemas import SCHEMA_VERSION
from commonlight.sources.source_files import SourceFile, find_files, open_file

if TYPE_CHECKING:
    pass

__all__ = ["check_columns", "check_source", "import_source", "short_names"]

SAMPLE_ROWS = 1000
"""Records the guard against personal data looks at, shared by the files, at least 100 of each."""


def import_source(
    paths: Path | str | Sequence[Path | str],
    mapping: Mapping,
    *,
    lake: Lake | Path | str,
    name: str,
    classes: Classes | None = None,
    study_area: Any = None,
    crs: str | None = None,
    drop: Sequence[str] = (),
    progress: Progress | None = None,
) -> ImportResult:
    """Read a source's files, check every record and register a new version of its table.

    Parameters
    ----------
    paths : path or sequence of paths
        Files, folders or patterns such as ``*/*-street.csv``; all have the same columns.
    mapping : Mapping
        The publisher's format.
    lake : Lake or path
        Where the version is kept.
    name : str
        The source's name in the lake.
    classes : Classes or None
        Offence classes from :mod:`commonlight.evidence`.
    study_area : shapely Polygon or MultiPolygon, AreaSet or None
        Records with coordinates outside are rejected. A bare geometry is in `crs`.
    crs : str or None
        The projected system of the result, metres; None = chosen for the place.
    drop : sequence of str
        Columns that must not be read.
    progress : Progress or None
        Called with bytes done, bytes in all and rows read.

    Returns
    -------
    ImportResult
        Counts, decisions and the version.

    Raises
    ------
    PersonDataError
        If a column looks like data about persons; nothing is kept.
    MappingError
        If the mapping does not fit the files.
    UnreadableFileError
        If a file cannot be read at all.
    LakeError
        If another import of this source is running, or the files written do not agree
        with the counts.
    """
    lake = lake if isinstance(lake, Lake) else Lake(lake)
    started = _now()
    files = _checked_files(paths, mapping, drop)
    with lake.draft(name) as draft:
        result = _run(files, mapping, draft.folder, classes, study_area, crs, drop, progress)
        return _registered(draft, result, mapping, started)


def check_source(
    paths: Path | str | Sequence[Path | str],
    mapping: Mapping,
    *,
    classes: Classes | None = None,
    study_area: Any = None,
    crs: str | None = None,
    drop: Sequence[str] = (),
    progress: Progress | None = None,
    rejected: Path | None = None,
) -> ImportResult:
    """Do all that :func:`import_source` does, and keep nothing.

    The parameters, the result and the errors are those of :func:`import_source`;
    `version` is None. The rows are written to a temporary folder that is removed. The
    rejected records can be written as CSV to the file `rejected`.
    """
    with tempfile.TemporaryDirectory(prefix="commonlight-") as folder:
        files = _checked_files(paths, mapping, drop)
        result = _run(files, mapping, Path(folder), classes, study_area, crs, drop, progress)
        if rejected is not None:
            import pyarrow.parquet as pq

            from commonlight.sources.rejected_file import write_rejected

            write_rejected(pq.read_table(Path(folder) / "rejected.parquet"), rejected)
        return result


@dataclass(frozen=True)
class _Source:
    """One file that was looked at and may be read."""

    path: Path
    name: str
    bytes_total: int


def _checked_files(
    paths: Path | str | Sequence[Path | str], mapping: Mapping, drop: Sequence[str]
) -> list[_Source]:
    """The files, of equal header, that hold no data about persons."""
    check_mapping(mapping)
    found = find_files(paths)
    checked: list[_Source] = []
    header: tuple[str, ...] = ()
    for path, name in zip(found, short_names(found), strict=True):
        with _open(path, mapping, name) as file:
            header = header or file.header
            check_columns(file, header, found[0].name, mapping, drop)
            _check_persons(
                file, {*mapping.drop, *drop}, file.sample(max(SAMPLE_ROWS // len(found), 100))
            )
            checked.append(_Source(path, name, file.bytes_total))
    return checked


@contextmanager
def _open(path: Path, mapping: Mapping, name: str) -> Iterator[SourceFile]:
    file = open_file(path, mapping.file, name=name)
    try:
        yield file
    finally:
        file.close()


def short_names(paths: list[Path]) -> list[str]:
    """File names; with their folders where two files have the same name."""
    names = [path.name for path in paths]
    if len(set(names)) == len(names):
        return names
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def check_columns(
    file: SourceFile,
    first: tuple[str, ...],
    first_name: str,
    mapping: Mapping,
    drop: Sequence[str],
) -> None:
    """Refuse a file that has not the columns of the first one, or lacks one that is mapped."""
    used, header = columns_used(mapping), file.header
    if header != first:
        check_header(header, file.name)
        more = listed([name for name in header if name not in first]) or "none"
        less = listed([name for name in first if name not in header]) or "none"
        order = ", in another order" if more == less == "none" else ""
        raise MappingError(
            f"{file.name} has other columns than {first_name}: more {more}, less {less}{order}; "
            "import it as a source of its own, or name the files that belong together, for example "
            f"{_pattern(first_name)!r}"
        )
    missing = [name for name in used if name not in header]
    if missing:
        check_header(header, file.name)
        raise MappingError(
            f"{file.name} has no column {_quoted(missing)}; its columns are {listed(header)}. "
            "Correct the mapping, or the delimiter if this is one long name"
        )
    twice = [name for name in used if header.count(name) > 1]
    if twice:
        raise MappingError(
            f"{file.name} has several columns named {_quoted(twice)}; give each a name of its own "
            "in the file"
        )
    both = [name for name in used if name in (*mapping.drop, *drop)]
    if both:
        raise MappingError(f"{_quoted(both)} is both mapped and dropped; take it out of one")
    unknown = [name for name in drop if name not in header]
    if unknown:
        raise MappingError(f"{file.name} has no column {_quoted(unknown)} to drop")


def _pattern(name: str) -> str:
    """A pattern for files that are named like one of them."""
    stem, dot, ending = Path(name).name.partition(".")
    word = stem.rstrip("0123456789").rpartition("-")[2]
    return f"folder/*/*-{word}{dot}{ending}" if "-" in stem and word else f"folder/*{dot}{ending}"


def _check_persons(file: SourceFile, dropped: set[str], sample: list[list[str]]) -> None:
    """Stop where a column looks like data about persons, mapped or not."""
    from commonlight.sources.persons import find_person_columns

    looked_at = [k for k, name in enumerate(file.header) if name not in dropped]
    names = [file.header[k] for k in looked_at]
    values = [[row[k] for row in sample if len(row) > k] for k in looked_at]
    found = find_person_columns(names, values)
    if found:
        listed = "; ".join(f"{column.name} ({column.reason})" for column in found)
        raise PersonDataError(
            f"{file.name} seems to hold data about persons, so nothing was kept: {listed}. "
            "Remove these columns from the file, or name them as columns to drop",
            columns=tuple(column.name for column in found),
        )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _run(
    files: list[_Source],
    mapping: Mapping,
    folder: Path,
    classes: Classes | None,
    study_area: Any,
    crs: str | None,
    drop: Sequence[str],
    progress: Progress | None,
) -> ImportResult:
    from commonlight.sources.engine import Engine

    asked = _codebook(mapping)
    total = sum(file.bytes_total for file in files)
    engine = Engine(
        mapping, folder, bytes_total=total, classes=classes, study_area=study_area, crs=crs
    )
    done = 0
    for source in files:
        with _open(source.path, mapping, source.name) as file:
            engine.read(file, progress=progress, done=done)
            _check_persons(file, {*mapping.drop, *drop}, file.late_sample())
        done += source.bytes_total
    result = engine.finish()
    if result.accepted + result.rejected != result.read:
        raise LakeError(
            f"accepted {result.accepted} + rejected {result.rejected} is not read "
            f"{result.read}; nothing was registered. Please report this with the file's header"
        )
    given = {"mapping": asdict(mapping), "crs": crs, "drop": sorted({*mapping.drop, *drop})}
    given |= asked
    area = None if study_area is None else _area_digest(study_area)
    return _with_manifest(result, mapping, given | {"study_area": area})


def _codebook(mapping: Mapping) -> dict[str, Any]:
    """The codebook's text, so that a version says for ever what was asked."""
    if mapping.codebook is None:
        return {}
    from commonlight.sources.codebook_files import codebook_text, parse_codebook

    text, label = codebook_text(mapping.codebook)
    parse_codebook(text, label)
    name = Path(mapping.codebook).name
    return {"mapping": asdict(mapping) | {"codebook": name}, "codebook": text}


def _area_digest(study_area: Any) -> str:
    polygons = getattr(study_area, "polygons", None) or [study_area]
    return hashlib.sha256(b"".join(polygon.wkb for polygon in polygons)).hexdigest()


def _with_manifest(result: ImportResult, mapping: Mapping, given: dict[str, Any]) -> ImportResult:
    import commonlight

    digests = [entry["sha256"] for entry in result.files]
    text = json.dumps([SCHEMA_VERSION, digests, given], sort_keys=True, default=str)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "kind": mapping.kind,
        "publisher": mapping.publisher,
        "licence": mapping.licence,
        "attribution": mapping.attribution,
        "witness": mapping.witness,
        "library_version": getattr(commonlight, "__version__", "unknown"),
        "input_digest": hashlib.sha256(text.encode()).hexdigest(),
        "read": result.read,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "observations": result.observations,
        "reasons": result.reasons,
        "sources": list(result.files),
        **result.manifest,
        **given,
        "precision": None if result.precision is None else asdict(result.precision),
        "unmapped_types": result.unmapped_types,
        "notes": list(result.notes),
    }
    return _replaced(result, manifest=manifest)


def _registered(draft: Draft, result: ImportResult, mapping: Mapping, started: str) -> ImportResult:
    times = {"import_started": started, "import_ended": _now()}
    version, is_new = draft.register({"name": draft.name, **result.manifest, **times})
    notes = result.notes
    if not is_new:
        notes += (f"same files, mapping and content as version {version.id}, which stays",)
    return _replaced(
        result,
        notes=notes,
        version=version.id,
        manifest_path=version.path / "manifest.json",
        manifest=version.manifest,
        is_new=is_new,
    )


def _replaced(result: ImportResult, **changes: Any) -> ImportResult:
    from dataclasses import replace

    return replace(result, **changes)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
