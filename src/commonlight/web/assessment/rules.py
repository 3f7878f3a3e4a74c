"""Who reads, assesses and manages an assessment, beyond the role."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.enums import AssessmentState
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.policy import Actor, Decision, allowed, decide, refused, rule

__all__ = ["assess", "fill_mirror", "manage", "view_assessment"]

READERS = ("decision_maker",)
"""Roles that read what was compared, and no drafts."""


@rule("assessment.view")
def view_assessment(actor: Actor, thing: Any) -> Decision:
    """Who decides reads an assessment once its assessors have laid their verdicts open."""
    if isinstance(thing, Claim):
        thing = thing.assessment
    if not isinstance(thing, Assessment) or actor.role not in READERS or thing.is_open_to_all:
        return allowed
    return refused(
        _("The assessors are still reading. You can read the result when all have sent theirs in."),
        _("Ask the coordinator when that will be."),
    )


@rule("assessment.assess")
def assess(actor: Actor, thing: Any) -> Decision:
    """An assessment is read and judged by those who were asked; evidence comes from anybody."""
    if isinstance(thing, Claim):
        return _not_finished(thing.assessment)
    if not isinstance(thing, Assessment):
        return allowed
    if any(one.pk == actor.organisation_id for one in thing.strategy.authors.all()):
        return refused(
            _("Your organisation wrote this strategy. You may link evidence, but give no verdict."),
            _("Ask somebody from another organisation to assess it."),
        )
    mine = actor.membership.pk if actor.membership is not None else None
    if mine is None or all(one.membership_id != mine for one in thing.assessors.all()):
        return refused(
            _("You were not asked to assess this strategy."),
            _("Ask the coordinator or the evaluator to add you as an assessor."),
        )
    return _not_finished(thing)


@rule("assessment.manage")
def manage(actor: Actor, thing: Any) -> Decision:
    """What is finished stays as it is."""
    if isinstance(thing, Assessment):
        return _not_finished(thing)
    return allowed


def fill_mirror(actor: Actor, assessment: Assessment) -> Decision:
    """Assessors and those who manage enter figures and write recommendations."""
    decision = decide(actor, "assessment.assess", assessment)
    if decision or not decide(actor, "assessment.manage"):
        return decision
    return decide(actor, "assessment.manage", assessment)


def _not_finished(assessment: Assessment) -> Decision:
    if assessment.state != AssessmentState.FINISHED:
        return allowed
    return refused(
        _("This assessment is finished and stays as it is."), _("Open it again, or assess anew.")
    )
