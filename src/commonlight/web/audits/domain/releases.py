"""Releases to the public: one person proposes, another checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.models import Release, ReleaseState, StoredFinding
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Refused, require
from commonlight.web.policy.decisions import refused
from commonlight.web.workspaces.models import Workspace

__all__ = [
    "Attack",
    "attack_summary",
    "let_go",
    "propose",
    "send_back",
    "withdraw",
]

WITHHELD = "withheld"
OVERTAKEN = _("Somebody else has decided about this release in the meantime.")


@dataclass(frozen=True)
class Attack:
    """What the public face of a finding withholds, for the second person's eyes."""

    finding: StoredFinding
    rows: int
    rows_internal: int
    withheld_cells: int
    withheld_on_map: int

    @property
    def left_out(self) -> int:
        """Rows of the internal table that the public one does not have."""
        return max(0, self.rows_internal - self.rows)


def attack_summary(findings: Iterable[StoredFinding]) -> list[Attack]:
    """What is withheld in each finding, so that one can try to work it out from the rest."""
    return [_attack(finding) for finding in findings]


def _attack(finding: StoredFinding) -> Attack:
    public = finding.public_content or {}
    rows = (public.get("table") or {}).get("rows") or []
    inside = (finding.content.get("table") or {}).get("rows") or []
    return Attack(
        finding,
        len(rows),
        len(inside),
        sum(cell == WITHHELD for row in rows for cell in row),
        len((public.get("map") or {}).get("withheld") or []),
    )


def propose(
    actor: Actor, *, run: Any, findings: list[StoredFinding], title: str, text: str
) -> Release:
    """Propose findings for release; each must be visible to the one who proposes."""
    require(actor, "release.propose", run)
    for finding in findings:
        require(actor, "finding.view", finding)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
        last = Release.objects.of(actor.workspace).aggregate(last=Max("number"))["last"]
        release: Release = Release.objects.create(
            workspace=actor.workspace,
            number=(last or 0) + 1,
            title=title,
            text=text,
            run=run,
            proposed_by=actor.membership,
        )
        release.findings.set(findings)
        record(
            actor,
            "release.propose",
            release,
            number=release.number,
            findings=[finding.key for finding in findings],
        )
    return release


def let_go(actor: Actor, release: Release, *, comment: str = "") -> None:
    """The second person releases; both stand in the log."""
    _decide(actor, release, ReleaseState.RELEASED, "release.release", comment)


def send_back(actor: Actor, release: Release, *, comment: str) -> None:
    """The second person returns the release with what must change."""
    _decide(actor, release, ReleaseState.RETURNED, "release.return", comment)


def _decide(actor: Actor, release: Release, state: str, action: str, comment: str) -> None:
    require(actor, "release.check", release)
    with transaction.atomic():
        locked = _locked(actor, release)
        locked.state, locked.comment = state, comment
        locked.checked_by, locked.checked_at = actor.membership, timezone.now()
        locked.save()
        record(
            actor,
            action,
            locked,
            number=locked.number,
            proposed_by=locked.proposed_by.user_id,
            checked_by=actor.user_id,
        )


def withdraw(actor: Actor, release: Release, *, comment: str) -> None:
    """Take a release back; its pages are gone at once."""
    require(actor, "release.withdraw", release)
    with transaction.atomic():
        locked = _locked(actor, release)
        locked.state, locked.comment = ReleaseState.WITHDRAWN, comment
        locked.save()
        record(actor, "release.withdraw", locked, number=locked.number, reason=comment)


def _locked(actor: Actor, release: Release) -> Release:
    """The release as it stands now, so that two persons cannot decide at once."""
    found: Release = Release.objects.of(actor.workspace).select_for_update().get(pk=release.pk)
    if found.state != release.state:
        raise Refused("release.check", refused(OVERTAKEN, _("Read the release again.")))
    return found
