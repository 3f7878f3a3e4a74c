"""Who sees a run, and who may stop it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.runs.models import Run
from commonlight.web.runs.registry import shared_kinds

__all__ = ["cancel_run", "view_run"]


@rule("run.view")
def view_run(actor: Actor, run: Run) -> Decision:
    """Runs belong to the organisation that asked for them, but for those that are shared."""
    if is_own(actor, run) or run.kind in shared_kinds():
        return allowed
    return refused(
        _("This run was asked for by another organisation."),
        _("Ask the organisation that started it."),
    )


@rule("run.cancel")
def cancel_run(actor: Actor, run: Run) -> Decision:
    """The organisation that asked for a run may stop it, and so may the coordinator."""
    if is_own(actor, run) or actor.role == "coordinator":
        return allowed
    return refused(
        _("This run was asked for by another organisation."),
        _("Ask the organisation that started it, or the coordinator, to cancel it."),
    )


def is_own(actor: Actor, run: Run) -> bool:
    """Whether the actor, or the actor's organisation, asked for the run."""
    if actor.user_id is not None and run.requested_by_id == actor.user_id:
        return True
    return run.organisation_id is not None and run.organisation_id == actor.organisation_id
