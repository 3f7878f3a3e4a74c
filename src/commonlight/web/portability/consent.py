"""A complete export holds what no agreement gives: each organisation in it must agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from commonlight.web.data.models import DataSet
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.portability.models import ExportConsent
from commonlight.web.runs.models import Run
from commonlight.web.runs.registry import shared_kinds
from commonlight.web.workspaces.models import Membership, Organisation, Workspace

__all__ = ["Standing", "agree", "ask", "missing", "own_standing", "standings", "take_back"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether an organisation agrees, until when, and whether it has somebody who could."""

    organisation: Organisation
    valid_until: datetime | None = None
    asked_at: datetime | None = None
    has_signatory: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the consent is valid now."""
        return self.valid_until is not None and timezone.now() < self.valid_until

    @property
    def is_asked(self) -> bool:
        """Whether an answer is awaited."""
        return self.asked_at is not None and not self.agrees


def standings(workspace: Workspace, *, but: int | None = None) -> list[Standing]:
    """Every organisation with something in the export that others may not see, but one.

    That is: it owns data that are not public, or asked for runs that only it can see.
    """
    concerned = set(
        DataSet.objects.of(workspace).filter(is_public=False).values_list("owner_id", flat=True)
    ) | set(
        Run.objects.of(workspace)
        .exclude(kind__in=shared_kinds())
        .exclude(organisation=None)
        .order_by()
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    found = Organisation.objects.of(workspace).filter(pk__in=concerned - {but})
    return list(_with_consents(workspace, list(found)))


def missing(workspace: Workspace, *, but: int | None = None) -> list[Organisation]:
    """The organisations that would have to agree and do not."""
    return [one.organisation for one in standings(workspace, but=but) if not one.agrees]


def own_standing(actor: Actor) -> Standing | None:
    """Where the actor's own organisation stands; None where it has nothing of its own."""
    found = standings(actor.workspace)
    return next((one for one in found if one.organisation.pk == actor.organisation_id), None)


def _with_consents(workspace: Workspace, organisations: list[Organisation]) -> Iterator[Standing]:
    consents = {one.organisation_id: one for one in ExportConsent.objects.of(workspace)}
    signatories = set(
        Membership.objects.of(workspace)
        .filter(ended_at=None, is_signatory=True, user__is_active=True)
        .values_list("organisation_id", flat=True)
    )
    for one in organisations:
        consent = consents.get(one.pk)
        yield Standing(
            organisation=one,
            valid_until=consent.valid_until if consent else None,
            asked_at=consent.asked_at if consent else None,
            has_signatory=one.pk in signatories,
        )


@transaction.atomic
def ask(actor: Actor) -> int:
    """Ask every organisation that does not agree yet; returns how many were asked."""
    require(actor, "workspace.export")
    left = missing(actor.workspace, but=actor.organisation_id)
    for one in left:
        ExportConsent.objects.of(actor.workspace).update_or_create(
            organisation=one,
            defaults={"asked_at": timezone.now()},
            create_defaults={"workspace": actor.workspace, "asked_at": timezone.now()},
        )
    record(actor, "workspace.ask-consent", actor.workspace, organisations=len(left))
    return len(left)


@transaction.atomic
def agree(actor: Actor) -> None:
    """The signatory agrees for the organisation, for thirty days from now."""
    own = actor.membership.organisation
    require(actor, "workspace.consent", own)
    given = {"given_by": actor.membership, "given_at": timezone.now(), "asked_at": None}
    ExportConsent.objects.of(actor.workspace).update_or_create(
        organisation=own,
        defaults=given,
        create_defaults={"workspace": actor.workspace, **given},
    )
    record(actor, "workspace.consent", own, days=ExportConsent.VALID_FOR.days)


@transaction.atomic
def take_back(actor: Actor) -> None:
    """The signatory takes the consent back; files made under it can no longer be downloaded."""
    own = actor.membership.organisation
    require(actor, "workspace.consent", own)
    held = ExportConsent.objects.of(actor.workspace).filter(organisation=own)
    if held.exclude(given_at=None).update(given_at=None, given_by=None, asked_at=None):
        record(actor, "workspace.end-consent", own)
