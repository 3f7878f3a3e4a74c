"""The diagram as lines, boxes and words with their places, ready to be drawn."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.checks import content
from commonlight.web.design.theory.domain.graph import Arrow, Box, Graph
from commonlight.web.design.theory.domain.layout import Layout, Route, layout
from commonlight.web.design.theory.enums import StepKind

__all__ = ["DrawnArrow", "DrawnBox", "Picture", "draw", "unproven"]

WIDTH, GAP = 208.0, 84.0
SIZE, LINE, HEAD, FOOT = 13.0, 17.0, 24.0, 9.0
INSIDE = WIDTH - 22

#: Fill, edge and width of the edge of each kind; the word of the kind stands in the box as well.
LOOKS = {
    "activity": ("#e4edf5", "#12436d", 2),
    "mechanism": ("#ffffff", "#12436d", 2),
    "outcome": ("#b9d2e7", "#12436d", 2),
    "indicator": ("#f3f4f5", "#6b757b", 2),
    "harm": ("#ffffff", "#a3195b", 4),
}


@dataclass(frozen=True)
class DrawnBox:
    """A box with its words in lines."""

    box: Box
    kind: str
    x: float
    y: float
    height: float
    lines: tuple[tuple[float, str], ...]
    fill: str
    edge: str
    edge_width: int
    name: str
    layer: int

    @property
    def left(self) -> float:
        """Where the words begin."""
        return self.x + 11

    @property
    def top(self) -> float:
        """Where the line with number and kind stands."""
        return self.y + 18


@dataclass(frozen=True)
class DrawnArrow:
    """An arrow as a path with its badge; one that is unproven is dashed."""

    arrow: Arrow
    path: str
    head: str
    x: float
    y: float
    start: int
    end: int
    is_unproven: bool
    has_harm: bool
    name: str

    @property
    def colour(self) -> str:
        """Another one where a possible harm is written on it; “!” says so as well."""
        return "#a3195b" if self.has_harm else "#12436d"

    @property
    def foot(self) -> float:
        """Where the number on the badge stands."""
        return self.y + 4


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, and the words for those who hear it."""

    boxes: tuple[DrawnBox, ...]
    arrows: tuple[DrawnArrow, ...]
    width: float
    height: float
    title: str
    graph: Graph

    @property
    def description(self) -> str:
        """The whole theory in sentences, link by link."""
        return describe(self.graph)


def unproven(graph: Graph, arrow: Arrow) -> list[str]:
    """What an arrow lacks: its mechanism, its evidence; nothing where both are there."""
    if graph.to_indicator(arrow):
        return []
    words = content()["words"]
    found = [] if graph.has_mechanism(arrow) else [words["unproven_mechanism"]]
    if not (arrow.has_evidence or arrow.is_own_judgement):
        found.append(words["unproven_evidence"])
    return [str(one) for one in found]


def draw(graph: Graph, *, title: str) -> Picture:
    """The picture of a theory."""
    lines, heights, placed = _placed(graph)
    layer = {uid: at for at, uids in enumerate(placed.layers) for uid in uids}
    boxes = tuple(
        _box(graph, one, placed, lines[one.uid], heights, layer[one.uid]) for one in graph.boxes
    )
    arrows = tuple(_arrow(graph, one, placed.routes[one.uid]) for one in graph.arrows)
    return Picture(boxes, arrows, placed.width, placed.height, title, graph)


@lru_cache(maxsize=16)
def _placed(
    graph: Graph,
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, float], Layout]:
    """Lines, heights and places, which are the same in every language and for every reader."""
    lines = {one.uid: wrapped(one.text) for one in graph.boxes}
    heights = {uid: HEAD + LINE * len(found) + FOOT for uid, found in lines.items()}
    return lines, heights, layout(graph, heights, width=WIDTH, gap=GAP)


