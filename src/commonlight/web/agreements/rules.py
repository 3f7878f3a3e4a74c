"""Who may see, draft, sign and end an agreement."""

from __future__ import annotations

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.signing import party_of, unopened_parts
from commonlight.web.agreements.enums import AgreementState, Part
from commonlight.web.agreements.models import Agreement
from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role

__all__ = ["draft_agreement", "end_agreement", "sign_agreement", "view_agreement"]


@rule("agreement.view")
def view_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """What is signed is open to all members; a draft or an offer is for its own side."""
    if agreement.state in (AgreementState.SIGNED, AgreementState.ENDED) or _is_ours(
        actor, agreement
    ):
        return allowed
    return refused(
        _("This agreement is not signed yet, and your organisation is no party to it."),
        _("Ask the coordinator of this workspace."),
    )


@rule("agreement.draft")
def draft_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """A draft is written by the coordinator, its author, or a party; never after the signature."""
    if agreement.state not in (AgreementState.DRAFT, AgreementState.OFFERED):
        return refused(
            _("This agreement was signed on %(date)s; its text is frozen.")
            % {"date": _date(agreement)},
            _("Make a new agreement that follows it."),
        )
    if _is_ours(actor, agreement):
        return allowed
    return refused(
        _("Your organisation is no party to this agreement."),
        _("Ask the coordinator of this workspace."),
    )


@rule("agreement.sign")
def sign_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """Only the registered signatory of a party signs, once, and having opened every part."""
    party = party_of(actor, agreement)
    if party is None:
        return refused(_("Your organisation is no party to this agreement."))
    if actor.membership is None or not actor.membership.is_signatory:
        return refused(
            _("Only the registered signatory of %(organisation)s may sign.")
            % {"organisation": party.organisation},
            _("Ask the coordinator to register you, or the signatory to sign."),
        )
    if agreement.state != AgreementState.OFFERED:
        return refused(_("This agreement is not offered for signature."))
    if party.signed_at:
        return refused(_("Your organisation has signed already."))
    return _read_all(actor, agreement)


@rule("agreement.end")
def end_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """The coordinator, and the signatory of each party, may end what is signed."""
    if agreement.state != AgreementState.SIGNED:
        return refused(_("Only a signed agreement can be ended."))
    party = party_of(actor, agreement)
    is_signatory = actor.membership is not None and actor.membership.is_signatory
    if actor.role == Role.COORDINATOR or (party is not None and is_signatory):
        return allowed
    return refused(
        _("Only the signatory of a party may end this agreement."),
        _("Ask the signatory of your organisation, or the coordinator of this workspace."),
    )


def _read_all(actor: Actor, agreement: Agreement) -> Decision:
    shut = unopened_parts(actor.membership, agreement)
    if not shut:
        return allowed
    names = get_text_list([str(Part(part).label) for part in shut], _("and"))
    return refused(
        _("You have not opened these parts yet: %(parts)s.") % {"parts": names},
        _("Open each part, then sign."),
    )


def _is_ours(actor: Actor, agreement: Agreement) -> bool:
    mine = actor.membership is not None and agreement.created_by_id == actor.membership.pk
    return actor.role == Role.COORDINATOR or mine or party_of(actor, agreement) is not None


def _date(agreement: Agreement) -> str:
    from commonlight.web.ui.dates import date_format

    return date_format(agreement.signed_at, "DATE_FORMAT") if agreement.signed_at else ""
