"""``commonlight sources``: guess, check, import and list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commonlight.cli.console import print_json, print_table, progress, say
from commonlight.cli.first_run import tell_first_run
from commonlight.cli.help_pages import Commands

if TYPE_CHECKING:
    from commonlight.sources.guess import Guess
    from commonlight.sources.import_result import ImportResult
    from commonlight.sources.mapping import Mapping

__all__ = ["app"]

MOST_SHOWN = 20
"""Rejected records, or types, that are shown on the screen."""

app = Commands(help="Bring a city's files into checked tables.")

_Paths = Annotated[list[Path], typer.Argument(help="Files, or a folder of files.")]
_MappingOption = Annotated[
    str, typer.Option("--mapping", "-m", help="A mapping file, or the name of a preset.")
]
_Drop = Annotated[
    list[str] | None, typer.Option("--drop", help="Leave this column unread (may be repeated).")
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Lake = Annotated[Path, typer.Option(help="Folder of the lake.")]


@app.command()
def guess(
    file: Annotated[Path, typer.Argument(help="The file to look at.")],
    write: Annotated[Path | None, typer.Option(help="Write the mapping here.")] = None,
    structure: Annotated[
        Path | None,
        typer.Option(help="For a survey: LimeSurvey's .lss or .txt, or the XLSForm."),
    ] = None,
    json: _Json = False,
) -> None:
    """Look at FILE and propose a mapping, saying what was taken for what and why.

    For an export of LimeSurvey or KoboToolbox, a codebook is proposed as well.
    """
    from commonlight.sources.guess import guess_mapping
    from commonlight.sources.mapping_files import dump_mapping

    book = None if write is None else write.with_suffix(".codebook.toml")
    for path in (write, book):
        if path is not None and path.exists():
            raise typer.BadParameter(
                f"{path} exists and may hold corrections; remove it or name another file"
            )
    found = guess_mapping(file, structure=structure)
    mapping = found.mapping
    if write and book and found.codebook:
        from dataclasses import replace

        mapping = replace(mapping, codebook=book.name, keep={})
    text, asked = dump_mapping(mapping), _codebook_text(found)
    if write:
        _write(write, text)
        if book and asked:
            _write(book, asked)
    if json:
        notes = list(found.notes)
        print_json({"mapping": text, "codebook": asked, "notes": notes, "written": write})
        return
    for note in found.notes:
        say(f"# {note}")
    if not write:
        say(text)
        if asked:
            say(f"# The codebook, which --write puts beside the mapping:\n{asked}")
        return
    if asked:
        say(f"Wrote {book}. Fill in the wave, and check every construct and label.")
    say(f"Wrote {write}. Correct it, then run:")
    say(f"    commonlight sources check {_quoted(file)} --mapping {_quoted(write)}")


@app.command()
def check(
    paths: _Paths,
    mapping: _MappingOption,
    crs: Annotated[str | None, typer.Option(help="Projected system for the result.")] = None,
    drop: _Drop = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Write the rejected records to this CSV file.")
    ] = None,
    json: _Json = False,
) -> None:
    """Say what an import would accept and reject; keep nothing."""
    from commonlight.sources.importing import check_source
    from commonlight.sources.mapping_files import load_mapping

    chosen = load_mapping(mapping)
    tell_first_run()
    with progress(quiet=json) as show:
        result = check_source(
            paths,
            chosen,
            classes=_classes(chosen),
            crs=crs,
            drop=tuple(drop or ()),
            progress=_bytes(show, "Checking"),
            rejected=rejected,
        )
    _tell(result, json=json, see="add --rejected rejected.csv to see which")


@app.command("import")
def import_(
    paths: _Paths,
    mapping: _MappingOption,
    lake: _Lake = Path("lake"),
    name: Annotated[
        str | None, typer.Option(help="Name of the data set [default: the first file's name].")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="Projected system for the result.")] = None,
    drop: _Drop = None,
    json: _Json = False,
) -> None:
    """Read files into a new version of a data set in the lake."""
    from commonlight.sources.importing import import_source
    from commonlight.sources.mapping_files import load_mapping

    chosen = load_mapping(mapping)
    tell_first_run()
    name = name or _name_of(paths[0])
    with progress(quiet=json) as show:
        result = import_source(
            paths,
            chosen,
            lake=lake,
            name=name,
            classes=_classes(chosen),
            crs=crs,
            drop=tuple(drop or ()),
            progress=_bytes(show, "Importing"),
        )
    place = f"{name} --lake {_quoted(lake)} --out rejected.csv"
    _tell(result, json=json, see=f"to see which: commonlight sources rejected {place}")


@app.command("list")
def list_(lake: _Lake = Path("lake"), json: _Json = False) -> None:
    """List the data sets of the lake and their versions."""
    from commonlight.sources.lake import Lake

    store = Lake(lake)
    rows = [
        _row(store, name, version) for name in store.names() for version in store.versions(name)
    ]
    if json:
        print_json(rows)
        return
    if not rows:
        say(f"The lake at {lake} holds no data set yet.")
        return
    print_table(list(rows[0]), [list(row.values()) for row in rows])


@app.command()
def rejected(
    name: Annotated[str, typer.Argument(help="A data set of the lake.")],
    lake: _Lake = Path("lake"),
    version: Annotated[str | None, typer.Option(help="Which version [default: current].")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all of them to this CSV file, for a spreadsheet.")
    ] = None,
    json: _Json = False,
) -> None:
    """List the rejected records of a data set: file, row, column, value and reason."""
    from commonlight.sources.lake import Lake
    from commonlight.sources.rejected_file import write_rejected

    rows = Lake(lake).open(name, version).rejected()
    if out is not None:
        write_rejected(rows, out)
    if json:
        print_json({"rejected": rows.num_rows, "written": out} if out else rows.to_pylist())
        return
    if out is not None:
        say(f"Wrote {rows.num_rows:,} rejected records to {out}")
        return
    if not rows.num_rows:
        say(f"No record of {name} was rejected.")
        return
    shown = rows.slice(0, MOST_SHOWN)
    print_table(rows.column_names, [tuple(row.values()) for row in shown.to_pylist()])
    if rows.num_rows > MOST_SHOWN:
        say(f"and {rows.num_rows - MOST_SHOWN:,} more; --out rejected.csv writes all of them")


@app.command()
def presets(json: _Json = False) -> None:
    """List the publishers' formats that Commonlight knows."""
    from commonlight.sources.mapping_files import list_presets, load_mapping

    known = {name: load_mapping(name) for name in list_presets()}
    if json:
        print_json(known)
        return
    print_table(
        ["preset", "kind", "what", "publisher"],
        [[name, item.kind, item.name, item.publisher] for name, item in known.items()],
    )


