"""Write a draft, part by part, and say what is still unanswered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.domain.finding import dataset_model
from commonlight.web.agreements.enums import AgreementKind, AgreementState, Part
from commonlight.web.agreements.models import Agreement, AgreementParty
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Organisation, Workspace

__all__ = [
    "Open",
    "change",
    "create_draft",
    "set_clause",
    "set_datasets",
    "set_parties",
    "unanswered",
]


@dataclass(frozen=True)
class Open:
    """Something that the draft still leaves open."""

    part: str
    text: str
    clause: str = ""


@transaction.atomic
def create_draft(actor: Actor, *, kind: str, title: str, **given: Any) -> Agreement:
    """A new draft with the next number."""
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = Agreement.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    made: Agreement = Agreement.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        kind=kind,
        title=title,
        created_by=actor.membership,
        **given,
    )
    record(actor, "agreement.draft", made, number=made.number)
    return made


@transaction.atomic
def change(actor: Actor, agreement: Agreement, part: str, **values: Any) -> None:
    """Set fields of a draft and mark the part as answered."""
    for name, value in values.items():
        setattr(agreement, name, value)
    _answered(actor, agreement, part, *values)


@transaction.atomic
def set_parties(
    actor: Actor,
    agreement: Agreement,
    *,
    givers: Iterable[Organisation],
    receivers: Iterable[Organisation],
) -> None:
    """Who gives and who receives; the parties before are replaced."""
    gives, receives = set(givers), set(receivers)
    agreement.parties.all().delete()
    AgreementParty.objects.bulk_create(
        AgreementParty(
            workspace=agreement.workspace,
            agreement=agreement,
            organisation=organisation,
            gives=organisation in gives,
            receives=organisation in receives,
        )
        for organisation in sorted(gives | receives, key=lambda one: one.name)
    )
    _answered(actor, agreement, Part.PARTIES)


@transaction.atomic
def set_datasets(
    actor: Actor, agreement: Agreement, *, datasets: Iterable[Any], fields: list[str]
) -> None:
    """Which data sets, and which fields of their records."""
    agreement.datasets.set(datasets)
    agreement.fields = fields
    _answered(actor, agreement, Part.DATA, "fields")


@transaction.atomic
def set_clause(actor: Actor, agreement: Agreement, name: str, text: str) -> None:
    """The wording of one clause; an empty one leaves it open."""
    kept = {key: value for key, value in agreement.clauses.items() if key != name}
    agreement.clauses = {**kept, name: text} if text else kept
    _answered(actor, agreement, Part.CLAUSES, "clauses", clause=name)


def unanswered(agreement: Agreement, on: date) -> list[Open]:
    """What must still be settled before the draft can be offered, in the order of its parts."""
    return [*_parties(agreement), *_words(agreement), *_data(agreement), *_dates(agreement, on)] + [
        Open(Part.CLAUSES, one.title, one.id)
        for one in clauses_for(agreement.kind)
        if one.is_required and not agreement.clauses.get(one.id)
    ]


def _parties(agreement: Agreement) -> list[Open]:
    parties = list(agreement.parties.all())
    enough = len(parties) > 1
    if agreement.kind != AgreementKind.ONE_WAY:
        return [] if enough else [Open(Part.PARTIES, _("Name at least two parties."))]
    gives, receives = any(one.gives for one in parties), any(one.receives for one in parties)
    return [] if gives and receives else [Open(Part.PARTIES, _("Name who gives and who receives."))]


def _words(agreement: Agreement) -> list[Open]:
    found = []
    if not agreement.purpose.strip():
        found.append(Open(Part.PURPOSE, _("State the purpose.")))
    if not agreement.legal_basis.strip():
        found.append(Open(Part.PURPOSE, _("State the legal basis.")))
    return found


def _data(agreement: Agreement) -> list[Open]:
    chosen = list(agreement.datasets.all())
    givers = {one.organisation_id for one in agreement.parties.all() if one.gives}
    found = [] if chosen else [Open(Part.DATA, _("Choose at least one data set."))]
    found += [
        Open(Part.DATA, _("“%(dataset)s” belongs to nobody who gives.") % {"dataset": one})
        for one in chosen
        if one.owner_id not in givers
    ]
    if Part.DETAIL not in agreement.answered:
        found.append(Open(Part.DETAIL, _("Choose the finest place and time.")))
    return found


def _dates(agreement: Agreement, on: date) -> list[Open]:
    if not agreement.starts_on or not agreement.expires_on:
        return [Open(Part.DATES, _("State the first and the last day."))]
    over = agreement.expires_on < on
    return [Open(Part.DATES, _("The last day is over already."))] if over else []


def _answered(actor: Actor, agreement: Agreement, part: str, *fields: str, **detail: Any) -> None:
    """Save what was changed and keep the event; only a draft can be changed."""
    if agreement.state != AgreementState.DRAFT:
        raise ValueError(_("Only a draft can be changed."))
    agreement.answered = sorted({*agreement.answered, str(part)})
    agreement.save(update_fields=["answered", *fields])
    record(actor, "agreement.changed", agreement, part=str(part), **detail)


def datasets_of_givers(agreement: Agreement) -> Any:
    """The data sets that the giving parties own."""
    givers = [one.organisation_id for one in agreement.parties.all() if one.gives]
    model = dataset_model()
    return (
        model.objects.of(agreement.workspace)
        .filter(owner__in=givers, deleted_at__isnull=True)
        .select_related("owner")
    )


def dataset_label(dataset: Any) -> str:
    """A data set with its owner."""
    values = {"dataset": capfirst(dataset.name), "owner": dataset.owner}
    return _("%(dataset)s, of %(owner)s") % values
