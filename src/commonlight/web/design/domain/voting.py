"""Votes on ideas: open one, put in the dots, close it, and count them again from what is exported.

Dots on a wall are entered by group of participants; a member of the workspace votes once. Who gave
which dots is never shown: a group's dots stand together, and so do those of all members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.domain.catalogue import groups
from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.enums import VoteKind, VoteState
from commonlight.web.design.models import Ballot, Cluster, Dots, Idea, Vote, Workshop
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import read_table

__all__ = [
    "MEMBERS",
    "MOST_IDEAS",
    "Place",
    "VoteError",
    "cast_ballot",
    "close_vote",
    "count_group",
    "exported_votes",
    "has_voted",
    "is_ranking_shown",
    "open_vote",
    "ranking",
    "recount",
    "standings",
]

TABLE = read_table("commonlight.web.design", machine="vote")
MOST_IDEAS = 200
"""People cannot weigh more ideas than this at once."""
MEMBERS = "members"
"""The group under which the ballots of members are exported, all together."""


class VoteError(ValueError):
    """What cannot be done with a vote; `field` names the input that is wrong, if one is."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Place:
    """An idea's place in the ranking; ideas with as many dots share a place."""

    rank: int
    idea: Idea
    dots: int
    residents: int
    others: int


@transaction.atomic
def open_vote(
    actor: Actor,
    problem: Problem,
    *,
    title: str,
    kind: str,
    dots: int = 3,
    most_on_one: int = 2,
    workshop: Workshop | None = None,
    cluster: Cluster | None = None,
    at: datetime | None = None,
) -> Vote:
    """A vote on the ideas of a workshop, of a cluster, or of the whole problem.

    Raises
    ------
    VoteError
        If there are fewer than two ideas or too many, or nobody could place all dots.
    """
    require(actor, "design.write", problem)
    chosen = problem.ideas.all()
    chosen = chosen.filter(workshop=workshop) if workshop else chosen
    chosen = chosen.filter(cluster=cluster) if cluster else chosen
    ideas = list(chosen[: MOST_IDEAS + 1])
    _check_choice(ideas, dots, most_on_one)
    hold_problem(problem)
    made: Vote = Vote.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=next_number(problem.votes),
        title=title.strip(),
        kind=kind,
        dots=dots,
        most_on_one=most_on_one,
        workshop=workshop,
        opened_by=actor.membership,
        opened_at=at or timezone.now(),
    )
    made.ideas.set(ideas)
    record(actor, "design.vote_opened", made, number=made.number, ideas=len(ideas))
    return made


@transaction.atomic
def count_group(
    actor: Actor, vote: Vote, *, group: str, people: int, dots: Mapping[int, int]
) -> Ballot:
    """Enter the dots of one group, by the key of the idea; counted again, they are replaced.

    Raises
    ------
    VoteError
        If a group placed more dots than its people have.
    """
    require(actor, "design.write", vote.problem)
    _require_open(vote, VoteKind.COUNTED)
    if group not in groups():
        raise VoteError(_("Choose a group."), "group")
    _check_dots(vote, dots, people)
    hold_problem(vote.problem)
    ballot: Ballot
    ballot, _made = Ballot.objects.of(vote.workspace).update_or_create(
        vote=vote,
        group=group,
        defaults={"workspace": vote.workspace, "people": people},
    )
    _place(ballot, vote, dots)
    record(actor, "design.votes_counted", vote, number=vote.number, group=group)
    return ballot


@transaction.atomic
def cast_ballot(actor: Actor, vote: Vote, *, dots: Mapping[int, int]) -> None:
    """Vote as a member, once; the event says that somebody voted, not for what.

    Raises
    ------
    VoteError
        If no dot was placed, or more than one person has.
    Refused
        If the vote is closed or the actor has voted before.
    """
    require(actor, "design.vote", vote)
    _check_dots(vote, dots, 1)
    if not any(dots.values()):
        raise VoteError(_("Place at least one dot."))
    hold_problem(vote.problem)
    require(actor, "design.vote", vote)
    ballot: Ballot = Ballot.objects.create(
        workspace=vote.workspace, vote=vote, member=actor.membership
    )
    _place(ballot, vote, dots)
    record(actor, "design.vote_cast", vote, number=vote.number)


@transaction.atomic
def close_vote(actor: Actor, vote: Vote, *, at: datetime | None = None) -> None:
    """No more dots; from now on the ranking of a vote of members is shown."""
    require(actor, "design.write", vote.problem)
    vote.state = TABLE.after(vote.state, "close", dict(VoteState.choices))
    vote.closed_at = at or timezone.now()
    vote.save(update_fields=["state", "closed_at"])
    record(actor, "design.vote_closed", vote, number=vote.number)


def has_voted(actor: Actor, vote: Vote) -> bool:
    """Whether the actor's ballot is in."""
    found: bool = vote.ballots.filter(member=actor.membership).exists()
    return found


def is_ranking_shown(vote: Vote) -> bool:
    """What others chose must not sway a member who has not voted yet."""
    return vote.kind == VoteKind.COUNTED or vote.state == VoteState.CLOSED


