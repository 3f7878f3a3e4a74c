"""Methods on a street network: segments, and near repeats along streets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from commonlight.analysis.near_repeat import KnoxTable
from commonlight.analysis.network.density import network_kernel_density
from commonlight.analysis.network.near_repeat import network_knox_table
from commonlight.analysis.network.segments import segment_counts
from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork
from commonlight.audit.layers import Layer
from commonlight.audit.single.results import MethodResult, Settings
from commonlight.findings import words
from commonlight.sources.streets import read_streets

__all__ = ["REACH", "Segments", "knox_along_streets", "segments_of", "segments_result"]

#: Points further from every street than this are on none, in metres.
REACH = 100.0

Segments = dict[str, object]


def segments_of(layer: Layer, streets: Path | None, *, bandwidth: float) -> Segments:
    """Counts and density of each segment, densest first, as columns by name.

    Raises
    ------
    ValueError
        No street file was named, or no point lies on a street.
    """
    network, ids = _network(layer, streets)
    points = _points(network, layer)
    found = segment_counts(network, points, weights=layer.count)
    density = network_kernel_density(network, points, bandwidth=bandwidth, weights=layer.count)
    mean = density.by_segment(network.n_segments) * 1000.0
    order = np.lexsort((np.arange(network.n_segments), -mean))
    return {
        "street": [ids[network.source[i]] for i in order],
        "segment": order.tolist(),
        "length_m": network.length[order].tolist(),
        "count": found.count[order].astype(int).tolist(),
        "per_km": found.per_km[order].tolist(),
        "density_per_km": mean[order].tolist(),
        "bandwidth_m": bandwidth,
        "on_no_street": found.n_unplaced,
        "share_at_crossings": found.share_at_crossings,
        "lost_at_dead_ends": density.lost,
    }


def segments_result(layer: Layer, settings: Settings) -> MethodResult:
    """Counts and density of street segments, densest first."""
    found: Any = segments_of(layer, settings.streets, bandwidth=settings.bandwidth)
    columns = ("street", "length_m", "count", "per_km", "density_per_km")
    rows = list(zip(*(found[name] for name in columns), strict=True))[:25]
    return MethodResult(
        result=found,
        sentence=(
            f"{len(found['street']):,} street segments, the 25 densest first "
            f"(reach {settings.bandwidth:g} m along the streets)"
        ),
        lines=(
            f"{found['on_no_street']:,} records lie on no street; "
            f"{words.percent(found['share_at_crossings'])} of the others lie at a crossing.",
            "Internal: a few records on one street may be one household.",
        ),
        columns=("street", "metres", "count", "per km", "density per km"),
        rows=tuple(rows),
    )


def knox_along_streets(
    layer: Layer,
    use: np.ndarray,
    day: np.ndarray,
    streets: Path,
    *,
    distance_bands: tuple[float, ...],
    time_bands: tuple[float, ...],
    same_place_distance: float | None,
    permutations: int,
    rng: np.random.Generator,
) -> KnoxTable:
    """The Knox table of the records in `use`, with distances along the streets."""
    network, _ = _network(layer, streets)
    points = network.snap(layer.x[use], layer.y[use], max_distance=REACH)
    return network_knox_table(
        network,
        points,
        day,
        distance_bands=distance_bands,
        time_bands=time_bands,
        same_place_distance=same_place_distance,
        permutations=permutations,
        rng=rng,
    )


def _network(layer: Layer, streets: Path | None) -> tuple[StreetNetwork, tuple[str, ...]]:
    if streets is None:
        raise ValueError("name the file with the lines of the streets: --streets FILE")
    read = read_streets(streets, target_crs=layer.crs or None)
    return StreetNetwork.from_lines(read.lines), read.ids


def _points(network: StreetNetwork, layer: Layer) -> NetworkPoints:
    points = network.snap(layer.x, layer.y, max_distance=REACH)
    if points.n_unplaced == points.segment.size:
        raise ValueError(
            f"none of {words.number(points.segment.size)} records lies within {REACH:g} metres of "
            "a street; do the streets belong to this city, and is their coordinate system right?"
        )
    return points
