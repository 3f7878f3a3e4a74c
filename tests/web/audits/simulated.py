"""The simulated city of the library, imported once, as data sets of a workspace."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

SOURCES = {
    "crime": ("incidents", "simulated_incidents.csv", "incidents.toml", "incidents"),
    "survey": ("answers", "simulated_survey.csv", "survey.toml", "residents"),
    "reports": ("reports", "simulated_reports.csv", "reports.toml", "citizen reports"),
}
FILES = {
    "districts": ("areas", "simulated_areas.geojson", {"code": "area_code", "name": "area_name"}),
    "people": ("population", "simulated_population.csv", {"area": "area_code", "count": "persons"}),
    "streets": ("streets", "simulated_streets.geojson", {"identifier": "segment"}),
}
SETTINGS: dict[str, Any] = {
    "period": ["2024-01-01", "2025-12-31"],
    "sources": [
        {"dataset": slug, "noun": entry[3], "areas": "districts", "exclude_types": []}
        for slug, entry in SOURCES.items()
    ],
    "areas": [{"dataset": "districts"}],
    "population": [{"dataset": "people", "areas": "districts"}],
    "divergence": [{"recorded": "crime", "felt": "survey.safety_area"}],
    "streets": {"dataset": "streets"},
    "publish": {"minimum_count": 5},
    "cell_size": None,
}


def import_city(folder: Path, *, incidents: int = 10_000) -> None:
    """Simulate a small city and import its records into `folder`/lake."""
    from commonlight.evidence.offences import load_scheme
    from commonlight.simulate.city import simulate_city
    from commonlight.simulate.files import write_city
    from commonlight.sources.importing import import_source
    from commonlight.sources.mapping_files import load_mapping

    city = folder / "city"
    write_city(simulate_city(incidents=incidents, seed=1), city, rejects_share=0.005)
    for slug, (_, file, mapping, _noun) in SOURCES.items():
        chosen = load_mapping(city / mapping)
        scheme = chosen.type.scheme if chosen.type else None
        import_source(
            city / file,
            chosen,
            lake=folder / "lake",
            name=slug,
            classes=load_scheme(scheme) if scheme else None,
        )


def settle(folder: Path, workspace: Any, owner: Any, **fields: Any) -> dict[str, Any]:
    """The city's files in a workspace: data sets with one version each, by slug."""
    from commonlight.sources.lake import Lake
    from commonlight.web.data.models import DataSet, DataVersion

    shutil.copytree(folder / "lake", workspace.lake_folder)
    kept: dict[str, dict[str, Any]] = {}
    for slug, (kind, *_, noun) in SOURCES.items():
        version = Lake(workspace.lake_folder).open(slug)
        kept[slug] = {
            "kind": kind,
            "noun": noun,
            "lake_version": version.id,
            "manifest": version.manifest,
            "digest": version.manifest["content_digest"],
        }
    for slug, (kind, file, columns) in FILES.items():
        target = workspace.files_folder / slug / file
        target.parent.mkdir(parents=True)
        shutil.copyfile(folder / "city" / file, target)
        kept[slug] = {
            "kind": kind,
            "noun": "districts" if kind == "areas" else "",
            "file": f"{slug}/{file}",
            "manifest": {"columns": columns, "crs": ""},
            "digest": hashlib.sha256(target.read_bytes()).hexdigest(),
        }
    found = {}
    for slug, facts in kept.items():
        about = {key: facts.pop(key) for key in ("kind", "noun")}
        made = DataSet.objects.create(
            workspace=workspace, slug=slug, name=slug.title(), owner=owner, **about, **fields
        )
        made.current = DataVersion.objects.create(
            workspace=workspace, dataset=made, number=1, **facts
        )
        made.save()
        found[slug] = made
    return found
