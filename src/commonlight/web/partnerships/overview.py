"""What waits in the partnership for the one who looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.partnerships.domain.agreement import agreements_of, sign_decision
from commonlight.web.partnerships.domain.pulse import has_answered, rounds_of
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.enums import (
    ActionState,
    AgreementState,
    PartState,
    RoundState,
)
from commonlight.web.partnerships.models import Action, Partner, TaskPart
from commonlight.web.policy import Actor
from commonlight.web.ui.dates import date_format
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["actions_due", "parts_to_confirm", "pulse_to_answer", "reviews_due", "texts_to_sign"]

SOON = timedelta(days=14)


@task_source("partnership.sign")
def texts_to_sign(actor: Actor) -> Iterable[Task]:
    """The partnership agreement that waits for the actor's own signature."""
    for agreement in agreements_of(actor.workspace).filter(state=AgreementState.OFFERED):
        if sign_decision(actor, agreement):
            yield Task(
                text=_("Read and sign the partnership agreement “%(title)s”")
                % {"title": agreement.title},
                url=reverse(
                    "partnerships:agreement", args=[actor.workspace.slug, agreement.number]
                ),
                note=_("You are the registered signatory of your organisation."),
            )


@task_source("pulse.answer")
def pulse_to_answer(actor: Actor) -> Iterable[Task]:
    """The open round, until the actor has answered it."""
    today = day_of(actor.workspace)
    for one in rounds_of(actor.workspace).filter(state=RoundState.OPEN, closes_on__gte=today):
        if not has_answered(actor, one):
            yield Task(
                text=_("Answer the partnership pulse"),
                url=reverse("partnerships:answer", args=[actor.workspace.slug, one.number]),
                note=_("About four minutes, until %(day)s. Nobody sees what you answer.")
                % {"day": date_format(one.closes_on, "DATE_FORMAT")},
                is_asked=True,
            )


@task_source("meeting.write")
def parts_to_confirm(actor: Actor) -> Iterable[Task]:
    """Parts in tasks that others named for the actor's organisation."""
    waiting = TaskPart.objects.of(actor.workspace).filter(
        state=PartState.ASKED,
        task__ended_at__isnull=True,
        partner__organisation=actor.organisation_id,
    )
    for part in waiting.select_related("task"):
        yield Task(
            text=_("Confirm your part: %(task)s") % {"task": part.task.activity},
            url=reverse("partnerships:task", args=[actor.workspace.slug, part.task_id]),
            note=part.get_letter_display(),
        )


@task_source("meeting.write")
def actions_due(actor: Actor) -> Iterable[Task]:
    """Actions of the actor's organisation that are late or due soon."""
    today = day_of(actor.workspace)
    mine = Action.objects.of(actor.workspace).filter(
        state=ActionState.OPEN, owner=actor.organisation_id, due_on__lte=today + SOON
    )
    for action in mine:
        yield Task(
            text=action.text,
            url=reverse("partnerships:action", args=[actor.workspace.slug, action.pk]),
            note=_("Due on %(day)s") % {"day": date_format(action.due_on, "DATE_FORMAT")},
            urgent=action.is_late(today),
        )


@task_source("meeting.write")
def reviews_due(actor: Actor) -> Iterable[Task]:
    """The actor's own row of the register, when its review date is over."""
    today = day_of(actor.workspace)
    late = Partner.objects.of(actor.workspace).filter(
        organisation=actor.organisation_id, review_on__lt=today
    )
    for partner in late:
        yield Task(
            text=_("Look at your row of the register again"),
            url=reverse("partnerships:partner", args=[actor.workspace.slug, partner.pk]),
            note=_("Its review date has passed."),
        )
