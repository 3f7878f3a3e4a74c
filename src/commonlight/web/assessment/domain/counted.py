"""What the workbench can count by itself for a row of the mirror that is one of its problems."""

from __future__ import annotations

from commonlight.web.partnerships.enums import MeetingState
from commonlight.web.partnerships.models import AgendaItem
from commonlight.web.problems.models import Problem
from commonlight.web.thread.models import Link

__all__ = ["counted"]


def counted(problem: Problem) -> dict[str, int]:
    """Items on agendas of meetings that were held, and data sets that the problem rests on."""
    items = AgendaItem.objects.of(problem.workspace).filter(
        problem=problem, meeting__state=MeetingState.HELD
    )
    sets = Link.objects.of(problem.workspace).filter(
        claim_kind="problem",
        claim_key=str(problem.pk),
        ground_kind="dataset",
        removed_at__isnull=True,
    )
    return {"meetings": items.count(), "data": sets.count()}
