"""Which maps may be public: never finer than the rules, nor than the points are precise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely import box

from commonlight.audit.methods import method
from commonlight.audit.publishing.hidden import Hidden
from commonlight.audit.publishing.maps import map_obstacle, public_map
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.findings.model import AreaMap, Block, Certainty, CountCells, Finding, GridMap

GRID = GridMap(
    title="Thefts",
    description="Four cells.",
    cells=tuple(box(250 * i, 0, 250 * (i + 1), 250) for i in range(4)),
    values=np.array([0.0, 160.0, 320.0, 160.0]),
    breaks=(160.0,),
    unit="thefts per km²",
    crs="EPSG:25832",
    cell_size=250.0,
    cell_areas=(0.0625,) * 4,
)


def told(picture, cells) -> Finding:
    return Finding(
        id="thefts.hot-spots",
        block=Block.PROBLEMS,
        question="Where?",
        sentence="There.",
        certainty=Certainty.DESCRIPTIVE,
        method=method("description"),
        sources=("thefts",),
        limits=(),
        map=picture,
        cells=cells,
    )


def cells_of(counts, dimension: str, source: str = "thefts") -> CountCells:
    return CountCells(
        source=source,
        dimensions=(dimension,),
        keys=tuple((str(i),) for i in range(len(counts))),
        counts=tuple(counts),
        shown_in="map",
    )


@pytest.mark.parametrize(
    ("size", "precision", "may"),
    [(250, None, True), (250, 125, True), (250, 126, False), (400, 150, True), (150, 10, False)],
)
def test_cells_are_twice_as_wide_as_the_points_are_precise(size, precision, may):
    finding = told(
        replace(GRID, cell_size=float(size), precision_m=precision),
        (cells_of((0, 10, 20, 10), "cell"),),
    )
    said = map_obstacle(finding, PublicationRules())
    assert (said == "") is may
    if not may:
        assert f"{max(200, 2 * (precision or 0))} metres that may be published" in said


def test_an_area_is_withheld_when_either_of_two_witnesses_is():
    picture = AreaMap(
        title="Recorded and felt",
        description="Three areas.",
        geometries=tuple(box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(3)),
        labels=("A", "B", "C"),
        values=np.array([0.0, 1.0, 1.0]),
        breaks=(),
        unit="class",
        crs="EPSG:25832",
        categories=("both low", "both high"),
        no_value_label="cannot tell",
    )
    recorded, asked = cells_of((2, 50, 60), "area"), cells_of((40, 50, 3), "area", "survey")
    hidden = Hidden(
        minimum_count=5,
        keys={
            "thefts": frozenset({frozenset({("area", "0")})}),
            "survey": frozenset({frozenset({("area", "2")})}),
        },
        protections={},
    )
    public = public_map(told(picture, (recorded, asked)), hidden, PublicationRules())
    assert public is not None
    assert public.withheld == (0, 2)
    assert np.isnan(public.values[[0, 2]]).all()
    assert public.values[1] == 1