def describe(graph: Graph) -> str:
    """The whole theory in sentences, link by link."""
    said = []
    for arrow in graph.arrows:
        start, end = graph.box[arrow.source], graph.box[arrow.target]
        values = {"start": start.text, "end": end.text, "number": arrow.number}
        said.append(_("Link %(number)s: “%(start)s” leads to “%(end)s”.") % values)
    loose = [
        one for one in graph.boxes if not graph.out.get(one.uid) and not graph.into.get(one.uid)
    ]
    said += [_("“%(step)s” is linked to nothing.") % {"step": one.text} for one in loose]
    return " ".join(said)


def _box(
    graph: Graph,
    box: Box,
    placed: Layout,
    lines: tuple[str, ...],
    heights: Mapping[str, float],
    layer: int,
) -> DrawnBox:
    x, y = placed.corner[box.uid]
    fill, edge, edge_width = LOOKS[box.kind]
    kind = str(StepKind(box.kind).label)
    return DrawnBox(
        box=box,
        kind=kind,
        x=round(x, 1),
        y=round(y, 1),
        height=heights[box.uid],
        lines=tuple(
            (round(y + HEAD + LINE * (at + 0.75), 1), text) for at, text in enumerate(lines)
        ),
        fill=fill,
        edge=edge,
        edge_width=edge_width,
        name=_name(graph, box, kind),
        layer=layer,
    )


def _name(graph: Graph, box: Box, kind: str) -> str:
    """What is heard when the focus comes to a box."""
    leads = ", ".join(str(graph.box[one.target].number) for one in graph.out.get(box.uid, ()))
    values = {"number": box.number, "kind": kind, "text": box.text, "leads": leads}
    if leads:
        return _("Step %(number)s, %(kind)s: %(text)s. Leads to: %(leads)s.") % values
    return _("Step %(number)s, %(kind)s: %(text)s. Leads to nothing.") % values


def _arrow(graph: Graph, arrow: Arrow, route: Route) -> DrawnArrow:
    lacks = unproven(graph, arrow)
    values = {
        "number": arrow.number,
        "start": graph.box[arrow.source].number,
        "end": graph.box[arrow.target].number,
        "lacks": " ".join(lacks),
    }
    if lacks:
        name = (
            _("Link %(number)s from step %(start)s to step %(end)s. Unproven: %(lacks)s") % values
        )
    else:
        name = _("Link %(number)s from step %(start)s to step %(end)s.") % values
    return DrawnArrow(
        arrow=arrow,
        path=_path(route),
        head=_head(route),
        x=round(route.badge[0], 1),
        y=round(route.badge[1], 1),
        start=graph.box[arrow.source].number,
        end=graph.box[arrow.target].number,
        is_unproven=bool(lacks),
        has_harm=bool(arrow.harm),
        name=name,
    )


def _path(route: Route) -> str:
    """A smooth line through the points, level where it meets a box."""
    points = route.points
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        bend = (x2 - x1) / 2
        parts.append(f"C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}")
    return "".join(parts)


def _head(route: Route) -> str:
    """The tip of the arrow."""
    x, y = route.points[-1]
    side = -1 if route.points[-2][0] <= x else 1
    return f"M{x:.1f} {y:.1f}l{side * 10} -5v10z"


@lru_cache(maxsize=4096)
def wrapped(text: str) -> tuple[str, ...]:
    """A text in lines that fit into a box."""
    lines, line = [], ""
    for word in text.split():
        for piece in _pieces(word):
            tried = f"{line} {piece}".strip()
            if line and text_width(tried) > INSIDE:
                lines.append(line)
                line = piece
            else:
                line = tried
    return (*lines, line)


def _pieces(word: str) -> list[str]:
    """A word, cut where it is wider than a box."""
    found, piece = [], ""
    for one in word:
        if piece and text_width(piece + one) > INSIDE:
            found.append(piece)
            piece = ""
        piece += one
    return [*found, piece]


def text_width(text: str) -> float:
    """About how wide a text is, a little more than most fonts need."""
    return sum(map(_letter, text)) * SIZE


def _letter(one: str) -> float:
    if one in "iljtfrI.,:;'|!() ":
        return 0.42
    if ord(one) > 0x2E80:
        return 1.05
    if one in "mwMW@%—…":
        return 1.0
    return 0.75 if one.isupper() else 0.635
