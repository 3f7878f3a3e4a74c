"""Decisions of a meeting: the body that took each, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    leave_persons_out,
    moment,
    next_number,
)
from commonlight.web.partnerships.models import Decision, Meeting
from commonlight.web.policy import Actor, require
from commonlight.web.thread.domain import join

__all__ = ["decisions_of", "take_decision"]


def decisions_of(workspace: Any) -> Any:
    """All decisions of a workspace."""
    return Decision.objects.of(workspace).select_related(
        "decided_by", "problem", "meeting", "workspace"
    )


@transaction.atomic
def take_decision(
    actor: Actor,
    meeting: Meeting,
    *,
    text: str,
    decided_by: Any = None,
    is_joint: bool = False,
    how: str = "",
    problem: Any = None,
    grounds: Iterable[Any] = (),
    at: datetime | None = None,
) -> Decision:
    """Write down a decision; one without the body that took it is kept, and marked."""
    require(actor, "meeting.write", meeting)
    leave_persons_out(text=text, how=how)
    if not text.strip():
        raise PartnershipError(_("Write down what is decided."), "text")
    made: Decision = Decision.objects.create(
        workspace=actor.workspace,
        meeting=meeting,
        number=next_number(Decision, actor.workspace),
        text=text.strip(),
        decided_by=None if is_joint else decided_by,
        is_joint=is_joint,
        how=how.strip(),
        problem=problem,
        decided_at=moment(at),
    )
    record(actor, "decision.take", made, number=made.number)
    for ground in grounds:
        join(actor, made, ground)
    return made
