"""Removal as a run, so that a page never waits for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from commonlight.web import runs
from commonlight.web.portability.retention.removal import remove_due

__all__ = ["run_retention"]


@runs.job(
    "retention.run",
    lane="quick",
    title=gettext_noop("Removal of what is past its time"),
    result_schema="commonlight.retention.run/1",
    action="retention.run",
    shared=True,
)
def run_retention(work: runs.Work) -> dict[str, Any]:
    """Remove what is due at this moment; done again after a stop, it finishes the rest."""
    removed = remove_due(work.actor, work.workspace)
    work.message(
        gettext_noop(
            "Removed: {count}. Backups that were made before still hold it, until they are deleted."
        ),
        count=sum(one["count"] for one in removed.values()),
    )
    return {"schema": "commonlight.retention.run/1", "removed": removed}
