"""The needs of the gates that only a whole design can tell."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commonlight.web.design.engagement.needs import Missing, need_of_gate
from commonlight.web.design.review.domain.impact import open_aspects
from commonlight.web.design.review.domain.tensions import waiting_cards
from commonlight.web.design.theory.domain.reading import links_of, theory_of
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["impact_screen", "tensions_answered", "theory_of_change"]


def _page(problem: Problem, name: str) -> Any:
    return reverse(name, args=[problem.workspace.slug, problem.number])


@need_of_gate("theory_of_change")
def theory_of_change(actor: Actor, problem: Problem) -> Missing | None:
    """A theory in which at least one step leads to another."""
    theory = theory_of(problem)
    if theory is not None and links_of(theory):
        return None
    return Missing(address=_page(problem, "theory:theory"))


@need_of_gate("impact_screen")
def impact_screen(actor: Actor, problem: Problem) -> Missing | None:
    """Every aspect has an answer; “not known yet” is one."""
    return Missing(address=_page(problem, "review:impact")) if open_aspects(problem) else None


@need_of_gate("tensions_answered")
def tensions_answered(actor: Actor, problem: Problem) -> Missing | None:
    """No card that the plan calls for waits for an answer."""
    waiting = len(waiting_cards(problem))
    if not waiting:
        return None
    return Missing(address=_page(problem, "review:tensions"), count=waiting)
