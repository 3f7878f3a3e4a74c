"""How few places hold how much of it?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.concentration import Concentration, concentration
from commonlight.audit.counted import area_cells
from commonlight.audit.layers import AreaLayer, Layer
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

__all__ = ["concentration_findings"]

#: Fewer areas than this show no useful curve.
FEWEST_AREAS = 10
#: Points of a drawn curve; more cannot be seen.
POINTS = 100
#: Draws of incidents in proportion to residents.
DRAWS = 199
#: Above this share without an area, the sentence says that they are left out.
FEW_UNPLACED = 0.02


def concentration_findings(layer: Layer, *, rng: np.random.Generator) -> list[Finding]:
    """The share of areas that holds a quarter and half of all incidents."""
    if layer.areas is None or len(layer.areas.codes) < FEWEST_AREAS:
        return []
    counts = layer.area_counts()
    result = concentration(counts, rng=rng)
    if not result.available:
        return []
    return [_finding(layer, layer.areas, result, _by_residents(layer.areas, result, rng))]


def _by_residents(
    areas: AreaLayer, result: Concentration, rng: np.random.Generator
) -> float | None:
    """Share of the peopled places that would hold half if incidents fell as residents do."""
    if areas.population is None or not np.nansum(areas.population) > 0:
        return None
    share = np.nan_to_num(areas.population) / np.nansum(areas.population)
    draws = -np.sort(-rng.multinomial(result.n_events, share, size=DRAWS), axis=1)
    needed = (np.cumsum(draws, axis=1) < result.n_events / 2).sum(axis=1) + 1
    return float(needed.mean() / (share > 0).sum())


def _finding(
    layer: Layer, areas: AreaLayer, result: Concentration, by_residents: float | None
) -> Finding:
    half = result.place_shares[-1]
    sentence = (
        f"Half of all {layer.noun}{_placed(layer)} were recorded in "
        f"{words.number(half.n_places)} of {words.number(result.n_places)} {areas.noun} "
        f"({words.percent(half.share_of_places)}). If all {areas.noun} had the same chance it "
        f"would take about {words.percent(half.share_expected_at_random)}"
    )
    if by_residents is not None:
        sentence += f"; in proportion to residents, about {words.percent(by_residents)}"
    sentence += "."
    return Finding(
        id=f"{layer.name}.concentration",
        block=Block.PROBLEMS,
        question=f"How unevenly do {layer.noun} fall on the {areas.noun}?",
        sentence=sentence,
        certainty=Certainty.DESCRIPTIVE,
        method=method("concentration", places=result.n_places, events=result.n_events),
        sources=(layer.name,),
        details=(
            "On a scale from 0 (the same everywhere) to 1 (all in one area) the Gini coefficient "
            f"is {words.number(result.gini, decimals=2)}.",
        ),
        limits=(
            f"The {areas.noun} differ in size and in how many people live there and pass through; "
            "part of the concentration is only that.",
        ),
        chart=_chart(layer, result),
        table=_table(result),
        numbers={
            "gini": result.gini,
            "gini_adjusted": result.gini_adjusted,
            "gini_excess": result.gini_excess,
            "places_half": half.n_places,
            "share_half_by_residents": by_residents,
        },
        cells=_cells(layer, areas, result),
    )


def _cells(layer: Layer, areas: AreaLayer, result: Concentration) -> tuple[CountCells, ...]:
    """Every area, busiest first: the curve holds the sum of so many of them at each point."""
    counts = layer.area_counts()
    placed = CountCells(
        source=layer.name,
        dimensions=("placed",),
        keys=(("yes",),),
        counts=(int(counts.sum()),),
        shown_in="text",
    )
    busiest = np.argsort(-counts, kind="stable")
    return area_cells(layer, areas, counts, busiest, shown_in="curve"), placed


def _placed(layer: Layer) -> str:
    """A reminder where more than a few records are in no area."""
    placed = int(layer.count[layer.area >= 0].sum())
    return " with a known area" if placed < (1 - FEW_UNPLACED) * layer.n else ""


def _chart(layer: Layer, result: Concentration) -> LineChart:
    assert layer.areas is not None
    pick = np.unique(np.linspace(0, result.n_places, POINTS + 1).astype(int))
    # From the busiest place on, which is how the sentence counts.
    x = 100 * (1 - result.lorenz_x[::-1])[pick]
    y = 100 * (1 - result.lorenz_y[::-1])[pick]
    return LineChart(
        title=f"Share of {layer.noun} held by the busiest {layer.areas.noun}",
        description=(
            f"Curve of the share of {layer.noun} held by the busiest {layer.areas.noun}, above the "
            "straight line that equal shares would give."
        ),
        x=tuple(float(v) for v in x),
        x_tick_labels={float(v): f"{v} %" for v in (0, 20, 40, 60, 80, 100)},
        series=(
            Series(label="recorded", values=tuple(float(v) for v in y), emphasis=True),
            Series(label="equal shares", values=tuple(float(v) for v in x)),
        ),
        x_label=f"Share of {layer.areas.noun}, busiest first",
        y_label=f"Share of {layer.noun}, %",
    )


def _table(result: Concentration) -> Table:
    return Table(
        columns=(
            Column(
                name="share_of_events", label="Share of events", unit="%", numeric=True, free=True
            ),
            Column(name="places", label="Places that hold it", numeric=True, free=True),
            Column(
                name="share_of_places",
                label="Share of places",
                unit="%",
                numeric=True,
                decimals=1,
                free=True,
            ),
            Column(
                name="at_random",
                label="Share of places by chance",
                unit="%",
                numeric=True,
                decimals=1,
                free=True,
            ),
        ),
        rows=tuple(
            (
                100 * item.share_of_events,
                item.n_places,
                100 * item.share_of_places,
                100 * item.share_expected_at_random,
            )
            for item in result.place_shares
        ),
        caption="The fewest places that hold a quarter and half of all",
    )
