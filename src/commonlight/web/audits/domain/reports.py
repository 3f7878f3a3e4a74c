"""Whether somebody may see a whole report: all of its sources, and every finding in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.models import StoredFinding
from commonlight.web.audits.visibility import Sight
from commonlight.web.policy import Actor, Decision, allowed, refused
from commonlight.web.runs.models import Run

__all__ = ["report_decision"]


def report_decision(actor: Actor, run: Run) -> Decision:
    """Yes, if nothing in the report is closed to the actor; else the first reason why not."""
    rows = StoredFinding.objects.of(actor.workspace).filter(run=run)
    findings = list(rows.defer("content", "public_content"))
    read = [item["dataset"] for item in run.inputs if item.get("dataset")]
    sight = Sight.of(actor, [*read, *(slug for one in findings for slug in one.sources)])
    reasons = [
        *(sight.of_source(slug) for slug in read),
        *(sight.of_finding(one) for one in findings),
    ]
    closed = next((one for one in reasons if not one), None)
    if closed is None:
        return allowed
    return refused(
        _("The whole report holds something that you may not see. %(reason)s")
        % {"reason": closed.reason},
        closed.ask,
    )
