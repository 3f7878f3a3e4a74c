"""Take name and address from an account; what it did stays under its number."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import Invitation, Membership

__all__ = ["LastCoordinatorError", "anonymise", "places_left_alone"]

REASON = "an account is taken out of every workspace"
CREDENTIALS = (
    ("account", "EmailAddress"),
    ("mfa", "Authenticator"),
    ("socialaccount", "SocialAccount"),
)


class LastCoordinatorError(ValueError):
    """A workspace would be left without a coordinator."""


@transaction.atomic
def anonymise(user: User, *, actor: Actor | None = None) -> None:
    """End all memberships and sessions, and replace name, address and credentials.

    Events and signatures keep the number of the account.

    Raises
    ------
    LastCoordinatorError
        If the person is the only coordinator of a workspace.
    """
    alone = places_left_alone(user)
    if alone:
        raise LastCoordinatorError(
            _("You are the only coordinator of %(workspace)s. Name another one first.")
            % {"workspace": alone[0]}
        )
    memberships = Membership.objects.everywhere(REASON).filter(user=user)
    places = [one.workspace for one in memberships.select_related("workspace")]
    memberships.filter(ended_at__isnull=True).update(ended_at=timezone.now(), is_signatory=False)
    Invitation.objects.everywhere(REASON).filter(accepted_by=user).delete()
    Invitation.objects.everywhere(REASON).filter(email__iexact=user.email).delete()
    _forget_credentials(user)
    _end_sessions(user)
    User.objects.filter(pk=user.pk).update(
        email=f"deleted-{user.pk}@account.invalid",
        name="",
        language="",
        is_active=False,
        is_operator=False,
        password="!",
        last_login=None,
    )
    for place in {one.pk: one for one in places}.values():
        record(actor, "account.anonymise", user, workspace=place)
    user.refresh_from_db()


def places_left_alone(user: User) -> list[Any]:
    """The workspaces of which the person is the only coordinator."""
    open_ones = Membership.objects.everywhere(REASON).filter(ended_at__isnull=True)
    own = open_ones.filter(user=user, role=Role.COORDINATOR).select_related("workspace")
    return [
        one.workspace
        for one in own
        if not open_ones.filter(workspace=one.workspace, role=Role.COORDINATOR)
        .exclude(user=user)
        .exists()
        and open_ones.filter(workspace=one.workspace).exclude(user=user).exists()
    ]


def _forget_credentials(user: User) -> None:
    for app, name in CREDENTIALS:
        apps.get_model(app, name)._default_manager.filter(user=user).delete()


def _end_sessions(user: User) -> None:
    known = apps.get_model("usersessions", "UserSession")._default_manager.filter(user=user)
    keys = list(known.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    known.delete()
