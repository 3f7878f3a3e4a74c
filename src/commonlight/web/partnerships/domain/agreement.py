"""The partnership agreement: draft by clauses, offer, sign, and the next version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.terms import digest_of
from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.shared import PartnershipError, moment, next_number
from commonlight.web.partnerships.domain.words import rows, template_of
from commonlight.web.partnerships.enums import AgreementState
from commonlight.web.partnerships.models import (
    Cycle,
    Partner,
    PartnershipAgreement,
    Signature,
)
from commonlight.web.policy import Actor, Decision, decide, refused, require
from commonlight.web.states import NotNow, read_table
from commonlight.web.workspaces.models import Organisation
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Clause",
    "agreements_of",
    "begin_agreement",
    "clause_hints",
    "clauses_of",
    "current_agreement",
    "offer_agreement",
    "open_clauses",
    "rename_agreement",
    "set_clause",
    "set_signatories",
    "sign_agreement",
    "take_back_agreement",
    "text_of",
]

SCHEMA = "commonlight.partnership-agreement/1"
SIGNING_ROLES = ("coordinator", "member")


@dataclass(frozen=True)
class Clause:
    """A clause with what is asked, what stands there, and where the demand comes from."""

    id: str
    title: Any
    question: Any
    suggestion: Any
    is_required: bool
    answer: str
    is_ours: bool
    hints: tuple[Any, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it must be answered and is not."""
        return self.is_required and not self.answer


def agreements_of(workspace: Any) -> Any:
    """All versions, the newest first, with their signatures."""
    found = PartnershipAgreement.objects.of(workspace).select_related("workspace")
    return found.prefetch_related("signatures__organisation")


@read_once
def current_agreement(workspace: Any) -> PartnershipAgreement | None:
    """The version that is signed by all."""
    found: PartnershipAgreement | None = (
        agreements_of(workspace).filter(state=AgreementState.SIGNED).first()
    )
    return found


def clauses_of(agreement: PartnershipAgreement, *, with_hints: bool = False) -> list[Clause]:
    """Every clause with its answer, in the order of the content."""
    hints = clause_hints(agreement.workspace) if with_hints else {}
    return [
        Clause(
            row["id"],
            row["title"],
            row["question"],
            row["suggestion"],
            row["required"],
            agreement.answers.get(row["id"], ""),
            row["origin"] == "ours",
            tuple(hints.get(row["id"], ())),
        )
        for row in rows("clauses", "clause")
    ]


def open_clauses(agreement: PartnershipAgreement) -> list[Clause]:
    """What keeps the draft from being offered."""
    return [one for one in clauses_of(agreement) if one.is_open]


def clause_hints(workspace: Any) -> dict[str, list[Any]]:
    """What the starting templates that were chosen advise for each clause."""
    found: dict[str, list[Any]] = {}
    for name in dict.fromkeys(Cycle.objects.of(workspace).values_list("template", flat=True)):
        for row in template_of(name).get("clause_hint", []):
            found.setdefault(row["clause"], []).append(row["hint"])
    return found


@transaction.atomic
def begin_agreement(
    actor: Actor, *, title: str, at: datetime | None = None
) -> PartnershipAgreement:
    """A draft, with the answers of the version before; one draft at a time.

    Raises
    ------
    PartnershipError
        If a draft or an offer is open already.
    """
    require(actor, "partnership.manage")
    number = next_number(PartnershipAgreement, actor.workspace)
    known = list(PartnershipAgreement.objects.of(actor.workspace))
    if any(one.state in (AgreementState.DRAFT, AgreementState.OFFERED) for one in known):
        raise PartnershipError(_("A version is being written already. Finish it first."), "title")
    made: PartnershipAgreement = PartnershipAgreement.objects.create(
        workspace=actor.workspace,
        number=number,
        title=title.strip(),
        answers=dict(known[0].answers) if known else {},
        created_by=actor.membership,
        created_at=moment(at),
    )
    for organisation in _signing_partners(actor.workspace):
        Signature.objects.create(
            workspace=actor.workspace, agreement=made, organisation=organisation
        )
    record(actor, "partnership_agreement.begin", made, number=number)
    return made


