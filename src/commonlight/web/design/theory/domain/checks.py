"""The checks of a theory, by the names that `content/theory_checks.toml` gives them.

One fault is named once: a loose end is in no other check, and an outcome at the end of a leap is
not told to be without mechanism as well. The words come from the content, the tests are here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from commonlight.web.content import read_content
from commonlight.web.design.theory.domain.graph import Arrow, Graph

__all__ = ["Fault", "check", "check_rows", "content"]

Found = Iterator[tuple[str, ...]]


@dataclass(frozen=True)
class Fault:
    """What a check found, and the uids of the steps and links that it is about."""

    check: str
    uids: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        """The words of the check."""
        return check_rows()[self.check]

    @property
    def severity(self) -> str:
        """Fault, unproven or notice."""
        return str(self.row["severity"])


def content() -> dict[str, Any]:
    """The content file of the checks."""
    return read_content("commonlight.web.design.theory", "theory_checks")


def check_rows() -> dict[str, dict[str, Any]]:
    """The checks by name, in the order of the file."""
    return {one["id"]: one for one in content()["check"]}


def check(graph: Graph) -> list[Fault]:
    """All that the checks find, in the order of the file."""
    if not graph.boxes:
        return []
    rest = _linked(graph)
    return [
        Fault(name, uids)
        for name in check_rows()
        for uids in (_orphan(graph) if name == "orphan" else CHECKS[name](rest))
    ]


def _linked(graph: Graph) -> Graph:
    """The theory without its loose ends."""
    kept = tuple(one for one in graph.boxes if graph.out.get(one.uid) or graph.into.get(one.uid))
    return Graph(kept, graph.arrows)


def _orphan(graph: Graph) -> Found:
    for box in graph.boxes:
        if not graph.out.get(box.uid) and not graph.into.get(box.uid):
            yield (box.uid,)


def _is_leap(graph: Graph, arrow: Arrow) -> bool:
    ends = (graph.kind(arrow.source), graph.kind(arrow.target))
    return ends == ("activity", "outcome") and not arrow.mechanism


def _leap(graph: Graph) -> Found:
    for arrow in graph.arrows:
        if _is_leap(graph, arrow):
            yield (arrow.uid, arrow.source, arrow.target)


def _missing_assumption(graph: Graph) -> Found:
    for arrow in graph.arrows:
        if not graph.to_indicator(arrow) and not arrow.assumption:
            yield (arrow.uid,)


def _indicators(graph: Graph, outcome: str) -> list[str]:
    """The witnesses of the indicators of an outcome, whichever way their links point."""
    beside = [one.target for one in graph.out.get(outcome, ())]
    beside += [one.source for one in graph.into.get(outcome, ())]
    return [graph.box[one].witness for one in beside if graph.kind(one) == "indicator"]


def _no_indicator(graph: Graph) -> Found:
    for box in graph.boxes:
        if box.kind == "outcome" and not _indicators(graph, box.uid):
            yield (box.uid,)


def _no_harm_path(graph: Graph) -> Found:
    if not graph.boxes:
        return
    harms = any(one.kind == "harm" for one in graph.boxes)
    if not harms and not any(one.harm for one in graph.arrows):
        yield ()


def _outcome_without_mechanism(graph: Graph) -> Found:
    explained = _explained(graph)
    for box in graph.boxes:
        if box.kind == "outcome" and box.uid not in explained:
            yield (box.uid,)


def _explained(graph: Graph) -> set[str]:
    """Outcomes that a mechanism or a leap leads to, and all outcomes that follow from them."""
    waiting = [
        one.target
        for one in graph.arrows
        if graph.kind(one.target) == "outcome"
        and (graph.has_mechanism(one) or _is_leap(graph, one))
    ]
    found: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        further = (one.target for one in graph.out.get(here, ()))
        waiting += [one for one in further if graph.kind(one) == "outcome"]
    return found


def _no_evidence(graph: Graph) -> Found:
    for arrow in graph.arrows:
        if not (graph.to_indicator(arrow) or arrow.has_evidence or arrow.is_own_judgement):
            yield (arrow.uid,)


def _loop(graph: Graph) -> Found:
    """Each group of steps that lead back to themselves, once."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in graph.box:
        if start not in index:
            yield from _circles(graph, start, index, low, stack)


def _circles(
    graph: Graph, start: str, index: dict[str, int], low: dict[str, int], stack: list[str]
) -> Found:
    """Strongly connected groups (Tarjan), without recursion."""
    open_ = [(start, iter(graph.out.get(start, ())))]
    index[start] = low[start] = len(index)
    stack.append(start)
    while open_:
        here, arrows = open_[-1]
        arrow = next(arrows, None)
        if arrow is not None:
            there = arrow.target
            if there not in index:
                index[there] = low[there] = len(index)
                stack.append(there)
                open_.append((there, iter(graph.out.get(there, ()))))
            elif there in stack:
                low[here] = min(low[here], index[there])
            continue
        open_.pop()
        if open_:
            low[open_[-1][0]] = min(low[open_[-1][0]], low[here])
        if low[here] == index[here]:
            place = stack.index(here)
            group = tuple(sorted(stack[place:], key=lambda uid: graph.box[uid].number))
            del stack[place:]
            if len(group) > 1 or any(one.target == here for one in graph.out.get(here, ())):
                yield group


def _one_sided_indicator(graph: Graph) -> Found:
    for box in graph.boxes:
        witnesses = _indicators(graph, box.uid) if box.kind == "outcome" else []
        if witnesses and set(witnesses) == {"recorded_crime"}:
            yield (box.uid,)


CHECKS: dict[str, Callable[[Graph], Found]] = {
    "leap": _leap,
    "missing_assumption": _missing_assumption,
    "no_indicator": _no_indicator,
    "no_harm_path": _no_harm_path,
    "outcome_without_mechanism": _outcome_without_mechanism,
    "no_evidence": _no_evidence,
    "loop": _loop,
    "one_sided_indicator": _one_sided_indicator,
}
