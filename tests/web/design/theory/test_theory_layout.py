"""The layout: every box apart from the others, in its layer, the same each time, and quick."""

from __future__ import annotations

import random
from itertools import combinations
from types import SimpleNamespace

import pytest

from commonlight.web.design.theory.domain.graph import Arrow, Box, Graph
from commonlight.web.design.theory.domain.layout import layout
from commonlight.web.design.theory.domain.picture import draw, text_width, wrapped
from growth import growth


def graph_of(pairs, boxes):
    kinds = ("activity", "mechanism", "outcome")
    return Graph(
        tuple(
            Box(
                uid=f"s{at}",
                number=at,
                kind=kinds[at % 3],
                text=f"Step number {at} " * (at % 4 + 1),
            )
            for at in range(1, boxes + 1)
        ),
        tuple(
            Arrow(uid=f"l{at}", number=at, source=f"s{start}", target=f"s{end}")
            for at, (start, end) in enumerate(pairs, start=1)
        ),
    )


def random_graph(boxes, arrows, seed):
    rng = random.Random(seed)
    pairs = set()
    while len(pairs) < arrows:
        start, end = rng.sample(range(1, boxes + 1), 2)
        pairs.add((start, end))
    return graph_of(sorted(pairs), boxes)


@pytest.mark.parametrize("seed", range(12))
def test_boxes_do_not_touch_and_stay_inside(seed):
    graph = random_graph(12 + seed, 14 + 2 * seed, seed)
    picture = draw(graph, title="T")
    for one, other in combinations(picture.boxes, 2):
        apart = abs(one.x - other.x) >= 208
        apart = apart or one.y + one.height < other.y or other.y + other.height < one.y
        assert apart, (one.box.number, other.box.number)
    for one in picture.boxes:
        assert 0 <= one.x <= picture.width - 208
        assert 0 <= one.y <= picture.height - one.height
    for one in picture.arrows:
        assert 0 <= one.x <= picture.width
        assert 0 <= one.y <= picture.height


def test_without_a_circle_every_arrow_leads_to_a_later_layer():
    graph = graph_of([(1, 2), (2, 3), (1, 3), (4, 3), (3, 5)], 6)
    placed = layout(graph, dict.fromkeys(graph.box, 50.0), width=200, gap=100)
    layer = {uid: at for at, uids in enumerate(placed.layers) for uid in uids}
    assert all(layer[one.source] < layer[one.target] for one in graph.arrows)
    assert layer["s4"] == 1, "a step stands next to what it leads to"


def test_a_circle_is_drawn_too_and_the_tip_is_where_it_leads():
    graph = graph_of([(1, 2), (2, 3), (3, 1)], 3)
    placed = layout(graph, dict.fromkeys(graph.box, 50.0), width=200, gap=100)
    back = placed.routes["l3"]
    assert back.points[-1][0] == placed.corner["s1"][0] + 200
    assert back.points[0][0] == placed.corner["s3"][0]


def test_two_arrows_that_would_cross_are_put_in_order():
    graph = graph_of([(1, 4), (2, 3)], 4)
    placed = layout(graph, dict.fromkeys(graph.box, 50.0), width=200, gap=100)
    first, second = placed.layers
    assert [first.index(one) for one in ("s1", "s2")] == [second.index(one) for one in ("s4", "s3")]


def test_the_same_theory_gives_the_same_picture():
    graph = random_graph(30, 45, 3)
    again = Graph(graph.boxes, graph.arrows)
    assert draw(graph, title="T") == draw(again, title="T")


def test_a_long_theory_is_drawn_in_about_its_size():
    bound = 15  # five times the steps and arrows; their square would be 25
    small, large = random_graph(30, 46, 7), random_graph(150, 230, 7)
    assert growth(lambda graph: draw(graph, title="T"), small, large, bound=bound) <= bound


def test_long_words_are_cut_and_lines_fit_the_box():
    lines = wrapped("Donaudampfschifffahrtsgesellschaftskapitänsmütze und noch ein Wort")
    assert "".join(lines).replace(" ", "").startswith("Donaudampf")
    assert all(text_width(line) <= 186 for line in lines)


def test_an_empty_theory_has_an_empty_picture():
    placed = layout(Graph(), {}, width=200, gap=100)
    assert SimpleNamespace(**vars(placed)).routes == {}