@transaction.atomic
def set_clause(actor: Actor, agreement: PartnershipAgreement, clause: str, text: str) -> None:
    """Write the answer to one clause; an empty one leaves it open."""
    held = _held(actor, agreement, "offer")
    if clause not in {one["id"] for one in rows("clauses", "clause")}:
        raise PartnershipError(_("There is no such clause."))
    held.answers = {**held.answers, clause: text.strip()}
    held.save(update_fields=["answers"])
    agreement.answers = held.answers
    record(actor, "partnership_agreement.change", held, clause=clause)


@transaction.atomic
def rename_agreement(actor: Actor, agreement: PartnershipAgreement, title: str) -> None:
    """Give the draft another title."""
    held = _held(actor, agreement, "offer")
    held.title = agreement.title = title.strip()
    held.save(update_fields=["title"])
    record(actor, "partnership_agreement.change", held, clause="title")


@transaction.atomic
def set_signatories(
    actor: Actor, agreement: PartnershipAgreement, organisations: Iterable[Organisation]
) -> None:
    """Say which organisations sign.

    Raises
    ------
    PartnershipError
        If fewer than two are chosen.
    """
    held = _held(actor, agreement, "offer")
    wanted = {one.pk: one for one in organisations}
    if len(wanted) < 2:
        raise PartnershipError(_("Choose at least two organisations."), "organisations")
    held.signatures.exclude(organisation__in=wanted).delete()
    known = set(held.signatures.values_list("organisation_id", flat=True))
    for pk, organisation in wanted.items():
        if pk not in known:
            Signature.objects.create(
                workspace=actor.workspace, agreement=held, organisation=organisation
            )
    record(actor, "partnership_agreement.change", held, clause="signatories")


@transaction.atomic
def offer_agreement(
    actor: Actor, agreement: PartnershipAgreement, *, at: datetime | None = None
) -> None:
    """Freeze the text with its digest, so that each signatory signs the same.

    Raises
    ------
    PartnershipError
        If a clause is open or fewer than two organisations are to sign.
    """
    held = _held(actor, agreement, "offer")
    missing = open_clauses(held)
    if missing:
        raise PartnershipError(
            _("The draft still leaves something open: %(what)s") % {"what": missing[0].title}
        )
    if held.signatures.count() < 2:
        raise PartnershipError(_("Choose at least two organisations that sign."))
    held.text = text_of(held)
    digest = digest_of(held.text)
    held.state, held.offered_at = AgreementState.OFFERED, moment(at)
    held.save(update_fields=["text", "state", "offered_at"])
    PartnershipAgreement.objects.of(actor.workspace).filter(pk=held.pk).update(text_digest=digest)
    held.text_digest = digest
    record(actor, "partnership_agreement.offer", held, sha256=digest)
    _refresh(agreement, held)


@transaction.atomic
def take_back_agreement(actor: Actor, agreement: PartnershipAgreement) -> None:
    """Make the offered text a draft again; signatures under it no longer count."""
    held = _held(actor, agreement, "take_back")
    held.signatures.update(signed_by=None, signed_at=None, signed_digest="")
    held.text_digest, held.text, held.offered_at = "", {}, None
    held.state = AgreementState.DRAFT
    held.save(update_fields=["text_digest", "text", "offered_at", "state"])
    record(actor, "partnership_agreement.take_back", held)
    _refresh(agreement, held)


