"""At what kinds of place does it happen?"""

from __future__ import annotations

import numpy as np

from commonlight.audit.counted import total_cells
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.findings import words
from commonlight.findings.model import (
    BarChart,
    Block,
    Certainty,
    Column,
    CountCells,
    Finding,
    Series,
    Table,
)

__all__ = ["place_kind_findings"]

SHOWN = 10


def place_kind_findings(layer: Layer) -> list[Finding]:
    """Counts by the kind of place that the source names, such as street or residence."""
    if layer.place_kind is None:
        return []
    _, codes, names = layer.place_kind
    counts = np.bincount(codes, weights=layer.count, minlength=len(names)).astype(np.int64)
    order = np.argsort(-counts, kind="stable")
    first = order[0]
    share = counts[first] / counts.sum()
    return [
        Finding(
            id=f"{layer.name}.place-kinds",
            block=Block.CAUSES,
            question=f"At what kinds of place are {layer.noun} recorded?",
            sentence=(
                f"{words.capital(words.about_one_in(share))} {layer.noun} "
                f"({words.percent(share)}) are recorded with the place "
                f"\u2018{names[first]}\u2019, more than with any other kind of place."
            ),
            certainty=Certainty.DESCRIPTIVE,
            method=method("description"),
            sources=(layer.name,),
            limits=(
                "Where something happens is a hint at conditions, not a cause. How many people "
                "use each kind of place, and for how long, is not known here.",
            ),
            chart=_chart(layer, names, counts, order),
            table=_table(layer, names, counts, order),
            numbers={names[i]: int(counts[i]) for i in order[:SHOWN]},
            cells=(
                total_cells(layer),
                CountCells(
                    source=layer.name,
                    dimensions=("place kind",),
                    keys=tuple((names[i],) for i in order),
                    counts=tuple(int(counts[i]) for i in order),
                    column="count",
                    derived=("share",),
                    chart=("count",),
                ),
            ),
        )
    ]


def _chart(layer: Layer, names: tuple[str, ...], counts: np.ndarray, order: np.ndarray) -> BarChart:
    shown = order[:SHOWN]
    return BarChart(
        title=f"{words.capital(layer.noun)} by kind of place",
        description="; ".join(f"{names[i]} {words.number(counts[i])}" for i in shown) + ".",
        categories=tuple(names[i] for i in shown),
        series=(
            Series(label=words.capital(layer.noun), values=tuple(float(counts[i]) for i in shown)),
        ),
        x_label=words.capital(layer.noun),
        highlight=(names[order[0]],),
    )


def _table(layer: Layer, names: tuple[str, ...], counts: np.ndarray, order: np.ndarray) -> Table:
    total = counts.sum()
    return Table(
        columns=(
            Column(name="place", label="Kind of place, as recorded"),
            Column(name="count", label="Count", numeric=True),
            Column(name="share", label="Share", unit="%", numeric=True, decimals=1),
        ),
        rows=tuple((names[i], int(counts[i]), 100 * counts[i] / total) for i in order),
        caption=f"{words.capital(layer.noun)} by kind of place",
    )
