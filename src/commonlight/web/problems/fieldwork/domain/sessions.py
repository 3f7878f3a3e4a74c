"""Sessions with a method card: recorded first, with the consent note, taken back with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain import today_in
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, allowed, decide, refused, require
from commonlight.web.problems.domain.board import hear
from commonlight.web.problems.fieldwork.catalogue import card, people_speak_in, voice_titles
from commonlight.web.problems.fieldwork.domain.guarding import (
    FieldworkError,
    refuse_contacts,
    stop_unless,
    whole_deed,
)
from commonlight.web.problems.fieldwork.enums import Consent, ObservationKind
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import join, part
from commonlight.web.thread.kinds import key_of
from commonlight.web.thread.models import Link

__all__ = [
    "change_session",
    "consent_choices",
    "may_change",
    "record_session",
    "sessions_of",
    "take_back_session",
]

CHANGED = ("held_on", "hours", "place", "groups", "people", "consent", "remarks")


@whole_deed
def record_session(
    actor: Actor,
    problem: Problem,
    *,
    method: str,
    held_on: date,
    place: str,
    consent: str,
    groups: Iterable[str] = (),
    people: str = "nobody",
    hours: str = "",
    remarks: str = "",
    at: datetime | None = None,
) -> CaptureSession:
    """A new session of the actor's organisation; with consent the problem rests on it at once.

    Raises
    ------
    FieldworkError
        If the method, the day, the consent or a text cannot be kept, with the field.
    """
    require(actor, "problem.write", problem)
    given = _checked(
        actor,
        method,
        held_on=held_on,
        place=place,
        consent=consent,
        groups=groups,
        people=people,
        hours=hours,
        remarks=remarks,
    )
    Problem.objects.of(actor.workspace).select_for_update().get(pk=problem.pk)
    last = problem.sessions.aggregate(last=Max("number"))["last"] or 0
    session: CaptureSession = CaptureSession.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=last + 1,
        method=method,
        led_by=actor.membership.organisation,
        author=actor.membership,
        created_at=at or timezone.now(),
        **given,
        **_note(method, consent),
    )
    record(actor, "fieldwork.session.record", session, number=problem.number, method=method)
    _let_rest(actor, session)
    return session


@whole_deed
def change_session(actor: Actor, session: CaptureSession, **given: Any) -> CaptureSession:
    """Mend what was written; without consent no quote can stay.

    Raises
    ------
    FieldworkError
        If something cannot be kept, or quotes would stand without consent.
    Refused
        If the session is of another organisation, or was taken back.
    """
    _require_change(actor, session)
    checked = _checked(actor, session.method, **given)
    quotes = session.observations.filter(kind=ObservationKind.QUOTE, withdrawn_at=None)
    if checked["consent"] == Consent.NOT_GIVEN and quotes.exists():
        raise FieldworkError(
            "consent",
            _("This session keeps quotes. Take the quotes back first, or take back the session."),
        )
    was, gone = session.consent, set(session.groups) - set(checked["groups"])
    for name, value in checked.items():
        setattr(session, name, value)
    if checked["consent"] != was:
        for name, value in _note(session.method, checked["consent"]).items():
            setattr(session, name, value)
    session.save()
    record(actor, "fieldwork.session.change", session, number=session.problem.number, consent=was)
    _no_longer_heard(actor, session, gone)
    _let_rest(actor, session)
    return session


@whole_deed
def take_back_session(actor: Actor, session: CaptureSession, *, reason: str) -> None:
    """Take a session back: its quotes are erased, and what rests on it does not hold any more."""
    _require_change(actor, session)
    if not reason.strip():
        raise FieldworkError("reason", _("Say why it is taken back."))
    refuse_contacts(reason=reason)
    session.withdrawn_at, session.withdrawal_reason = timezone.now(), reason.strip()
    session.save()
    session.observations.filter(kind=ObservationKind.QUOTE).update(text="", spot="")
    record(actor, "fieldwork.session.withdraw", session, number=session.problem.number)


def may_change(actor: Actor, session: CaptureSession) -> Decision:
    """The organisation that led it and the coordinator change a session or take it back."""
    if not session.is_live:
        return refused(_("This session was taken back."))
    may = decide(actor, "problem.write", session.problem)
    if not may:
        return may
    if actor.role == "coordinator" or session.led_by_id == actor.organisation_id:
        return allowed
    return refused(
        _("Only %(organisation)s and the coordinator may change this session.")
        % {"organisation": session.led_by},
        _("Ask the people who led it."),
    )


def sessions_of(problem: Problem) -> list[CaptureSession]:
    """The sessions of a problem that stand, the newest first, each with its observations."""
    rows = problem.sessions.filter(withdrawn_at=None).select_related("led_by")
    return list(rows.prefetch_related("observations"))


def consent_choices(method: str) -> list[tuple[str, Any]]:
    """How the note can be given with this card; a sign only where the card says so."""
    signed = bool((card(method) or {}).get("consent_when"))
    return [(value, label) for value, label in Consent.choices if signed or value != Consent.SIGN]


def _require_change(actor: Actor, session: CaptureSession) -> None:
    stop_unless(may_change(actor, session), actor, "problem.write", session)


def _checked(actor: Actor, method: str, **given: Any) -> dict[str, Any]:
    """What is kept of a session, or the first thing that cannot be."""
    if card(method) is None:
        raise FieldworkError("method", _("Choose a method card."))
    if given["held_on"] > today_in(actor.workspace):
        raise FieldworkError("held_on", _("A session is recorded when it was held, not before."))
    if given["consent"] not in dict(consent_choices(method)):
        raise FieldworkError("consent", _("Say whether the consent note was given."))
    groups = [one for one in voice_titles() if one in set(given["groups"])]
    texts = {name: str(given[name]).strip() for name in ("hours", "place", "remarks")}
    if not texts["place"]:
        raise FieldworkError("place", _("Say where it was held."))
    refuse_contacts(**texts)
    kept = {name: given[name] for name in ("held_on", "consent", "people")}
    return {**kept, "groups": groups, **texts}


def _note(method: str, consent: str) -> dict[str, str]:
    """The words that people heard, kept with the session: the card may change later."""
    if consent == Consent.NOT_GIVEN:
        return {"consent_text": "", "consent_language": ""}
    known = card(method) or {}
    return {"consent_text": str(known["consent"]), "consent_language": get_language() or "en"}


def _let_rest(actor: Actor, session: CaptureSession) -> None:
    """A session with consent is a source of its problem; groups that spoke are heard through it."""
    if not session.has_consent:
        return
    join(actor, session.problem, session)
    for group in session.groups if people_speak_in(session.method) else ():
        hear(actor, session.problem, group, session)


def _no_longer_heard(actor: Actor, session: CaptureSession, groups: Iterable[str]) -> None:
    """Groups that did not take part after all are not heard through this session."""
    notes = session.problem.voices.filter(voice__in=list(groups))
    kind, number = key_of(session)
    for note in notes:
        above, key = key_of(note)
        links = Link.objects.of(actor.workspace).filter(
            claim_kind=above, claim_key=key, ground_kind=kind, ground_key=number, removed_at=None
        )
        for link in links:
            part(actor, note, link, reason=_("The group did not take part after all."))
