"""What is past its time: the same answer for the dry run and for the removal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.audits.models import AuditPlan, Release, ReleaseState, StoredFinding
from commonlight.web.data.enums import UploadState
from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.portability.retention.periods import PERIODS, days_of
from commonlight.web.runs.models import Run, RunState
from commonlight.web.workspaces.models import Invitation, Membership

__all__ = ["Due", "Item", "due", "due_of", "runs_resting_on", "size_of"]

OVER = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)
PREVIEWS = ("data.preview",)
EXPORTS = ("data.export", "portability.export")
REASON = "an account belongs to no workspace"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that would go, since when it is past its use, and the files that go with it."""

    thing: Any
    name: str
    since: datetime
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Due:
    """Everything of one kind that is past its time."""

    key: str
    label: Any
    days: int
    items: tuple[Item, ...]

    @property
    def count(self) -> int:
        """How many things would go."""
        return len(self.items)

    @property
    def size(self) -> int:
        """Bytes of the files that would go."""
        return sum(size_of(path) for item in self.items for path in item.paths)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest is past its use."""
        return min((item.since for item in self.items), default=None)

    @property
    def newest(self) -> datetime | None:
        """Since when the newest is past its use."""
        return max((item.since for item in self.items), default=None)


def due(workspace: Any, now: datetime | None = None) -> list[Due]:
    """What would go today, kind by kind; kinds that are kept without end have nothing due."""
    return [due_of(workspace, period.key, now) for period in PERIODS]


def due_of(workspace: Any, key: str, now: datetime | None = None) -> Due:
    """What would go of one kind."""
    days = days_of(workspace, key)
    before = (now or timezone.now()) - timedelta(days=days)
    items = tuple(_FINDERS[key](workspace, before)) if days else ()
    label = next(period.label for period in PERIODS if period.key == key)
    return Due(key=key, label=label, days=days, items=items)


def size_of(path: Path) -> int:
    """Bytes below a path; 0 where there is nothing."""
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())


def runs_resting_on(workspace: Any) -> dict[str, list[Run]]:
    """The runs whose findings rest on each data set, without those that were released."""
    found = StoredFinding.objects.of(workspace).exclude(run__in=_released(workspace))
    pairs = {(slug, run) for run, slugs in found.values_list("run_id", "sources") for slug in slugs}
    chosen = Run.objects.of(workspace).filter(pk__in={run for _, run in pairs})
    runs = chosen.select_related("workspace").in_bulk()
    resting: dict[str, list[Run]] = {}
    for slug, run in sorted(pairs):
        resting.setdefault(slug, []).append(runs[run])
    return resting


def _uploads(workspace: Any, before: datetime) -> Iterable[Item]:
    found = Upload.objects.of(workspace).filter(changed_at__lt=before)
    for one in found.exclude(state=UploadState.IMPORTING):
        folder = workspace.uploads_folder / str(one.pk)
        yield Item(thing=one, name=one.file_name, since=one.changed_at, paths=(folder,))


def _previews(workspace: Any, before: datetime) -> Iterable[Item]:
    return _runs(workspace, before, Q(kind__in=PREVIEWS))


def _exports(workspace: Any, before: datetime) -> Iterable[Item]:
    return _runs(workspace, before, Q(kind__in=EXPORTS))


def _results(workspace: Any, before: datetime) -> Iterable[Item]:
    latest = AuditPlan.objects.of(workspace).exclude(latest_run=None).values("latest_run")
    kept = ~Q(kind__in=PREVIEWS + EXPORTS) & ~Q(pk__in=latest) & ~Q(pk__in=_released(workspace))
    return _runs(workspace, before, kept)


def _runs(workspace: Any, before: datetime, chosen: Q) -> Iterable[Item]:
    found = Run.objects.of(workspace).filter(chosen, state__in=OVER, finished_at__lt=before)
    kept = found.filter(Q(result__isnull=False) | ~Q(result_folder=""))
    for one in kept.select_related("workspace"):
        paths = (one.result_path,) if one.result_folder else ()
        yield Item(thing=one, name=one.name, since=one.finished_at, paths=paths)


def _released(workspace: Any) -> list[int]:
    """Runs of releases that are public or wait for a second person."""
    standing = (ReleaseState.PROPOSED, ReleaseState.RETURNED, ReleaseState.RELEASED)
    found = Release.objects.of(workspace).filter(state__in=standing)
    return list(found.values_list("run_id", flat=True))


def _versions(workspace: Any, before: datetime) -> Iterable[Item]:
    found = (
        DataVersion.objects.of(workspace)
        .filter(created_at__lt=before, dataset__current__number__gt=F("number"))
        .filter(dataset__current__created_at__lt=before, dataset__deleted_at__isnull=True)
        .select_related("dataset", "workspace")
    )
    shared = files_used_twice(workspace)
    for one in found:
        name = f"{one.dataset.name} {one.number}"
        yield Item(thing=one, name=name, since=one.created_at, paths=paths_of(one, shared))


def files_used_twice(workspace: Any) -> set[str]:
    """Files that several versions name: a delivery that brought nothing new."""
    named = DataVersion.objects.of(workspace).exclude(file="").order_by().values("file")
    twice = named.annotate(times=Count("pk")).filter(times__gt=1)
    return {row["file"] for row in twice}


def paths_of(version: DataVersion, shared: set[str]) -> tuple[Path, ...]:
    """The files of a version that no other version names."""
    place = version.workspace
    if version.lake_version:
        return (place.lake_folder / version.dataset.slug / "versions" / version.lake_version,)
    if not version.file or version.file in shared:
        return ()
    names = (version.file, f"{version.file}.picture.json")
    return tuple(path for name in names if (path := place.files_folder / name).exists())


def _trash(workspace: Any, before: datetime) -> Iterable[Item]:
    found = list(DataSet.objects.of(workspace).filter(deleted_at__lt=before))
    resting = runs_resting_on(workspace) if found else {}
    for one in found:
        results = [run.result_path for run in resting.get(one.slug, []) if run.result_folder]
        paths = (workspace.lake_folder / one.slug, workspace.files_folder / one.slug, *results)
        yield Item(thing=one, name=one.name, since=one.deleted_at, paths=paths)


def _invitations(workspace: Any, before: datetime) -> Iterable[Item]:
    over = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    for one in Invitation.objects.of(workspace).filter(over):
        since = one.accepted_at or one.withdrawn_at or one.expires_at
        yield Item(thing=one, name=one.get_role_display(), since=min(since, one.expires_at))


def _accounts(workspace: Any, before: datetime) -> Iterable[Item]:
    still = Membership.objects.everywhere(REASON).filter(ended_at__isnull=True).values("user")
    here = Membership.objects.of(workspace).filter(ended_at__isnull=False).values("user")
    found = User.objects.filter(pk__in=here, is_active=True, is_operator=False)
    ended = found.exclude(pk__in=still).annotate(last=Max("memberships__ended_at"))
    for one in ended.filter(last__lt=before):
        yield Item(thing=one, name=str(one.pk), since=one.last)


_FINDERS: dict[str, Callable[[Any, datetime], Iterable[Item]]] = {
    "uploads": _uploads,
    "previews": _previews,
    "exports": _exports,
    "versions": _versions,
    "results": _results,
    "trash": _trash,
    "invitations": _invitations,
    "accounts": _accounts,
}
