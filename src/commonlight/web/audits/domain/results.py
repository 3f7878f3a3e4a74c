"""Stored results: the files of a run, its sources and their ages, and what the page sums up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from commonlight.web.audits.models import StoredFinding
from commonlight.web.data.models import DataSet, DataVersion
from commonlight.web.runs.models import Run

__all__ = [
    "SourceUse",
    "area_choices",
    "geometry_file",
    "map_data",
    "result_file",
    "shelf_file",
    "sources_of_run",
]

INTERNAL, PUBLIC = "internal", "public"


@dataclass(frozen=True)
class SourceUse:
    """A data set as a run used it: which version, and how old its newest record is today."""

    dataset: DataSet
    version: DataVersion | None
    digest: str
    age_days: int | None

    @property
    def notes(self) -> list[str]:
        """What the panel of quality says: what the points bear, and changes of recording."""
        quality = self.version.quality if self.version is not None else {}
        changes = [str(one.get("sentence", "")) for one in quality.get("changes") or ()]
        return [note for note in (str(quality.get("precision") or ""), *changes) if note]

    @property
    def is_overtaken(self) -> bool:
        """Whether the data set has a newer version than the run used."""
        current = self.dataset.current
        return current is not None and current.digest != self.digest


def sources_of_run(run: Run, *, today: date) -> dict[str, SourceUse]:
    """The data sets of a run by short name, in two queries."""
    wanted = {item["dataset"]: item for item in run.inputs if item.get("dataset")}
    datasets = (
        DataSet.objects.of(run.workspace)
        .filter(slug__in=wanted)
        .select_related("owner", "space", "current")
        .defer("current__manifest", "current__quality")
    )
    pairs = Q(pk__in=[])
    for slug, item in wanted.items():
        pairs |= Q(dataset__slug=slug, number=item["version"])
    versions = DataVersion.objects.of(run.workspace).filter(pairs).defer("manifest")
    used = {version.dataset_id: version for version in versions}
    return {
        one.slug: _use(one, used.get(one.pk), wanted[one.slug], today=today) for one in datasets
    }


def _use(dataset: DataSet, version: DataVersion | None, item: Any, *, today: date) -> SourceUse:
    last = version.last_day if version is not None else None
    age = (today - last).days if last is not None else None
    return SourceUse(dataset, version, str(item.get("digest", "")), age)


def result_file(run: Run, *parts: str) -> Path | None:
    """A file that the run wrote, or None; nothing outside its folder is ever given."""
    if not run.result_folder:
        return None
    root = run.result_path.resolve()
    path = root.joinpath(*parts).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def shelf_file(run: Run, *parts: str, public: bool = False) -> Path | None:
    """A file that was laid ready for pages."""
    return result_file(run, PUBLIC if public else INTERNAL, "shelf", *parts)


def map_data(run: Run, key: str, *, public: bool = False) -> dict[str, Any] | None:
    """Values, classes and places of a finding's map, or None where it has none."""
    path = shelf_file(run, "maps", f"{key}.json", public=public)
    return None if path is None else _read_json(path, path.stat().st_mtime_ns)


def geometry_file(finding: StoredFinding, digest: str, *, public: bool = False) -> Path | None:
    """The shapes that a finding's own map names; where others look closer, theirs stay closed."""
    data = map_data(finding.run, finding.key, public=public) or {}
    if digest not in (data.get("geometry"), data.get("ground")):
        return None
    return shelf_file(finding.run, "geometry", f"{digest}.geojson", public=public)


@lru_cache(maxsize=8)
def _read_json(path: Path, changed: int) -> dict[str, Any]:
    """Results never change, so a file that was read once is kept for a while."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def area_choices(findings: Iterable[StoredFinding]) -> list[tuple[str, str]]:
    """Codes and names of areas, from the first table of a run that lists them."""
    for finding in findings:
        table = finding.content.get("table") or {}
        names = [column["name"] for column in table.get("columns", ())]
        if "code" in names and "area" in names:
            code, name = names.index("code"), names.index("area")
            return sorted(
                {(str(row[code]), str(row[name])) for row in table["rows"] if row[code]},
                key=lambda pair: pair[1].casefold(),
            )
    return []
