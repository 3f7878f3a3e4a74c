"""Population counts by area, and how their codes match the areas.

A count that the publisher suppressed is null and stays null; it is never taken as zero.
What this does not answer: who is there by day. Residents are not the people at risk in a
town centre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import FileFormat
from commonlight.sources.tables import read_table

__all__ = ["JoinReport", "Population", "join_report", "read_population"]

SUPPRESSED = frozenset({"", "-", "–", "—", ".", "..", "...", "x", "X", "/", "*", "c", "n/a", "NA"})
"""What statistical offices write for a count they do not publish."""


@dataclass(frozen=True)
class Population:
    """Counts by area, in file order.

    Parameters
    ----------
    codes : tuple of str
        Area codes, no two equal.
    counts : ndarray of float, shape (n,)
        Persons; nan = suppressed by the publisher.
    groups : dict of str to ndarray of float, shape (n,)
        Further counts by group, for example by age.
    notes : tuple of str
        How many counts are suppressed, and their areas.
    """

    codes: tuple[str, ...]
    counts: NDArray[np.float64]
    groups: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class JoinReport:
    """Which codes of a population and of areas match.

    Parameters
    ----------
    matched : tuple of str
        In both.
    only_in_population : tuple of str
        Counts without an area.
    only_in_areas : tuple of str
        Areas without a count.
    suppressed : tuple of str
        Areas whose count is suppressed.
    """

    matched: tuple[str, ...]
    only_in_population: tuple[str, ...]
    only_in_areas: tuple[str, ...]
    suppressed: tuple[str, ...]


def read_population(
    path: Path | str,
    *,
    area: str,
    count: str,
    groups: Mapping[str, str] | None = None,
    file: FileFormat | None = None,
) -> Population:
    """Read population counts from CSV, Excel, GeoPackage, GeoJSON or Parquet.

    Parameters
    ----------
    path : path or str
        The file, one row per area.
    area, count : str
        Columns with the area code and with the persons.
    groups : mapping of str to str or None
        Further counts: name of the group -> column.
    file : FileFormat or None
        How the bytes are to be read, where it is not UTF-8 with a decimal point.

    Returns
    -------
    Population
        Counts by area; nan where suppressed.

    Raises
    ------
    MappingError
        If a column is missing, a code is missing or repeated, or a count is no number of
        persons.
    UnreadableFileError
        If the file cannot be read.
    """
    path, file = Path(path), file or FileFormat()
    table = read_table(path, file)
    columns = dict(groups or {})
    for column in (area, count, *columns.values()):
        if column not in table:
            raise MappingError(
                f"{path.name} has no column {column!r}; its columns are "
                f"{', '.join(map(repr, table))}"
            )
    codes = _codes(table[area], area, path)
    counts = _counts(table[count], codes, count, path, file.decimal)
    hidden = [code for code, n in zip(codes, counts, strict=True) if np.isnan(n)]
    notes = (f"{len(hidden)} counts are suppressed: {', '.join(hidden)}",) if hidden else ()
    by_group = {
        name: _counts(table[column], codes, column, path, file.decimal)
        for name, column in columns.items()
    }
    return Population(codes, counts, by_group, notes)


def join_report(population: Population, codes: Sequence[str]) -> JoinReport:
    """Compare the codes of a population with those of areas, both ways.

    Parameters
    ----------
    population : Population
        Counts by area.
    codes : sequence of str
        Codes of the areas.

    Returns
    -------
    JoinReport
        Codes in both, and in one only, each in its own order.

    Examples
    --------
    >>> counted = Population(("A", "B"), np.array([10.0, np.nan]))
    >>> join_report(counted, ["B", "C"]).only_in_areas
    ('C',)
    """
    known, wanted = set(population.codes), set(codes)
    hidden = {c for c, n in zip(population.codes, population.counts, strict=True) if np.isnan(n)}
    return JoinReport(
        matched=tuple(code for code in codes if code in known),
        only_in_population=tuple(code for code in population.codes if code not in wanted),
        only_in_areas=tuple(code for code in codes if code not in known),
        suppressed=tuple(code for code in codes if code in hidden),
    )


def _codes(values: Sequence[str | None], column: str, path: Path) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for k, code in enumerate(values, start=1):
        if code is None:
            raise MappingError(f"{path.name}: record {k} has no code in {column!r}")
        if code in seen:
            raise MappingError(
                f"{path.name}: records {seen[code]} and {k} have the same code {code!r} in "
                f"{column!r}; one record per area is needed"
            )
        seen[code] = k
    return tuple(seen)


def _counts(
    values: Sequence[str | None], codes: tuple[str, ...], column: str, path: Path, decimal: str
) -> NDArray[np.float64]:
    out = np.full(len(codes), np.nan)
    for k, value in enumerate(values):
        if value is None or value.strip() in SUPPRESSED:
            continue
        text = value.replace(" ", "").replace(",", "." if decimal == "," else "")
        try:
            out[k] = float(text)
        except ValueError:
            out[k] = -1.0
        if not 0 <= out[k] < np.inf:
            raise MappingError(
                f"{path.name}: {column!r} of area {codes[k]} must be a number of persons, "
                f"0 or more, or empty where suppressed; got {value!r}"
            )
    return out
