"""``commonlight sources``: guess, check, import and list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commonlight.cli.console import print_json, print_table, progress, say
from commonlight.cli.first_run import tell_first_run

if TYPE_CHECKING:
    from commonlight.sources.import_result import ImportResult
    from commonlight.sources.mapping import Mapping

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Bring a city's files into checked tables.",
)

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
    json: _Json = False,
) -> None:
    """Look at FILE and propose a mapping, saying what was taken for what and why."""
    from commonlight.sources.guess import guess_mapping
    from commonlight.sources.mapping_files import dump_mapping

    found = guess_mapping(file)
    text = dump_mapping(found.mapping)
    if write:
        write.write_text(text, encoding="utf-8")
    if json:
        print_json({"mapping": text, "notes": list(found.notes), "written": write})
        return
    for note in found.notes:
        say(f"# {note}")
    say(f"Wrote {write}; correct it, then run: commonlight sources check" if write else text)


@app.command()
def check(
    paths: _Paths,
    mapping: _MappingOption,
    crs: Annotated[str | None, typer.Option(help="Projected system for the result.")] = None,
    drop: _Drop = None,
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
        )
    _tell(result, json=json)


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
    with progress(quiet=json) as show:
        result = import_source(
            paths,
            chosen,
            lake=lake,
            name=name or paths[0].name.split(".")[0],
            classes=_classes(chosen),
            crs=crs,
            drop=tuple(drop or ()),
            progress=_bytes(show, "Importing"),
        )
    _tell(result, json=json)


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
    first, last = (text[:10] for text in manifest.get("period") or ("", ""))
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


def _tell(result: ImportResult, *, json: bool) -> None:
    if json:
        print_json(result)
        return
    sums = f"{result.accepted:,} accepted + {result.rejected:,} rejected"
    say(f"{result.read:,} records read = {sums}")
    for reason, count in sorted(result.reasons.items(), key=lambda item: -item[1]):
        say(f"    {count:,} {reason}")
    for note in (result.crs_note, *result.notes):
        if note:
            say(note)
    if result.precision is not None:
        say(result.precision.reason)
    if result.unmapped_types:
        listed = ", ".join(f"{label} ({n:,})" for label, n in result.unmapped_types.items())
        say(f"Types without an ICCS code, kept in their own words: {listed}")
    if result.version:
        say(f"Kept as version {result.version}")
