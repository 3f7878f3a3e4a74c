"""Who may change what stands in a partnership."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.partnerships.domain.agreement import sign_decision
from commonlight.web.partnerships.domain.pulse import has_answered
from commonlight.web.partnerships.enums import RoundState
from commonlight.web.partnerships.models import (
    Action,
    Partner,
    PartnershipAgreement,
    PulseRound,
    TaskPart,
)
from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role

__all__ = ["answer_pulse", "sign_partnership", "write_partnership"]


@rule("meeting.write")
def write_partnership(actor: Actor, thing: Any) -> Decision:
    """A partner's row is its own, a part is confirmed by who holds it, an action by its owner."""
    if isinstance(thing, Partner):
        return _own(actor, thing.organisation, also_coordinator=True)
    if isinstance(thing, TaskPart):
        return _own(actor, thing.partner.organisation, also_coordinator=False)
    if isinstance(thing, Action):
        return _own(actor, thing.owner, also_coordinator=True)
    return allowed


@rule("partnership.sign")
def sign_partnership(actor: Actor, thing: Any) -> Decision:
    """Only the registered signatory signs."""
    return sign_decision(actor, thing) if isinstance(thing, PartnershipAgreement) else allowed


@rule("pulse.answer")
def answer_pulse(actor: Actor, thing: Any) -> Decision:
    """Each member answers an open round once."""
    if not isinstance(thing, PulseRound):
        return allowed
    if thing.state != RoundState.OPEN:
        return refused(_("This round is closed."))
    if has_answered(actor, thing):
        return refused(_("You have answered this round already."))
    return allowed


def _own(actor: Actor, organisation: Any, *, also_coordinator: bool) -> Decision:
    if organisation is not None and organisation.pk == actor.organisation_id:
        return allowed
    if also_coordinator and actor.role == Role.COORDINATOR:
        return allowed
    if organisation is None:
        return refused(_("Nobody holds this seat yet."), _("Ask the coordinator to fill the seat."))
    return refused(
        _("Only a member of %(organisation)s may do this.") % {"organisation": organisation},
        _("Ask that organisation, or the coordinator of this workspace.")
        if also_coordinator
        else _("Ask that organisation."),
    )
