"""Engagement on the path of a problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.design.engagement.domain.hearing import not_on_record, recorded_in
from commonlight.web.design.engagement.domain.register import Tally, tallies
from commonlight.web.design.engagement.domain.talks import waiting_talks
from commonlight.web.design.engagement.models import ChosenMethod, Engagement, EngagementPlan
from commonlight.web.design.engagement.places import address_of, hearing_address
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.board import voices_of
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["engagement"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the engagement of one problem."""

    engagement: Engagement | None
    plan: int | None
    is_planned: bool
    is_recorded: bool
    talks: list[CaptureSession]
    is_heard_elsewhere: bool
    tally: Tally


@part_of_path(pillar="design", order=20, label=gettext_lazy("Engagement"), action="design.view")
def engagement(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Why, whom, who was heard, and whether everybody has a reply; each gap leads to its page."""
    begun = {one.problem_id: one for one in _of(actor, Engagement, problems)}
    chosen = Exists(ChosenMethod.objects.of(actor.workspace).filter(plan=OuterRef("pk")))
    plans = _of(actor, EngagementPlan, problems).annotate(is_chosen=chosen).order_by("number")
    planned: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for key, number, is_chosen in plans.values_list("problem", "number", "is_chosen"):
        planned[key].append((number, is_chosen))
    recorded = recorded_in(actor.workspace, problems)
    talks, voices, counted = (
        waiting_talks(actor, problems),
        voices_of(actor, problems),
        tallies(problems),
    )
    return {
        one.pk: _state(
            actor,
            one,
            Known(
                engagement=begun.get(one.pk),
                plan=planned[one.pk][-1][0] if planned[one.pk] else None,
                is_planned=any(is_chosen for _number, is_chosen in planned[one.pk]),
                is_recorded=one.pk in recorded,
                talks=talks[one.pk],
                is_heard_elsewhere=any(voice.is_heard for voice in voices[one.pk]),
                tally=counted[one.pk],
            ),
        )
        for one in problems
    }


def _of(actor: Actor, model: Any, problems: list[Problem]) -> Any:
    return model.objects.of(actor.workspace).filter(problem__in=problems)


def _state(actor: Actor, problem: Problem, known: Known) -> PartState:
    missing = [*_lacks(actor, problem, known)]
    begun = (known.engagement, known.is_planned, known.is_recorded, known.tally.given)
    return PartState(
        address=missing[0][1] if missing else address_of(actor, problem),
        has=_has(known.tally) if known.tally.given else "",
        missing=tuple(text for text, _address in missing),
        is_begun=any(begun),
    )


def _lacks(actor: Actor, problem: Problem, known: Known) -> Iterator[tuple[str, str]]:
    """What is missing, each with the page where the actor mends it."""
    manage, tally = "engagement.manage", known.tally
    if known.engagement is None or not known.engagement.rationale:
        text = _("Say why you engage people.")
        yield text, address_of(actor, problem, "purpose", action=manage)
    if not known.is_planned:
        text = _("Plan who takes part, in what, with which method.")
        if known.plan is not None:
            yield text, address_of(actor, problem, "plan", known.plan)
        else:
            yield text, address_of(actor, problem, "plan_new", action=manage)
    if not known.is_recorded and not tally.given:
        session = known.talks[0].pk if known.talks else None
        text = not_on_record(len(known.talks), is_heard=known.is_heard_elsewhere)
        yield text, hearing_address(actor, problem, session)
    if tally.open:
        text = ngettext(
            "%(count)s contribution has no reply yet.",
            "%(count)s contributions have no reply yet.",
            tally.open,
        )
        yield text % {"count": tally.open}, address_of(actor, problem, "register")


def _has(tally: Tally) -> str:
    return ngettext(
        "%(replied)s of %(given)s contribution has a reply.",
        "%(replied)s of %(given)s contributions have a reply.",
        tally.given,
    ) % {"replied": tally.replied, "given": tally.given}
