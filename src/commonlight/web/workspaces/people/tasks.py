"""What waits for the coordinator about people."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Invitation
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["asked_renewals"]


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
