"""Read theories: as graphs for checks, and as a whole sheet with evidence for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commonlight.web.design.theory.domain.checks import Fault, check
from commonlight.web.design.theory.domain.graph import Arrow, Box, Graph
from commonlight.web.design.theory.models import Link, Step, Theory
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import Support, supports, web_of
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.kinds import kind_named
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Ground",
    "Sheet",
    "graphs_of",
    "links_of",
    "read_theory",
    "steps_of",
    "texts_of",
    "theory_of",
]

KIND = "theory_link"
#: What an arrow is called, and where the row of a link has it.
ARROW = {
    "uid": "uid",
    "number": "number",
    "source": "source__uid",
    "target": "target__uid",
    "mechanism": "mechanism",
    "assumption": "assumption",
    "confidence": "confidence",
    "harm": "harm",
    "is_own_judgement": "is_own_judgement",
}


@dataclass(frozen=True)
class Ground:
    """One thing that a link rests on, as the actor may read it."""

    kind: str
    key: str
    label: Any
    title: str
    address: str
    note: str
    is_open: bool


@dataclass(frozen=True)
class Sheet:
    """A theory with all that stands on its page."""

    theory: Theory | None
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    graph: Graph
    grounds: dict[int, list[Ground]]
    support: dict[int, Support]

    @property
    def faults(self) -> list[Fault]:
        """What the checks find."""
        return check(self.graph)


@read_once
def theory_of(problem: Problem) -> Theory | None:
    """The theory of a problem, if somebody has begun one."""
    found: Theory | None = Theory.objects.of(problem.workspace).filter(problem=problem).first()
    if found is not None:
        found.problem, found.workspace = problem, problem.workspace
    return found


@read_once
def steps_of(theory: Theory) -> list[Step]:
    """The steps that stand in the theory today."""
    rows = Step.objects.of(theory.workspace).filter(theory=theory, removed_at=None)
    return list(rows.order_by("number"))


@read_once
def links_of(theory: Theory) -> list[Link]:
    """The links that stand in the theory today."""
    rows = Link.objects.of(theory.workspace).filter(theory=theory, removed_at=None)
    found = list(rows.select_related("source", "target").order_by("number"))
    for one in found:
        one.theory, one.workspace = theory, theory.workspace
    return found


def read_theory(actor: Actor, problem: Problem) -> Sheet:
    """The theory with its evidence; the queries do not grow with it."""
    theory = theory_of(problem)
    if theory is None:
        return Sheet(None, (), (), Graph(), {}, {})
    steps, links = steps_of(theory), links_of(theory)
    grounds, support = _evidence(actor, *links)
    held = frozenset(pk for pk, one in support.items() if one)
    return Sheet(theory, tuple(steps), tuple(links), _graph(steps, links, held), grounds, support)


def graphs_of(problems: Iterable[Problem]) -> dict[int, Graph]:
    """The graphs of many problems by their keys, without evidence, in two queries."""
    return _graphs_of(list(problems))


@read_once
def _graphs_of(problems: list[Problem]) -> dict[int, Graph]:
    asked = {one.pk: one.workspace for one in problems}
    if not asked:
        return {}
    place = next(iter(asked.values()))
    given = {"theory__problem__in": list(asked), "removed_at": None}
    boxes, arrows = defaultdict(list), defaultdict(list)
    names = ("uid", "number", "kind", "text", "witness")
    steps = Step.objects.of(place).filter(**given).order_by("number")
    for key, *values in steps.values_list("theory__problem", *names):
        boxes[key].append(Box(**dict(zip(names, values, strict=True))))
    links = Link.objects.of(place).filter(**given).order_by("number")
    for key, *values in links.values_list("theory__problem", *ARROW.values()):
        arrows[key].append(Arrow(**dict(zip(ARROW, values, strict=True))))
    return {key: Graph(tuple(found), tuple(arrows[key])) for key, found in boxes.items()}


@read_once
def texts_of(theory: Theory) -> list[str]:
    """Every text that people wrote in the theory, each field by itself."""
    given = {"theory": theory, "removed_at": None}
    steps = Step.objects.of(theory.workspace).filter(**given).order_by("number")
    links = Link.objects.of(theory.workspace).filter(**given).order_by("number")
    texts = list(steps.values_list("text", flat=True))
    for row in links.values_list("mechanism", "assumption", "harm"):
        texts += row
    return [one for one in texts if one]


def _graph(steps: Iterable[Step], links: Iterable[Link], held: frozenset[int]) -> Graph:
    boxes = (
        Box(uid=one.uid, number=one.number, kind=one.kind, text=one.text, witness=one.witness)
        for one in steps
    )
    arrows = (
        Arrow(
            uid=one.uid,
            number=one.number,
            source=one.source.uid,
            target=one.target.uid,
            mechanism=one.mechanism,
            assumption=one.assumption,
            confidence=one.confidence,
            harm=one.harm,
            is_own_judgement=one.is_own_judgement,
            has_evidence=one.pk in held,
        )
        for one in links
    )
    return Graph(tuple(boxes), tuple(arrows))


@kept_until_a_change
def _evidence(actor: Actor, *links: Link) -> tuple[dict[int, list[Ground]], dict[int, Support]]:
    """What each link rests on, and whether it holds."""
    own = {(KIND, str(one.pk)): one for one in links}
    keys = {key: one.pk for key, one in own.items()}
    if not keys:
        return {}, {}
    place = actor.workspace
    web = web_of(place)
    reach = dict.fromkeys([*keys, *(below for key in keys for below in web.below(key))])
    torn = [one.ground for key in reach for one in web.wounds.get(key, ())]
    nodes = Nodes(place, [one for one in [*reach, *torn] if one not in own], actor=actor)
    nodes.things.update(own)
    held = supports(place, keys, web=web, nodes=nodes)
    grounds = {
        pk: [_ground(one, nodes) for one in web.grounds.get(key, ())] for key, pk in keys.items()
    }
    return grounds, {pk: held[key] for key, pk in keys.items()}


def _ground(link: Any, nodes: Nodes) -> Ground:
    kind = kind_named(link.ground_kind)
    is_open = nodes.is_open(link.ground)
    return Ground(
        kind=link.ground_kind,
        key=link.ground_key,
        label=kind.label,
        title=nodes.title(link.ground),
        address=kind.address(nodes.things[link.ground]) if is_open else "",
        note=link.note,
        is_open=is_open,
    )
