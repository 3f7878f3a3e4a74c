"""Invitations: made, opened, accepted, renewed, withdrawn; only the digest of a code is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.accounts.happenings import tell
from commonlight.web.policy import Actor
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Invitation, Membership

__all__ = [
    "VALID_FOR",
    "InvitationError",
    "InvitationState",
    "accept",
    "ask_renewal",
    "find",
    "invite",
    "open_invitation_for",
    "renew",
    "state_of",
    "withdraw",
]

VALID_FOR = timedelta(days=14)


class InvitationError(ValueError):
    """An invitation cannot be used like this; the sentence says why and what to do."""


class InvitationState:
    """Where an invitation stands."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


def state_of(invitation: Invitation) -> str:
    """Where it stands now."""
    if invitation.withdrawn_at:
        return InvitationState.WITHDRAWN
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    expired = timezone.now() >= invitation.expires_at
    return InvitationState.EXPIRED if expired else InvitationState.OPEN


def find(code: str) -> Invitation | None:
    """The invitation that a code belongs to, over all workspaces."""
    found: Invitation | None = (
        Invitation.objects.everywhere("open an invitation by its code")
        .select_related("workspace", "organisation", "invited_by", "accepted_by")
        .filter(code_digest=_digest(code))
        .first()
    )
    return found


def open_invitation_for(workspace: Any, email: str) -> Invitation | None:
    """An invitation to this address that can still be accepted."""
    found: Invitation | None = (
        Invitation.objects.of(workspace)
        .filter(email__iexact=email, accepted_at=None, withdrawn_at=None)
        .filter(expires_at__gt=timezone.now())
        .first()
    )
    return found


@transaction.atomic
def invite(actor: Actor, *, email: str, name: str, organisation: Any, role: str) -> Any:
    """A new invitation and its code, which is known only now."""
    code = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        workspace=actor.workspace,
        email=email.strip().lower(),
        name=name,
        organisation=organisation,
        role=role,
        code_digest=_digest(code),
        invited_by=actor.membership,
        expires_at=timezone.now() + VALID_FOR,
    )
    tell(actor, "people.invite", invitation, role=role, organisation=organisation.pk)
    return invitation, code


@transaction.atomic
def renew(actor: Actor, invitation: Invitation) -> str:
    """A new code for fourteen more days; the old code stops working."""
    held = _held(invitation)
    if state_of(held) in (InvitationState.ACCEPTED, InvitationState.WITHDRAWN):
        raise InvitationError(_("This invitation was accepted or withdrawn. Make a new one."))
    code = secrets.token_urlsafe(24)
    held.code_digest = _digest(code)
    held.expires_at = timezone.now() + VALID_FOR
    held.renewal_asked_at = None
    held.save(update_fields=["code_digest", "expires_at", "renewal_asked_at"])
    tell(actor, "people.renew-invitation", held)
    return code


@transaction.atomic
def withdraw(actor: Actor, invitation: Invitation) -> None:
    """The code stops working."""
    held = _held(invitation)
    if held.accepted_at:
        raise InvitationError(
            _("This invitation was accepted meanwhile. End the membership instead.")
        )
    if held.withdrawn_at is None:
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        tell(actor, "people.withdraw-invitation", held)


@transaction.atomic
def ask_renewal(invitation: Invitation) -> None:
    """Somebody with an expired code asks for a new one; the coordinator sees it once."""
    held = _held(invitation)
    if state_of(held) == InvitationState.EXPIRED and held.renewal_asked_at is None:
        held.renewal_asked_at = timezone.now()
        held.save(update_fields=["renewal_asked_at"])
        public = Actor(kind="public", workspace=held.workspace)
        tell(public, "people.ask-renewal", held)


@transaction.atomic
def accept(invitation: Invitation, user: Any) -> Membership:
    """Become a member; a code works once."""
    held = _held(invitation)
    _check_usable(held)
    if held.email != user.email:
        raise InvitationError(
            _("This invitation is for another address. Sign in with the account of that address.")
        )
    members = Membership.objects.of(held.workspace)
    if members.filter(user=user, ended_at=None).exists():
        raise InvitationError(_("You are a member of this workspace already."))
    membership: Membership = Membership.objects.create(
        workspace=held.workspace, user=user, organisation=held.organisation, role=held.role
    )
    held.accepted_at, held.accepted_by = timezone.now(), user
    held.save(update_fields=["accepted_at", "accepted_by"])
    actor = actor_for(user, held.workspace)
    tell(actor, "people.accept-invitation", held, membership=membership.pk, role=held.role)
    return membership


def _check_usable(invitation: Invitation) -> None:
    state = state_of(invitation)
    if state == InvitationState.ACCEPTED:
        raise InvitationError(_("This invitation was used already. Each one works once."))
    if state == InvitationState.WITHDRAWN:
        raise InvitationError(_("This invitation was withdrawn. Ask the coordinator for another."))
    if state == InvitationState.EXPIRED:
        raise InvitationError(_("This invitation has expired. Ask for a new one."))


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it stands now, held until the end of the transaction."""
    held: Invitation = (
        Invitation.objects.of(invitation.workspace).select_for_update().get(pk=invitation.pk)
    )
    return held


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
