"""What waits on the first page: public versions to check, sessions without observations."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor
from commonlight.web.problems.fieldwork.addresses import audit_page, page_of
from commonlight.web.problems.fieldwork.catalogue import audit_words
from commonlight.web.problems.fieldwork.domain.publishing import versions_to_check
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["empty_sessions", "waiting_versions"]

MOST_TASKS = 5


@task_source("release.check")
def waiting_versions(actor: Actor) -> Iterable[Task]:
    """Public versions of audits that the actor may check."""
    for version in versions_to_check(actor, most=MOST_TASKS):
        audit = version.audit
        yield Task(
            text=_("Check the public version of “%(title)s”") % {"title": audit.title},
            url=audit_page(actor.workspace, "version", audit.number, version.number),
            note=audit_words()["two_roles"],
        )


@task_source("problem.write")
def empty_sessions(actor: Actor) -> Iterable[Task]:
    """Sessions that the actor wrote down and in which nothing stands yet."""
    rows = CaptureSession.objects.of(actor.workspace).filter(
        author=actor.membership, withdrawn_at=None, observations=None
    )
    for session in rows.select_related("problem__workspace")[:MOST_TASKS]:
        yield Task(
            text=_("Write down what you observed: %(place)s") % {"place": session.place},
            url=page_of(session.problem, "session", session.number),
        )
