"""Maps of a finding without what may not be published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from commonlight.audit.publishing.hidden import GRID, Hidden
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.findings.model import CountCells, Finding, GridMap, Map
from commonlight.findings.palette import check_public_scale, sequential
from commonlight.findings.scales import class_of

__all__ = ["TOO_FINE", "map_obstacle", "public_map"]

TOO_FINE = (
    "The map is left out of this public version: its cells of {cell:.0f} metres are finer than "
    "the {smallest:.0f} metres that may be published."
)
PRECISIONS = 2.0
"""A public cell is at least so many times as wide as its points are precise; a finer one would
show where points were put and not where anything happened."""


def map_obstacle(finding: Finding, rules: PublicationRules) -> str:
    """Why a map cannot be public at all; empty where it can."""
    picture = finding.map
    if not isinstance(picture, GridMap) or "map" in finding.free:
        return ""
    size = picture.cell_size or 0.0
    smallest = max(rules.smallest_cell, PRECISIONS * (picture.precision_m or 0.0))
    if size < smallest:
        return TOO_FINE.format(cell=size, smallest=smallest)
    if len(picture.cell_areas) != len(picture.cells):
        return "The map is left out of this public version: the size of its cells is not stated."
    return ""


def public_map(finding: Finding, hidden: Hidden, rules: PublicationRules) -> Map | None:
    """The map with withheld places, or None where it cannot be public.

    Raises
    ------
    ValueError
        The colours of the map's classes run through red alone.
    """
    picture = finding.map
    if picture is None or map_obstacle(finding, rules):
        return None
    check_public_scale(sequential(len(picture.breaks) + 1))
    if "map" in finding.free:
        return picture
    items = [cells for cells in finding.cells if cells.shown_in == "map"]
    if isinstance(picture, GridMap) and GRID in items[0].dimensions:
        return _in_classes(picture, items[0], hidden, rules.minimum_count)
    gone = sorted({row for item in items for row in hidden.rows(item)})
    return _without(picture, tuple(gone), rules.minimum_count)


def _label(minimum_count: int) -> str:
    return f"withheld: under {minimum_count}, or would give such a count away"


def _without(picture: Map, gone: tuple[int, ...], minimum_count: int) -> Map:
    if not gone:
        return picture
    values = np.array(picture.values, dtype=float)
    values[list(gone)] = np.nan
    values = _rounded(values)
    marked = tuple(index for index in picture.marked if index not in gone)
    return replace(
        picture,
        values=values,
        marked=marked,
        withheld=gone,
        withheld_label=_label(minimum_count),
        description=f"{picture.title}. Values of {len(gone)} of {len(values)} places are withheld.",
    )


def _rounded(values: np.ndarray) -> np.ndarray:
    """Two leading digits: with more, fitted values would say something about the withheld."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (np.floor(np.log10(np.abs(values))) - 1)
        near = np.round(values / scale) * scale
    return np.where(np.isfinite(near), near, values)


def _in_classes(picture: GridMap, item: CountCells, hidden: Hidden, minimum_count: int) -> GridMap:
    """Cells by class alone: the lower border stands for each, 0 for the lowest.

    A small count is shown only in a lowest class that also holds 0 and counts that are not
    small; else it is withheld. Marked shapes have their counts in the table, and keep theirs.
    """
    borders = np.array([0.0, *picture.breaks, np.inf])
    kept, gone = np.zeros(len(picture.values)), list(hidden.rows(item))
    open_marks = set(picture.marked) - set(gone)
    for i, value in enumerate(picture.values):
        if not np.isfinite(value):
            kept[i] = np.nan
            continue
        number = class_of(float(value), picture.breaks)
        kept[i] = borders[number]
        reach = borders[number + 1] * picture.cell_areas[i]
        small = 0 < item.counts[i] < minimum_count
        if small and not (number == 0 and reach > minimum_count):
            kept[i] = np.nan
            gone.append(i)
        elif i in open_marks and item.counts[i] >= minimum_count:
            kept[i] = float(value)
    kept[gone] = np.nan
    gone = sorted(set(gone))
    return replace(
        picture,
        values=_rounded(kept),
        marked=tuple(index for index in picture.marked if index not in gone),
        withheld=tuple(gone),
        withheld_label=_label(minimum_count) if gone else "",
        description=(
            f"{picture.description} Each cell is given by its class alone, as the lower border of "
            "the class."
        ),
    )
