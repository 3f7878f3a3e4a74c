"""Whom engagement knows to be harmed by a problem, and who was heard about it."""

from __future__ import annotations

from commonlight.web.design.concerned import Concerned, tells_concerned
from commonlight.web.design.engagement.domain.hearing import harmed_groups, heard_groups
from commonlight.web.problems.models import Problem

__all__ = ["of_engagement"]


@tells_concerned
def of_engagement(problem: Problem) -> Concerned:
    """Groups of the purpose and of workshops, hearings and the board of voices."""
    return Concerned(tuple(harmed_groups(problem)), frozenset(heard_groups(problem)))
