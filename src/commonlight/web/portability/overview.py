"""What the overview says of exports: an answer that is awaited."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.portability.consent import own_standing
from commonlight.web.portability.models import ExportConsent
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["consent_that_waits"]


@task_source("workspace.consent")
def consent_that_waits(actor: Actor) -> Iterable[Task]:
    """The coordinator asked whether the workspace may leave whole, and there is no answer."""
    if actor.membership is None or not actor.membership.is_signatory or not _was_asked(actor):
        return
    standing = own_standing(actor)
    if standing is not None and standing.is_asked:
        yield Task(
            text=_("Decide whether the whole workspace may be exported"),
            url=reverse("portability:consent", args=[actor.workspace.slug]),
            note=_("The coordinator asks for the consent of your organisation."),
        )


def _was_asked(actor: Actor) -> bool:
    """Most of the time nobody asks, and then one question is enough."""
    consents = ExportConsent.objects.of(actor.workspace).exclude(asked_at=None)
    return bool(consents.filter(organisation_id=actor.organisation_id).exists())
