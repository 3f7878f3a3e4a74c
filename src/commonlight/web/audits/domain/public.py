"""What is public: released findings, as long as the one who released them may see the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.json import KT

from commonlight.web.audits.domain.results import result_file
from commonlight.web.audits.models import Release, ReleaseState, StoredFinding
from commonlight.web.audits.visibility import Sight
from commonlight.web.policy import Actor

__all__ = [
    "PublicFinding",
    "PublicRelease",
    "public_finding",
    "public_report",
    "released",
]


@dataclass(frozen=True)
class PublicFinding:
    """The public face of a finding, with its place in a release."""

    release: Release
    finding: StoredFinding

    @property
    def content(self) -> dict[str, Any]:
        """What may be published of the finding, and nothing else."""
        return self.finding.public_content or {}

    @property
    def sentence(self) -> str:
        """The sentence as it may be published, which can differ from the internal one."""
        return str(self.finding.public_sentence)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PublicRelease:
    """A release with the findings that are still open to the public."""

    release: Release
    findings: tuple[PublicFinding, ...]


def released(
    workspace: Any, *, number: int | None = None, with_content: bool = False
) -> list[PublicRelease]:
    """The releases of a workspace, the newest first.

    A finding goes as soon as the organisation that released it may not see a source of it any
    more: after the end of an agreement its data are shown nowhere.
    """
    rows = Release.objects.of(workspace).filter(state=ReleaseState.RELEASED)
    if number is not None:
        rows = rows.filter(number=number)
    releases = list(
        rows.select_related("run__workspace", "proposed_by__organisation", "checked_by")
    )
    links = Release.findings.through.objects.filter(release__in=releases)
    pairs = links.order_by("storedfinding__order").values_list("release_id", "storedfinding_id")
    known = (
        StoredFinding.objects.of(workspace)
        .filter(public_content__isnull=False, releases__in=releases)
        .select_related("run__workspace", "plan")
        .annotate(public_sentence=KT("public_content__sentence"))
        .defer(*(("content",) if with_content else ("content", "public_content")))
        .in_bulk([finding for _, finding in pairs])
    )
    sights = _sights(releases, known.values())
    return [
        PublicRelease(
            release,
            tuple(
                PublicFinding(release, known[finding])
                for owner, finding in pairs
                if owner == release.pk
                and finding in known
                and sights[release.proposed_by.organisation_id].of_finding(known[finding])
            ),
        )
        for release in releases
    ]


def _sights(releases: list[Release], findings: Iterable[StoredFinding]) -> dict[int, Sight]:
    """What each organisation that released something may see today."""
    slugs = {slug for one in findings for slug in one.sources}
    authors = {one.proposed_by.organisation_id: one.proposed_by for one in releases}
    return {
        organisation: Sight.of(_as_author(member, releases[0].run.workspace), slugs)
        for organisation, member in authors.items()
    }


def _as_author(membership: Any, workspace: Any) -> Actor:
    return Actor(
        kind="public",
        user_id=membership.user_id,
        workspace=workspace,
        membership=membership,
        role=membership.role,
        organisation_id=membership.organisation_id,
    )


def public_finding(workspace: Any, number: int, key: str) -> PublicFinding | None:
    """One released finding, or None if it is not public (any more)."""
    found = (
        one
        for each in released(workspace, number=number, with_content=True)
        for one in each.findings
    )
    return next((one for one in found if one.finding.key == key), None)


def public_report(found: PublicRelease) -> Any:
    """The public report as PDF, only where every finding in it was released."""
    run = found.release.run
    every = StoredFinding.objects.of(run.workspace).filter(run=run, public_content__isnull=False)
    open_keys = {one.finding.key for one in found.findings}
    if set(every.values_list("key", flat=True)) - open_keys:
        return None
    return result_file(run, "public", "report.pdf")
