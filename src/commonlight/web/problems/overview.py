"""What waits for the one who looks: frames to answer, and problems to bring on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, decide
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.framing import open_due
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Frame, FrameRound, Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.ui.dates import date_format
from commonlight.web.workspaces.overview import Beginning, Task, beginning, task_source

__all__ = ["answers_to_open", "frames_to_answer", "new_problem", "problems_to_define"]

SOON = timedelta(days=2)
MOST_TASKS = 5


@beginning("problem.open")
def new_problem(actor: Actor) -> Beginning:
    """Whoever may record a problem does so from the first page."""
    return Beginning(
        button=_("Something is wrong: record a problem"),
        url=reverse("problems:new", args=[actor.workspace.slug]),
    )


@task_source("problem.frame")
def frames_to_answer(actor: Actor) -> Iterable[Task]:
    """Questions that the actor's organisation has not answered yet."""
    open_due(actor.workspace)
    sent = Frame.objects.of(actor.workspace).filter(
        round=OuterRef("pk"), organisation=actor.organisation_id, sent_at__isnull=False
    )
    rounds = (
        FrameRound.objects.of(actor.workspace)
        .filter(opened_at=None, organisations=actor.organisation_id)
        .exclude(problem__state=ProblemState.SET_ASIDE)
        .exclude(Exists(sent))
        .select_related("problem__workspace")
        .order_by("closes_at")
    )
    for one in rounds[:MOST_TASKS]:
        yield Task(
            text=_("Say how your organisation sees “%(title)s”") % {"title": one.problem.title},
            url=address(one.problem, "answer", one.number),
            note=_until(one),
            urgent=one.closes_at - timezone.now() < SOON,
            is_asked=True,
        )


def _until(round: FrameRound) -> str:
    time = date_format(localtime(round.closes_at), "DATETIME_FORMAT")
    if round.put_off_reason:
        return _("The closing time was put off to %(time)s: %(reason)s") % {
            "time": time,
            "reason": round.put_off_reason,
        }
    return _("Seven short questions. They close at %(time)s.") % {"time": time}


@task_source("problem.move")
def answers_to_open(actor: Actor) -> Iterable[Task]:
    """Rounds that everybody asked has answered: whoever may move the problem may open them."""
    open_due(actor.workspace)
    rounds = (
        FrameRound.objects.of(actor.workspace)
        .filter(opened_at=None, problem__state=ProblemState.FRAMING)
        .annotate(asked=Count("organisations"))
        .filter(answered__gte=F("asked"))
        .select_related("problem__workspace")
        .order_by("closes_at")
    )
    mine = [one for one in rounds if decide(actor, "problem.move", one.problem)]
    for one in mine[:MOST_TASKS]:
        yield Task(
            text=_("Open the answers on “%(title)s”") % {"title": one.problem.title},
            url=address(one.problem, "round", one.number),
            note=_("All partners have answered."),
            urgent=True,
        )


@task_source("problem.move")
def problems_to_define(actor: Actor) -> Iterable[Task]:
    """Problems that wait for their partners to be asked, or for what is missing."""
    waiting = (
        Problem.objects.of(actor.workspace)
        .filter(state__in=[ProblemState.SIGNALLED, ProblemState.FRAMED])
        .select_related("owner", "workspace")
        .order_by("state_since")
    )
    mine = [one for one in waiting if decide(actor, "problem.move", one)][:MOST_TASKS]
    lacks = known_of(actor, mine).lacks if mine else {}
    for one in mine:
        if one.state == ProblemState.SIGNALLED:
            text, note = _("Ask the partners about “%(title)s”"), _("Nobody was asked apart yet.")
        elif lacks[one.pk]:
            text, note = _("Complete the problem “%(title)s”"), str(lacks[one.pk][0].text)
        else:
            text, note = _("Mark “%(title)s” as defined"), _("Nothing is missing.")
        yield Task(text=text % {"title": one.title}, url=address(one), note=note)
