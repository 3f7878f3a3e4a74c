"""Measures by area that somebody else has worked out: one row an area, several columns.

Published tables give scores, shares and counts by area without the answers behind them.
They are read as they are. What this does not answer: how sure a score is, unless the table
has a column that says so; and whether areas that share a value were measured one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.codebook import HIGH_IS, Construct
from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import FileFormat
from commonlight.sources.numbers import read_number
from commonlight.sources.tables import read_table

__all__ = ["AreaMeasure", "AreaMeasures", "MeasureColumn", "read_area_measures"]

RECORDED = "recorded"
"""Stands in place of a construct for counts of recorded incidents."""


@dataclass(frozen=True, kw_only=True)
class MeasureColumn:
    """A column of the table and what it measures.

    Parameters
    ----------
    column : str
        The column.
    construct : str
        A :class:`~commonlight.sources.codebook.Construct`, or ``recorded``.
    unit : str
        In words, for example ``incidents in three years``.
    period : str
        When, for example ``2004 to 2006``.
    high_is : str or None
        What a high value means, see :data:`commonlight.sources.codebook.HIGH_IS`.
    standard_error, population : str or None
        Columns with the standard error, and with the persons behind the value.
    """

    column: str
    construct: str = Construct.OTHER
    unit: str = ""
    period: str = ""
    high_is: str | None = None
    standard_error: str | None = None
    population: str | None = None


@dataclass(frozen=True, kw_only=True)
class AreaMeasure:
    """One measure.

    Parameters
    ----------
    about : MeasureColumn
        What it is.
    values : ndarray of float, shape (n_areas,)
        nan = not given.
    standard_error, population : ndarray of float, shape (n_areas,), or None
        Where the table has them.
    shared : bool
        True where all areas of a cluster have the same value, so that it was measured for
        the cluster and not for the area.
    """

    about: MeasureColumn
    values: NDArray[np.float64]
    standard_error: NDArray[np.float64] | None = None
    population: NDArray[np.float64] | None = None
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class AreaMeasures:
    """Measures by area, in file order.

    Parameters
    ----------
    codes : tuple of str
        Area codes, no two equal.
    measures : mapping of str to AreaMeasure
        By name, in the order asked for.
    clusters : ndarray of int32, shape (n_areas,), or None
        Index into `cluster_labels`; -1 = none.
    cluster_labels : tuple of str
        Larger units that areas belong to.
    notes : tuple of str
        What a reader should know.
    """

    codes: tuple[str, ...]
    measures: Mapping[str, AreaMeasure]
    clusters: NDArray[np.int32] | None = None
    cluster_labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_area_measures(
    path: Path | str,
    *,
    area: str | None,
    measures: Mapping[str, MeasureColumn],
    cluster: str | None = None,
    file: FileFormat | None = None,
) -> AreaMeasures:
    """Read a table of measures by area.

    Parameters
    ----------
    path : path or str
        CSV (compressed or not), Excel, GeoPackage, GeoJSON or Parquet, one row an area.
    area : str or None
        Column with the area code; None = the areas have none and are numbered from 1.
    measures : mapping of str to MeasureColumn
        What to read, by name.
    cluster : str or None
        Column with a larger unit, such as the neighbourhood cluster of a block.
    file : FileFormat or None
        How the bytes are to be read, where it is not UTF-8 with a decimal point.

    Returns
    -------
    AreaMeasures
        Values by area; nan where a cell is empty.

    Raises
    ------
    MappingError
        If a column is missing, an area repeats, or a cell is no number.
    UnreadableFileError
        If the file cannot be read.
    """
    path, file = Path(path), file or FileFormat()
    _check_asked(measures)
    table = read_table(path, file)
    for column in (area, cluster, *_columns(measures)):
        if column is not None and column not in table:
            raise MappingError(
                f"{path.name} has no column {column!r}; its columns are "
                f"{', '.join(map(repr, table))}"
            )
    n = len(next(iter(table.values())))
    codes = _codes(table[area], area, path) if area else tuple(str(k + 1) for k in range(n))
    groups, labels = _clusters(table[cluster]) if cluster else (None, ())

    def numbers(column: str | None) -> NDArray[np.float64] | None:
        return None if column is None else _numbers(table[column], codes, column, path, file)

    read = {}
    for name, about in measures.items():
        values = numbers(about.column)
        assert values is not None
        read[name] = AreaMeasure(
            about=about,
            values=values,
            standard_error=numbers(about.standard_error),
            population=numbers(about.population),
            shared=groups is not None and _is_shared(values, groups),
        )
    notes = _notes(read, area)
    return AreaMeasures(
        codes=codes, measures=read, clusters=groups, cluster_labels=labels, notes=notes
    )


def _check_asked(measures: Mapping[str, MeasureColumn]) -> None:
    if not measures:
        raise MappingError("measures must name at least one column; got none")
    constructs = [RECORDED, *(construct.value for construct in Construct)]
    for name, about in measures.items():
        if about.construct not in constructs:
            raise MappingError(
                f"construct of measure {name!r} must be one of {', '.join(constructs)}; "
                f"got {about.construct!r}"
            )
        if about.high_is is not None and about.high_is not in HIGH_IS:
            raise MappingError(
                f"high_is of measure {name!r} must be one of {', '.join(HIGH_IS)}; "
                f"got {about.high_is!r}"
            )


def _columns(measures: Mapping[str, MeasureColumn]) -> list[str | None]:
    return [c for m in measures.values() for c in (m.column, m.standard_error, m.population)]


def _codes(cells: Sequence[str | None], column: str, path: Path) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for k, code in enumerate(cells, start=1):
        if code is None:
            raise MappingError(f"{path.name}: record {k} has no code in {column!r}")
        if code in seen:
            raise MappingError(
                f"{path.name}: records {seen[code]} and {k} have the same code {code!r} in "
                f"{column!r}; one record per area is needed. If {column!r} is a larger unit, name "
                "it as cluster"
            )
        seen[code] = k
    return tuple(seen)


def _clusters(cells: Sequence[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    labels = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
    index = {label: k for k, label in enumerate(labels)}
    codes = [-1 if cell is None else index[cell] for cell in cells]
    return np.array(codes, dtype=np.int32), labels


def _numbers(
    cells: Sequence[str | None], codes: tuple[str, ...], column: str, path: Path, file: FileFormat
) -> NDArray[np.float64]:
    out = np.full(len(cells), np.nan)
    for k, cell in enumerate(cells):
        if cell is None or cell in file.missing:
            continue
        value = read_number(cell, file.decimal)
        if value is None or not abs(value) < np.inf:
            raise MappingError(
                f"{path.name}: {column!r} of area {codes[k]} must be a number, or empty where "
                f"it is not known; got {cell!r}; name what stands for no value under file.missing"
            )
        out[k] = value
    return out


def _is_shared(values: NDArray[np.float64], groups: NDArray[np.int32]) -> bool:
    """Whether no cluster of several areas has two different values."""
    known = (groups >= 0) & ~np.isnan(values)
    if not known.any():
        return False
    n = int(groups.max()) + 1
    high, low = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(high, groups[known], values[known])
    np.minimum.at(low, groups[known], values[known])
    several = np.bincount(groups[known], minlength=n) > 1
    return bool(several.any() and (high[several] == low[several]).all())


def _notes(measures: Mapping[str, AreaMeasure], area: str | None) -> tuple[str, ...]:
    notes = []
    if area is None:
        notes.append("the areas have no code and were numbered; they cannot be drawn on a map")
    shared = [name for name, measure in measures.items() if measure.shared]
    if shared:
        notes.append(
            f"all areas of a cluster share one value of {', '.join(map(repr, shared))}: compare "
            "clusters, or use standard errors that know of them"
        )
    for name, measure in measures.items():
        lost = int(np.count_nonzero(np.isnan(measure.values)))
        if lost:
            notes.append(f"{name!r} is not given for {lost:,} areas")
    return tuple(notes)
