"""The review and the design brief on the path of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.guards import open_guards, open_parameters
from commonlight.web.design.review.domain.impact import content as impact_content
from commonlight.web.design.review.domain.principles import Check, checks_of_many
from commonlight.web.design.review.domain.tensions import waiting_cards
from commonlight.web.design.review.enums import BriefState
from commonlight.web.design.review.models import Brief, ImpactAnswer, TensionAnswer
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["answers", "design_brief", "review"]


@part_of_path(
    pillar="design", order=40, label=gettext_lazy("Guards and checks"), action="design.view"
)
def answers(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """What a concept that is not settled has to answer: guards first, as they answer some checks.

    Guards are read on the page of one problem only.
    """
    first: dict[int, Concept] = {}
    approved = set()
    rows = Concept.objects.of(actor.workspace).filter(problem__in=problems)
    for one in rows.exclude(state=ConceptState.SET_ASIDE).order_by("number"):
        one.workspace = actor.workspace
        if one.state == ConceptState.APPROVED:
            approved.add(one.problem_id)
        else:
            first.setdefault(one.problem_id, one)
    checks = checks_of_many([*first.values()]) if first else {}
    return {
        one.pk: _answers(one, first[one.pk], checks, is_alone=len(problems) == 1)
        if one.pk in first and one.pk not in approved
        else _nothing_asked(one, is_begun=one.pk in approved)
        for one in problems
    }


@part_of_path(
    pillar="design", order=35, label=gettext_lazy("Tensions and impact"), action="design.view"
)
def review(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """Tension cards and impact questions; plans are read for tensions on the page of one only."""
    answered = _counted(actor, TensionAnswer, problems, "card")
    known = _counted(actor, ImpactAnswer, problems, "aspect")
    waiting = {one.pk: len(waiting_cards(one)) for one in problems if len(problems) == 1}
    return {
        one.pk: _review(one, answered.get(one.pk, 0), known.get(one.pk, 0), waiting.get(one.pk, 0))
        for one in problems
    }


@part_of_path(pillar="design", order=60, label=gettext_lazy("Design brief"), action="design.view")
def design_brief(actor: Actor, problems: list[Problem]) -> Mapping[int, PartState]:
    """What this half of the path ends with."""
    newest: dict[int, Brief] = {}
    rows = Brief.objects.of(actor.workspace).filter(problem__in=problems)
    for one in rows.defer("content", "texts").order_by("number"):
        newest[one.problem_id] = one
    return {one.pk: _brief(one, newest.get(one.pk)) for one in problems}


def _nothing_asked(problem: Problem, *, is_begun: bool) -> PartState:
    """Without a concept there is nothing to answer, and with an approved one no more."""
    place = [problem.workspace.slug, problem.number]
    return PartState(address=reverse("design:concepts", args=place), is_begun=is_begun)


def _answers(
    problem: Problem,
    concept: Concept,
    checks: Mapping[int, list[Check]],
    *,
    is_alone: bool,
) -> PartState:
    """What the first concept that is not settled still has to answer."""
    place = [problem.workspace.slug, problem.number]
    concept.problem = problem
    asked = _asked(concept) if is_alone else 0
    left = sum(one.answer is None for one in checks[concept.pk])
    begun = left < len(checks[concept.pk])
    name = "guards" if asked else "principles"
    missing = (_guards_left(asked) if asked else _checks_left(left),) if asked + left else ()
    return PartState(
        address=reverse(f"review:{name}", args=[*place, concept.number]),
        missing=missing,
        is_begun=begun,
    )


def _asked(concept: Concept) -> int:
    """How many questions of its focus area and its theme a concept has not answered."""
    return len(open_parameters(concept)) + len(open_guards(concept))


def _guards_left(number: int) -> str:
    told = ngettext(
        "%(count)s question of the focus area has no answer. It comes before the principle checks.",
        "%(count)s questions of the focus area have no answer. They come before the principle "
        "checks.",
        number,
    )
    return told % {"count": number}


def _checks_left(number: int) -> str:
    told = ngettext(
        "%(count)s principle check has no answer.",
        "%(count)s principle checks have no answer.",
        number,
    )
    return told % {"count": number}


def _counted(actor: Actor, model: Any, problems: Iterable[Problem], name: str) -> dict[int, int]:
    rows = model.objects.of(actor.workspace).filter(problem__in=list(problems))
    told = rows.order_by("problem").values_list("problem")
    return dict(told.annotate(number=Count(name, distinct=True)))


def _review(problem: Problem, answered: int, known: int, waiting: int) -> PartState:
    missing: list[str | Promise] = []
    if waiting:
        told = ngettext(
            "%(count)s tension card waits for an answer.",
            "%(count)s tension cards wait for an answer.",
            waiting,
        )
        missing.append(told % {"count": waiting})
    left = len(impact_content()["aspect"]) - known
    if left:
        told = ngettext(
            "%(count)s impact question has no answer.",
            "%(count)s impact questions have no answer.",
            left,
        )
        missing.append(told % {"count": left})
    return PartState(
        address=reverse("review:tensions", args=[problem.workspace.slug, problem.number]),
        has=_has(answered) if answered else "",
        missing=tuple(missing),
        is_begun=bool(answered or known),
    )


def _has(answered: int) -> str:
    told = ngettext(
        "%(count)s tension card is answered.", "%(count)s tension cards are answered.", answered
    )
    return told % {"count": answered}


def _brief(problem: Problem, brief: Brief | None) -> PartState:
    missing: list[str | Promise] = []
    if brief is None:
        missing.append(_("No design brief has been begun."))
    elif brief.state == BriefState.DRAFT:
        missing.append(_("The design brief is a draft."))
    elif brief.state == BriefState.PROPOSED:
        missing.append(_("The design brief waits for another person’s approval."))
    return PartState(
        address=reverse("review:brief", args=[problem.workspace.slug, problem.number]),
        has="" if brief is None else brief.get_state_display(),
        missing=tuple(missing),
        is_begun=brief is not None,
    )
