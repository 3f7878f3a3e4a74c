"""The profile of the city: how it is here, field by field, kept once for all passports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.models import ProfileAnswer
from commonlight.web.policy import Actor, require

__all__ = ["TransferField", "profile_of", "save_profile", "transfer_content", "transfer_fields"]


@dataclass(frozen=True, kw_only=True)
class TransferField:
    """One field in which the place of the evidence and the city are compared."""

    id: str
    label: Any
    question: Any
    help: Any
    practice_key: str


def transfer_content() -> dict[str, Any]:
    """The content file of the passport."""
    return read_content("commonlight.web.knowledge", "transfer_fields")


def transfer_fields() -> tuple[TransferField, ...]:
    """The fields in their order."""
    return tuple(
        TransferField(
            id=one["id"],
            label=one["label"],
            question=one["question"],
            help=one["help"],
            practice_key=one.get("practice_key", ""),
        )
        for one in transfer_content()["field"]
    )


def profile_of(actor: Actor) -> dict[str, ProfileAnswer]:
    """What is known of the city, by field; a field that nobody answered is not in it."""
    rows = ProfileAnswer.objects.of(actor.workspace).select_related("changed_by__organisation")
    return {one.field: one for one in rows if one.text}


@transaction.atomic
def save_profile(
    actor: Actor, texts: Mapping[str, str], *, at: datetime | None = None
) -> list[str]:
    """Keep what is the case here; an empty text means that it is not known. Gives what changed."""
    require(actor, "knowledge.add")
    known = {one.field: one for one in ProfileAnswer.objects.of(actor.workspace)}
    changed = []
    for field in transfer_fields():
        text = texts.get(field.id, "").strip()
        row = known.get(field.id) or ProfileAnswer(workspace=actor.workspace, field=field.id)
        if row.text == text:
            continue
        row.text, row.changed_by, row.changed_at = text, actor.membership, at or timezone.now()
        row.save()
        changed.append(field.id)
    if changed:
        record(actor, "knowledge.profile", workspace=actor.workspace, fields=changed)
    return changed
