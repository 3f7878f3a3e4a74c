"""What the theory of change puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.checks import check
from commonlight.web.design.theory.domain.graph import Arrow, Graph
from commonlight.web.design.theory.domain.reading import graphs_of
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field

__all__ = ["theory", "theory_checks"]


@record_field("theory")
def theory(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each link in a sentence, with its mechanism."""
    graph = _graph(actor, problem)
    return [
        Entry(text=_sentence(graph, one), address=_address(problem, "link", one.number))
        for one in graph.arrows
    ]


@record_field("theory_checks")
def theory_checks(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """What the checks find in it."""
    found = check(_graph(actor, problem))
    titles = dict.fromkeys(str(one.row["title"]) for one in found if one.severity == "fault")
    return [Entry(text=one, address=f"{_address(problem, 'theory')}#checks") for one in titles]


def _graph(actor: Actor, problem: Problem) -> Graph:
    if not decide(actor, "design.view"):
        return Graph()
    return graphs_of([problem]).get(problem.pk, Graph())


def _sentence(graph: Graph, arrow: Arrow) -> str:
    values = {
        "start": graph.box[arrow.source].text,
        "end": graph.box[arrow.target].text,
        "mechanism": arrow.mechanism,
    }
    if arrow.mechanism:
        return _("“%(start)s” leads to “%(end)s”, because: %(mechanism)s") % values
    return _("“%(start)s” leads to “%(end)s”") % values


def _address(problem: Problem, name: str, *more: int) -> str:
    return reverse(f"theory:{name}", args=[problem.workspace.slug, problem.number, *more])
