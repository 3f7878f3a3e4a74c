"""Observations: one at a time, quickly, each in its session; and the claims that rest on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision
from commonlight.web.problems.fieldwork.domain.guarding import (
    FieldworkError,
    refuse_contacts,
    stop_unless,
    whole_deed,
)
from commonlight.web.problems.fieldwork.domain.sessions import may_change
from commonlight.web.problems.fieldwork.enums import ObservationKind, Tone
from commonlight.web.problems.fieldwork.models import CaptureSession, Observation
from commonlight.web.thread.domain import join
from commonlight.web.thread.kinds import key_of
from commonlight.web.thread.models import Link

__all__ = [
    "claims_offered",
    "first_kind",
    "may_observe",
    "record_observation",
    "take_back_observation",
    "use_observation",
]

WATCHED = frozenset({"observation", "shadowing", "site_inventory"})


@whole_deed
def record_observation(
    actor: Actor,
    session: CaptureSession,
    *,
    text: str,
    tone: str,
    kind: str = "",
    spot: str = "",
    count: int | None = None,
    at: datetime | None = None,
) -> Observation:
    """One more observation of a session, which it rests on in the thread.

    Raises
    ------
    FieldworkError
        If it is empty, holds a contact of a person, or is a quote without consent.
    Refused
        If the session was taken back, or is of another organisation.
    """
    stop_unless(may_observe(actor, session), actor, "problem.write", session)
    chosen = kind or first_kind(session)
    if not text.strip():
        raise FieldworkError("text", _("Write what you saw or heard, in one sentence."))
    if tone not in Tone.values:
        raise FieldworkError("tone", _("Choose: good, trouble or neither."))
    refuse_contacts(text=text, spot=spot)
    if chosen == ObservationKind.QUOTE and not session.has_consent:
        raise FieldworkError(
            "kind",
            _(
                "The consent note was not given in this session, so nobody’s own words can be "
                "kept. Write what you heard in your words."
            ),
        )
    CaptureSession.objects.of(actor.workspace).select_for_update().get(pk=session.pk)
    last = session.observations.aggregate(last=Max("number"))["last"] or 0
    made: Observation = Observation.objects.create(
        workspace=actor.workspace,
        session=session,
        number=last + 1,
        kind=chosen,
        tone=tone,
        text=text.strip(),
        spot=spot.strip(),
        count=count,
        author=actor.membership,
        created_at=at or timezone.now(),
    )
    record(
        actor, "fieldwork.observation.record", made, session=session.number, observation_kind=chosen
    )
    join(actor, made, session)
    return made


@whole_deed
def take_back_observation(actor: Actor, observation: Observation, *, reason: str) -> None:
    """Take an observation back; the words of a quote are erased."""
    session = observation.session
    stop_unless(may_change(actor, session), actor, "problem.write", session)
    if observation.withdrawn_at is not None:
        return
    if not reason.strip():
        raise FieldworkError("reason", _("Say why it is taken back."))
    refuse_contacts(reason=reason)
    observation.withdrawn_at = timezone.now()
    observation.withdrawal_reason = reason.strip()
    if observation.is_quote:
        observation.text = observation.spot = ""
    observation.save()
    record(actor, "fieldwork.observation.withdraw", observation, session=session.number)


def may_observe(actor: Actor, session: CaptureSession) -> Decision:
    """Who led the session enters what was observed."""
    return may_change(actor, session)


def first_kind(session: CaptureSession) -> str:
    """What an observation of this session is most often."""
    return ObservationKind.SEEN if session.method in WATCHED else ObservationKind.HEARD


def use_observation(actor: Actor, observation: Observation, claim: Any, *, note: str = "") -> Link:
    """Let a claim of the problem rest on the observation."""
    refuse_contacts(note=note)
    return join(actor, claim, observation, note=note)


def claims_offered(actor: Actor, observation: Observation) -> list[tuple[str, Any, bool]]:
    """What of the problem could rest on it: `kind:key`, the claim, and whether it does already."""
    problem = observation.session.problem
    causes = problem.causes.filter(withdrawn_at=None).select_related("workspace", "problem")
    uses = problem.valued_uses.filter(withdrawn_at=None, is_none_found=False)
    newest = problem.statements.order_by("-number")[:1]
    ground, number = key_of(observation)
    rows = Link.objects.of(actor.workspace).filter(
        ground_kind=ground, ground_key=number, removed_at=None
    )
    joined = {link.claim for link in rows}
    found = []
    for claim in (*causes, *newest, *uses):
        try:
            key = key_of(claim)
        except LookupError:  # the kind of this thing is no claim
            continue
        found.append((":".join(key), claim, key in joined))
    return found
