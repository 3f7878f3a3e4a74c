"""Keep a version by hand, and take over the content of a version or of a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.design.theory.domain.changing import opened
from commonlight.web.design.theory.domain.resting import rest_on_links
from commonlight.web.design.theory.domain.versions import content_of, kept
from commonlight.web.design.theory.models import Link, Step, Theory, Version
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["keep_version", "replaced", "restore_version"]


@transaction.atomic
def keep_version(
    actor: Actor, problem: Problem, *, note: str = "", at: datetime | None = None
) -> Version:
    """Keep the theory as it is now, under a note that says what it is."""
    theory = opened(actor, problem, at=at)
    made = kept(
        actor, theory, content=content_of(theory), note=note.strip(), at=at or timezone.now()
    )
    record(actor, "theory.keep", theory, problem=problem.number, version=made.number)
    return made


@transaction.atomic
def restore_version(actor: Actor, version: Version, *, at: datetime | None = None) -> None:
    """Bring a version back; what stood there until now is kept as a version of its own."""
    theory = opened(actor, version.theory.problem, at=at)
    replaced(actor, theory, version.content, at=at)
    values: dict[str, Any] = {"problem": theory.problem.number, "version": version.number}
    record(actor, "theory.restore", theory, **values)


def replaced(
    actor: Actor, theory: Theory, content: Mapping[str, Any], *, at: datetime | None = None
) -> dict[str, Link]:
    """Put other steps and links in the place of those that are there; gives the links by uid.

    A step or link that the theory had before comes back as itself, with evidence and comments.
    """
    now = at or timezone.now()
    before = content_of(theory)
    newest = theory.versions.order_by("-number").first()
    if before["steps"] and (newest is None or newest.content != before):
        kept(actor, theory, content=before, is_automatic=True, at=now)
    for rows in (theory.links, theory.steps):
        rows.filter(removed_at=None).update(removed_at=now)
    steps = _rows(actor, theory, Step, content["steps"], _step_fields, now)
    ends = {uid: one.pk for uid, one in steps.items()}
    links = _rows(actor, theory, Link, content["links"], lambda row: _link_fields(row, ends), now)
    theory.revision += 1
    theory.changed_by, theory.changed_at = actor.membership, now
    theory.save()
    rest_on_links(actor, theory)
    return links


def _rows(
    actor: Actor, theory: Theory, model: Any, rows: Any, fields: Any, now: datetime
) -> dict[str, Any]:
    """The rows of a content: those that were there once are taken again, others are made."""
    own = model.objects.of(theory.workspace).filter(theory=theory)
    known = {one.uid: one for one in own.filter(uid__in=[row["id"] for row in rows])}
    made, found = [], {}
    for row in rows:
        one = known.get(row["id"])
        if one is None:
            one = model(workspace=theory.workspace, theory=theory, uid=row["id"])
            made.append(one)
        else:
            one.revision += 1
        for name, value in fields(row).items():
            setattr(one, name, value)
        one.changed_by, one.changed_at, one.removed_at = actor.membership, now, None
        found[row["id"]] = one
    again = [one for one in found.values() if one.pk]
    if again:
        names = [*fields(rows[0]), "revision", "changed_by", "changed_at", "removed_at"]
        model.objects.of(theory.workspace).bulk_update(again, names, batch_size=100)
    model.objects.bulk_create(made, batch_size=100)
    return {one.uid: one for one in own.filter(removed_at=None)}


def _step_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("number", "kind", "text", "witness")}


def _link_fields(row: Mapping[str, Any], ends: Mapping[str, int]) -> dict[str, Any]:
    texts = {
        name: row[name] for name in ("number", "mechanism", "assumption", "confidence", "harm")
    }
    return {
        **texts,
        "source_id": ends[row["from"]],
        "target_id": ends[row["to"]],
        "is_own_judgement": row["own_judgement"],
    }
