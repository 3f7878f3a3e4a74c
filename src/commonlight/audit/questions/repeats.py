"""Does one incident raise the risk nearby in the days after?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.near_repeat import KnoxTable, knox_table, near_repeat_obstacle
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.audit.series import middle_of
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    HeatChart,
    Table,
)

__all__ = ["repeat_findings"]

DISTANCES = (0.0, 100.0, 200.0, 300.0, 400.0)
DAYS = (0.0, 7.0, 14.0, 21.0, 28.0)
PERMUTATIONS = 999
#: The same place and the nearest band are looked at: two tests, at one in twenty together.
LEVEL = 0.05 / 2
#: With more incidents the newest are taken, so that the table answers in seconds.
MOST_INCIDENTS = 20_000
#: ICCS divisions whose events are known to repeat nearby, in the order of preference.
PREFERRED = ("0501", "05021", "0502", "0504", "0401")

_RESOLUTION_DAYS = {
    "instant": 1.0,
    "hour": 1.0,
    "interval": 3.0,
    "day": 1.0,
    "month": 30.4,
    "year": 365.0,
}


def repeat_findings(layer: Layer, *, rng: np.random.Generator) -> list[Finding]:
    """The Knox table of the kind of incident for which near repeats are best known."""
    if layer.record_kind != "incidents" or layer.resolution == "year":
        return []
    kind, chosen = _kind(layer)
    chosen &= np.isfinite(layer.x)
    noun = layer.noun if kind is None else f"records of \u2018{layer.kinds[kind]}\u2019"
    events = _events(layer, chosen)
    obstacle = _obstacle(layer, events)
    if obstacle:
        return [_cannot(layer, noun, obstacle)]
    table = _table_of(layer, events, rng)
    return [_finding(layer, noun, table, (int(chosen.sum()), int(events.sum())))]


def _kind(layer: Layer) -> tuple[int | None, np.ndarray]:
    """The kind to look at: the first with a preferred ICCS code, else the largest."""
    if len(layer.kinds) < 2:
        return None, np.ones(layer.start.size, dtype=bool)
    counts = layer.kind_counts()
    for prefix in PREFERRED:
        fitting = [i for i, code in enumerate(layer.codes) if code and code.startswith(prefix)]
        if fitting:
            best = max(fitting, key=lambda i: int(counts[i]))
            return best, layer.kind == best
    best = int(np.argmax(counts))
    return best, layer.kind == best


def _obstacle(layer: Layer, chosen: np.ndarray) -> str:
    if not layer.has_points:
        return "the source gives areas, no points"
    if not layer.street_level:
        return "the points were moved to fixed map points, so distances between them mean little"
    return near_repeat_obstacle(
        int(chosen.sum()), time_bands=DAYS, resolution_days=_RESOLUTION_DAYS[layer.resolution]
    )


def _events(layer: Layer, chosen: np.ndarray) -> np.ndarray:
    """The first record of each day at each place: the others may be victims of the same event."""
    position = np.flatnonzero(chosen)
    day = middle_of(layer)[position].astype("datetime64[D]").astype(np.int64)
    place_and_day = np.column_stack([layer.x[position], layer.y[position], day])
    _, first = np.unique(place_and_day, axis=0, return_index=True)
    events = np.zeros(chosen.size, dtype=bool)
    events[position[first]] = True
    return events


def _table_of(layer: Layer, chosen: np.ndarray, rng: np.random.Generator) -> KnoxTable:
    position = np.flatnonzero(chosen)
    middle = middle_of(layer)[position]
    if position.size > MOST_INCIDENTS:
        newest = np.sort(np.argsort(middle, kind="stable")[-MOST_INCIDENTS:])
        position, middle = position[newest], middle[newest]
    day = middle.astype("datetime64[D]").astype(np.int64)
    return knox_table(
        layer.x[position],
        layer.y[position],
        day,
        distance_bands=DISTANCES,
        time_bands=DAYS,
        permutations=PERMUTATIONS,
        rng=rng,
    )


def _finding(layer: Layer, noun: str, table: KnoxTable, n: tuple[int, int]) -> Finding:
    # The first row holds pairs at the same place, the second the nearest distance band.
    same, near = 0, 1
    verdict = [
        table.p_value[row, 0] < LEVEL and table.knox_ratio[row, 0] > 1 for row in (same, near)
    ]
    return Finding(
        id=f"{layer.name}.near-repeat",
        block=Block.VICTIMS,
        question=f"Do {noun} repeat at the same place or nearby within days?",
        sentence=_sentence(noun, table, verdict),
        certainty=Certainty.CLEAR if any(verdict) else Certainty.NOT_SHOWN,
        method=method(
            "near-repeat",
            incidents=table.n_points,
            permutations=table.permutations,
            distance=f"straight line, bands of {DISTANCES[1]:.0f} m",
        ),
        sources=(layer.name,),
        limits=tuple(_limits(noun, table, n, layer)),
        chart=_chart(noun, table),
        table=_as_table(table),
        numbers={
            "same_place_ratio": float(table.knox_ratio[same, 0]),
            "same_place_p": float(table.p_value[same, 0]),
            "near_ratio": float(table.knox_ratio[near, 0]),
            "near_p": float(table.p_value[near, 0]),
        },
        cells=_cells(layer, table, n),
    )


def _cells(layer: Layer, table: KnoxTable, n: tuple[int, int]) -> tuple[CountCells, ...]:
    """Pairs by distance and days; and the records that were taken together or left out."""
    pairs = CountCells(
        source=f"{layer.name}/pairs",
        dimensions=("distance", "days"),
        keys=tuple((row, column) for row in table.distance_labels for column in table.time_labels),
        counts=tuple(int(count) for count in table.observed.ravel()),
        column="observed",
        derived=("expected", "ratio", "p_value"),
        fitted=("expected", "p_value"),
        chart=("ratio",),
    )
    records, events = n
    used = CountCells(
        source=f"{layer.name}/repeats",
        dimensions=("use",),
        keys=(("",), ("same event",), ("event",)),
        counts=(records, records - events, events),
        shown_in="text",
    )
    return pairs, used


def _sentence(noun: str, table: KnoxTable, verdict: list[bool]) -> str:
    days, metres = int(DAYS[1]), int(DISTANCES[1])
    parts = []
    if verdict[0]:
        parts.append(f"{_times(table.knox_ratio[0, 0])} as often at the same place")
    if verdict[1]:
        parts.append(f"{_times(table.knox_ratio[1, 0])} as often elsewhere within {metres} metres")
    if not parts:
        return (
            f"{words.capital(noun)} do not clearly repeat: pairs within {metres} metres and "
            f"{days} days are about as many as chance gives."
        )
    other = ""
    if verdict[1] and not verdict[0]:
        other = " Repeats at the same place are not clearly more than chance gives."
    return (
        f"{words.capital(noun)} repeat: after one, another follows within {days} days "
        f"{words.listing(parts)} as chance would give.{other}"
    )


def _times(ratio: float) -> str:
    return f"{words.number(float(ratio), decimals=1)} times"


def _limits(noun: str, table: KnoxTable, n: tuple[int, int], layer: Layer) -> list[str]:
    records, events = n
    limits = [
        "This says that incidents come close together, not that one causes the next, and nothing "
        "about who did it.",
        "Where the risk itself moves through the city during the period, pairs come close without "
        "any repeat.",
    ]
    if records > events:
        limits.append(
            f"{words.number(records - events)} of {words.number(records)} records lie at the same "
            "place on the same day as another: they were taken as one event, for they may be "
            "several victims of one. Repeats within a day are left out with them."
        )
    if events > table.n_points:
        limits.append(
            f"The newest {words.number(table.n_points)} of {words.number(events)} incidents were "
            "used, so that the table answers in seconds."
        )
    if layer.resolution == "interval":
        limits.append(
            "Days are the middle of the time window; windows of several days blur the table."
        )
    return limits


def _chart(noun: str, table: KnoxTable) -> HeatChart:
    ratios = np.where(np.isfinite(table.knox_ratio), table.knox_ratio, np.nan)
    return HeatChart(
        title="Pairs close in space and time, against what chance gives (1 = as chance)",
        description=(
            f"Grid of distances by days between. Highest: {_highest(table)}. "
            "All values are in the table."
        ),
        row_labels=table.distance_labels,
        column_labels=table.time_labels,
        values=tuple(tuple(None if np.isnan(v) else float(v) for v in row) for row in ratios),
        unit="times as many pairs as chance gives",
    )


def _highest(table: KnoxTable) -> str:
    ratio = np.nan_to_num(table.knox_ratio, nan=-1.0)
    i, j = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
    return (
        f"{table.distance_labels[i]}, {table.time_labels[j]}, "
        f"{words.number(float(ratio[i, j]), decimals=1)} times as many pairs as chance gives"
    )


def _as_table(table: KnoxTable) -> Table:
    rows = []
    for i, row in enumerate(table.distance_labels):
        for j, column in enumerate(table.time_labels):
            ratio = float(table.knox_ratio[i, j])
            rows.append(
                (
                    row,
                    column,
                    int(table.observed[i, j]),
                    float(table.expected[i, j]),
                    None if np.isnan(ratio) else ratio,
                    float(table.p_value[i, j]),
                )
            )
    return Table(
        columns=(
            Column(name="distance", label="Distance"),
            Column(name="days", label="Days between"),
            Column(name="observed", label="Pairs", numeric=True),
            Column(name="expected", label="By chance", numeric=True, decimals=1),
            Column(name="ratio", label="Times as often as chance", numeric=True, decimals=2),
            Column(name="p_value", label="Chance of this (p)", numeric=True, decimals=3),
        ),
        rows=tuple(rows),
        caption="Pairs of incidents by distance and time between them",
    )


def _cannot(layer: Layer, noun: str, obstacle: str) -> Finding:
    return Finding(
        id=f"{layer.name}.near-repeat",
        block=Block.VICTIMS,
        question=f"Do {noun} repeat at the same place or nearby within days?",
        sentence=f"We cannot tell whether {noun} repeat nearby: {obstacle.rstrip('.')}.",
        certainty=Certainty.CANNOT_TELL,
        method=method("near-repeat"),
        sources=(layer.name,),
        limits=(
            "It cannot be worked out from this source. The publisher may give points of known "
            "precision with the day of each incident, under an agreement.",
        ),
    )
