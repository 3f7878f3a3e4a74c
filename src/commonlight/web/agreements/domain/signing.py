"""Offer, read, sign, ask for a change, take back, end and follow up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.drafting import (
    create_draft,
    set_datasets,
    set_parties,
    unanswered,
)
from commonlight.web.agreements.domain.terms import digest_of, is_untouched, terms_of
from commonlight.web.agreements.enums import AgreementState, Part
from commonlight.web.agreements.models import (
    Agreement,
    AgreementParty,
    ChangeRequest,
    OpenedPart,
)
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Membership

__all__ = [
    "AgreementError",
    "ask_for_change",
    "end",
    "follow_up",
    "offer",
    "open_part",
    "party_of",
    "sign",
    "take_back",
    "unopened_parts",
]


class AgreementError(ValueError):
    """A step that the state of the agreement does not allow."""


@transaction.atomic
def offer(actor: Actor, agreement: Agreement) -> None:
    """Freeze the text and offer it to the signatories.

    Raises
    ------
    AgreementError
        If something is unanswered, or it is no draft.
    """
    held = _held(agreement, AgreementState.DRAFT)
    open_points = unanswered(held, today_in(held.workspace))
    if open_points:
        raise AgreementError(
            _("The draft still leaves something open: %(what)s") % {"what": open_points[0].text}
        )
    held.terms = terms_of(held)
    digest = digest_of(held.terms)
    held.offered_at, held.state = timezone.now(), AgreementState.OFFERED
    held.save(update_fields=["terms", "offered_at", "state"])
    held.text_digest = digest
    Agreement.objects.of(held.workspace).filter(pk=held.pk).update(text_digest=digest)
    record(actor, "agreement.offered", held, sha256=digest)
    _refresh(agreement, held)


@transaction.atomic
def open_part(actor: Actor, agreement: Agreement, part: str) -> None:
    """Keep that this member has opened a part of the text that is offered."""
    if agreement.state != AgreementState.OFFERED or actor.membership is None:
        return
    OpenedPart.objects.of(agreement.workspace).get_or_create(
        workspace=agreement.workspace,
        agreement=agreement,
        membership=actor.membership,
        part=part,
        digest=agreement.text_digest,
    )


def unopened_parts(membership: Membership, agreement: Agreement) -> list[str]:
    """The parts that a member has not opened since the text was offered, in their order."""
    opened = set(
        OpenedPart.objects.of(agreement.workspace)
        .filter(agreement=agreement, membership=membership, digest=agreement.text_digest)
        .values_list("part", flat=True)
    )
    return [part for part in Part.values if part not in opened]


def party_of(actor: Actor, agreement: Agreement) -> AgreementParty | None:
    """The party that the actor belongs to."""
    for party in agreement.parties.all():
        if party.organisation_id == actor.organisation_id:
            return party
    return None


@transaction.atomic
def sign(actor: Actor, agreement: Agreement) -> None:
    """Sign for the actor's organisation; the last signature puts the agreement in force.

    Raises
    ------
    AgreementError
        If it is not offered, the text is no longer the one offered, or the party has signed.
    """
    held = _held(agreement, AgreementState.OFFERED)
    if not is_untouched(held):
        raise AgreementError(_("The text is not the one that was offered. Nothing was signed."))
    party = party_of(actor, held)
    if party is None or party.signed_at:
        raise AgreementError(_("Your organisation has signed already, or is no party."))
    party.signed_by, party.signed_at = actor.membership, timezone.now()
    party.signed_digest = held.text_digest
    party.save()
    record(actor, "agreement.signed", held, sha256=held.text_digest, party=str(party.organisation))
    if not held.parties.filter(signed_at__isnull=True).exists():
        held.state, held.signed_at = AgreementState.SIGNED, timezone.now()
        held.save(update_fields=["state", "signed_at"])
        record(actor, "agreement.concluded", held, sha256=held.text_digest)
    _refresh(agreement, held)


@transaction.atomic
def ask_for_change(actor: Actor, agreement: Agreement, text: str) -> ChangeRequest:
    """Keep what a party would like changed; the text itself stays as it is."""
    held = _held(agreement, AgreementState.OFFERED)
    asked: ChangeRequest = ChangeRequest.objects.create(
        workspace=held.workspace,
        agreement=held,
        organisation_id=actor.organisation_id,
        asked_by=actor.membership,
        text=text,
        digest=held.text_digest,
    )
    record(actor, "agreement.change_requested", held, request=asked.pk)
    return asked


@transaction.atomic
def take_back(actor: Actor, agreement: Agreement) -> None:
    """Make an offered text a draft again; signatures under it no longer count."""
    held = _held(agreement, AgreementState.OFFERED)
    held.parties.update(signed_by=None, signed_at=None, signed_digest="")
    held.state, held.text_digest, held.terms, held.offered_at = AgreementState.DRAFT, "", {}, None
    held.save(update_fields=["state", "text_digest", "terms", "offered_at"])
    record(actor, "agreement.taken_back", held)
    _refresh(agreement, held)


@transaction.atomic
def end(actor: Actor, agreement: Agreement, reason: str) -> None:
    """End a signed agreement from this moment, with the reason."""
    held = _held(agreement, AgreementState.SIGNED)
    held.state, held.ended_at, held.end_reason = AgreementState.ENDED, timezone.now(), reason
    held.save(update_fields=["state", "ended_at", "end_reason"])
    record(actor, "agreement.end", held, party=str(actor.membership.organisation))
    _refresh(agreement, held)


@transaction.atomic
def follow_up(actor: Actor, agreement: Agreement) -> Agreement:
    """A draft with the same content that follows a signed agreement; dates are left open."""
    made = create_draft(
        actor,
        kind=agreement.kind,
        title=agreement.title,
        purpose=agreement.purpose,
        legal_basis=agreement.legal_basis,
        clauses=agreement.clauses,
        place_detail=agreement.place_detail,
        time_detail=agreement.time_detail,
        answered=[Part.DETAIL.value, Part.PURPOSE.value, Part.CLAUSES.value],
        replaces=agreement,
    )
    parties = list(agreement.parties.select_related("organisation"))
    set_parties(
        actor,
        made,
        givers=[one.organisation for one in parties if one.gives],
        receivers=[one.organisation for one in parties if one.receives],
    )
    alive: list[Any] = [one for one in agreement.datasets.all() if one.deleted_at is None]
    set_datasets(actor, made, datasets=alive, fields=list(agreement.fields))
    return made


def _held(agreement: Agreement, state: AgreementState) -> Agreement:
    """The agreement as it is now, kept from others until this step is over."""
    Agreement.objects.of(agreement.workspace).select_for_update().get(pk=agreement.pk)
    held: Agreement = (
        Agreement.objects.of(agreement.workspace)
        .select_related("workspace", "replaces")
        .prefetch_related("parties__organisation", "datasets")
        .get(pk=agreement.pk)
    )
    if held.state != state:
        raise AgreementError(
            _("This agreement is now “%(state)s”. Open it again to see what you can do.")
            % {"state": held.get_state_display()}
        )
    return held


def _refresh(agreement: Agreement, held: Agreement) -> None:
    """Let the caller's copy follow."""
    for name in (
        "state",
        "terms",
        "text_digest",
        "offered_at",
        "signed_at",
        "ended_at",
        "end_reason",
    ):
        setattr(agreement, name, getattr(held, name))
