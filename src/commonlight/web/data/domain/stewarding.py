"""Looking after a data set: its description, its people, its agreements, its trash."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.agreements.enums import AgreementState
from commonlight.web.agreements.models import Agreement
from commonlight.web.data.models import DataSet, DataSetRole
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Membership

__all__ = [
    "bind_agreements",
    "drop_role",
    "give_role",
    "restore",
    "save_dataset",
    "throw_away",
    "usable_agreements",
]


def save_dataset(actor: Actor, dataset: DataSet, *, changed: list[str]) -> DataSet:
    """Keep a data set as a form filled it, new or changed."""
    is_new = dataset.pk is None
    with transaction.atomic():
        if is_new:
            dataset.workspace = actor.workspace
            dataset.created_by = actor.membership
            dataset.steward = dataset.steward or actor.membership
        dataset.save()
        record(actor, "data.steward", dataset, created=is_new, fields=changed)
    return dataset


def usable_agreements(dataset: DataSet) -> Any:
    """Drafts by which the owner gives; an offered or signed text keeps its data sets."""
    return (
        Agreement.objects.of(dataset.workspace)
        .filter(parties__organisation=dataset.owner_id, parties__gives=True)
        .filter(state=AgreementState.DRAFT)
        .distinct()
        .order_by("-number")
    )


def bind_agreements(actor: Actor, dataset: DataSet, agreements: list[Agreement]) -> None:
    """Name the drafts under which the data set will be shared; frozen texts stay."""
    with transaction.atomic():
        frozen = list(dataset.agreements.exclude(state=AgreementState.DRAFT))
        dataset.agreements.set([*agreements, *frozen])
        numbers = sorted(one.number for one in agreements)
        record(actor, "data.steward", dataset, agreements=numbers)


def give_role(actor: Actor, dataset: DataSet, membership: Membership, role: str) -> DataSetRole:
    """Let a member do more with one data set, or less than before."""
    with transaction.atomic():
        kept, _ = DataSetRole.objects.of(dataset.workspace).update_or_create(
            dataset=dataset,
            membership=membership,
            defaults={"role": role},
            create_defaults={"role": role, "workspace": dataset.workspace},
        )
        record(actor, "data.steward", dataset, person=membership.user_id, role=role)
    found: DataSetRole = kept
    return found


def drop_role(actor: Actor, role: DataSetRole) -> None:
    """Take a role at a data set away."""
    with transaction.atomic():
        record(actor, "data.steward", role.dataset, person=role.membership.user_id, role="")
        DataSetRole.objects.of(role.workspace).filter(pk=role.pk).delete()


def throw_away(actor: Actor, dataset: DataSet) -> None:
    """Into the trash: gone from every page and export, and kept until retention removes it."""
    with transaction.atomic():
        dataset.deleted_at = timezone.now()
        dataset.save(update_fields=["deleted_at"])
        record(actor, "data.delete", dataset, deleted=True)


def restore(actor: Actor, dataset: DataSet) -> None:
    """Out of the trash, as it was."""
    with transaction.atomic():
        dataset.deleted_at = None
        dataset.save(update_fields=["deleted_at"])
        record(actor, "data.delete", dataset, deleted=False)
