"""Strategies and assessments with all that a page asks of them, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from commonlight.web.assessment.domain.security_model import SecurityModel, read_model
from commonlight.web.assessment.models import Assessment, Assessor, Claim, Strategy
from commonlight.web.policy import Actor

__all__ = [
    "assessments_of",
    "assessor_of",
    "claims_of",
    "find_assessment",
    "find_strategy",
    "model_of",
    "strategies_of",
]


def strategies_of(actor: Actor) -> Any:
    """The strategies of the workspace, newest first, with their assessments."""
    return (
        Strategy.objects.of(actor.workspace)
        .select_related("workspace")
        .prefetch_related("authors", "texts", "assessments__model", "assessments__assessors")
    )


def find_strategy(actor: Actor, number: int) -> Strategy | None:
    """The strategy with this number."""
    found: Strategy | None = strategies_of(actor).filter(number=number).first()
    return found


def assessments_of(actor: Actor) -> Any:
    """The assessments of the workspace with strategy, text, model and assessors."""
    return (
        Assessment.objects.of(actor.workspace)
        .select_related("strategy__workspace", "text", "model", "workspace")
        .prefetch_related(
            "strategy__authors",
            "assessors__membership__user",
            "assessors__membership__organisation",
        )
    )


def find_assessment(actor: Actor, strategy: int, number: int) -> Assessment | None:
    """One assessment of the strategy with this number."""
    rows = assessments_of(actor).filter(strategy__number=strategy, number=number)
    found: Assessment | None = rows.first()
    return found


def claims_of(assessment: Assessment) -> list[Claim]:
    """All claims in the order of the text."""
    rows = list(assessment.claims.order_by("start", "pk"))
    for one in rows:
        one.assessment = assessment
    return rows


def assessor_of(actor: Actor, assessment: Assessment) -> Assessor | None:
    """The actor as an assessor, if she was asked."""
    if actor.membership is None:
        return None
    mine = actor.membership.pk
    return next((one for one in assessment.assessors.all() if one.membership_id == mine), None)


def model_of(assessment: Assessment) -> SecurityModel:
    """The model in the version that the assessment began with."""
    kept = assessment.model
    return read_model(kept.content, translated=not kept.is_own and get_language() is not None)
