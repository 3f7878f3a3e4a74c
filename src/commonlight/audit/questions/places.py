"""Where, inside the areas, does it pile up, and does that survive another grid?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from commonlight.analysis.assign import AreaIndex
from commonlight.analysis.cell_size import CellSizeSensitivity, cell_size_sensitivity
from commonlight.analysis.grids import Grid
from commonlight.analysis.hot_spots import HotSpotCluster, HotSpots, hot_spots
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    GridMap,
    Table,
)

__all__ = ["place_findings"]

#: Cell sizes to choose from, in metres; the one that gives nearest to CELLS cells is taken.
SIZES = (100.0, 150.0, 200.0, 250.0, 300.0, 400.0, 500.0, 750.0, 1000.0, 1500.0, 2000.0)
CELLS = 2500
#: A hot spot holds clearly more than so many times what its area explains.
LEAST_RATIO = 3.0
#: Hot spots that get a number on the map and a row in the table.
SHOWN = 10


def place_findings(layer: Layer, *, cell_size: float | None = None) -> list[Finding]:
    """Hot spots on a grid, with their sensitivity to the grid."""
    areas = layer.areas
    if areas is None or not areas.mapped or not np.isfinite(layer.x).any():
        return []
    if not layer.street_level:
        return [_switched_off(layer)]
    size = cell_size or default_cell_size(float(areas.outline.area))
    x, y = _points_inside(layer, areas)
    sensitivity = cell_size_sensitivity(
        x,
        y,
        outline=areas.outline,
        cell_sizes=(size, size * 0.75, size * 1.5),
        minimum_ratio=LEAST_RATIO,
    )
    if sensitivity.primary.too_few:
        return [_cannot(layer, sensitivity.primary)]
    return [_finding(layer, areas, sensitivity, (x, y))]


def default_cell_size(area: float) -> float:
    """A cell size that cuts an area (in square metres) into about 2,500 cells."""
    wanted = math.sqrt(area / CELLS)
    return min(SIZES, key=lambda size: abs(math.log(size / wanted)))


def _points_inside(layer: Layer, areas: AreaLayer) -> tuple[np.ndarray, np.ndarray]:
    """Points that lie in one of the areas, once for each incident they stand for."""
    known = np.isfinite(layer.x) & np.isfinite(layer.y)
    inside = AreaIndex(areas.polygons).assign(layer.x[known], layer.y[known]) >= 0
    times = layer.count[known][inside]
    return np.repeat(layer.x[known][inside], times), np.repeat(layer.y[known][inside], times)


def _switched_off(layer: Layer) -> Finding:
    reason = layer.precision.reason if layer.precision is not None else "Few records carry points."
    return Finding(
        id=f"{layer.name}.hot-spots",
        block=Block.PROBLEMS,
        question=f"At which places inside the areas do {layer.noun} pile up?",
        sentence=(
            f"We cannot tell at which streets or corners {layer.noun} happen: the points in this "
            "source do not allow it, so nothing is said below the level of areas."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=method("hot-spots"),
        sources=(layer.name,),
        details=(reason,),
        limits=(
            "Nothing below the level of areas. The publisher may give points of known precision, "
            "under an agreement.",
        ),
    )


def _cannot(layer: Layer, result: HotSpots) -> Finding:
    reason = result.reason.rstrip(".")
    return Finding(
        id=f"{layer.name}.hot-spots",
        block=Block.PROBLEMS,
        question=f"At which places do {layer.noun} pile up?",
        sentence=f"We cannot tell at which places {layer.noun} pile up: {reason}.",
        certainty=Certainty.CANNOT_TELL,
        method=method("hot-spots"),
        sources=(layer.name,),
        limits=("A longer period gives more to go on.",),
    )


def _finding(
    layer: Layer,
    areas: AreaLayer,
    sensitivity: CellSizeSensitivity,
    points: tuple[np.ndarray, np.ndarray],
) -> Finding:
    grid, result = sensitivity.primary_grid, sensitivity.primary
    shown = result.clusters[:SHOWN]
    kept = _kept_against_residents(areas, sensitivity, points)
    names = [_whereabouts(areas, grid, cluster) for cluster in shown]
    return Finding(
        id=f"{layer.name}.hot-spots",
        block=Block.PROBLEMS,
        question=f"At which places do {layer.noun} pile up?",
        sentence=_sentence(layer, result, names),
        certainty=_certainty(sensitivity, kept),
        method=method(
            "hot-spots",
            cell_size=f"{grid.cell_size:.0f} m",
            cells_tested=result.n_tested,
            false_discovery_rate=f"{result.level:.0%}",
            set_against="area",
            least=f"clearly more than {LEAST_RATIO:.0f} times its share",
        ),
        sources=(layer.name,),
        details=(*_details(result, sensitivity), *_against_residents(result, kept)),
        limits=(
            "Spots are set against area, not against how many people are there: busy places "
            "come out hot.",
            "The borders of a spot are those of the grid, not of the problem.",
            "A spot says where incidents were recorded. It says nothing about the people there.",
        ),
        map=_map(layer, areas, grid, result, names),
        table=(
            _table(layer, result, sensitivity, names)
            if names
            else _busiest(layer, areas, grid, result)
        ),
        numbers={
            "spots": len(result.clusters),
            "share_of_events": sum(c.share_of_events for c in result.clusters),
            "share_of_area": sum(c.share_of_exposure for c in result.clusters),
            "cell_size": grid.cell_size,
        },
        cells=tuple(_cells(layer, grid, result, names)),
    )


def _cells(layer: Layer, grid: Grid, result: HotSpots, names: list[str]) -> list[CountCells]:
    """The shapes on the map, and the spots or busiest cells in the table."""
    shown = result.clusters[: len(names)]
    on_map = CountCells(
        source=layer.name,
        dimensions=("cell",),
        keys=(*((str(i),) for i in _alone(grid, result)), *((f"spot {n}",) for n in _ranks(names))),
        counts=(
            *(int(result.count[i]) for i in _alone(grid, result)),
            *(int(cluster.count) for cluster in shown),
        ),
        shown_in="map",
    )
    if names:
        return [on_map, _spot_cells(layer, shown)]
    busiest = _busiest_cells(result)
    table = CountCells(
        source=layer.name,
        dimensions=("cell",),
        keys=tuple((str(cell),) for cell in busiest),
        counts=tuple(int(result.count[cell]) for cell in busiest),
        column="count",
        derived=("share",),
        selected=True,
    )
    return [on_map, table]


def _spot_cells(layer: Layer, shown: Sequence[HotSpotCluster]) -> CountCells:
    return CountCells(
        source=layer.name,
        dimensions=("cell",),
        keys=tuple((f"spot {n}",) for n in _ranks(shown)),
        counts=tuple(int(cluster.count) for cluster in shown),
        column="count",
        derived=("ratio", "share", "survival"),
        selected=True,
    )


def _ranks(shown: Sequence[object]) -> range:
    """The numbers of the spots shown, from 1."""
    return range(1, len(shown) + 1)


def _alone(grid: Grid, result: HotSpots) -> list[int]:
    """Cells that are no part of a shown spot.

    Cells cut by the border have little area, so that one incident would look like many.
    """
    merged = {i for cluster in result.clusters[:SHOWN] for i in cluster.cells}
    return [i for i in range(grid.n_cells) if i not in merged and grid.area_share[i] > 0.2]


def _busiest_cells(result: HotSpots) -> np.ndarray:
    return np.argsort(-result.count, kind="stable")[:SHOWN]


def _sentence(layer: Layer, result: HotSpots, names: list[str]) -> str:
    if not result.clusters:
        return (
            f"No place holds clearly more than {LEAST_RATIO:.0f} times as many {layer.noun} as its "
            "share of the area explains."
        )
    n = len(result.clusters)
    events = sum(c.share_of_events for c in result.clusters)
    space = sum(c.share_of_exposure for c in result.clusters)
    where = (
        f"in about {words.number(n)} places, the largest in {names[0]}"
        if n > 1
        else f"in one place, in {names[0]}"
    )
    return (
        f"{words.percent(events)} of {layer.noun} lie on {words.percent(space)} of the area, "
        f"{where}."
    )


def _certainty(sensitivity: CellSizeSensitivity, kept: int | None) -> Certainty:
    """Clear where most spots come back on other grids and one stands out against residents."""
    n = sensitivity.n_clusters
    if not n:
        return Certainty.NOT_SHOWN
    firm = 2 * sensitivity.n_stable >= n and kept != 0
    return Certainty.CLEAR if firm else Certainty.TENTATIVE


def _details(result: HotSpots, sensitivity: CellSizeSensitivity) -> tuple[str, ...]:
    if not result.clusters:
        return ()
    stable, n = sensitivity.n_stable, sensitivity.n_clusters
    total = words.number(n)
    others = len(sensitivity.alternatives)
    return (
        f"{words.capital(words.number(stable))} of {total} spots are found again on at least "
        f"{words.percent(sensitivity.minimum_survival)} of {words.number(others)} other grids "
        "(other cell sizes, and the same cells moved aside); the others hang on where the lines "
        "of the grid fall."
        if stable < n
        else f"All {total} spots are found again on other grids (other cell sizes, and the same "
        "cells moved aside).",
    )


def _kept_against_residents(
    areas: AreaLayer, sensitivity: CellSizeSensitivity, points: tuple[np.ndarray, np.ndarray]
) -> int | None:
    """How many spots still stand out when residents, not area, are what should explain them.

    None where residents are not known.
    """
    result = sensitivity.primary
    if areas.population is None or not result.clusters:
        return None
    grid = sensitivity.primary_grid
    exposure = _residents_by_cell(areas, grid)
    if not exposure.sum() > 0:
        return None
    again = hot_spots(*points, grid=grid, exposure=exposure, minimum_ratio=LEAST_RATIO)
    return sum(bool(again.hot[list(c.cells)].mean() >= 0.5) for c in result.clusters)


def _against_residents(result: HotSpots, kept: int | None) -> tuple[str, ...]:
    if kept is None:
        return ()
    n = words.number(len(result.clusters))
    which = f"{words.number(kept)} of {n} spots" if kept else f"none of the {n} spots"
    verb = "stands" if kept <= 1 else "stand"
    return (f"Set against residents instead of area, {which} still {verb} out.",)


def _residents_by_cell(areas: AreaLayer, grid: Grid) -> np.ndarray:
    """Residents of each cell if they lived evenly spread over their area."""
    assert areas.population is not None
    size = np.asarray([shapely.area(polygon) for polygon in areas.polygons])
    density = np.nan_to_num(areas.population / size)
    inside = AreaIndex(areas.polygons).assign(grid.centres[:, 0], grid.centres[:, 1])
    residents = density[np.maximum(inside, 0)] * grid.cell_area * grid.area_share
    return np.where(inside >= 0, residents, 0.0)


def _whereabouts(areas: AreaLayer, grid: Grid, cluster: HotSpotCluster) -> str:
    """The areas that hold most cells of a cluster, the first first."""
    centres = grid.centres[list(cluster.cells)]
    inside = AreaIndex(areas.polygons).assign(centres[:, 0], centres[:, 1])
    inside = inside[inside >= 0]
    if not inside.size:
        return "the edge of the area"
    counts = np.bincount(inside)
    order = np.argsort(-counts, kind="stable")
    named = [areas.labels[i] for i in order if counts[i] >= 0.1 * inside.size]
    return words.listing(named or [areas.labels[order[0]]], limit=2)


def _map(layer: Layer, areas: AreaLayer, grid: Grid, result: HotSpots, names: list[str]) -> GridMap:
    """Cells by incidents per square kilometre; each shown spot is one outlined shape."""
    cells = np.asarray(grid.polygons(), dtype=object)
    size = grid.cell_area * grid.area_share / 1e6
    density = np.where(size > 0, result.count / np.maximum(size, 1e-12), np.nan)
    shown = result.clusters[:SHOWN]
    alone = _alone(grid, result)
    shapes = [shapely.union_all(cells[list(cluster.cells)]) for cluster in shown]
    areas_of_spots = [float(size[list(cluster.cells)].sum()) for cluster in shown]
    values = [c.count / area for c, area in zip(shown, areas_of_spots, strict=True)]
    return GridMap(
        title=words.capital(f"{layer.noun} per square kilometre, and the hot spots"),
        description=(
            f"Map of cells of {grid.cell_size:.0f} metres shaded by {layer.noun} per square "
            f"kilometre. "
            + (
                f"Numbered hot spots: {words.listing(names, limit=SHOWN)}."
                if names
                else "No hot spot was found."
            )
        ),
        cells=(*cells[alone], *shapes),
        values=np.asarray([*density[alone], *values]),
        breaks=quantile_breaks(density[alone][density[alone] > 0]),
        unit=f"{layer.noun} per km\u00b2",
        crs=areas.crs,
        outline=(areas.outline,),
        marked=tuple(range(len(alone), len(alone) + len(shapes))),
        mark_label="hot spot",
        labels=(*("",) * len(alone), *names),
        attribution=layer.source.attribution or layer.source.publisher,
        cell_size=grid.cell_size,
        precision_m=layer.stated_precision_m,
        cell_areas=(*(float(value) for value in size[alone]), *areas_of_spots),
    )


def _busiest(layer: Layer, areas: AreaLayer, grid: Grid, result: HotSpots) -> Table:
    """The cells with most events, where no spot stands out."""
    order = _busiest_cells(result)
    inside = AreaIndex(areas.polygons).assign(grid.centres[order, 0], grid.centres[order, 1])
    return Table(
        columns=(
            Column(name="place", label="Lies in"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="share", label="Share of all", unit="%", numeric=True, decimals=1),
        ),
        rows=tuple(
            (
                areas.labels[area] if area >= 0 else "the edge of the area",
                int(result.count[cell]),
                100 * float(result.count[cell]) / result.n_events,
            )
            for cell, area in zip(order, inside, strict=True)
        ),
        caption=f"The {order.size} cells with most {layer.noun}; none stands out as a hot spot",
    )


def _table(
    layer: Layer, result: HotSpots, sensitivity: CellSizeSensitivity, names: list[str]
) -> Table:
    survival = sensitivity.survival
    return Table(
        columns=(
            Column(name="number", label="Number", numeric=True, free=True),
            Column(name="place", label="Lies in"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="ratio", label="Against its share of the area", numeric=True, decimals=1),
            Column(name="share", label="Share of all", unit="%", numeric=True, decimals=1),
            Column(
                name="survival", label="Found on other grids", unit="%", numeric=True, decimals=0
            ),
        ),
        rows=tuple(
            (
                number,
                name,
                cluster.count,
                cluster.ratio,
                100 * cluster.share_of_events,
                100 * float(survival[number - 1]),
            )
            for number, (name, cluster) in enumerate(
                zip(names, result.clusters, strict=False), start=1
            )
        ),
        caption=f"The {len(names)} largest hot spots",
    )
