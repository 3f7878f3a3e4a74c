"""How far the design of each problem is: workshops, ideas, concepts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.design.concept_places import (
    Standing,
    approval_of,
    lacks_later,
    new_concept,
    standings,
)
from commonlight.web.design.domain.approval import approvers
from commonlight.web.design.domain.room import headcount, open_warnings
from commonlight.web.design.enums import ConceptState, VoteState, WorkshopState
from commonlight.web.design.models import Idea, Vote, Workshop
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Lack
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["approval", "concepts", "ideas", "tests", "workshops"]

PILLAR = "design"
WORTH_GROUPING = 5
"""Fewer ideas are seen at once; they need no clusters."""


@part_of_path(pillar=PILLAR, order=10, label=gettext_lazy("Workshops"), action="design.view")
def workshops(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """A workshop counts who was there, and each warning about the room has a reason."""
    held: dict[int, list[Workshop]] = defaultdict(list)
    rows = Workshop.objects.of(actor.workspace).filter(problem__in=problems)
    for one in rows.prefetch_related("seats", "room_reasons").order_by("number"):
        if one.state != WorkshopState.CANCELLED:
            held[one.problem_id].append(one)
    return {
        one.pk: PartState(
            address=_address(one, "workshops"),
            has=_workshop_words(held[one.pk]),
            missing=tuple(_missing_of_workshops(held[one.pk])),
            is_begun=bool(held[one.pk]),
        )
        for one in problems
    }


@part_of_path(pillar=PILLAR, order=20, label=gettext_lazy("Ideas and votes"), action="design.view")
def ideas(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Many ideas lie in clusters, and no vote is left open."""
    rows = Idea.objects.of(actor.workspace).filter(problem__in=problems).order_by()
    counts = {
        key: (total, loose, kept)
        for key, total, loose, kept in rows.values_list("problem").annotate(
            total=Count("pk"),
            loose=Count("pk", filter=Q(cluster=None)),
            kept=Count("pk", filter=Q(is_minority=True)),
        )
    }
    votes = Vote.objects.of(actor.workspace).filter(problem__in=problems, state=VoteState.OPEN)
    still_open = Counter(votes.order_by().values_list("problem", flat=True))
    return {
        one.pk: PartState(
            address=_address(one, "ideas"),
            has=_idea_words(*counts.get(one.pk, (0, 0, 0))),
            missing=tuple(
                _missing_of_ideas(*counts.get(one.pk, (0, 0, 0))[:2], still_open[one.pk])
            ),
            is_begun=one.pk in counts,
        )
        for one in problems
    }


@part_of_path(pillar=PILLAR, order=30, label=gettext_lazy("Concepts"), action="design.view")
def concepts(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """There is a card of what will be built."""
    known = standings(actor.workspace, problems)
    return {one.pk: _of_concepts(actor, one, known[one.pk]) for one in problems}


def _of_concepts(actor: Actor, problem: Problem, known: Standing) -> PartState:
    is_there = bool(known.concepts)
    lack = _("Fill in a concept card for what you will build.")
    return PartState(
        address=_address(problem, "concepts") if is_there else new_concept(actor, problem, known),
        has=_concept_words(known),
        missing=() if is_there else (lack,),
        is_begun=is_there,
    )


@part_of_path(
    pillar=PILLAR, order=50, label=gettext_lazy("Approval of a concept"), action="design.view"
)
def approval(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Another person has approved a concept; what it must answer before stands in other parts."""
    known = standings(actor.workspace, problems)
    submitted = [one for all_ in known.values() for one in all_.of(ConceptState.SUBMITTED)]
    waiting = approvers(actor.workspace, submitted)
    return {
        one.pk: _settled(
            one,
            approval_of(actor, one, known[one.pk], waiting),
            is_begun=len(known[one.pk].concepts) > len(known[one.pk].of(ConceptState.DRAFT)),
        )
        for one in problems
    }


@part_of_path(
    pillar=PILLAR, order=70, label=gettext_lazy("Tests and specification"), action="design.view"
)
def tests(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """A concept was tried, and the approved one is specified; both can wait for the brief."""
    known = standings(actor.workspace, problems)
    return {
        one.pk: _settled(
            one,
            lacks_later(actor, one, known[one.pk]),
            is_begun=bool(known[one.pk].tests or known[one.pk].specified),
            holds_up=False,
        )
        for one in problems
    }


def _settled(
    problem: Problem, lacks: list[Lack], *, is_begun: bool, holds_up: bool = True
) -> PartState:
    return PartState(
        address=lacks[0].address if lacks else _address(problem, "concepts"),
        missing=tuple(one.text for one in lacks),
        is_begun=is_begun,
        holds_up=holds_up,
    )


def _workshop_words(found: list[Workshop]) -> str:
    if not found:
        return ""
    held = sum(one.state == WorkshopState.HELD for one in found)
    return ngettext(
        "%(number)d workshop, held: %(held)d", "%(number)d workshops, held: %(held)d", len(found)
    ) % {"number": len(found), "held": held}


def _missing_of_workshops(found: list[Workshop]) -> Iterable[str]:
    for one in found:
        planned, present = headcount(one)
        words = {"title": one.title}
        if one.state == WorkshopState.HELD and present is None:
            yield _("“%(title)s”: nobody has counted who was there.") % words
        elif not planned and present is None:
            yield _("“%(title)s”: nobody has said who should be in the room.") % words
        if open_warnings(one):
            yield _("“%(title)s”: a warning about the room has no reason.") % words


def _idea_words(total: int, loose: int, kept: int) -> str:
    if not total:
        return ""
    return ngettext(
        "%(number)d idea, kept minority ideas: %(kept)d",
        "%(number)d ideas, kept minority ideas: %(kept)d",
        total,
    ) % {"number": total, "kept": kept}


def _missing_of_ideas(total: int, loose: int, still_open: int) -> Iterable[str]:
    if loose and total >= WORTH_GROUPING:
        yield ngettext(
            "%(number)d idea lies in no cluster.", "%(number)d ideas lie in no cluster.", loose
        ) % {"number": loose}
    if still_open:
        yield ngettext(
            "%(number)d vote is still open.", "%(number)d votes are still open.", still_open
        ) % {"number": still_open}


def _concept_words(known: Standing) -> str:
    total = len(known.concepts)
    if not total:
        return ""
    return ngettext(
        "%(number)d concept, approved: %(approved)d, tests: %(tests)d",
        "%(number)d concepts, approved: %(approved)d, tests: %(tests)d",
        total,
    ) % {"number": total, "approved": len(known.of(ConceptState.APPROVED)), "tests": known.tests}


def _address(problem: Problem, name: str) -> str:
    return reverse(f"design:{name}", args=[problem.workspace.slug, problem.number])
