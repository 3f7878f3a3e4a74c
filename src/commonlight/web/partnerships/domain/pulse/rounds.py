"""Open a round, answer it once, and close it by its date.

An answer is added to one sealed sum in the same step that notes the turn; no row, no event and no
log line holds what one person said. Results are counted once, when the round closes: nobody can
watch them change from one answer to the next. What may not be shown is not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.pulse import disclosure, figures
from commonlight.web.partnerships.domain.pulse.sealing import Sums, SumsLostError, seal, unseal
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    moment,
    next_number,
)
from commonlight.web.partnerships.domain.words import PACKAGE, rows
from commonlight.web.partnerships.enums import ResultShape, RoundState
from commonlight.web.partnerships.models import PulseRound, PulseTurn, PulseTurnout
from commonlight.web.policy import Actor, require
from commonlight.web.states import read_table

__all__ = [
    "answer_round",
    "answer_values",
    "close_due_rounds",
    "has_answered",
    "open_round",
    "rounds_of",
    "statement_ids",
]


def statement_ids() -> list[str]:
    """The statements in the order in which they are asked."""
    return [one["id"] for row in rows("pulse", "condition") for one in row["statements"]]


def answer_values() -> dict[str, int]:
    """The answers that have a value."""
    return {one["id"]: one["value"] for one in rows("pulse", "answer") if "value" in one}


def rounds_of(workspace: Any) -> Any:
    """All rounds, the newest first."""
    return PulseRound.objects.of(workspace).select_related("workspace").defer("sealed_sum")


def has_answered(actor: Actor, asked: PulseRound) -> bool:
    """Whether the actor took her turn; she alone can ask."""
    if actor.membership is None:
        return False
    own = PulseTurn.objects.of(asked.workspace).filter(round=asked, membership=actor.membership)
    return bool(own.exists())


@transaction.atomic
def open_round(actor: Actor, *, closes_on: date, at: datetime | None = None) -> PulseRound:
    """Ask the members for their answers until a day.

    Raises
    ------
    PartnershipError
        If a round is open already, or the day is over.
    """
    require(actor, "partnership.manage")
    if closes_on < day_of(actor.workspace, at):
        raise PartnershipError(
            _("The last day to answer is over. Choose a later one."), "closes_on"
        )
    number = next_number(PulseRound, actor.workspace)
    if PulseRound.objects.of(actor.workspace).filter(state=RoundState.OPEN).exists():
        raise PartnershipError(_("A round is open already."), "closes_on")
    answers = [one["id"] for one in rows("pulse", "answer")]
    made: PulseRound = PulseRound.objects.create(
        workspace=actor.workspace,
        number=number,
        content_version=read_content(PACKAGE, "pulse")["version"],
        opened_at=moment(at),
        closes_on=closes_on,
        opened_by=actor.membership,
        sealed_sum=seal({one: dict.fromkeys(answers, 0) for one in statement_ids()}),
    )
    record(actor, "pulse.open", made, number=number, closes_on=closes_on.isoformat())
    return made


@transaction.atomic
def answer_round(
    actor: Actor, asked: PulseRound, answers: Mapping[str, str], *, at: datetime | None = None
) -> None:
    """Add the actor's answers to the sum; that she answered is noted apart.

    Raises
    ------
    PartnershipError
        If an answer is missing, the day is over or she has answered before.
    """
    require(actor, "pulse.answer", asked)
    held = PulseRound.objects.of(actor.workspace).select_for_update().get(pk=asked.pk)
    if held.state != RoundState.OPEN or held.closes_on < day_of(actor.workspace, at):
        raise PartnershipError(_("This round is closed. Your answers were not added."))
    _check(answers)
    try:
        with transaction.atomic():
            PulseTurn.objects.create(
                workspace=actor.workspace, round=held, membership=actor.membership
            )
    except IntegrityError:
        raise PartnershipError(_("You have answered this round already.")) from None
    held.sealed_sum = seal(_plus(_opened(held), answers))
    held.answers += 1
    held.save(update_fields=["sealed_sum", "answers"])
    asked.answers = held.answers
    record(None, "pulse.answered", held, workspace=actor.workspace)


def close_due_rounds(workspace: Any, *, at: datetime | None = None) -> None:
    """Close each round whose last day is over; what may be shown is counted now, once."""
    due = PulseRound.objects.of(workspace).filter(
        state=RoundState.OPEN, closes_on__lt=day_of(workspace, at)
    )
    for number in list(due.order_by("number").values_list("pk", flat=True)):
        with transaction.atomic():
            held = PulseRound.objects.of(workspace).select_for_update().get(pk=number)
            if held.state == RoundState.OPEN:
                _close(held, at)


def _close(held: PulseRound, at: datetime | None) -> None:
    table = read_table(PACKAGE, machine="round")
    turns = held.turns.select_related("membership")
    turnout = Counter(one.membership.organisation_id for one in turns)
    told = disclosure.verdict(turnout, _shown_before(held), disclosure.limits())
    held.result, held.shape = _counted(held, told)
    held.result["organisations"] = len(turnout)
    held.state, held.closed_at = table.after(held.state, "close"), moment(at)
    held.sealed_sum = ""
    held.save()
    PulseTurnout.objects.bulk_create(
        PulseTurnout(workspace_id=held.workspace_id, round=held, organisation_id=pk, answers=count)
        for pk, count in sorted(turnout.items())
    )
    held.turns.all().delete()
    record(None, "pulse.close", held, workspace=held.workspace, shape=held.shape)


def _counted(held: PulseRound, told: disclosure.Verdict) -> tuple[dict[str, Any], str]:
    """What is kept of the sums, and whether it is shown."""
    if told.shape == ResultShape.HIDDEN:
        return {"reason": told.reason}, told.shape
    try:
        sums = _opened(held)
    except SumsLostError:
        return {"reason": "lost"}, ResultShape.HIDDEN
    values = answer_values()
    return {
        "reason": "",
        "statements": {name: figures.told_of(one, values) for name, one in sums.items()},
        "conditions": {
            row["id"]: figures.told_of(
                figures.added(sums[one["id"]] for one in row["statements"]), values
            )
            for row in rows("pulse", "condition")
        },
    }, told.shape


def _shown_before(held: PulseRound) -> list[dict[int, int]]:
    """The turnout of every earlier round that was shown."""
    found: dict[int, dict[int, int]] = {}
    rows_before = PulseTurnout.objects.of(held.workspace).filter(round__shape=ResultShape.SHOWN)
    for one in rows_before:
        found.setdefault(one.round_id, {})[one.organisation_id] = one.answers
    return list(found.values())


def _opened(held: PulseRound) -> Sums:
    return unseal(held.sealed_sum)


def _plus(sums: Sums, answers: Mapping[str, str]) -> Sums:
    return {
        statement: {one: count + (answers[statement] == one) for one, count in counts.items()}
        for statement, counts in sums.items()
    }


def _check(answers: Mapping[str, str]) -> None:
    known = {one["id"] for one in rows("pulse", "answer")}
    for statement in statement_ids():
        if answers.get(statement) not in known:
            raise PartnershipError(_("Answer each statement, or say that you cannot."), statement)
