"""Causes of a problem: who sees them, whether partners can reach them, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.stating import note_framed_alone
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.workspaces.models import Organisation

__all__ = ["CauseError", "add_cause", "change_cause", "families", "withdraw_cause"]


class CauseError(ValueError):
    """A change of a cause that cannot be, with the sentence that people read."""


def families() -> dict[str, str]:
    """The kinds of causes with their titles."""
    rows = read_content("commonlight.web.problems", "frames")["cause_family"]
    return {one["id"]: one["title"] for one in rows}


@transaction.atomic
def add_cause(
    actor: Actor,
    problem: Problem,
    *,
    text: str,
    family: str,
    reach: str,
    seen_by: Iterable[Organisation] = (),
    is_disputed: bool = False,
    is_presumed: bool = False,
    at: datetime | None = None,
) -> Cause:
    """A cause that somebody sees; without an organisation, it is that of the one who writes."""
    require(actor, "problem.write", problem)
    refuse_contacts(text=text)
    note_framed_alone(actor, problem)
    cause: Cause = Cause.objects.create(
        workspace=problem.workspace,
        problem=problem,
        text=text.strip(),
        family=family,
        reach=reach,
        is_disputed=is_disputed,
        is_presumed=is_presumed,
        created_at=at or timezone.now(),
    )
    cause.seen_by.set(list(seen_by) or [actor.membership.organisation])
    record(actor, "problem.add_cause", cause, number=problem.number, family=family)
    return cause


@transaction.atomic
def change_cause(
    actor: Actor,
    cause: Cause,
    *,
    text: str,
    family: str,
    reach: str,
    seen_by: Iterable[Organisation],
    is_disputed: bool,
    is_presumed: bool,
) -> Cause:
    """Say a cause better; its evidence stays joined to it."""
    require(actor, "problem.write", cause.problem)
    refuse_contacts(text=text)
    if cause.withdrawn_at is not None:
        raise CauseError(_("This cause was withdrawn; it cannot be changed any more."))
    cause.text, cause.family, cause.reach = text.strip(), family, reach
    cause.is_disputed, cause.is_presumed = is_disputed, is_presumed
    cause.save()
    cause.seen_by.set(list(seen_by))
    record(actor, "problem.change_cause", cause, number=cause.problem.number, family=family)
    return cause


@transaction.atomic
def presume_causes(actor: Actor, problem: Problem, causes: Iterable[Cause]) -> int:
    """Mark causes as presumed, as they are named but nothing shows them yet; how many it were."""
    require(actor, "problem.write", problem)
    marked = 0
    for one in causes:
        if one.is_presumed or one.withdrawn_at is not None:
            continue
        one.is_presumed = True
        one.save(update_fields=["is_presumed"])
        record(actor, "problem.change_cause", one, number=problem.number, family=one.family)
        marked += 1
    return marked


@transaction.atomic
def withdraw_cause(actor: Actor, cause: Cause, *, reason: str) -> Cause:
    """Take a cause out of the record, with the reason; what rests on it is unsupported."""
    require(actor, "problem.write", cause.problem)
    if not reason.strip():
        raise CauseError(_("Say why the cause is withdrawn."))
    if cause.withdrawn_at is None:
        cause.withdrawn_at, cause.withdrawn_reason = timezone.now(), reason.strip()
        cause.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(actor, "problem.withdraw_cause", cause, number=cause.problem.number)
    return cause
