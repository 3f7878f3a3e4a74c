"""The reply register: what people said, by category, and what became of each contribution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Max, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import replies
from commonlight.web.design.engagement.domain.planning import EngagementError, next_number
from commonlight.web.design.engagement.models import Contribution, Hearing, Reply
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import StateTable, read_table
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "STEPS",
    "Tally",
    "add_contributions",
    "answer_titles",
    "contributions_of",
    "is_late",
    "points_at_a_person",
    "record_hearing",
    "reopen",
    "reply",
    "state_table",
    "tallies",
]

STEPS = {"adopted": "adopt", "partly_adopted": "adopt_partly", "not_adopted": "not_adopt"}
"""The step of the table of states that leads to each answer."""

PERSON = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?<![\w/.-])(?:\+|\(?0)\d?(?:[\s()/-]{0,2}\d){8,13}(?![\w-])"
)
"""An e-mail address, or a row of digits that is long enough for a telephone."""


@dataclass(frozen=True)
class Tally:
    """How many contributions there are, and how many have their reply."""

    given: int = 0
    replied: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        """How many keep the gate shut."""
        return self.given - self.replied


def state_table() -> StateTable:
    """The life of a contribution."""
    return read_table("commonlight.web.design.engagement", machine="contribution")


def answer_titles() -> dict[str, Any]:
    """The states of a contribution in words."""
    return {one["id"]: one["title"] for one in replies()["state"]}


def points_at_a_person(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number."""
    return PERSON.search(text) is not None


@transaction.atomic
def record_hearing(
    actor: Actor,
    problem: Problem,
    *,
    held_on: date,
    method: str,
    groups: Mapping[str, int],
    said: str,
) -> Hearing:
    """One occasion on which people were heard, with the number of people by category."""
    require(actor, "reply.write", problem)
    _refuse_persons(said)
    made: Hearing = Hearing.objects.create(
        workspace=problem.workspace,
        problem=problem,
        number=next_number(Hearing, problem),
        held_on=held_on,
        method=method,
        groups={name: count for name, count in groups.items() if count},
        said=said.strip(),
        recorded_by=actor.membership,
    )
    record(actor, "engagement.hear", problem, number=problem.number, hearing=made.number)
    return made


@transaction.atomic
def add_contributions(
    actor: Actor,
    problem: Problem,
    rows: Iterable[tuple[str, str]],
    *,
    received_on: date,
    hearing: Hearing | None = None,
) -> list[Contribution]:
    """Contributions of one day, each a category and what was said.

    Raises
    ------
    EngagementError
        If a text points at a person.
    """
    require(actor, "reply.write", problem)
    given = [(group, text.strip()) for group, text in rows if text.strip()]
    for _group, text in given:
        _refuse_persons(text)
    first = next_number(Contribution, problem)
    made = [
        Contribution(
            workspace=problem.workspace,
            problem=problem,
            hearing=hearing,
            number=first + place,
            group=group,
            text=text,
            received_on=received_on,
            recorded_by=actor.membership,
        )
        for place, (group, text) in enumerate(given)
    ]
    kept: list[Contribution] = Contribution.objects.bulk_create(made)
    record(actor, "engagement.contributions", problem, number=problem.number, count=len(kept))
    return kept


@transaction.atomic
def reply(
    actor: Actor, contribution: Contribution, *, answer: str, text: str, ground: str = ""
) -> Reply:
    """Adopted, partly adopted or not adopted, with the reason.

    Raises
    ------
    EngagementError
        If the reason is shorter than a sentence or points at a person.
    NotNow
        If the contribution has its reply already.
    """
    require(actor, "reply.write", contribution)
    if len(text.strip()) < replies()["reason_min_characters"]:
        raise EngagementError(str(replies()["words"]["reason_needed"]))
    _refuse_persons(text)
    held = _held(contribution)
    held.state = state_table().after(held.state, STEPS[answer], answer_titles())
    held.save(update_fields=["state"])
    last = held.replies.aggregate(last=Max("number"))["last"] or 0
    made: Reply = Reply.objects.create(
        workspace=held.workspace,
        contribution=held,
        number=last + 1,
        answer=answer,
        ground=ground,
        text=text.strip(),
        replied_by=actor.membership,
    )
    contribution.state = held.state
    record(actor, "reply.write", held.problem, contribution=held.number, answer=answer)
    return made


@transaction.atomic
def reopen(actor: Actor, contribution: Contribution, *, reason: str) -> None:
    """Take the reply back; the gate is shut again until there is a new one."""
    require(actor, "reply.write", contribution)
    if not reason.strip():
        raise EngagementError(_("Say why the reply is withdrawn."))
    held = _held(contribution)
    held.state = state_table().after(held.state, "reopen", answer_titles())
    held.save(update_fields=["state"])
    held.replies.filter(withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()
    )
    contribution.state = held.state
    record(actor, "reply.withdraw", held.problem, contribution=held.number)


def contributions_of(problem: Problem) -> QuerySet[Contribution]:
    """The contributions with the replies that stand, those that wait first."""
    standing = Reply.objects.of(problem.workspace).filter(withdrawn_at__isnull=True)
    rows: QuerySet[Contribution] = Contribution.objects.of(problem.workspace)
    rows = rows.filter(problem=problem)
    waits_first = Case(When(state="open", then=0), default=1, output_field=IntegerField())
    rows = rows.order_by(waits_first, "number")
    return rows.select_related("hearing", "problem__workspace").prefetch_related(
        Prefetch("replies", standing.select_related("replied_by__organisation"), to_attr="standing")
    )


def is_late(contribution: Contribution, *, today: date) -> bool:
    """Whether a contribution has waited longer than was promised."""
    waited: timedelta = today - contribution.received_on
    return contribution.state == "open" and waited.days > replies()["reply_within_days"]


def tallies(problems: Iterable[Problem]) -> dict[int, Tally]:
    """The register of each problem in figures, in one query."""
    asked = list(problems)
    return _tallies(asked) if asked else {}


@read_once
def _tallies(asked: list[Problem]) -> dict[int, Tally]:
    limit = timezone.localdate() - timedelta(days=replies()["reply_within_days"])
    rows = (
        Contribution.objects.of(asked[0].workspace)
        .filter(problem__in=asked)
        .values("problem")
        .annotate(
            given=Count("pk"),
            replied=Count("pk", filter=~Q(state="open")),
            late=Count("pk", filter=Q(state="open", received_on__lt=limit)),
        )
        .order_by("problem")
    )
    found = {row["problem"]: Tally(row["given"], row["replied"], row["late"]) for row in rows}
    return {one.pk: found.get(one.pk, Tally()) for one in asked}


def _held(contribution: Contribution) -> Contribution:
    """The contribution as it stands now, held until the end of the transaction."""
    rows = Contribution.objects.of(contribution.workspace).select_related("problem__workspace")
    found: Contribution = rows.select_for_update(of=("self",)).get(pk=contribution.pk)
    return found


def _refuse_persons(text: str) -> None:
    if points_at_a_person(text):
        raise EngagementError(
            _(
                "This text holds an e-mail address or a telephone number. Contributions are kept "
                "by category, without anything that points at a person."
            )
        )
