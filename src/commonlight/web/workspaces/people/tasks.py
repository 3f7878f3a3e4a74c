"""What waits for the coordinator and the signatories about people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.ui.dates import date_format
from commonlight.web.workspaces.models import Invitation, Membership
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["asked_renewals", "newcomers"]

SHOWN_FOR = timedelta(days=14)


@task_source("people.invite")
def asked_renewals(actor: Actor) -> Iterator[Task]:
    """Invitations that expired and whose guests ask for a new one."""
    asked = Invitation.objects.of(actor.workspace).filter(
        renewal_asked_at__isnull=False, accepted_at=None, withdrawn_at=None
    )
    for invitation in asked:
        yield Task(
            text=_("Renew the invitation of %(email)s") % {"email": invitation.email},
            url=reverse("workspaces:invitation", args=[actor.workspace.slug, invitation.pk]),
            note=_("It expired, and the guest asks for a new one."),
        )


@task_source("people.view")
def newcomers(actor: Actor) -> Iterator[Task]:
    """Who came to the organisation of a signatory: the coordinator admits, the signatory sees it.

    Those who came with the signatory, within a day, are known to her.
    """
    own = actor.membership
    if own is None or not own.is_signatory:
        return
    since = max(own.started_at + timedelta(days=1), timezone.now() - SHOWN_FOR)
    found = Membership.objects.of(actor.workspace).filter(
        organisation_id=own.organisation_id, ended_at=None, started_at__gt=since
    )
    for member in found.exclude(user_id=own.user_id).select_related("user"):
        day = date_format(timezone.localtime(member.started_at), "DATE_FORMAT")
        yield Task(
            text=_("%(name)s acts for your organisation since %(day)s")
            % {"name": member.user, "day": day},
            url=reverse("workspaces:people", args=[actor.workspace.slug]),
            note=_("If you do not know this person, ask the coordinator to end the membership."),
        )
