"""Engagement on the path of a problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.design.engagement.domain.register import Tally, tallies
from commonlight.web.design.engagement.models import (
    ChosenMethod,
    Engagement,
    EngagementPlan,
    Hearing,
)
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["engagement"]


@part_of_path(pillar="design", order=20, label=gettext_lazy("Engagement"), action="design.view")
def engagement(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Why, whom, who was heard, and whether everybody has a reply."""
    begun = {one.problem_id: one for one in _of(actor, Engagement, problems)}
    chosen = Exists(ChosenMethod.objects.of(actor.workspace).filter(plan=OuterRef("pk")))
    planned = {one.problem_id for one in _of(actor, EngagementPlan, problems).filter(chosen)}
    heard = dict(
        _of(actor, Hearing, problems)
        .order_by("problem")
        .values_list("problem")
        .annotate(number=Count("pk"))
    )
    counted = tallies(problems)
    return {
        one.pk: _state(
            one, begun.get(one.pk), one.pk in planned, heard.get(one.pk, 0), counted[one.pk]
        )
        for one in problems
    }


def _of(actor: Actor, model: Any, problems: list[Problem]) -> Any:
    return model.objects.of(actor.workspace).filter(problem__in=problems)


def _state(
    problem: Problem, engagement: Engagement | None, is_planned: bool, heard: int, tally: Tally
) -> PartState:
    missing: list[str | Promise] = []
    if engagement is None or not engagement.rationale:
        missing.append(_("Say why you engage people."))
    if not is_planned:
        missing.append(_("Plan who takes part, in what, with which method."))
    if not heard and not tally.given:
        missing.append(_("Nobody concerned has been heard."))
    if tally.open:
        missing.append(
            ngettext(
                "%(count)s contribution has no reply yet.",
                "%(count)s contributions have no reply yet.",
                tally.open,
            )
            % {"count": tally.open}
        )
    return PartState(
        address=reverse("engagement:engagement", args=[problem.workspace.slug, problem.number]),
        has=_has(tally) if tally.given else "",
        missing=tuple(missing),
        is_begun=bool(engagement or is_planned or heard or tally.given),
    )


def _has(tally: Tally) -> str:
    return ngettext(
        "%(replied)s of %(given)s contribution has a reply.",
        "%(replied)s of %(given)s contributions have a reply.",
        tally.given,
    ) % {"replied": tally.replied, "given": tally.given}