def ranking(vote: Vote) -> list[Place]:
    """All ideas of the vote, those with the most dots first; none is left out."""
    by_idea: dict[int, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for idea, group, number in _sums(vote):
        by_idea[idea][_is_residents(group)] += number
    ideas = list(vote.ideas.select_related("cluster").order_by("number"))
    totals = {one.pk: sum(by_idea[one.pk].values()) for one in ideas}
    ordered = sorted(ideas, key=lambda one: (-totals[one.pk], one.number))
    ranks = _ranks([totals[one.pk] for one in ordered])
    return [
        Place(rank, one, totals[one.pk], by_idea[one.pk][True], by_idea[one.pk][False])
        for rank, one in zip(ranks, ordered, strict=True)
    ]


def standings(idea: Idea, votes: Iterable[Vote]) -> dict[int, tuple[int, int]]:
    """Place and dots of one idea in each of these votes, by the key of the vote."""
    shown = [one for one in votes if is_ranking_shown(one)]
    sums: dict[int, dict[int, int]] = {one.pk: {} for one in shown}
    rows = Dots.objects.of(idea.workspace).filter(ballot__vote__in=shown).order_by()
    for vote, other, total in rows.values_list("ballot__vote", "idea").annotate(
        total=Sum("number")
    ):
        sums[vote][other] = total
    return {
        key: (1 + sum(one > found.get(idea.pk, 0) for one in found.values()), found.get(idea.pk, 0))
        for key, found in sums.items()
    }


def exported_votes(vote: Vote) -> list[dict[str, Any]]:
    """The dots of each group on each idea, the ideas without a dot among them."""
    people: dict[str, int] = defaultdict(int)
    for one in vote.ballots.all():
        people[one.group or MEMBERS] += one.people
    sums = {(idea, group or MEMBERS): number for idea, group, number in _sums(vote)}
    return [
        {
            "vote": vote.number,
            "idea": idea.number,
            "text": idea.text,
            "group": group,
            "people": people.get(group, 0),
            "dots": sums.get((idea.pk, group), 0),
        }
        for idea in vote.ideas.order_by("number")
        for group in [*people] or [""]
    ]


def recount(rows: Iterable[Mapping[str, Any]]) -> list[tuple[int, int, int]]:
    """Place, number and dots of each idea, from exported rows and from nothing else."""
    totals: dict[int, int] = defaultdict(int)
    for row in rows:
        totals[int(row["idea"])] += int(row["dots"])
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ranks = _ranks([dots for _idea, dots in ordered])
    return [(rank, idea, dots) for rank, (idea, dots) in zip(ranks, ordered, strict=True)]


def _ranks(totals: list[int]) -> list[int]:
    """Equal totals share the place of the first of them."""
    return [totals.index(one) + 1 for one in totals]


def _sums(vote: Vote) -> Iterable[tuple[int, str, int]]:
    rows: Iterable[tuple[int, str, int]] = (
        Dots.objects.of(vote.workspace)
        .filter(ballot__vote=vote)
        .order_by()
        .values_list("idea", "ballot__group")
        .annotate(total=Sum("number"))
    )
    return rows


def _is_residents(group: str) -> bool:
    return str(groups().get(group, {}).get("family", "")) == "residents"


def _place(ballot: Ballot, vote: Vote, dots: Mapping[int, int]) -> None:
    ballot.dots.all().delete()
    Dots.objects.bulk_create(
        Dots(workspace=vote.workspace, ballot=ballot, idea=one, number=dots[one.pk])
        for one in vote.ideas.all()
        if dots.get(one.pk)
    )


def _require_open(vote: Vote, kind: str) -> None:
    if vote.state != VoteState.OPEN:
        raise VoteError(_("This vote is closed; its dots stay as they are."))
    if vote.kind != kind:
        raise VoteError(_("In this vote each member votes once; no dots are counted by group."))


def _check_choice(ideas: list[Idea], dots: int, most_on_one: int) -> None:
    if len(ideas) > MOST_IDEAS:
        raise VoteError(
            _("More than %(most)d ideas are too many for one vote. Choose a workshop or a cluster.")
            % {"most": MOST_IDEAS}
        )
    if len(ideas) < 2:
        raise VoteError(_("A vote needs at least two ideas."))
    if not 1 <= most_on_one <= dots:
        raise VoteError(
            _("On one idea a person can put at least one dot, and at most all dots."),
            "most_on_one",
        )
    if most_on_one * len(ideas) < dots:
        raise VoteError(
            _("With so few ideas nobody could place all dots. Give fewer dots."), "dots"
        )


def _check_dots(vote: Vote, dots: Mapping[int, int], people: int) -> None:
    if people < 1:
        raise VoteError(_("Say how many people placed these dots."), "people")
    if any(number < 0 for number in dots.values()):
        raise VoteError(_("Dots cannot be fewer than none."))
    placed, have = sum(dots.values()), people * vote.dots
    if placed > have:
        raise VoteError(
            ngettext(
                "%(placed)d dot was placed, but there are only %(have)d.",
                "%(placed)d dots were placed, but there are only %(have)d.",
                placed,
            )
            % {"placed": placed, "have": have}
        )
    most = people * vote.most_on_one
    if any(number > most for number in dots.values()):
        raise VoteError(
            ngettext(
                "At most %(most)d dot can lie on one idea.",
                "At most %(most)d dots can lie on one idea.",
                most,
            )
            % {"most": most}
        )
