"""Finish an assessment, open it again, and switch the share on or off."""

from __future__ import annotations

from django.db import transaction

from commonlight.web.assessment.domain.tagging import move
from commonlight.web.assessment.models import Assessment
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require

__all__ = ["finish", "reopen_assessment", "show_share"]


@transaction.atomic
def finish(actor: Actor, assessment: Assessment) -> None:
    """Nothing is changed any more; the assessment keeps its text, its model and its verdicts."""
    require(actor, "assessment.manage", assessment)
    move(actor, assessment, "finish")


@transaction.atomic
def reopen_assessment(actor: Actor, assessment: Assessment) -> None:
    """Open a finished assessment again."""
    require(actor, "assessment.manage", assessment.strategy)
    move(actor, assessment, "reopen")


@transaction.atomic
def show_share(actor: Actor, assessment: Assessment, *, on: bool) -> None:
    """Show how many tagged claims are shown, as a share; off unless somebody wants it."""
    require(actor, "assessment.manage", assessment)
    Assessment.objects.of(actor.workspace).filter(pk=assessment.pk).update(has_score=on)
    assessment.has_score = on
    record(actor, "assessment.score", assessment, on=on)
