"""What leaves a data set: a table as agreed, its licence, and a word on how to read it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonlight.audit.extracts import Extract

__all__ = ["write_export"]

RECORDS = ("point", "cell", "street")


def write_export(given: dict[str, Any], *, lake: Path, files: Path, folder: Path) -> dict[str, Any]:
    """Write the files of one export into `folder`, and all of them as one archive."""
    if given["lake_version"]:
        made = _from_lake(given, lake, files)
        table = folder / f"{given['slug']}.csv"
        _write(made, table)
        notes, columns, rows = list(made.notes), dict(made.columns), made.table.num_rows
        withheld = made.withheld
    else:
        source = files / given["file"]
        table = folder / source.name.partition("-")[2]
        table = _given_file(source, table)
        notes, columns, rows, withheld = [], {}, None, 0
    _write_words(folder, given, table.name, notes, columns)
    archive = _archive(folder, given["slug"], [table.name, "README.md", "LICENCE.txt"])
    names = [archive, table.name, "README.md", "LICENCE.txt"]
    return {
        "files": [{"name": name, "bytes": (folder / name).stat().st_size} for name in names],
        "rows": rows,
        "withheld": withheld,
        "notes": notes,
    }


def _given_file(source: Path, target: Path) -> Path:
    """The file as it was brought; a table is written anew as CSV, with no cell as a formula."""
    import csv

    from commonlight.sources.file_names import file_format_of
    from commonlight.sources.rejected_file import safe_cell
    from commonlight.sources.tables import read_table

    if file_format_of(source) not in ("csv", "excel"):
        shutil.copyfile(source, target)
        return target
    columns = read_table(source)
    plain = target.with_name(f"{target.name.partition('.')[0]}.csv")
    with plain.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([safe_cell(name) for name in columns])
        cells = zip(*columns.values(), strict=True)
        writer.writerows([safe_cell(cell) for cell in row] for row in cells)
    return plain


def _from_lake(given: dict[str, Any], lake: Path, files: Path) -> Extract:
    from commonlight.audit.extracts import extract_counts, extract_records
    from commonlight.sources.lake import Lake

    version = Lake(lake).open(given["slug"], given["lake_version"])
    detail: dict[str, Any] = {
        "fields": given["fields"],
        "place_detail": given["place_detail"],
        "time_detail": given["time_detail"],
    }
    crs = (version.manifest.get("place") or {}).get("metric_crs")
    if given["place_detail"] in RECORDS:
        streets = _streets(given, files, crs) if given["place_detail"] == "street" else None
        return extract_records(version, streets=streets, **detail)
    return extract_counts(version, areas=_areas(given, files, crs), **detail)


def _areas(given: dict[str, Any], files: Path, crs: str | None) -> Any:
    """The areas to count in; None where the workspace has none, and codes alone count."""
    found = given["areas"]
    if found is None or crs is None or given["place_detail"] == "city":
        return None
    from commonlight.sources.areas import read_areas

    columns = found["columns"]
    return read_areas(
        files / found["file"],
        code=columns["code"],
        name=columns.get("name"),
        crs=found["crs"] or None,
        target_crs=crs,
    )


def _streets(given: dict[str, Any], files: Path, crs: str | None) -> Any:
    found = given.get("streets")
    if found is None:
        return None
    from commonlight.sources.streets import read_streets

    return read_streets(
        files / found["file"],
        identifier=found["columns"].get("identifier"),
        crs=found["crs"] or None,
        target_crs=crs,
    )


def _write(extract: Extract, path: Path) -> None:
    from commonlight.audit.extracts import write_extract

    write_extract(extract, path)


def _write_words(
    folder: Path,
    given: dict[str, Any],
    table: str,
    notes: list[str],
    columns: dict[str, str],
) -> None:
    lines = [
        f"# {given['name']}",
        "",
        f"Given by {given['owner']}, publisher: {given['publisher'] or 'not named'}.",
        f"Licence: {given['licence'] or 'not named; ask the owner'}.",
        f"Purpose: {given['purpose'] or 'own work of the organisation'}.",
        "",
        f"`{table}` is UTF-8, with a comma between cells.",
        f"Finest place: {given['place_detail']}. Finest time: {given['time_detail']}.",
        "",
        *(f"- {note}" for note in notes),
    ]
    if columns:
        lines += ["", "| column | meaning |", "|---|---|"]
        lines += [f"| {name} | {meaning} |" for name, meaning in columns.items()]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    licence = given["licence"] or "No licence was named. Ask the owner before you hand this on."
    (folder / "LICENCE.txt").write_text(f"{licence}\n", encoding="utf-8")


def _archive(folder: Path, slug: str, names: list[str]) -> str:
    archive = f"{slug}.zip"
    with zipfile.ZipFile(folder / archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.write(folder / name, name)
    return archive
