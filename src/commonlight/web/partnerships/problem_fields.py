"""What the partnership puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.partnerships.domain.agreement import current_agreement
from commonlight.web.partnerships.domain.pulse import latest_shown, rounds_of
from commonlight.web.partnerships.domain.raci import tasks_of
from commonlight.web.partnerships.enums import Letter
from commonlight.web.partnerships.models import Action, Decision, Partner, Task
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.sentences import bare
from commonlight.web.problems.models import Frame, Problem
from commonlight.web.problems.record_fields import Entry, record_field

__all__ = ["agreement", "meetings", "partners", "pulse", "responsibilities"]


def _address(actor: Actor, name: str, *more: Any) -> str:
    return reverse(f"partnerships:{name}", args=[actor.workspace.slug, *more])


@record_field("partners")
def partners(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Who has a part in a task of the problem, answers for it, or said apart how it sees it."""
    found = {
        part.partner_id: part.partner
        for task in tasks_of(actor.workspace, problem=problem)
        for part in task.parts.all()
    }
    register = Partner.objects.of(actor.workspace).filter(organisation__in=_involved(problem))
    found |= {one.pk: one for one in register.select_related("organisation")}
    for one in sorted(found.values(), key=lambda partner: partner.name.casefold()):
        yield Entry(text=one.name, address=_address(actor, "partner", one.pk))


def _involved(problem: Problem) -> set[int]:
    """Organisations of the owner and of the answers that are open; sealed ones are told nobody."""
    frames = Frame.objects.of(problem.workspace).filter(round__problem=problem)
    found = set(frames.exclude(answers=None).values_list("organisation", flat=True))
    return found | ({problem.owner_id} if problem.owner_id else set())


@record_field("responsibilities")
def responsibilities(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each task with the partner that answers for it."""
    for task in tasks_of(actor.workspace, problem=problem):
        yield Entry(text=_told(task), address=_address(actor, "task", task.pk))


@record_field("agreement")
def agreement(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The version of the partnership agreement that is signed."""
    signed = current_agreement(actor.workspace)
    if signed is not None:
        yield Entry(text=signed.title, address=_address(actor, "agreement", signed.number))


@record_field("pulse")
def pulse(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The newest round and where the answers lie far apart."""
    shown = latest_shown(list(rounds_of(actor.workspace)))
    if shown is None:
        return
    address = _address(actor, "round", shown.round.number)
    if not shown.is_shown:
        yield Entry(text=shown.why, address=address)
    for one in shown.conditions:
        told = _("%(condition)s: %(spread)s") % {"condition": one.title, "spread": one.line.spread}
        yield Entry(text=told, address=address)


@record_field("meetings")
def meetings(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Decisions and actions on this problem."""
    decisions = Decision.objects.of(actor.workspace).filter(problem=problem)
    for one in decisions.select_related("meeting"):
        yield Entry(text=one.text, address=_address(actor, "meeting", one.meeting.number))
    for action in Action.objects.of(actor.workspace).filter(problem=problem):
        yield Entry(text=action.text, address=_address(actor, "action", action.pk))


def _told(task: Task) -> str:
    for part in task.parts.all():
        if part.letter == Letter.ACCOUNTABLE:
            return _("%(task)s. Answers for it: %(partner)s") % {
                "task": bare(task.activity),
                "partner": part.partner.name,
            }
    return str(task.activity)
