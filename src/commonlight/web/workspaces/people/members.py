"""Members: their roles and the end of a membership; a workspace keeps a coordinator."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.accounts.happenings import tell
from commonlight.web.accounts.sessions import end_sessions
from commonlight.web.policy import Actor
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import Membership, Workspace

__all__ = ["MemberError", "change_member", "end_membership", "is_last_coordinator"]


class MemberError(ValueError):
    """A membership cannot be changed like this; the sentence says why and what to do."""


def is_last_coordinator(membership: Membership) -> bool:
    """Whether the workspace would be left without a coordinator."""
    if membership.role != Role.COORDINATOR or membership.ended_at is not None:
        return False
    others = Membership.objects.of(membership.workspace).filter(
        role=Role.COORDINATOR, ended_at=None, user__is_active=True
    )
    return not others.exclude(pk=membership.pk).exists()


@transaction.atomic
def change_member(
    actor: Actor, membership: Membership, *, role: str, organisation: Any, is_signatory: bool
) -> None:
    """Give another role, organisation or the right to sign.

    Nobody does so for herself: another organisation is other data. Whoever goes to another
    organisation becomes a member anew there, and what the old one let her do ends.

    Raises
    ------
    MemberError
        If it is one's own membership, or the workspace would be left without a coordinator.
    """
    held = _held(membership)
    before = {"role": held.role, "signatory": held.is_signatory, "place": held.organisation_id}
    after = {"role": role, "signatory": is_signatory, "place": organisation.pk}
    if before == after:
        return
    if held.user_id == actor.user_id:
        raise MemberError(
            _(
                "You cannot change your own role, organisation or right to sign. Ask another "
                "coordinator."
            )
        )
    if role != Role.COORDINATOR and is_last_coordinator(held):
        raise MemberError(_last_coordinator())
    if organisation.pk != held.organisation_id:
        held = _moved(held)
    held.role, held.organisation, held.is_signatory = role, organisation, is_signatory
    held.save()
    tell(actor, "people.change", held, before=before, after=after)


def _moved(held: Membership) -> Membership:
    """The old membership ends, and a new one begins."""
    held.ended_at, held.is_signatory = timezone.now(), False
    held.save(update_fields=["ended_at", "is_signatory"])
    held.space_roles.all().delete()
    return Membership(workspace=held.workspace, user=held.user, started_at=held.ended_at)


@transaction.atomic
def end_membership(actor: Actor, membership: Membership) -> None:
    """From this moment the person reads nothing here; with no other workspace, she is signed out.

    Raises
    ------
    MemberError
        If the workspace would be left without a coordinator.
    """
    held = _held(membership)
    if is_last_coordinator(held):
        raise MemberError(_last_coordinator())
    held.ended_at = timezone.now()
    held.is_signatory = False
    held.save(update_fields=["ended_at", "is_signatory"])
    held.space_roles.all().delete()
    tell(actor, "people.end", held, role=held.role)
    if not held.user.memberships.filter(ended_at__isnull=True).exists():
        end_sessions(held.user)


def _last_coordinator() -> str:
    return _(
        "This is the last coordinator of the workspace. Make somebody else a coordinator first."
    )


def _held(membership: Membership) -> Membership:
    """The membership as it stands now; changes of people in one workspace take turns.

    Raises
    ------
    MemberError
        If it has ended meanwhile.
    """
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    held: Membership = (
        Membership.objects.of(membership.workspace).select_for_update().get(pk=membership.pk)
    )
    if held.ended_at is not None:
        raise MemberError(_("This membership has ended already."))
    return held
