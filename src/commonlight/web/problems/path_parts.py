"""The parts of the first pillar: statement, frames, sources, causes, joint statement, defined."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.policy import Actor, decide
from commonlight.web.problems.addresses import address
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import FrameRound, Problem
from commonlight.web.problems.needs import Known, Lack, known_of
from commonlight.web.problems.path import PartState, part_of_path
from commonlight.web.ui.dates import date_format

__all__ = ["causes", "defined", "frames", "joint", "sources", "statement"]

PILLAR = "problem_identification"
BEFORE_DEFINED = frozenset({ProblemState.SIGNALLED, ProblemState.FRAMING, ProblemState.FRAMED})
NEEDS = {
    "statement": ("statement_complete",),
    "sources": ("quantitative_source", "qualitative_source", "two_organisations"),
    "causes": ("causes_with_evidence",),
    "joint": ("joint_statement",),
}

Told = Mapping[int, PartState]


def _lacks(known: Known, problem: Problem, part: str) -> tuple[str, ...]:
    rows: list[Lack] = known.lacks[problem.pk]
    return tuple(str(one.text) for one in rows if one.need in NEEDS[part])


@part_of_path(pillar=PILLAR, order=10, label=gettext_lazy("Statement"), action="problem.view")
def statement(actor: Actor, problems: list[Problem]) -> Told:
    """Every required field of the statement is filled in."""
    known, may_write = known_of(actor, problems), decide(actor, "problem.write")
    return {
        one.pk: PartState(
            address=address(one, "statement") if may_write else address(one, "reframing"),
            has=_("Version %(number)s") % {"number": known.statements[one.pk].number},
            missing=_lacks(known, one, "statement"),
            is_begun=True,
        )
        for one in problems
    }


@part_of_path(pillar=PILLAR, order=20, label=gettext_lazy("Framing apart"), action="problem.view")
def frames(actor: Actor, problems: list[Problem]) -> Told:
    """Partners were asked apart, and the answers are open."""
    known = known_of(actor, problems)
    return {one.pk: _frames(one, known.rounds.get(one.pk, [])) for one in problems}


def _frames(problem: Problem, rounds: list[FrameRound]) -> PartState:
    place = address(problem, "frames")
    if not rounds:
        nobody = _("Nobody was asked apart yet.")
        return PartState(address=place, missing=(nobody,))
    newest = rounds[0]
    if not newest.is_open:
        until = date_format(localtime(newest.closes_at), "SHORT_DATETIME_FORMAT")
        closed = _("The answers are closed until %(time)s.") % {"time": until}
        return PartState(address=place, has=counted(newest), missing=(closed,), is_begun=True)
    return PartState(address=place, has=counted(newest), is_begun=True)


def counted(round: FrameRound) -> str:
    """How many of those asked have answered, and never who."""
    asked = len(round.organisations.all())
    return ngettext(
        "%(answered)s of %(asked)s has answered.", "%(answered)s of %(asked)s have answered.", asked
    ) % {"answered": round.answered, "asked": asked}


@part_of_path(
    pillar=PILLAR, order=30, label=gettext_lazy("Board of sources"), action="problem.view"
)
def sources(actor: Actor, problems: list[Problem]) -> Told:
    """Something counted and something told stand behind the problem, from two organisations."""
    known = known_of(actor, problems)
    found = {}
    for one in problems:
        count = len(known.evidence[one.pk].standing)
        found[one.pk] = PartState(
            address=address(one, "sources"),
            has=ngettext("%(count)s source", "%(count)s sources", count) % {"count": count},
            missing=_lacks(known, one, "sources"),
            is_begun=bool(count),
        )
    return found


@part_of_path(pillar=PILLAR, order=40, label=gettext_lazy("Causes"), action="problem.view")
def causes(actor: Actor, problems: list[Problem]) -> Told:
    """Causes are named, and each within reach rests on something or is marked presumed."""
    known = known_of(actor, problems)
    found = {}
    for one in problems:
        count = sum(not row.left_out_reason for row in known.causes.get(one.pk, ()))
        missing = _lacks(known, one, "causes") if count else (_("No cause is named yet."),)
        found[one.pk] = PartState(
            address=address(one, "causes"),
            has=ngettext("%(count)s cause", "%(count)s causes", count) % {"count": count},
            missing=missing,
            is_begun=bool(count),
        )
    return found


@part_of_path(pillar=PILLAR, order=50, label=gettext_lazy("Joint statement"), action="problem.view")
def joint(actor: Actor, problems: list[Problem]) -> Told:
    """The partners agreed on a version."""
    known = known_of(actor, problems)
    found = {}
    for one in problems:
        agreed = [row.number for row in known.all_statements[one.pk] if row.is_joint]
        found[one.pk] = PartState(
            address=address(one, "joint"),
            has=_("Agreed in version %(number)s") % {"number": agreed[-1]} if agreed else "",
            missing=_lacks(known, one, "joint"),
            is_begun=bool(agreed),
        )
    return found


@part_of_path(pillar=PILLAR, order=90, label=gettext_lazy("Defined"), action="problem.view")
def defined(actor: Actor, problems: list[Problem]) -> Told:
    """Nothing is missing, and the problem is marked as defined."""
    known = known_of(actor, problems)
    found = {}
    for one in problems:
        lacks = known.lacks[one.pk]
        is_done = one.state not in BEFORE_DEFINED and one.state != ProblemState.SET_ASIDE
        missing = _missing(len(lacks)) if lacks or not is_done else ()
        found[one.pk] = PartState(
            address=address(one, "define"),
            has=_standing(one),
            missing=missing,
            is_begun=is_done,
        )
    return found


def _standing(problem: Problem) -> str:
    """The state; where that is the name of the part itself, since when."""
    if problem.state != ProblemState.DEFINED:
        return str(problem.get_state_display())
    day = date_format(localtime(problem.state_since), "DATE_FORMAT")
    return _("Since %(day)s") % {"day": day}


def _missing(count: int) -> tuple[str, ...]:
    if not count:
        return (_("Nothing is missing. Mark the problem as defined."),)
    words = ngettext("%(count)s thing is missing.", "%(count)s things are missing.", count)
    return (words % {"count": count},)
