"""The parts of the first pillar that are done in the field: positive lens and requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.policy import Actor
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import questions
from commonlight.web.problems.fieldwork.domain.positive import answers_of
from commonlight.web.problems.fieldwork.enums import Consent
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["positive_lens", "requirements"]

PILLAR = "problem_identification"


@part_of_path(pillar=PILLAR, order=60, label=gettext_lazy("Positive lens"), action="problem.view")
def positive_lens(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """What the place is good for, or “none found”; other questions may stay open."""
    answers = answers_of(actor.workspace, problems)
    needed = [one for one in questions() if one["required"]]
    return {one.pk: _lens(one, answers[one.pk], needed) for one in problems}


def _lens(problem: Problem, answers: list[Any], needed: list[dict[str, Any]]) -> PartState:
    told = {one.question for one in answers}
    count = len(answers)
    return PartState(
        address=page_of(problem, "positive"),
        has=ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count},
        missing=tuple(one["title"] for one in needed if one["id"] not in told),
        is_begun=bool(count),
    )


@part_of_path(pillar=PILLAR, order=70, label=gettext_lazy("Requirements"), action="problem.view")
def requirements(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """At least one session with people or at the spot, with observations.

    It can wait: who takes part in the design is heard there, and asked for there.
    """
    rows = CaptureSession.objects.of(actor.workspace).filter(
        problem__in=problems, withdrawn_at=None
    )
    given = rows.exclude(consent=Consent.NOT_GIVEN).annotate(
        told=Count("observations", filter=Q(observations__withdrawn_at=None))
    )
    sessions: dict[int, dict[int, int]] = {one.pk: {} for one in problems}
    for key, number, told in given.values_list("problem_id", "number", "told"):
        sessions[key][number] = told
    return {one.pk: _requirements(one, sessions[one.pk]) for one in problems}


def _requirements(problem: Problem, told: dict[int, int]) -> PartState:
    """`told` holds how many observations each session has, by its number."""
    count, seen = len(told), sum(told.values())
    missing: tuple[str, ...] = ()
    address = page_of(problem, "sessions")
    if not told:
        missing = (_("No session of fieldwork yet. Choose a method card."),)
    elif not seen:
        missing = (_("Write down what was observed in the session."),)
        address = page_of(problem, "session", max(told))
    sessions = ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count}
    observed = ngettext("%(count)s observation", "%(count)s observations", seen) % {"count": seen}
    return PartState(
        address=address,
        has=_("%(sessions)s, %(observations)s") % {"sessions": sessions, "observations": observed},
        missing=missing,
        is_begun=bool(told),
        holds_up=False,
    )
