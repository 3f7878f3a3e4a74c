"""Keep a theory as it is, see what has changed since, and bring any version back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from commonlight.web.design.theory.domain.reading import links_of, steps_of
from commonlight.web.design.theory.models import Link, Step, Theory, Version
from commonlight.web.policy import Actor

__all__ = ["Difference", "content_of", "differences", "keep_before", "kept", "link_row", "step_row"]

QUIET = timedelta(minutes=30)
"""After so long without a change, work on a theory begins anew."""


@dataclass(frozen=True)
class Difference:
    """A step or link that is in one content and not, or otherwise, in the other."""

    what: str
    part: str
    number: int
    before: str
    after: str


def step_row(step: Step) -> dict[str, Any]:
    """A step as versions and files hold it."""
    return {
        "id": step.uid,
        "number": step.number,
        "kind": step.kind,
        "text": step.text,
        "witness": step.witness,
    }


def link_row(link: Link) -> dict[str, Any]:
    """A link as versions and files hold it, without its evidence."""
    return {
        "id": link.uid,
        "number": link.number,
        "from": link.source.uid,
        "to": link.target.uid,
        "mechanism": link.mechanism,
        "assumption": link.assumption,
        "confidence": link.confidence,
        "harm": link.harm,
        "own_judgement": link.is_own_judgement,
    }


def content_of(theory: Theory) -> dict[str, Any]:
    """The steps and links as they are now."""
    return {
        "steps": [step_row(one) for one in steps_of(theory)],
        "links": [link_row(one) for one in links_of(theory)],
    }


def keep_before(actor: Actor, theory: Theory, now: datetime) -> None:
    """Keep what others left, or what was left some time ago, before it is changed."""
    same = actor.membership is not None and theory.changed_by_id == actor.membership.pk
    if same and now - theory.changed_at < QUIET:
        return
    found = content_of(theory)
    newest = theory.versions.order_by("-number").first()
    if found["steps"] and (newest is None or newest.content != found):
        kept(actor, theory, content=found, is_automatic=True, at=now)


def kept(
    actor: Actor,
    theory: Theory,
    *,
    content: dict[str, Any],
    note: str = "",
    is_automatic: bool = False,
    at: datetime,
) -> Version:
    """A new version with the next number."""
    last = theory.versions.aggregate(last=Max("number"))["last"] or 0
    version: Version = Version.objects.create(
        workspace=theory.workspace,
        theory=theory,
        number=last + 1,
        content=content,
        note=note,
        is_automatic=is_automatic,
        kept_by=actor.membership,
        kept_at=at,
    )
    return version


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What is new, gone or other, steps first, by their numbers."""
    found: list[Difference] = []
    for part in ("steps", "links"):
        old = {one["id"]: one for one in before[part]}
        new = {one["id"]: one for one in after[part]}
        ends = {**{one["id"]: one for one in before["steps"]}, **_by_id(after["steps"])}
        found += [
            _difference(part, old.get(uid), new.get(uid), ends)
            for uid in dict.fromkeys([*old, *new])
            if old.get(uid) != new.get(uid)
        ]
    return sorted(found, key=lambda one: (one.part != "steps", one.number))


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in rows}


def _difference(part: str, old: Any, new: Any, ends: Mapping[str, Mapping[str, Any]]) -> Difference:
    what = "changed" if old and new else "added" if new else "removed"
    say = _step_text if part == "steps" else _link_text
    return Difference(
        what=what,
        part=part,
        number=(new or old)["number"],
        before=say(old, ends) if old else "",
        after=say(new, ends) if new else "",
    )


def _step_text(row: Mapping[str, Any], ends: Mapping[str, Any]) -> str:
    return str(row["text"])


def _link_text(row: Mapping[str, Any], ends: Mapping[str, Any]) -> str:
    texts = [f"{ends[row['from']]['number']} → {ends[row['to']]['number']}"]
    texts += [row[name] for name in ("mechanism", "assumption", "harm") if row[name]]
    return "\n".join(texts)
