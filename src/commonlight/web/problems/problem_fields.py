"""What the statement and its causes put into the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commonlight.web.policy import Actor
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field
from commonlight.web.problems.views.frame import address

__all__ = ["owner", "reframings", "title"]

STATED = ("place", "period", "groups_harmed", "harm", "effects", "disputed")


def _stated(name: str) -> Callable[[Actor, Problem], Iterable[Entry]]:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        text = getattr(current_statement(problem), name)
        return [Entry(text=text, address=address(problem, "statement"))] if text else []

    return tell


for _name in STATED:
    record_field(_name)(_stated(_name))


@record_field("title")
def title(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The title, and the sentence as it stands now."""
    return [
        Entry(text=problem.title, address=address(problem)),
        Entry(text=current_statement(problem).sentence),
    ]


@record_field("owner")
def owner(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The organisation that answers for the problem."""
    return [Entry(text=problem.owner.name)] if problem.owner else []


@record_field("reframings")
def reframings(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Every change of the statement, with what moved it."""
    return [
        Entry(text=one.reason, address=address(problem, "reframing"))
        for one in problem.statements.order_by("number")
        if one.reason
    ]
