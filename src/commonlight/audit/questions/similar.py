"""How does each area stand beside the areas most like it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from commonlight.analysis.dispersion import period_dispersion
from commonlight.analysis.similar_areas import SimilarAreas, most_similar
from commonlight.analysis.similar_comparison import SimilarComparison, compare_with_similar
from commonlight.audit.counted import area_cells
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.rates import years_covered
from commonlight.audit.series import by_area_and_month
from commonlight.findings import words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table

__all__ = ["AreaVariables", "own_variables", "similar_findings"]

PER = 1000.0
#: Fewer areas than this have nobody to be like.
FEWEST_AREAS = 15
#: Most similar areas that are looked for.
SIMILAR = 8
#: Variables that make a likeness at all.
FEWEST_VARIABLES = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaVariables:
    """What areas are compared by: names, and values of shape (n_areas, n_variables)."""

    names: tuple[str, ...]
    values: np.ndarray
    source: str


def own_variables(areas: AreaLayer) -> AreaVariables | None:
    """Density and shares of ages, as far as the audit knows them; None where that is too little."""
    columns: dict[str, np.ndarray] = {}
    if areas.mapped and areas.population is not None:
        size = np.array([shapely.area(polygon) for polygon in areas.polygons]) / 1e6
        with np.errstate(divide="ignore"):
            density = np.log(areas.population / size)
        columns["residents per square kilometre"] = np.where(np.isfinite(density), density, np.nan)
    for division in ("age", "age_group"):
        counts = areas.groups.get(division, {})
        total = np.sum(list(counts.values()), axis=0) if counts else None
        for label in list(counts)[1:]:  # the shares add up to one, so the first one follows
            with np.errstate(divide="ignore", invalid="ignore"):
                columns[f"share of residents aged {label}"] = counts[label] / total
    if len(columns) < FEWEST_VARIABLES:
        return None
    return AreaVariables(
        names=tuple(columns),
        values=np.column_stack(list(columns.values())),
        source=areas.population_source or "",
    )


def similar_findings(layer: Layer, variables: AreaVariables | None) -> list[Finding]:
    """Each area's rate against the rates of the areas most like it in stated variables."""
    areas = layer.areas
    if (
        variables is None
        or areas is None
        or areas.population is None
        or len(areas.codes) < FEWEST_AREAS
        or layer.record_kind != "incidents"
    ):
        return []
    counts = layer.area_counts()
    exposure = areas.population * years_covered(layer)
    similar = most_similar(variables.values, variables=variables.names, n=SIMILAR)
    found = compare_with_similar(
        counts,
        exposure,
        similar,
        per=PER,
        dispersion=period_dispersion(by_area_and_month(layer)),
    )
    return [_finding(layer, areas, variables, similar, found, counts)]


def _finding(
    layer: Layer,
    areas: AreaLayer,
    variables: AreaVariables,
    similar: SimilarAreas,
    found: SimilarComparison,
    counts: np.ndarray,
) -> Finding:
    verdict = np.array(found.verdict)
    above, below = np.flatnonzero(verdict == "above"), np.flatnonzero(verdict == "below")
    told = int((verdict != "cannot tell").sum())
    return Finding(
        id=f"{layer.name}.similar-areas",
        block=Block.PROBLEMS,
        question=f"How do {areas.noun} stand beside those most like them?",
        sentence=_sentence(layer, areas, above, below, told),
        certainty=(
            Certainty.CANNOT_TELL
            if not told
            else Certainty.CLEAR
            if above.size + below.size
            else Certainty.NOT_SHOWN
        ),
        method=method(
            "similar-areas",
            compared_by="; ".join(similar.variables),
            most_similar=SIMILAR,
            level=words.percent(found.level),
        ),
        sources=tuple(dict.fromkeys(s for s in (layer.name, variables.source) if s)),
        details=(
            f"Likeness is measured by {words.listing(list(similar.variables), limit=8)}. By "
            "other variables, other areas would be most alike.",
            *_alone(areas, similar),
        ),
        limits=(
            "Areas are alike in the variables named and in nothing else. What brings people in, "
            "such as a station or bars, is not among them unless it was given.",
            "An area like its similar ones may still have a problem that all of them have.",
        ),
        table=_table(layer, areas, similar, found, counts),
        numbers={"told": told, "above": int(above.size), "below": int(below.size)},
        cells=(
            area_cells(
                layer,
                areas,
                counts,
                column="count",
                derived=("rate", "verdict"),
                fitted=("expected", "lower", "upper"),
            ),
            *_like_cells(layer, areas, similar, counts),
        ),
    )


def _like_cells(
    layer: Layer, areas: AreaLayer, similar: SimilarAreas, counts: np.ndarray
) -> list[CountCells]:
    """The counts behind what is expected: those of each area that a row names as most like it.

    Where one of them is withheld, what is expected would give it away, with the residents that
    everybody knows. A row with fewer areas like it repeats its own.
    """
    like = [list(similar.of(i)) for i in range(len(areas.codes))]
    return [
        area_cells(
            layer,
            areas,
            counts,
            [of[rank] if rank < len(of) else i for i, of in enumerate(like)],
            derived=("expected", "lower", "upper", "verdict"),
        )
        for rank in range(max(map(len, like), default=0))
    ]


def _alone(areas: AreaLayer, similar: SimilarAreas) -> tuple[str, ...]:
    alone = [areas.labels[i] for i in np.flatnonzero(similar.alone)]
    if not alone:
        return ()
    return (f"No area is really like {words.listing(alone, limit=5)}.",)


def _sentence(
    layer: Layer, areas: AreaLayer, above: np.ndarray, below: np.ndarray, told: int
) -> str:
    if not told:
        return (
            f"We cannot tell how {areas.noun} stand beside those most like them: too few are "
            f"alike, or there are too few {layer.noun}."
        )
    if not above.size and not below.size:
        return (
            f"None of {words.number(told)} {areas.noun} has clearly more or fewer {layer.noun} per "
            "resident than the areas most like it."
        )
    parts = [
        f"{words.number(these.size)} {'has' if these.size == 1 else 'have'} clearly {way}"
        for these, way in ((above, "more"), (below, "fewer"))
        if these.size
    ]
    return (
        f"Of {words.number(told)} {areas.noun}, {' and '.join(parts)} {layer.noun} per resident "
        "than the areas most like them."
    )


def _table(
    layer: Layer,
    areas: AreaLayer,
    similar: SimilarAreas,
    found: SimilarComparison,
    counts: np.ndarray,
) -> Table:
    rows = []
    for i in range(len(areas.codes)):
        told = found.verdict[i] != "cannot tell"
        like = [areas.codes[j] for j in similar.of(i)]
        rows.append(
            (
                areas.codes[i],
                areas.labels[i],
                int(counts[i]),
                float(found.rate[i]) if np.isfinite(found.rate[i]) else None,
                *(
                    float(v[i]) if told else None
                    for v in (found.expected, found.ci_lower, found.ci_upper)
                ),
                found.verdict[i],
                " ".join(like) if like else "none",
            )
        )
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="count", label=words.capital(layer.noun), numeric=True),
            Column(name="rate", label=f"A year per {words.number(PER)}", numeric=True, decimals=1),
            Column(name="expected", label="Of those most like it", numeric=True, decimals=1),
            Column(name="lower", label="at least", numeric=True, decimals=1),
            Column(name="upper", label="at most", numeric=True, decimals=1),
            Column(name="verdict", label="Against them"),
            Column(name="like", label="Most like it, by code"),
        ),
        rows=tuple(rows),
        caption=words.capital(f"{layer.noun} in each area and in the areas most like it"),
    )