def _codebook_text(found: Guess) -> str | None:
    if found.codebook is None:
        return None
    from commonlight.sources.codebook_files import dump_codebook

    return dump_codebook(found.codebook)


def _write(path: Path, text: str) -> None:
    from commonlight.sources.errors import UnreadableFileError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write {path}: {error.strerror}; name a file in a folder that exists"
        ) from None


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _name_of(path: Path) -> str:
    """A name the lake takes, from the name of a file or folder."""
    import re
    import unicodedata

    stem = path.resolve().name.split(".")[0].replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-_") or "source"


def _classes(mapping: Mapping) -> Any:
    """The ICCS scheme that the mapping names, if any."""
    if mapping.type is None or mapping.type.scheme is None:
        return None
    from commonlight.evidence.offences import load_scheme

    return load_scheme(mapping.type.scheme)


def _bytes(show: Any, step: str) -> Any:
    def report(done: int, total: int, rows: int) -> None:
        show(step, done, total or None)

    return report


def _row(store: Any, name: str, version: str) -> dict[str, object]:
    manifest = store.open(name, version).manifest
    first, last = _days(manifest.get("period"))
    return {
        "name": name,
        "version": version,
        "kind": manifest["kind"],
        "read": manifest["read"],
        "accepted": manifest["accepted"],
        "rejected": manifest["rejected"],
        "from": first,
        "to": last,
    }


def _days(period: list[str] | None) -> tuple[str, str]:
    """First and last day; a day, month or year ends at 00:00 of the next."""
    if not period:
        return "", ""
    from datetime import datetime, timedelta

    first, end = (datetime.fromisoformat(text) for text in period)
    last = max(first, end - timedelta(seconds=1))
    return first.date().isoformat(), last.date().isoformat()


def _tell(result: ImportResult, *, json: bool, see: str) -> None:
    if json:
        print_json(result)
        return
    sums = f"{result.accepted:,} accepted + {result.rejected:,} rejected"
    say(f"{result.read:,} records read = {sums}")
    for reason, count in sorted(result.reasons.items(), key=lambda item: -item[1]):
        say(f"    {count:,} {reason}")
    if result.rejected:
        say(f"    ({see})")
    for note in (result.crs_note, *result.notes):
        if note:
            say(note[:1].upper() + note[1:])
    if result.precision is not None:
        part = result.precision.n_points < result.accepted
        say(("In a sample of the records: " if part else "") + result.precision.reason)
    if result.unmapped_types:
        named = [f"{label} ({n:,})" for label, n in result.unmapped_types.items()]
        more = len(named) - MOST_SHOWN
        listed = ", ".join(named[:MOST_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
        say(f"Types without an ICCS code, kept in their own words: {listed}")
    if result.version:
        say(f"Kept as version {result.version}")
