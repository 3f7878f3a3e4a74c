"""What was seen on site, and how it stands beside what is felt?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonlight.audit.layers import AreaLayer
from commonlight.audit.methods import method
from commonlight.audit.visits_layer import VisitsLayer
from commonlight.findings import words
from commonlight.findings.model import BarChart, Block, Certainty, Column, Finding, Series, Table

__all__ = ["ObservedCause", "cause_chart", "observed_causes", "observed_findings"]

#: With fewer observations than this an area gets no mean.
FEWEST = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class ObservedCause:
    """The mean of what was noted about one thing, by area; nan where too little was seen.

    `lowest` and `highest` are the ends of what was noted. Observations count places and not
    persons, so nothing about them is withheld.
    """

    name: str
    label: str
    source: str
    values: np.ndarray
    mean: float
    lowest: float = np.nan
    highest: float = np.nan


def observed_causes(visits: Sequence[VisitsLayer], areas: AreaLayer) -> tuple[ObservedCause, ...]:
    """What was looked at in these areas, in the order of the sources."""
    return tuple(
        ObservedCause(
            name=f"seen_{number}_{index}",
            label=f"Seen: {layer.items[index]}",
            source=layer.name,
            values=_means(layer, index),
            mean=float(np.nanmean(layer.value[layer.item == index])),
            lowest=float(np.nanmin(layer.value[layer.item == index])),
            highest=float(np.nanmax(layer.value[layer.item == index])),
        )
        for number, layer in enumerate(visits)
        if layer.areas is areas
        for index in range(len(layer.items))
        if np.isfinite(layer.value[layer.item == index]).any()
    )


def _means(layer: VisitsLayer, index: int) -> np.ndarray:
    assert layer.areas is not None
    n = len(layer.areas.codes)
    use = (layer.item == index) & (layer.area >= 0) & np.isfinite(layer.value)
    count = np.bincount(layer.area[use], minlength=n)
    total = np.bincount(layer.area[use], weights=layer.value[use], minlength=n)
    return np.where(count >= FEWEST, total / np.maximum(count, 1), np.nan)


def cause_chart(causes: Sequence[ObservedCause]) -> BarChart | None:
    """What was seen in the city, each thing with its mean."""
    if len(causes) < 2:
        return None
    return BarChart(
        title="Look first at what was seen on site",
        description="; ".join(
            f"{cause.label} {words.number(cause.mean, decimals=1)}" for cause in causes
        )
        + ".",
        categories=tuple(cause.label for cause in causes),
        series=(Series(label="Mean", values=tuple(cause.mean for cause in causes)),),
        x_label=_noted(
            np.array([cause.lowest for cause in causes]),
            np.array([cause.highest for cause in causes]),
        ),
    )


def observed_findings(layer: VisitsLayer) -> list[Finding]:
    """What was looked at, how often, and what was noted."""
    if not layer.n:
        return []
    areas = layer.areas
    items = range(len(layer.items))
    known = np.isfinite(layer.value)
    count = np.bincount(layer.item[known], minlength=len(layer.items))
    mean = [float(np.nanmean(layer.value[layer.item == i])) if count[i] else np.nan for i in items]
    seen = np.unique(layer.area[layer.area >= 0]).size
    where = f" in {words.number(seen)} {areas.noun}" if areas is not None and seen else ""
    days = layer.days
    when = f", {words.period(*days)}" if days else ""
    causes = observed_causes([layer], areas) if areas is not None else ()
    return [
        Finding(
            id=f"{layer.name}.seen",
            block=Block.CAUSES,
            question="What was seen on site?",
            sentence=(
                f"{words.capital(words.counted(layer.n, 'observation'))} were made{where}{when}, "
                f"of {words.listing([name.lower() for name in layer.items], limit=6)}."
            ),
            certainty=Certainty.DESCRIPTIVE,
            method=method("description"),
            sources=(layer.name,),
            limits=(
                "What is seen depends on the hour, the weather and who looks. Two observers may "
                "rate the same street differently.",
                "Streets that nobody chose to visit are not in it.",
            ),
            chart=_chart(layer, mean),
            table=_table(layer, count, mean, areas, causes),
            numbers={"observations": layer.n, "areas": int(seen)},
            free=("chart",),
            one_sided=False,
        )
    ]


def _chart(layer: VisitsLayer, mean: list[float]) -> BarChart:
    return BarChart(
        title="Mean of what was noted",
        description="; ".join(
            f"{name} {words.number(value, decimals=1)}"
            for name, value in zip(layer.items, mean, strict=True)
        )
        + ".",
        categories=layer.items,
        series=(Series(label="Mean", values=tuple(mean)),),
        x_label=_noted(layer.value, layer.value),
    )


def _noted(lowest: np.ndarray, highest: np.ndarray) -> str:
    """What the means are of, with the ends of what was noted."""
    if not (np.isfinite(lowest).any() and np.isfinite(highest).any()):
        return "Mean over the whole city of what was noted"
    low, high = (words.number(v) for v in (np.nanmin(lowest), np.nanmax(highest)))
    return f"Mean over the whole city of what was noted, from {low} to {high}"


def _table(
    layer: VisitsLayer,
    count: np.ndarray,
    mean: list[float],
    areas: AreaLayer | None,
    causes: tuple[ObservedCause, ...],
) -> Table:
    if areas is None or not causes:
        return Table(
            columns=(
                Column(name="item", label="Looked at"),
                Column(name="observations", label="Observations", numeric=True, free=True),
                Column(name="mean", label="Mean", numeric=True, decimals=1, free=True),
            ),
            rows=tuple(
                (name, int(count[i]), mean[i] if count[i] else None)
                for i, name in enumerate(layer.items)
            ),
            caption="What was looked at",
        )
    order = np.argsort(np.asarray(areas.labels, dtype=object), kind="stable")
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            *(
                Column(name=cause.name, label=cause.label, numeric=True, decimals=1, free=True)
                for cause in causes
            ),
        ),
        rows=tuple(
            (
                areas.codes[i],
                areas.labels[i],
                *(None if np.isnan(c.values[i]) else float(c.values[i]) for c in causes),
            )
            for i in order
        ),
        caption=f"Mean of what was noted, by area; no mean under {FEWEST} observations",
    )
