"""The theory of change on the path of a problem."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commonlight.web.design.theory.domain.checks import check
from commonlight.web.design.theory.domain.graph import Graph
from commonlight.web.design.theory.domain.reading import graphs_of
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["theory"]


@part_of_path(pillar="design", order=32, label=_("Theory of change"), action="design.view")
def theory(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """How many steps there are, and each fault that the checks find."""
    graphs = graphs_of(problems)
    return {one.pk: _state(actor, one, graphs.get(one.pk, Graph())) for one in problems}


def _state(actor: Actor, problem: Problem, graph: Graph) -> PartState:
    address = reverse("theory:theory", args=[problem.workspace.slug, problem.number])
    if not graph.boxes:
        lack = _("Write down why it should work, and what could go wrong.")
        if decide(actor, "design.write", problem):
            address = reverse("theory:add-chain", args=[problem.workspace.slug, problem.number])
        return PartState(address=address, missing=(lack,))
    count = len(graph.boxes)
    faults = [one for one in check(graph) if one.severity == "fault"]
    names = dict.fromkeys(str(one.row["title"]) for one in faults)
    return PartState(
        address=address,
        has=ngettext("%(count)s step", "%(count)s steps", count) % {"count": count},
        missing=tuple(names),
        is_begun=True,
    )
