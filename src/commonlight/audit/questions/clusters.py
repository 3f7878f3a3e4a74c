"""Do areas with high rates lie together?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.local_statistics import GiStar, gi_star
from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.neighbours import Neighbours
from commonlight.analysis.rates import smoothed_rates
from commonlight.audit.counted import area_cells
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.classes import quantile_breaks
from commonlight.audit.questions.rates import PER, years_covered
from commonlight.findings import words
from commonlight.findings.model import AreaMap, Block, Certainty, Column, Finding, Table

__all__ = ["cluster_findings"]

#: Fewer areas than this say nothing about neighbours.
FEWEST_AREAS = 30
#: Shuffles. Among 500 areas a p-value must be near 1 in 10,000 to survive the correction. With so
#: many shuffles its standard error is a quarter of that, and another seed marks the same areas
#: but for those at the very border.
PERMUTATIONS = 199_999
#: Areas within this of each other count as touching, in metres: borders are often simplified.
TOLERANCE = 25.0
#: Areas that get a number on the map.
MARKED = 20


def cluster_findings(layer: Layer, *, rng: np.random.Generator) -> list[Finding]:
    """Groups of neighbouring areas whose rates are high together."""
    areas = layer.areas
    if areas is None or not areas.mapped or areas.population is None:
        return []
    counts, known = layer.area_counts(), np.nan_to_num(areas.population) > 0
    if known.sum() < FEWEST_AREAS or counts[known].sum() == 0:
        return []
    # Areas without residents have no rate; they are left out, not set to the city's rate.
    position = np.flatnonzero(known)
    smoothed = smoothed_rates(
        counts[position], areas.population[position] * years_covered(layer), per=PER
    )
    rate = smoothed.estimate
    if np.ptp(rate) == 0:
        return []
    neighbours = Neighbours.from_polygons(
        [areas.polygons[i] for i in position], tolerance=TOLERANCE
    )
    result = gi_star(rate, neighbours, alternative="greater", permutations=PERMUTATIONS, rng=rng)
    # A quiet area beside busy ones is not itself one of those with a high rate.
    high = benjamini_hochberg(result.p_value).rejected & (rate > smoothed.city_rate)
    return [_finding(layer, areas, position, rate, result, _groups(high, neighbours))]


def _groups(high: np.ndarray, neighbours: Neighbours) -> list[np.ndarray]:
    """Connected groups of the areas marked, the largest first."""
    from scipy.sparse.csgraph import connected_components

    chosen = np.flatnonzero(high)
    if not chosen.size:
        return []
    link = neighbours.to_sparse()[chosen][:, chosen]
    n, label = connected_components(link, directed=False)
    groups = [chosen[label == k] for k in range(n)]
    return sorted(groups, key=lambda group: (-group.size, int(group[0])))


def _finding(
    layer: Layer,
    areas: AreaLayer,
    position: np.ndarray,
    rate: np.ndarray,
    result: GiStar,
    groups: list[np.ndarray],
) -> Finding:
    marked = position[np.concatenate(groups)] if groups else np.zeros(0, dtype=np.int64)
    return Finding(
        id=f"{layer.name}.clusters",
        block=Block.PROBLEMS,
        question=f"Do {areas.noun} with high rates of {layer.noun} lie together?",
        sentence=_sentence(layer, areas, position, groups, rate),
        certainty=Certainty.CLEAR if groups else Certainty.NOT_SHOWN,
        method=method(
            "getis-ord",
            areas_tested=position.size,
            permutations=result.permutations,
            false_discovery_rate=words.percent(0.05),
        ),
        sources=(layer.name, *([areas.population_source] if areas.population_source else [])),
        limits=(
            "Rates are drawn towards the city's rate where residents are few, so that small "
            "areas do not lead the list by chance.",
            "A group says that high rates lie side by side. The cause may lie in one of the "
            "areas, in all, or in who passes through.",
        ),
        map=_map(layer, areas, position, rate, marked),
        table=_table(areas, position, rate, groups),
        numbers={"groups": len(groups), "areas": int(marked.size), "tested": int(position.size)},
        cells=(
            area_cells(
                layer,
                areas,
                layer.area_counts(),
                position[_listed(rate, groups)],
                derived=("rate",),
                fitted=("rate",),
                selected=True,
            ),
            area_cells(layer, areas, layer.area_counts(), shown_in="map"),
        ),
    )


def _listed(rate: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """The tested areas in the table: the groups, or the ten highest where there is none."""
    if not groups:
        return np.argsort(-rate, kind="stable")[:10]
    return np.concatenate([group[np.argsort(-rate[group], kind="stable")] for group in groups])


def _sentence(
    layer: Layer,
    areas: AreaLayer,
    position: np.ndarray,
    groups: list[np.ndarray],
    rate: np.ndarray,
) -> str:
    if not groups:
        return (
            f"{words.capital(areas.noun)} with high rates of {layer.noun} do not lie together more "
            "than chance would put them."
        )
    chosen = np.concatenate([group[np.argsort(-rate[group], kind="stable")] for group in groups])
    names = words.listing([areas.labels[i] for i in position[chosen]], limit=3)
    together = "" if len(groups) == 1 else f", in {words.number(len(groups))} groups"
    return (
        f"In {words.number(chosen.size)} of {words.number(position.size)} {areas.noun} the rate of "
        f"{layer.noun} is high together with that of the {areas.noun} around{together}: {names}."
    )


def _map(
    layer: Layer,
    areas: AreaLayer,
    position: np.ndarray,
    rate: np.ndarray,
    marked: np.ndarray,
) -> AreaMap:
    values = np.full(len(areas.codes), np.nan)
    values[position] = rate
    return AreaMap(
        title=(
            f"{words.capital(areas.noun)} whose rates are high together"
            if marked.size
            else f"Smoothed rate a year, {words.number(position.size)} {areas.noun}"
        ),
        description=(
            f"Map of {areas.noun} by smoothed rate a year per {words.number(PER)} residents; "
            + (f"{words.number(marked.size)} are outlined." if marked.size else "none is outlined.")
        ),
        geometries=areas.polygons,
        labels=areas.labels,
        values=values,
        breaks=quantile_breaks(values),
        unit=f"{layer.noun} a year per {words.number(PER)} residents, smoothed",
        crs=areas.crs,
        marked=tuple(int(i) for i in marked[:MARKED]),
        mark_label="high together with its neighbours",
        attribution=layer.source.attribution or layer.source.publisher,
    )


def _table(
    areas: AreaLayer, position: np.ndarray, rate: np.ndarray, groups: list[np.ndarray]
) -> Table:
    columns = (
        Column(name="code", label="Code"),
        Column(name="area", label="Area"),
        Column(
            name="rate",
            label=f"Smoothed rate a year per {words.number(PER)}",
            numeric=True,
            decimals=1,
        ),
    )
    if not groups:
        return Table(
            columns=columns,
            rows=tuple(_row(areas, position, rate, int(i)) for i in _listed(rate, groups)),
            caption="The ten highest smoothed rates; no group stands out",
        )
    return Table(
        columns=(Column(name="group", label="Group", numeric=True, free=True), *columns),
        rows=tuple(
            (number, *_row(areas, position, rate, int(i)))
            for number, group in enumerate(groups, start=1)
            for i in group[np.argsort(-rate[group], kind="stable")]
        ),
        caption="Areas in groups of high rates",
    )


def _row(
    areas: AreaLayer, position: np.ndarray, rate: np.ndarray, i: int
) -> tuple[str, str, float]:
    return areas.codes[position[i]], areas.labels[position[i]], float(rate[i])
