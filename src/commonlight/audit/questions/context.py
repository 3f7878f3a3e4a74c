"""What city is this, and who lives where?"""

from __future__ import annotations

import numpy as np
import shapely

from commonlight.audit.layers import AreaLayer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.findings import words
from commonlight.findings.model import AreaMap, Block, Certainty, Column, Finding, Table

__all__ = ["context_findings"]


def context_findings(city: str, areas: AreaLayer) -> list[Finding]:
    """Residents and size of the city's areas."""
    if areas.population is None and not areas.mapped:
        return []
    return [
        Finding(
            id=f"context.{areas.name}",
            block=Block.CONTEXT,
            question=(
                f"Into which {areas.noun} is the city divided?"
                if areas.population is None
                else "Who lives here, and where?"
            ),
            sentence=_sentence(city, areas),
            certainty=Certainty.DESCRIPTIVE,
            method=method("description"),
            sources=tuple(
                name for name in (areas.boundaries_source, areas.population_source) if name
            ),
            limits=_limits(areas),
            map=_map(areas),
            table=_table(areas),
            numbers={"areas": len(areas.codes), "residents": _residents(areas)},
            one_sided=False,
            free=("map",),
        )
    ]


def _sentence(city: str, areas: AreaLayer) -> str:
    facts = []
    if areas.mapped:
        size = shapely.area(areas.outline) / 1e6
        facts.append(f"cover {words.number(size)} square kilometres")
    residents = _residents(areas)
    if residents is not None:
        facts.append(f"have {words.number(residents)} residents")
    return (
        f"{city} is divided into {words.number(len(areas.codes))} {areas.noun}, which "
        f"{words.listing(facts)}."
    )


def _residents(areas: AreaLayer) -> int | None:
    return None if areas.population is None else int(np.nansum(areas.population))


def _limits(areas: AreaLayer) -> tuple[str, ...]:
    if areas.population is None:
        return ("No count of residents was given, so this audit shows no rates per resident.",)
    limits = ["Visitors and commuters are not among the residents, but are in the place too."]
    missing = int(np.isnan(areas.population).sum())
    if missing:
        names = [areas.labels[i] for i in np.flatnonzero(np.isnan(areas.population))]
        limits.append(
            f"{words.number(missing)} {areas.noun} have no count of residents and get no rate: "
            f"{words.listing(names, limit=5)}."
        )
    if areas.unmatched_population:
        limits.append(
            f"{words.number(len(areas.unmatched_population))} codes in the table of residents "
            f"match none of the {areas.noun}, and are left out."
        )
    return tuple(limits)


def _map(areas: AreaLayer) -> AreaMap | None:
    if areas.population is None or not areas.mapped:
        return None
    size = np.asarray([shapely.area(polygon) for polygon in areas.polygons]) / 1e6
    density = areas.population / size
    return AreaMap(
        title=f"Residents per square kilometre, {words.number(len(areas.codes))} {areas.noun}",
        description=(
            f"Map of {areas.noun} shaded by residents per square kilometre, "
            f"from {words.number(np.nanmin(density))} to {words.number(np.nanmax(density))}."
        ),
        geometries=areas.polygons,
        labels=areas.labels,
        values=density,
        breaks=quantile_breaks(density),
        unit="residents per square kilometre",
        crs=areas.crs,
    )


def _table(areas: AreaLayer) -> Table:
    columns = [
        Column(name="code", label="Code"),
        Column(name="area", label="Area"),
    ]
    rows: list[tuple[object, ...]] = []
    population, order = areas.population, np.arange(len(areas.codes))
    if population is not None:
        order = np.argsort(-np.nan_to_num(population), kind="stable")
        columns.append(
            Column(name="residents", label="Residents", unit="persons", numeric=True, free=True)
        )
    for i in order:
        row: tuple[object, ...] = (areas.codes[i], areas.labels[i])
        if population is not None:
            row += (None if np.isnan(population[i]) else int(population[i]),)
        rows.append(row)
    return Table(columns=tuple(columns), rows=tuple(rows), caption=f"The {areas.noun}")
