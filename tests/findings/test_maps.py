"""Maps: small, self-contained, to scale, and with a list that says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from math import nan
from xml.etree import ElementTree

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from commonlight.findings.maps import NUMBERED, marked_list, render_map
from commonlight.findings.model import AreaMap, GridMap

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (320, 720)


@pytest.fixture
def area_map() -> AreaMap:
    return AreaMap(
        title="Highest in the north",
        description="Rates",
        geometries=(
            box(0, 0, 1000, 1000),
            box(1000, 0, 2000, 1000),
            box(0, 1000, 2000, 2000).difference(box(500, 1200, 900, 1600)),
        ),
        labels=("West & <b>", "East", "North"),
        values=np.array([1.0, nan, 9.0]),
        breaks=(2.0, 5.0),
        unit="per 1 000 residents",
        crs="EPSG:25833",
        marked=(2, 0),
        mark_label="above the city",
        attribution="the city",
    )


@pytest.fixture
def grid_map() -> GridMap:
    cells = tuple(
        box(i * 500, j * 500, i * 500 + 500, j * 500 + 500) for i in range(9) for j in range(9)
    )
    return GridMap(
        title="Around the centre",
        description="Counts",
        cells=cells,
        values=np.arange(81, dtype=float),
        breaks=(20.0, 40.0, 60.0),
        unit="incidents",
        crs="EPSG:25833",
        outline=(box(100, 100, 4400, 4400),),
        marked=(40, 80, 36),
    )


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in parse(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["area_map", "grid_map"])
class TestEveryMap:
    def test_has_name_scale_north_legend_and_source(self, kind, width, request):
        map_ = request.getfixturevalue(kind)
        svg = render_map(map_, width=width)
        root = parse(svg)
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text == map_.title
        found = texts(svg)
        assert "N" in found
        assert any(re.fullmatch(r"[\d.]+ (m|km)", text) for text in found)
        assert any("or more" in text for text in found)
        assert any("EPSG:25833" in text for text in found)

    def test_stands_alone_with_legible_text(self, kind, width, request):
        svg = render_map(request.getfixturevalue(kind), width=width)
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"\bclass=|\bstyle=|var\(|<style|<script|<image|href=", svg)
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
        assert min(sizes) >= 11

    def test_is_the_same_every_time(self, kind, width, request):
        map_ = request.getfixturevalue(kind)
        assert render_map(map_, width=width) == render_map(map_, width=width)


def test_the_scale_bar_is_true(area_map):
    root = parse(render_map(area_map, width=720))
    bars = [r for r in root.iter(f"{SVG}rect") if r.get("height") == "5"]
    pixels = sum(float(bar.get("width")) for bar in bars[-2:])
    words = next(
        t for t in texts(render_map(area_map, width=720)) if re.fullmatch(r"[\d.]+ k?m", t)
    )
    value, unit = words.split()
    metres = float(value) * (1000 if unit == "km" else 1)
    # The picture is 2,000 m wide: its eastern and western edges are in the outlines.
    xs = _absolute_xs(root)
    assert metres / pixels == pytest.approx(2000 / (max(xs) - min(xs)), rel=0.01)


def _absolute_xs(root: ElementTree.Element) -> list[float]:
    xs: list[float] = []
    for path in root.iter(f"{SVG}path"):
        if path.get("stroke-width") != "4":
            continue
        for ring in path.get("d").split("z"):
            if not ring:
                continue
            start, _, steps = ring[1:].partition("l")
            x = float(start.split()[0])
            xs.append(x)
            numbers = list(map(float, steps.split()))
            for dx in numbers[::2]:
                x += dx
                xs.append(x)
    return xs


def test_the_list_repeats_the_numbers_of_the_map(area_map):
    places = marked_list(area_map)
    assert [(p.number, p.label, p.value) for p in places] == [
        (1, "North", "9"),
        (2, "West & <b>", "1"),
    ]
    assert {"1", "2"} <= set(texts(render_map(area_map)))


def test_cells_without_names_are_told_by_where_they_lie(grid_map):
    assert [place.label for place in marked_list(grid_map)] == [
        "at the middle of the map",
        "2.8 km north-east of the middle of the map",
        "2.0 km south of the middle of the map",
    ]
    named = replace(grid_map, labels=tuple(f"cell {i}" for i in range(81)))
    assert marked_list(named)[0].label == "cell 40"


def test_only_so_many_numbers_as_a_map_can_bear(grid_map):
    crowded = replace(grid_map, marked=tuple(range(81)))
    assert [place.number for place in marked_list(crowded)] == list(range(1, NUMBERED + 1))
    svg = render_map(crowded)
    assert str(NUMBERED) in texts(svg)
    assert str(NUMBERED + 1) not in texts(svg)


def test_numbers_never_overlap_and_do_not_hide_small_areas(grid_map):
    root = parse(render_map(replace(grid_map, marked=(30, 31, 39, 40, 41, 50))))
    discs = [c for c in root.iter(f"{SVG}circle") if c.get("stroke-width") == "1.5"]
    centres = [(float(c.get("cx")), float(c.get("cy"))) for c in discs]
    radius = float(discs[0].get("r"))
    assert len(centres) == 6
    for (x, y), (x2, y2) in combinations(centres, 2):
        assert np.hypot(x - x2, y - y2) >= 2 * radius


def test_no_value_is_hatched_and_explained(area_map):
    svg = render_map(area_map)
    assert "url(#" in svg
    assert "no value" in texts(svg)
    whole = replace(area_map, values=np.array([1.0, 2.0, 9.0]))
    assert "no value" not in texts(render_map(whole))


def test_a_border_value_belongs_to_the_class_above(area_map):
    at_border = replace(area_map, values=np.array([2.0, 2.0, 2.0]), marked=())
    above = replace(area_map, values=np.array([3.0, 3.0, 3.0]), marked=())
    assert render_map(at_border) == render_map(above)


def test_wide_class_names_are_not_cut(area_map):
    large = replace(area_map, breaks=(20_450.0, 1_000_880.0), values=np.array([1.0, 2.0, 3.0]))
    assert "20\u202f450 to under 1\u202f000\u202f880" in texts(render_map(large, width=720))


def test_a_hole_stays_a_hole(area_map):
    root = parse(render_map(replace(area_map, marked=())))
    group = next(g for g in root.iter(f"{SVG}g") if g.get("fill-rule"))
    assert group.get("fill-rule") == "evenodd"
    assert sum(path.get("d").count("M") for path in group) == 4


def test_many_parts_and_shapes_that_overlap_can_be_drawn(area_map):
    parts = MultiPolygon([box(0, 0, 10, 10), box(50, 50, 2000, 2000)])
    overlapping = replace(area_map, geometries=(parts, box(0, 0, 1500, 1500), Polygon()))
    parse(render_map(replace(overlapping, marked=(0,))))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": np.array([1.0])}, "1 values for 3 shapes"),
        ({"breaks": (5.0, 2.0)}, "must rise"),
        ({"marked": (7,)}, "not among the 3 shapes"),
        ({"geometries": ()}, "no areas or cells"),
        ({"breaks": tuple(map(float, range(8)))}, "1 to 6 classes"),
    ],
)
def test_contradictions_are_refused(area_map, changes, message):
    with pytest.raises(ValueError, match=message):
        render_map(replace(area_map, **changes))


@pytest.mark.parametrize("width", [100, nan])
def test_a_width_that_cannot_hold_a_map_is_refused(area_map, width):
    with pytest.raises(ValueError, match="at least 240"):
        render_map(area_map, width=width)


def test_542_areas_with_fine_borders_stay_under_300_kb(sample):
    areas, _ = sample.make_areas(542, seed=9, size=40000.0)
    fine = tuple(area.segmentize(20.0) for area in areas)
    assert sum(len(a.exterior.coords) for a in fine) > 50_000
    map_ = AreaMap(
        title="Many",
        description="",
        geometries=fine,
        labels=tuple(f"area {i}" for i in range(542)),
        values=np.arange(542, dtype=float),
        breaks=(100.0, 300.0),
        unit="incidents",
        crs="EPSG:25833",
    )
    for width in WIDTHS:
        assert len(render_map(map_, width=width)) < 300_000


def test_ten_thousand_cells_stay_under_300_kb():
    cells = tuple(
        box(i * 250, j * 250, i * 250 + 250, j * 250 + 250) for i in range(100) for j in range(100)
    )
    values = np.random.default_rng(2).poisson(6, 10_000).astype(float)
    map_ = GridMap(
        title="Many cells",
        description="",
        cells=cells,
        values=values,
        breaks=(5.0, 8.0, 11.0),
        unit="incidents",
        crs="EPSG:25833",
    )
    for width in WIDTHS:
        assert len(render_map(map_, width=width)) < 300_000


def test_berlin_regions_stay_small_and_lose_no_area(shared_data):
    import pyogrio
    from shapely import area, from_wkb, transform

    path = shared_data / "eu_berlin_crime_atlas" / "lor_bezirksregionen_pre2021.geojson"
    if not path.exists():
        pytest.skip(f"needs {path}")
    from pyproj import Transformer

    turn = Transformer.from_crs(4326, 25833, always_xy=True).transform
    _, _, shapes, _ = pyogrio.raw.read(path)
    regions = transform(from_wkb(shapes), lambda xy: np.column_stack(turn(xy[:, 0], xy[:, 1])))
    map_ = AreaMap(
        title="Berlin",
        description="",
        geometries=tuple(regions),
        labels=tuple(map(str, range(len(regions)))),
        values=area(regions),
        breaks=(3e6, 6e6),
        unit="m²",
        crs="EPSG:25833",
    )
    svg = render_map(map_, width=720)
    assert len(svg) < 100_000
    group = next(g for g in parse(svg).iter(f"{SVG}g") if g.get("fill-rule"))
    assert sum(path.get("d").count("M") for path in group) >= len(regions)


def test_kinds_without_an_order_have_names_in_the_legend_and_no_borders():
    picture = AreaMap(
        title="Kinds",
        description="Three squares of three kinds.",
        geometries=tuple(box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(3)),
        labels=("A", "B", "C"),
        values=np.array([0.0, 1.0, np.nan]),
        breaks=(),
        unit="kind of area",
        crs="EPSG:25832",
        categories=("felt only", "both high"),
        no_value_label="cannot tell",
    )
    drawn = render_map(picture, width=720)
    for name in ("felt only", "both high", "cannot tell"):
        assert name in drawn
    assert "or more" not in drawn
    with pytest.raises(ValueError, match="values must be 0 to 1"):
        render_map(replace(picture, values=np.array([0.0, 2.0, 1.0])))
