"""What statement, frames, causes and sources put into the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.board import voices_of
from commonlight.web.problems.domain.causing import families
from commonlight.web.problems.domain.sentences import bare
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.path_parts import counted
from commonlight.web.problems.record_fields import Entry, record_field

__all__ = [
    "cause_evidence",
    "frames",
    "joint_statement",
    "minority_causes",
    "missing_voices",
    "owner",
    "reframings",
    "title",
]

STATED = ("place", "period", "groups_harmed", "harm", "effects", "disputed")
Teller = Callable[[Actor, Problem], Iterable[Entry]]


def _stated(name: str) -> Teller:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        found = known_of(actor, [problem]).statements[problem.pk]
        text, place = getattr(found, name), address(problem, "version", found.number)
        return [Entry(text=text, address=place)] if text else []

    return tell


def _reached(reach: CauseReach) -> Teller:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        rows = known_of(actor, [problem]).causes.get(problem.pk, ())
        return [_cause(one) for one in rows if one.reach == reach and not one.left_out_reason]

    return tell


def _sourced(nature: str) -> Teller:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        for one in known_of(actor, [problem]).evidence[problem.pk].standing:
            if one.nature == nature:
                closed = _("A source that is closed to you")
                yield Entry(text=one.title or closed, address=one.address)

    return tell


for _name in STATED:
    record_field(_name)(_stated(_name))
record_field("causes_inside")(_reached(CauseReach.INSIDE))
record_field("causes_outside")(_reached(CauseReach.OUTSIDE))
record_field("sources_quantitative")(_sourced("quantitative"))
record_field("sources_qualitative")(_sourced("qualitative"))


def _cause(one: Cause) -> Entry:
    place = f"{address(one.problem, 'causes')}#cause-{one.pk}"
    if one.is_disputed:
        return Entry(text=_("%(cause)s (disputed)") % {"cause": bare(one.text)}, address=place)
    return Entry(text=one.text, address=place)


@record_field("title")
def title(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The title, and the sentence as it stands now."""
    sentence = known_of(actor, [problem]).statements[problem.pk].sentence
    return [Entry(text=problem.title, address=address(problem)), Entry(text=sentence)]


@record_field("owner")
def owner(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The organisation that answers for the problem."""
    return [Entry(text=problem.owner.name)] if problem.owner else []


@record_field("cause_evidence")
def cause_evidence(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """For each cause, whether it rests on anything, or why not."""
    known = known_of(actor, [problem])
    held = known.evidence[problem.pk].causes
    for one in known.causes.get(problem.pk, ()):
        if held[one.pk]:
            state = _("supported")
        else:
            state = _("presumed, not shown yet") if one.is_presumed else held[one.pk].reason
        place = f"{address(problem, 'causes')}#cause-{one.pk}"
        text = _("%(cause)s: %(state)s") % {"cause": bare(one.text), "state": state}
        yield Entry(text=text, address=place)


@record_field("missing_voices")
def missing_voices(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Groups that are not heard, each with the reason if somebody gave one."""
    for one in voices_of(actor, [problem])[problem.pk]:
        if not one.is_heard:
            place = f"{address(problem, 'sources')}#voice-{one.id}"
            yield Entry(text=one.told, address=place)


@record_field("frames")
def frames(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each round: how many have answered; what they said stands on its own page."""
    for one in known_of(actor, [problem]).rounds.get(problem.pk, ()):
        yield Entry(text=counted(one), address=address(problem, "round", one.number))


@record_field("joint_statement")
def joint_statement(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The newest version on which the partners agreed."""
    rows = known_of(actor, [problem]).all_statements[problem.pk]
    agreed = [one for one in rows if one.is_joint][-1:]
    return [
        Entry(text=one.sentence, address=address(problem, "version", one.number)) for one in agreed
    ]


@record_field("minority_causes")
def minority_causes(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Kinds of causes that the joint statement leaves out, each with the reason."""
    titles = families()
    for one in known_of(actor, [problem]).causes.get(problem.pk, ()):
        if one.left_out_reason:
            values = {
                "family": titles.get(one.family, one.family),
                "cause": bare(one.text),
                "reason": one.left_out_reason,
            }
            text = _("%(family)s: %(cause)s. Left out: %(reason)s") % values
            yield Entry(text=text, address=f"{address(problem, 'causes')}#cause-{one.pk}")


@record_field("reframings")
def reframings(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Every change of the statement, with what moved it."""
    return [
        Entry(text=one.reason, address=address(problem, "version", one.number))
        for one in known_of(actor, [problem]).all_statements[problem.pk]
        if one.reason
    ]
