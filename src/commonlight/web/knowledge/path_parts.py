"""The parts of the path: what is known of a problem elsewhere, and whether it fits here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.knowledge.domain.stances import EvidenceUse, use_of
from commonlight.web.knowledge.enums import Position, SourceKind
from commonlight.web.knowledge.models import Passport, Stance
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, part_of_path

__all__ = ["known_elsewhere", "passports", "use_in_words"]

Told = Mapping[int, PartState]
PRACTICES = (SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE)


def use_in_words(use: EvidenceUse) -> str:
    """How much of what was linked was applied, in a sentence."""
    if not use.linked:
        return _("No research is linked yet.")
    return ngettext(
        "Applied: %(applied)s of %(linked)s linked entry.",
        "Applied: %(applied)s of %(linked)s linked entries.",
        use.linked,
    ) % {"applied": use.applied, "linked": use.linked}


@part_of_path(
    pillar="problem_identification",
    order=60,
    label=gettext_lazy("What research knows"),
    action="knowledge.view",
)
def known_elsewhere(actor: Actor, problems: list[Problem]) -> Told:
    """Something was looked at, whether it was applied or not."""
    uses = use_of(actor, problems)
    missing = _("Nobody has looked at what research knows of this problem.")
    return {
        one.pk: PartState(
            address=reverse("knowledge:evidence", args=[actor.workspace.slug, one.number]),
            has=use_in_words(uses[one.pk]),
            missing=() if uses[one.pk].linked else (missing,),
            is_begun=bool(uses[one.pk].linked),
        )
        for one in problems
    }


@part_of_path(
    pillar="design", order=55, label=gettext_lazy("Transfer passports"), action="knowledge.view"
)
def passports(actor: Actor, problems: list[Problem]) -> Told:
    """Each applied practice has a passport that says what must be true here; it can wait."""
    keys = [one.pk for one in problems]
    there: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for one in Passport.objects.of(actor.workspace).filter(problem__in=keys):
        there[one.problem_id].add(one.source)
    applied = Stance.objects.of(actor.workspace).filter(
        problem__in=keys,
        replaced_at=None,
        position=Position.APPLIED,
        source_kind__in=PRACTICES,
    )
    needed: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for one in applied:
        needed[one.problem_id].add(one.source)
    return {
        one.pk: _passport_state(actor, one, there[one.pk], needed[one.pk] - there[one.pk])
        for one in problems
    }


def _passport_state(
    actor: Actor,
    problem: Problem,
    there: set[tuple[str, str]],
    lacking: set[tuple[str, str]],
) -> PartState:
    count, missing = len(there), len(lacking)
    words = ngettext(
        "%(count)s applied practice has no passport.",
        "%(count)s applied practices have no passport.",
        missing,
    )
    return PartState(
        address=reverse("knowledge:passports", args=[actor.workspace.slug, problem.number]),
        has=ngettext("%(count)s passport", "%(count)s passports", count) % {"count": count},
        missing=(words % {"count": missing},) if missing else (),
        is_begun=bool(count),
        holds_up=False,
    )
