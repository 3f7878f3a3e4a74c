"""One method on one table, for the command line and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from commonlight.audit.layers import Layer, make_layer
from commonlight.audit.series import MonthSeries, middle_of, month_label, monthly, weekly
from commonlight.findings import words
from commonlight.findings.model import SourceNote
from commonlight.sources.errors import LakeError, UnreadableFileError
from commonlight.sources.lake import Lake

__all__ = ["MethodResult", "run_method"]


_NEEDED = ("start", "end", "time_kind", "x", "y", "area")


@dataclass(frozen=True, kw_only=True)
class MethodResult:
    """The result of one method, as it is and as lines to read."""

    result: Any
    sentence: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Settings:
    cell_size: float
    distance_bands: Sequence[float]
    time_bands: Sequence[float]
    permutations: int
    rng: np.random.Generator = field(repr=False)
    streets: Path | None = None
    bandwidth: float = 300.0


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
    if method not in (*_METHODS, "survey"):
        known = sorted([*_METHODS, "survey"])
        raise ValueError(f"no method {method!r}; choose from {', '.join(known)}")
    if method == "survey":
        return _survey(table, lake, item, by)
    layer = _layer(table, lake, kind)
    settings = _Settings(
        cell_size=cell_size,
        distance_bands=distance_bands,
        time_bands=time_bands,
        permutations=permutations,
        rng=np.random.default_rng(seed),
        streets=streets,
        bandwidth=bandwidth,
    )
    return _METHODS[method](layer, settings)


def _layer(table: str, lake: Path, kind: str | None) -> Layer:
    data = _read(table, lake)
    if kind is not None:
        data = _of_kind(data, kind)
    if not data.num_rows:
        raise ValueError(f"{table}: the table has no records")
    start, end = (
        data.column(name).drop_null().to_numpy().astype("datetime64[s]")
        for name in ("start", "end")
    )
    if not start.size:
        raise ValueError(f"{table}: no record has a time")
    return make_layer(
        data,
        name="table",
        noun="incidents",
        record_kind="incidents",
        source=_note(table, data.num_rows),
        period=_covered(start, end),
        areas=None,
        crs="",
        precision=None,
    )


def _covered(start: np.ndarray, end: np.ndarray) -> tuple[date, date]:
    """First and last day; the end of a window, a month or a year is the moment after it.

    A month that lacks no more days than the longest gap between records counts as whole: a file
    that ends on 30 December covers December.
    """
    last = np.concatenate([start, end - np.timedelta64(1, "s")]).max()
    days = np.unique(start.astype("datetime64[D]"))
    gap = np.diff(days).max() if days.size > 1 else np.timedelta64(0, "D")
    first, final = days[0], last.astype("datetime64[D]")
    opens = first.astype("datetime64[M]").astype("datetime64[D]")
    closes = (final.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return (
        (opens if first - opens <= gap else first).item(),
        (closes if closes - final <= gap else final).item(),
    )


def _read(table: str, lake: Path) -> pa.Table:
    path = Path(table)
    if path.suffix == ".parquet":
        if not path.is_file():
            raise UnreadableFileError(f"{path}: there is no such file")
        data = _read_parquet(path)
        lacking = [
            c for c in ("start", "end", "time_kind", "x", "y", "area") if c not in data.column_names
        ]
        if lacking:
            raise ValueError(
                f"{path}: not in the incidents schema, {', '.join(lacking)} lacking; "
                "import the file first with commonlight sources import"
            )
        return data
    if table not in Lake(lake).names():
        raise LakeError(
            f"the lake at {lake} has no data set {table!r}; "
            f"see commonlight sources list --lake {lake}"
        )
    return Lake(lake).open(table).table()


def _read_parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UnreadableFileError(
            f"{path}: not a Parquet file that can be read; it may be cut short or of another kind"
        ) from error


def _of_kind(data: pa.Table, kind: str) -> pa.Table:
    import pyarrow.compute as pc

    types = data.column("type").cast(pa.string())
    chosen = data.filter(pc.equal(types, pa.scalar(kind)))
    if not chosen.num_rows:
        known = sorted(str(value) for value in pc.unique(types).to_pylist() if value is not None)
        raise ValueError(f"no record of type {kind!r}; there are: {words.listing(known, limit=12)}")
    return chosen


def _note(table: str, rows: int) -> SourceNote:
    return SourceNote(
        id="table",
        name=table,
        kind="incidents",
        publisher="",
        licence="",
        first_day=None,
        last_day=None,
        age_days=None,
        rows_read=rows,
        rows_accepted=rows,
        rows_rejected=0,
        digest="",
    )


def _months(layer: Layer) -> MonthSeries:
    """The monthly series, which must have no month without a record in between."""
    series = monthly(layer)
    if not series.unbroken:
        raise ValueError(
            f"{words.counted(series.gaps, 'month')} between the first and the last hold no record "
            "at all; were they delivered? Use a period without gaps"
        )
    return series


def _available(result: Any) -> Any:
    if not result.available:
        raise ValueError(result.reason)
    return result


def _trend(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.analysis.trend import trend

    series = _months(layer)
    result = _available(trend(series.counts, days=series.days, month=series.of_year))
    return MethodResult(
        result=result,
        sentence=(
            f"{words.estimate(result.estimate, result.ci_lower, result.ci_upper, decimals=1)} % a "
            f"year over {result.n_periods} months (p = {result.p_value:.3g}, variance "
            f"{result.dispersion:.1f} times the mean)"
        ),
    )


def _season(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.analysis.season import season

    series = _months(layer)
    result = _available(season(series.counts, month=series.of_year, days=series.days))
    return MethodResult(
        result=result,
        sentence=f"Index by month of the year, 1 = average (any season: p = {result.p_value:.3g})",
        columns=("month", "index", "lower", "upper"),
        rows=tuple(
            (words.month_name(m + 1), result.index[m], result.ci_lower[m], result.ci_upper[m])
            for m in range(12)
        ),
    )


def _change_points(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.analysis.change_points import change_points

    series = _months(layer)
    month = series.of_year if series.month.size >= 24 else None
    result = _available(
        change_points(series.counts, exposure=series.days, month=month, rng=settings.rng)
    )
    return MethodResult(
        result=result,
        sentence=(
            f"{words.counted(result.index.size, 'step')} in the level of {result.n_periods} months "
            f"(any step at all: p = {result.first_p_value:.3g})"
        ),
        columns=("from month", "ratio", "lower", "upper", "p"),
        rows=tuple(
            (
                month_label(int(series.month[i])),
                result.ratio[k],
                result.ci_lower[k],
                result.ci_upper[k],
                result.p_value[k],
            )
            for k, i in enumerate(result.index)
        ),
    )


def _exceptions(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.analysis.exceptions import weekly_exceptions

    series = weekly(layer)
    result = _available(weekly_exceptions(series.counts))
    found = np.flatnonzero(result.signal)
    return MethodResult(
        result=result,
        sentence=(
            f"{found.size} of the last {result.n_tested} weeks "
            f"{'lies' if found.size == 1 else 'lie'} outside the limits"
        ),
        columns=("week from", "count", "expected", "lower", "upper"),
        rows=tuple(
            (
                str(series.monday[i]),
                int(series.counts[i]),
                result.expected[i],
                result.lower[i],
                result.upper[i],
            )
            for i in found
        ),
    )


def _weekday_hour(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.analysis.aoristic import aoristic_profile
    from commonlight.audit.questions.hours import hours_of_week

    if layer.resolution not in ("instant", "hour", "interval"):
        raise ValueError(f"times are known to the {layer.resolution} only; hours are needed")
    start, end = hours_of_week(layer)
    result = aoristic_profile(start, end, weights=layer.count)
    grid = result.profile.reshape(7, 24)
    return MethodResult(
        result=result,
        sentence="Incidents by weekday and quarter of the day (unknown moments spread evenly)",
        columns=("weekday", "0-6", "6-12", "12-18", "18-24"),
        rows=tuple(
            (words.weekday_name(d), *(grid[d, a : a + 6].sum() for a in (0, 6, 12, 18)))
            for d in range(7)
        ),
    )


def _cells(layer: Layer, settings: _Settings) -> tuple[Any, np.ndarray, np.ndarray]:
    """A grid over the hull of the points, and the points in it."""
    import shapely

    from commonlight.analysis.grids import square_grid

    use = np.isfinite(layer.x) & np.isfinite(layer.y)
    if use.sum() < 3:
        raise ValueError("fewer than three records have coordinates; a grid needs points")
    x, y = layer.x[use], layer.y[use]
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([x, y])))
    return square_grid(shapely.buffer(hull, 1.0), cell_size=settings.cell_size), x, y


def _concentration(layer: Layer, settings: _Settings) -> MethodResult:
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


def _hot_spots(layer: Layer, settings: _Settings) -> MethodResult:
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


def _near_repeat(layer: Layer, settings: _Settings) -> MethodResult:
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
        from commonlight.audit.single_streets import knox_along_streets

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


def _bands(edges: Sequence[float]) -> tuple[tuple[float, ...], float | None]:
    """Distance bands without a same-place band, and the end of that band."""
    if len(edges) > 2 and edges[0] == 0 and edges[1] <= 1:
        return (0.0, *edges[2:]), float(edges[1])
    return tuple(edges), None


def _segments(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.audit.single_streets import segments_of

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


def _harm(layer: Layer, settings: _Settings) -> MethodResult:
    from commonlight.audit.harm_layer import layer_weights

    weights = layer_weights(layer)
    if not weights.comparable:
        raise ValueError(
            "too few sets of harm weights cover these kinds of offence; map the kinds to ICCS first"
        )
    low, high = weights.whole.kind_share_range()
    order = np.argsort(-np.nan_to_num(high.ravel(), nan=-1.0), kind="stable")
    sets = words.listing([item.short for item in weights.compared], limit=12)
    shares = {layer.kinds[i]: [float(low.ravel()[i]), float(high.ravel()[i])] for i in order}
    return MethodResult(
        result={"sets": [item.name for item in weights.compared], "share_of_harm": shares},
        sentence=f"Shares of all harm by kind, as a range over {sets}",
        columns=("kind", "count", "at least %", "at most %"),
        rows=tuple(
            (
                layer.kinds[i],
                int(weights.counts[i]),
                100 * float(low.ravel()[i]),
                100 * float(high.ravel()[i]),
            )
            for i in order[:25]
        ),
    )


def _survey(table: str, lake: Path, item: str | None, by: str | None) -> MethodResult:
    from commonlight.audit.single_survey import estimates_of

    measure, labels, found = estimates_of(table, lake, item=item, by=by)
    factor = 100.0 if measure.share else 1.0
    rows = [
        (label, int(found.n[k]), *_shown(found, k, factor), found.reason[k])
        for k, label in enumerate(labels)
    ]
    unit = "%" if measure.share else measure.unit
    return MethodResult(
        result={"item": measure.name, "unit": unit, "groups": list(labels), "estimates": found},
        sentence=f"{measure.label} ({unit}): \u2018{measure.item.item.wording}\u2019",
        lines=found.notes,
        columns=("group", "answers", "estimate", "at least", "at most", "design effect", "note"),
        rows=tuple(rows),
    )


def _shown(found: Any, k: int, factor: float) -> tuple[float | None, ...]:
    if not found.available[k]:
        return (None,) * 4
    values = (found.estimate, found.ci_lower, found.ci_upper)
    return (*(float(factor * value[k]) for value in values), float(found.deff[k]))


_METHODS: dict[str, Callable[[Layer, _Settings], MethodResult]] = {
    "change-points": _change_points,
    "concentration": _concentration,
    "exceptions": _exceptions,
    "harm": _harm,
    "hot-spots": _hot_spots,
    "near-repeat": _near_repeat,
    "season": _season,
    "segments": _segments,
    "trend": _trend,
    "weekday-hour": _weekday_hour,
}
