"""On how little of the street network does how much of it happen?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.network.segments import SegmentCounts, segment_counts
from commonlight.analysis.network.streets import StreetNetwork
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    LineChart,
    Series,
    Table,
)
from commonlight.sources.streets import StreetLines

__all__ = ["street_findings"]

#: Points further from every street than this are on none, in metres.
REACH = 100.0
#: Fewer points on streets, or fewer segments, say nothing about concentration.
FEWEST_POINTS, FEWEST_SEGMENTS = 100, 50
SHARES = (0.25, 0.5, 0.75)
POINTS = 100


def street_findings(layer: Layer, streets: StreetLines | None) -> list[Finding]:
    """How much of the street length holds a quarter, half and three quarters of the points."""
    if streets is None or not layer.street_level or layer.record_kind != "incidents":
        return []
    network = StreetNetwork.from_lines(streets.lines)
    points = network.snap(layer.x, layer.y, max_distance=REACH)
    found = segment_counts(network, points, weights=layer.count)
    placed = found.count.sum()
    if placed < FEWEST_POINTS or network.n_segments < FEWEST_SEGMENTS:
        return []
    x, y = _curve(network.length, found)
    needed = [float(np.interp(share, y, x)) for share in SHARES]
    middle = needed[SHARES.index(0.5)]
    return [
        Finding(
            id=f"{layer.name}.streets",
            block=Block.PROBLEMS,
            question=f"On how much of the street network are {layer.noun} recorded?",
            sentence=(
                f"Half of the {layer.noun} that lie on a street are recorded on "
                f"{words.percent(middle)} of its length."
            ),
            certainty=Certainty.DESCRIPTIVE,
            method=method(
                "street-segments",
                segments=words.number(network.n_segments),
                farthest_from_a_street=f"{REACH:g} metres",
            ),
            sources=(layer.name, "streets"),
            details=_details(found, points.segment.size),
            limits=(
                "A busy street has more of everything. How many people pass is not known, so this "
                "is concentration and not risk.",
                "Some concentration is chance: with few records most segments stay empty.",
                "No street is named here: few records on one street may be one household.",
            ),
            chart=_chart(layer, x, y),
            table=_table(needed),
            numbers={"segments": network.n_segments, "length_share_half": middle},
            cells=(
                CountCells(
                    source=layer.name,
                    dimensions=("on a street",),
                    keys=(("yes",),),
                    counts=(int(placed),),
                    shown_in="text",
                ),
            ),
            free=("chart",),
        )
    ]


def _details(found: SegmentCounts, records: int) -> tuple[str, ...]:
    crossing = words.capital(words.percent(found.share_at_crossings))
    apart = words.capital(words.percent(found.n_unplaced / max(records, 1)))
    near, off = found.share_at_crossings > 0, found.n_unplaced > 0
    return (
        *(
            [
                f"{crossing} of them lie within 2 metres of a crossing and could belong to each "
                "street that meets there."
            ]
            if near
            else []
        ),
        *(
            [f"{apart} of the records lie more than {REACH:g} metres from every street."]
            if off
            else []
        ),
    )


def _curve(length: np.ndarray, found: SegmentCounts) -> tuple[np.ndarray, np.ndarray]:
    """Shares of street length and of points, densest segments first, both from 0 to 1."""
    densest = np.argsort(-found.per_km, kind="stable")
    x = np.concatenate([[0.0], np.cumsum(length[densest]) / length.sum()])
    y = np.concatenate([[0.0], np.cumsum(found.count[densest]) / found.count.sum()])
    return x, y


def _chart(layer: Layer, x: np.ndarray, y: np.ndarray) -> LineChart:
    """A hundred points of the curve, so coarse that no single segment can be read from it."""
    at = np.linspace(0, 1, POINTS + 1)
    drawn = np.round(100 * np.interp(at, x, y), 1)
    return LineChart(
        title=f"Share of {layer.noun} on the densest part of the street network",
        description=(
            f"Curve of the share of {layer.noun} on the densest share of the street length, above "
            "the straight line that an even spread would give."
        ),
        x=tuple(float(100 * v) for v in at),
        x_tick_labels={float(v): f"{v} %" for v in (0, 20, 40, 60, 80, 100)},
        series=(
            Series(label="recorded", values=tuple(float(v) for v in drawn), emphasis=True),
            Series(label="evenly spread", values=tuple(float(100 * v) for v in at)),
        ),
        x_label="% of the street length, densest first",
        y_label=f"% of {layer.noun}",
    )


def _table(needed: list[float]) -> Table:
    return Table(
        columns=(
            Column(name="share", label="Share of records", unit="%", numeric=True, free=True),
            Column(
                name="length",
                label="On so much of the street length",
                unit="%",
                numeric=True,
                decimals=1,
                free=True,
            ),
        ),
        rows=tuple((100 * s, 100 * n) for s, n in zip(SHARES, needed, strict=True)),
        caption="How little of the street network holds how much",
    )
