"""Choose a method by its name and run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.single.kinds import harm_result
from commonlight.audit.single.places import (
    concentration_result,
    hot_spots_result,
    near_repeat_result,
)
from commonlight.audit.single.results import MethodResult, Settings
from commonlight.audit.single.tables import incidents_layer
from commonlight.audit.single.times import (
    change_points_result,
    exceptions_result,
    season_result,
    trend_result,
    weekday_hour_result,
)

__all__ = ["METHODS", "run_method"]


def _segments(layer: Layer, settings: Settings) -> MethodResult:
    from commonlight.audit.single.streets import segments_result

    return segments_result(layer, settings)


METHODS: dict[str, Callable[[Layer, Settings], MethodResult]] = {
    "change-points": change_points_result,
    "concentration": concentration_result,
    "exceptions": exceptions_result,
    "harm": harm_result,
    "hot-spots": hot_spots_result,
    "near-repeat": near_repeat_result,
    "season": season_result,
    "segments": _segments,
    "trend": trend_result,
    "weekday-hour": weekday_hour_result,
}


def run_method(
    method: str,
    table: str,
    *,
    lake: Path,
    kind: str | None = None,
    cell_size: float = 250.0,
    distance_bands: Sequence[float] = (0, 1, 100, 200, 300, 400),
    time_bands: Sequence[float] = (0, 7, 14, 21, 28),
    permutations: int = 999,
    seed: int = 1,
    streets: Path | None = None,
    bandwidth: float = 300.0,
    item: str | None = None,
    by: str | None = None,
) -> MethodResult:
    """Run a method of the library on a table.

    Parameters
    ----------
    method : str
        change-points, concentration, exceptions, harm, hot-spots, near-repeat, season, segments,
        survey, trend or weekday-hour.
    table : str
        A Parquet file in the incidents schema, or the name of a data set in the lake; for survey
        the name of a data set of answers.
    lake : Path
        Folder of the lake.
    kind : str, optional
        Only records of this type, in the source's own words.
    cell_size : float
        Side of a grid cell, in metres, for concentration and hot-spots.
    distance_bands, time_bands : sequence of float
        Borders of the Knox table, in metres and days. A first band that ends at 1 metre or
        less is taken as the same place.
    permutations : int
        Shuffles of a permutation test.
    seed : int
        Start of the random draws.
    streets : Path, optional
        Lines of streets. Needed by segments; with it, near-repeat takes distances along them.
    bandwidth : float
        Reach of an event along the streets, in metres, for segments.
    item, by : str, optional
        For survey: the question, and the group that answers are told by (or ``area``).

    Returns
    -------
    MethodResult

    Raises
    ------
    ValueError
        The method is not known, the table has no such type, or the data do not allow it.
    """
    if method not in (*METHODS, "survey"):
        known = sorted([*METHODS, "survey"])
        raise ValueError(f"no method {method!r}; choose from {', '.join(known)}")
    if method == "survey":
        from commonlight.audit.single.survey import survey_result

        return survey_result(table, lake, item, by)
    layer = incidents_layer(table, lake, kind)
    settings = Settings(
        cell_size=cell_size,
        distance_bands=distance_bands,
        time_bands=time_bands,
        permutations=permutations,
        rng=np.random.default_rng(seed),
        streets=streets,
        bandwidth=bandwidth,
    )
    return METHODS[method](layer, settings)
