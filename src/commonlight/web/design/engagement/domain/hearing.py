"""Who was heard about a problem: in engagement records, workshops, and through its sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import gates
from commonlight.web.design.engagement.domain.planning import engagement_of
from commonlight.web.design.engagement.domain.talks import take_over
from commonlight.web.design.engagement.models import Engagement, Hearing
from commonlight.web.design.enums import WorkshopState
from commonlight.web.design.models import Seats, Workshop
from commonlight.web.problems.models import Problem, VoiceNote
from commonlight.web.thread.domain import web_of
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.workspaces.reading import read_once

__all__ = ["harmed_groups", "heard_groups", "not_on_record", "recorded_in", "unheard_groups"]


@read_once
def heard_groups(problem: Problem) -> set[str]:
    """Categories of which somebody was there."""
    hearings = Hearing.objects.of(problem.workspace).filter(problem=problem)
    told: Iterable[dict[str, int]] = hearings.values_list("groups", flat=True)
    seats = _seats(problem).filter(workshop__state=WorkshopState.HELD, present__gt=0)
    present = {name for groups in told for name in groups}
    return present | set(seats.values_list("group", flat=True)) | _heard_on_the_board(problem)


def recorded_in(workspace: Any, problems: Iterable[Problem]) -> set[int]:
    """Problems with an engagement record, or a workshop that was held with people in the room."""
    asked = list(problems)
    hearings = Hearing.objects.of(workspace).filter(problem__in=asked).order_by()
    held = Workshop.objects.of(workspace).filter(
        problem__in=asked, state=WorkshopState.HELD, seats__present__gt=0
    )
    return {*hearings.values_list("problem", flat=True)} | {
        *held.order_by().values_list("problem", flat=True)
    }


def not_on_record(talks: int, *, is_heard: bool) -> str:
    """What is said where no engagement is on record: of talks that wait, and of other sources."""
    if talks:
        return take_over(talks)
    if is_heard:
        return _("Some were heard through sources of the problem. Put on record who was heard.")
    return _("Nobody concerned has been heard.")


def _heard_on_the_board(problem: Problem) -> set[str]:
    """Categories of groups that are heard through a source that stands, a session for example."""
    notes = VoiceNote.objects.of(problem.workspace).filter(problem=problem)
    web, pairs = web_of(problem.workspace), gates()["groups_of_voice"]
    grounds = {
        one.voice: [link.ground for link in web.grounds.get(("voice", str(one.pk)), ())]
        for one in notes
    }
    nodes = Nodes(problem.workspace, [key for rows in grounds.values() for key in rows])
    return {
        group
        for voice, rows in grounds.items()
        if any(nodes.lets_speak(one) for one in rows)
        for group in pairs.get(voice, ())
    }


def harmed_groups(problem: Problem, engagement: Engagement | None = None) -> list[str]:
    """Categories that the problem harms, as engagement and workshops name them."""
    named = (engagement or engagement_of(problem)).harmed_groups
    return list(dict.fromkeys([*named, *_harmed_at_workshops(problem)]))


def unheard_groups(problem: Problem) -> list[str]:
    """Categories that are harmed, that no record shows as heard, and for which no reason stands."""
    engagement = engagement_of(problem)
    heard = heard_groups(problem)
    return [
        one
        for one in harmed_groups(problem, engagement)
        if one not in heard and one not in engagement.unheard
    ]


@read_once
def _harmed_at_workshops(problem: Problem) -> list[str]:
    return list(_seats(problem).filter(is_harmed=True).values_list("group", flat=True))


def _seats(problem: Problem) -> QuerySet[Seats]:
    rows: QuerySet[Seats] = Seats.objects.of(problem.workspace)
    return rows.filter(workshop__problem=problem)
