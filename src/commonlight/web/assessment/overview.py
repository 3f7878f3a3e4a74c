"""What waits for somebody: strategies to read, recommendations to answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.finding import assessments_of
from commonlight.web.assessment.enums import AssessmentState, RecommendationState
from commonlight.web.assessment.models import Recommendation
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["recommendations_that_wait", "strategies_to_read"]

MOST = 5


@task_source("assessment.assess")
def strategies_to_read(actor: Actor) -> Iterable[Task]:
    """Assessments for which the actor was asked and has not sent hers."""
    if actor.membership is None:
        return
    rows = assessments_of(actor).filter(
        state=AssessmentState.READING,
        assessors__membership=actor.membership,
        assessors__sent_at=None,
    )
    for one in rows[:MOST]:
        place = [actor.workspace.slug, one.strategy.number, one.number]
        yield Task(
            text=_("Read and judge the strategy “%(title)s”") % {"title": one.strategy.title},
            url=reverse("assessment:assessment", args=place),
            note=_("The others wait for your verdicts; nobody sees them before all are in.")
            if len(one.assessors.all()) > 1
            else _("You assess alone. Nobody sees your verdicts before you send them in."),
        )


@task_source("assessment.assess")
def recommendations_that_wait(actor: Actor) -> Iterable[Task]:
    """Recommendations that the actor's organisation is to answer or to finish."""
    if actor.organisation_id is None:
        return
    rows = Recommendation.objects.of(actor.workspace).select_related("assessment__strategy")
    asked = rows.filter(state=RecommendationState.OPEN, addressee_id=actor.organisation_id)
    due = rows.filter(state=RecommendationState.ACCEPTED, accountable_id=actor.organisation_id)
    for one in asked[:MOST]:
        yield Task(
            text=_("Answer a recommendation: %(text)s") % {"text": Truncator(one.text).words(20)},
            url=_address(actor, one),
            note=_("Accept it with a day, or decline it with a reason."),
        )
    for one in due.order_by("due_on")[:MOST]:
        late = one.due_on is not None and one.due_on < timezone.localdate()
        yield Task(
            text=_("Close a recommendation with a record: %(text)s")
            % {"text": Truncator(one.text).words(20)},
            url=_address(actor, one),
            note=_("It is late.") if late else "",
            urgent=late,
        )


def _address(actor: Actor, one: Recommendation) -> str:
    place = [
        actor.workspace.slug,
        one.assessment.strategy.number,
        one.assessment.number,
        one.number,
    ]
    return reverse("assessment:recommendation", args=place)