@transaction.atomic
def sign_agreement(
    actor: Actor, agreement: PartnershipAgreement, *, at: datetime | None = None
) -> None:
    """Sign for the actor's organisation; the last signature concludes the version.

    Raises
    ------
    PartnershipError
        If the text is no longer the one that was offered.
    """
    held = _held(actor, agreement, "conclude", action="partnership.sign")
    if digest_of(held.text) != held.text_digest or held.text != text_of(held):
        raise PartnershipError(_("The text is not the one that was offered. Nothing was signed."))
    own = held.signatures.get(organisation=actor.membership.organisation)
    own.signed_by, own.signed_at, own.signed_digest = actor.membership, moment(at), held.text_digest
    own.save()
    record(actor, "partnership_agreement.sign", held, sha256=held.text_digest)
    if not held.signatures.filter(signed_at__isnull=True).exists():
        _conclude(actor, held, at)
    _refresh(agreement, held)


def sign_decision(actor: Actor, agreement: PartnershipAgreement) -> Decision:
    """Only the registered signatory of an organisation named signs, once."""
    own = next(
        (one for one in agreement.signatures.all() if one.organisation_id == actor.organisation_id),
        None,
    )
    if own is None:
        return refused(
            _("Your organisation is not named as one that signs."),
            _("Ask the coordinator of this workspace."),
        )
    if actor.membership is None or not actor.membership.is_signatory:
        return refused(
            _("Only the registered signatory of %(organisation)s may sign.")
            % {"organisation": own.organisation},
            _("Ask the coordinator to register you, or the signatory to sign."),
        )
    if agreement.state != AgreementState.OFFERED:
        return refused(_("This agreement is not offered for signature."))
    if own.signed_at:
        return refused(_("Your organisation has signed already."))
    return Decision(True)


def text_of(agreement: PartnershipAgreement) -> dict[str, Any]:
    """Everything that is agreed, in the language of the workspace."""
    with translation.override(agreement.workspace.language):
        return {
            "schema": SCHEMA,
            "number": agreement.number,
            "title": agreement.title,
            "language": agreement.workspace.language,
            "organisations": sorted(
                str(one.organisation) for one in agreement.signatures.select_related("organisation")
            ),
            "clauses": [
                {"id": one.id, "title": str(one.title), "text": one.answer}
                for one in clauses_of(agreement)
                if one.answer
            ],
        }


def waits_for(actor: Actor, agreement: PartnershipAgreement) -> bool:
    """Whether the actor's own signature is what is missing."""
    return bool(decide(actor, "partnership.sign", agreement))


def _signing_partners(workspace: Any) -> list[Organisation]:
    found = Partner.objects.of(workspace).filter(organisation__isnull=False, role__in=SIGNING_ROLES)
    return [one.organisation for one in found.select_related("organisation")]


def _conclude(actor: Actor, held: PartnershipAgreement, at: datetime | None) -> None:
    before = PartnershipAgreement.objects.of(actor.workspace).filter(state=AgreementState.SIGNED)
    before.update(state=AgreementState.FOLLOWED)
    held.state, held.signed_at = AgreementState.SIGNED, moment(at)
    held.save(update_fields=["state", "signed_at"])
    record(actor, "partnership_agreement.conclude", held, sha256=held.text_digest)


def _held(
    actor: Actor,
    agreement: PartnershipAgreement,
    step: str,
    *,
    action: str = "partnership.manage",
) -> PartnershipAgreement:
    """The version as it is now, kept from others until this step is over."""
    require(actor, action, agreement)
    PartnershipAgreement.objects.of(actor.workspace).select_for_update().get(pk=agreement.pk)
    held: PartnershipAgreement = agreements_of(actor.workspace).get(pk=agreement.pk)
    table = read_table("commonlight.web.partnerships", machine="agreement")
    require(actor, action, held)
    try:
        table.after(held.state, step, dict(AgreementState.choices))
    except NotNow as error:
        raise PartnershipError(error) from error
    return held


def _refresh(agreement: PartnershipAgreement, held: PartnershipAgreement) -> None:
    """Let the caller's copy follow."""
    for name in ("state", "text", "text_digest", "offered_at", "signed_at"):
        setattr(agreement, name, getattr(held, name))
