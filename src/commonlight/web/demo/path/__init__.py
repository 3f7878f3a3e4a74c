"""The first half of the path in the demo city, made through the actions that people use."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

__all__ = ["make_path"]


def make_path(place: SimpleNamespace, progress: Callable[[str], None]) -> None:
    """Partners, problems, what they know, what they design, and the strategy that is assessed."""
    from commonlight.web.demo.path import (
        assessment,
        design,
        engagement,
        knowledge,
        meetings,
        partners,
        problems,
        theory,
    )

    progress("Bringing the partners together")
    partners.make_partners(place)
    progress("Framing three problems")
    problems.make_problems(place)
    progress("Looking at what research says")
    knowledge.link_knowledge(place)
    progress("Designing with those concerned")
    engagement.ask_people(place)
    design.make_design(place)
    theory.make_theory(place)
    theory.make_review(place)
    engagement.pass_gates(place)
    partners.give_tasks(place)
    meetings.hold_meetings(place)
    progress("Reading a strategy")
    assessment.assess_strategy(place)
    partners.tell_involvement(place)
