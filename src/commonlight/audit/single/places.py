"""Methods on places: concentration, hot spots and near repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.series import middle_of
from commonlight.audit.single.results import MethodResult, Settings

__all__ = ["concentration_result", "hot_spots_result", "near_repeat_result"]


def concentration_result(layer: Layer, settings: Settings) -> MethodResult:
    """How unevenly records lie over a grid."""
    from commonlight.analysis.concentration import concentration

    grid, x, y = _cells(layer, settings)
    result = concentration(grid.count(x, y), rng=settings.rng)
    return MethodResult(
        result=result,
        sentence=(
            f"Gini {result.gini:.3f} (adjusted {result.gini_adjusted:.3f}, expected by chance "
            f"{result.gini_expected_at_random:.3f}) over {result.n_places:,} cells of "
            f"{settings.cell_size:g} m"
        ),
        columns=("share of events", "cells", "share of cells", "by chance"),
        rows=tuple(
            (s.share_of_events, s.n_places, s.share_of_places, s.share_expected_at_random)
            for s in result.place_shares
        ),
    )


def hot_spots_result(layer: Layer, settings: Settings) -> MethodResult:
    """Cells of a grid with more records around them than chance gives."""
    from commonlight.analysis.hot_spots import hot_spots

    grid, x, y = _cells(layer, settings)
    result = hot_spots(x, y, grid=grid)
    if result.too_few:
        raise ValueError(result.reason)
    hot = np.flatnonzero(result.hot)
    order = hot[np.argsort(-result.ratio[hot], kind="stable")]
    centres = grid.centres
    return MethodResult(
        result=result,
        sentence=f"{hot.size} of {grid.n_cells:,} cells of {settings.cell_size:g} m are hot",
        lines=("The study area is the hull of the points. With areas, use commonlight audit.",),
        columns=("x", "y", "count", "ratio", "adjusted p"),
        rows=tuple(
            (
                float(round(centres[i, 0])),
                float(round(centres[i, 1])),
                int(result.count[i]),
                float(result.ratio[i]),
                float(result.adjusted_p[i]),
            )
            for i in order[:25]
        ),
    )


def near_repeat_result(layer: Layer, settings: Settings) -> MethodResult:
    """Pairs of records near in space and time, straight or along streets."""
    from commonlight.analysis.near_repeat import knox_table, near_repeat_obstacle

    use = np.isfinite(layer.x) & np.isfinite(layer.y)
    days = {"month": 30.4, "year": 365.0}.get(layer.resolution, 1.0)
    bands, same = _bands(settings.distance_bands)
    obstacle = near_repeat_obstacle(
        int(use.sum()), time_bands=settings.time_bands, resolution_days=days
    )
    if obstacle:
        raise ValueError(obstacle)
    day = middle_of(layer)[use].astype("datetime64[D]").astype(np.int64)
    asked: dict[str, Any] = {
        "distance_bands": bands,
        "time_bands": tuple(settings.time_bands),
        "same_place_distance": same,
        "permutations": settings.permutations,
        "rng": settings.rng,
    }
    if settings.streets is not None:
        from commonlight.audit.single.streets import knox_along_streets

        table = knox_along_streets(layer, use, day, settings.streets, **asked)
    else:
        table = knox_table(layer.x[use], layer.y[use], day, **asked)
    along = " along streets" if settings.streets is not None else ""
    return MethodResult(
        result=table,
        sentence=(
            f"Knox table of {table.n_points:,} incidents{along}, "
            f"{table.permutations:,} permutations"
        ),
        columns=("distance", "days", "pairs", "by chance", "ratio", "p"),
        rows=tuple(
            (
                row,
                column,
                int(table.observed[i, j]),
                float(table.expected[i, j]),
                float(table.knox_ratio[i, j]),
                float(table.p_value[i, j]),
            )
            for i, row in enumerate(table.distance_labels)
            for j, column in enumerate(table.time_labels)
        ),
    )


def _cells(layer: Layer, settings: Settings) -> tuple[Any, np.ndarray, np.ndarray]:
    """A grid over the hull of the points, and the points in it."""
    import shapely

    from commonlight.analysis.grids import square_grid

    use = np.isfinite(layer.x) & np.isfinite(layer.y)
    if use.sum() < 3:
        raise ValueError("fewer than three records have coordinates; a grid needs points")
    x, y = layer.x[use], layer.y[use]
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([x, y])))
    return square_grid(shapely.buffer(hull, 1.0), cell_size=settings.cell_size), x, y


def _bands(edges: Sequence[float]) -> tuple[tuple[float, ...], float | None]:
    """Distance bands without a same-place band, and the end of that band."""
    if len(edges) > 2 and edges[0] == 0 and edges[1] <= 1:
        return (0.0, *edges[2:]), float(edges[1])
    return tuple(edges), None
