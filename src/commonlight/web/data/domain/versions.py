"""A delivery becomes a version of its data set, and two versions are compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.models import DataSet, DataVersion
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run

__all__ = ["Difference", "compare", "keep_version", "rejected_file_of"]


def keep_version(
    actor: Actor | None, dataset: DataSet, result: dict[str, Any], run: Run
) -> DataVersion:
    """Register what an import brought; the same content again stays the version it was."""
    known = _known(dataset, result)
    version = known or _new_version(dataset, result, run)
    dataset.current = version
    if dataset.delivery_every_days and known is None:
        today = timezone.localdate()
        dataset.next_delivery_on = today + timedelta(days=dataset.delivery_every_days)
    dataset.save(update_fields=["current", "next_delivery_on"])
    if known is None:
        record(
            actor,
            "data.upload",
            dataset,
            workspace=dataset.workspace,
            version=version.number,
            digest=version.digest,
        )
    return version


def _known(dataset: DataSet, result: dict[str, Any]) -> DataVersion | None:
    lake, digest = result.get("lake_version", ""), result["digest"]
    same = dataset.versions.filter(lake_version=lake, digest=digest)
    found: DataVersion | None = same.first() if lake else dataset.versions.first()
    return found if found is not None and found.digest == digest else None


def _new_version(dataset: DataSet, result: dict[str, Any], run: Run) -> DataVersion:
    newest = dataset.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version: DataVersion = DataVersion.objects.create(
        workspace=dataset.workspace,
        dataset=dataset,
        number=newest + 1,
        lake_version=result.get("lake_version", ""),
        file=f"{dataset.slug}/{result['file']}" if result.get("file") else "",
        digest=result["digest"],
        rows_read=result["read"],
        rows_accepted=result["accepted"],
        rows_rejected=result["rejected"],
        first_day=result.get("first_day"),
        last_day=result.get("last_day"),
        manifest=result["manifest"],
        quality=result.get("quality") or {},
        run=run,
        created_by=run.requested_by,
    )
    return version


def rejected_file_of(version: DataVersion) -> Any:
    """The file with the rejected rows, or None where it is no longer kept."""
    if version.run is None or not version.run.result_folder:
        return None
    path = version.run.result_path / "rejected.csv"
    return path if path.is_file() else None


@dataclass(frozen=True)
class Difference:
    """One figure of two versions, side by side."""

    label: Any
    before: Any
    after: Any
    change: float | None


_FIGURES = (
    (_("Records read"), "rows_read"),
    (_("Records accepted"), "rows_accepted"),
    (_("Records rejected"), "rows_rejected"),
)


def compare(before: DataVersion, after: DataVersion) -> list[Difference]:
    """What two versions count, and by how much the later differs."""
    found = [_difference(label, getattr(before, f), getattr(after, f)) for label, f in _FIGURES]
    found += [
        Difference(_("First day"), before.first_day, after.first_day, None),
        Difference(_("Last day"), before.last_day, after.last_day, None),
    ]
    reasons = [one.manifest.get("reasons", {}) for one in (before, after)]
    for reason in sorted({*reasons[0], *reasons[1]}):
        label = _("Rejected: %(reason)s") % {"reason": reason}
        found.append(_difference(label, *(one.get(reason, 0) for one in reasons)))
    return found


def _difference(label: Any, before: Any, after: Any) -> Difference:
    known = before is not None and after is not None
    return Difference(label, before, after, after - before if known else None)
