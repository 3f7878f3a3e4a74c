"""What the overview says of agreements: signatures that wait, and ends that come near."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain import today_in
from commonlight.web.agreements.domain.finding import reminders, visible_agreements
from commonlight.web.agreements.enums import AgreementState
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["agreements_that_end", "signatures_that_wait"]


@task_source("agreement.sign")
def signatures_that_wait(actor: Actor) -> Iterable[Task]:
    """Agreements that the actor's organisation has not signed yet."""
    if actor.membership is None or not actor.membership.is_signatory:
        return
    for agreement in visible_agreements(actor, AgreementState.OFFERED):
        parties = {one.organisation_id: one for one in agreement.parties.all()}
        own = parties.get(actor.organisation_id or 0)
        if own and not own.signed_at:
            yield Task(
                text=_("Read and sign the agreement “%(title)s”") % {"title": agreement.title},
                url=reverse("agreements:agreement", args=[actor.workspace.slug, agreement.number]),
                note=_("You are the registered signatory of your organisation."),
            )


@task_source("agreement.draft")
def agreements_that_end(actor: Actor) -> Iterable[Task]:
    """Agreements that end soon and have no successor."""
    today = today_in(actor.workspace)
    for reminder in reminders(visible_agreements(actor, AgreementState.SIGNED), today):
        agreement = reminder.agreement
        yield Task(
            text=_("The agreement “%(title)s” ends soon") % {"title": agreement.title},
            url=reverse("agreements:agreement", args=[actor.workspace.slug, agreement.number]),
            note=_("%(days)s. After that day the data are gone from every page and file.")
            % {"days": reminder.words},
            urgent=reminder.within <= 30,
        )
