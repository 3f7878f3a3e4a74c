"""The settings of a plan become a configuration of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "Pinned",
    "Place",
    "PlanSettingsError",
    "is_main_view",
    "library_settings",
    "source_slugs",
]

PUBLISH_KEYS = (
    "minimum_count",
    "reason",
    "method",
    "base",
    "smallest_cell",
    "blocks",
    "allow",
    "contact",
)
"""Rules of publication that a plan may set; where a secret lies is no matter of a plan."""

FORMATS = ("html", "pdf", "data", "shelf")


class PlanSettingsError(ValueError):
    """The settings of a plan do not fit the data sets of the run."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The city of a workspace."""

    city: str
    crs: str = ""
    simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """One data set of a run, with the version that the run was asked for."""

    slug: str
    name: str
    noun: str
    publisher: str
    licence: str
    lake_version: str
    file: str
    year: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    keeps: tuple[str, ...] = ()


def is_main_view(parameters: Mapping[str, Any]) -> bool:
    """Whether a run shows its plan as it stands; only such a run has a public version."""
    cut = any(parameters.get(key) for key in ("iccs", "types", "areas"))
    planned = parameters["settings"].get("period")
    return not cut and list(parameters.get("period") or planned) == list(planned)


def library_settings(
    parameters: Mapping[str, Any],
    pinned: Mapping[str, Pinned],
    place: Place,
    *,
    title: str,
    made_on: date,
    seed: int = 0,
) -> dict[str, Any]:
    """The configuration of an audit, with versions of the lake in place of files.

    Raises
    ------
    PlanSettingsError
        If the settings name a data set that is not among the inputs of the run, or columns that
        it does not have.
    """
    given = parameters["settings"]
    audit: dict[str, Any] = {
        "city": place.city,
        "title": title,
        "simulated": place.simulated,
        "period": list(parameters.get("period") or given["period"]),
        "made_on": made_on.isoformat(),
    }
    audit |= {"crs": place.crs} if place.crs else {}
    audit |= {"cell_size": given["cell_size"]} if given.get("cell_size") else {}
    audit |= {"seed": seed} if seed else {}
    settings: dict[str, Any] = {
        "audit": audit,
        "source": [_source(item, pinned) for item in given.get("sources") or []],
        "areas": [_areas(item, pinned) for item in given.get("areas") or []],
        "population": [_population(item, pinned) for item in given.get("population") or []],
        "residents": [_residents(item, pinned) for item in given.get("residents") or []],
        "similar": [_similar(item, pinned) for item in given.get("similar") or []],
        "divergence": [_pair(item) for item in given.get("divergence") or []],
        "publish": {k: v for k, v in (given.get("publish") or {}).items() if k in PUBLISH_KEYS},
        "output": {"formats": list(FORMATS)},
        "select": {key: list(parameters.get(key) or []) for key in ("iccs", "types", "areas")},
    }
    streets = given.get("streets") or {}
    if streets.get("dataset"):
        settings["streets"] = _streets(streets, pinned)
    return settings


def _input(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> Pinned:
    slug = str(item.get("dataset", ""))
    if slug not in pinned:
        raise PlanSettingsError(
            f"the audit names the data set {slug!r}, which is not among the inputs of this run; "
            "open the audit, check its settings and start it again"
        )
    return pinned[slug]


def _column(one: Pinned, role: str) -> str:
    name = one.columns.get(role)
    if not name:
        known = ", ".join(one.columns) or "none"
        raise PlanSettingsError(
            f"the data set {one.name!r} does not say which column holds the {role} "
            f"(columns told: {known}); upload it again and name the column"
        )
    return name


def _source(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    if not one.lake_version:
        raise PlanSettingsError(
            f"the data set {one.name!r} holds no records or answers; choose it as areas or "
            "residents, or take it out of the audit"
        )
    source: dict[str, Any] = {"name": one.slug, "version": one.lake_version}
    noun = item.get("noun") or one.noun
    source |= {"noun": noun} if noun else {}
    source |= {"areas": item["areas"]} if item.get("areas") else {}
    kind = item.get("place_kind") or ("place_kind" if "place_kind" in one.keeps else "")
    source |= {"place_kind": kind} if kind else {}
    source |= {key: list(item[key]) for key in ("exclude_types", "groups") if item.get(key)}
    return source | ({"only_inside": True} if item.get("only_inside") else {})


def _about(one: Pinned) -> dict[str, Any]:
    about: dict[str, Any] = {"publisher": one.publisher, "licence": one.licence}
    return about | ({"year": one.year} if one.year else {})


def _areas(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    areas = {"id": one.slug, "path": one.file, "code": _column(one, "code"), **_about(one)}
    areas |= {"name": one.columns["name"]} if one.columns.get("name") else {}
    areas |= {"noun": one.noun} if one.noun else {}
    return areas | ({"crs": one.crs} if one.crs else {})


def _population(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    found = {
        "path": one.file,
        "area": _column(one, "area"),
        "count": _column(one, "count"),
        **_about(one),
    }
    return found | ({"areas": item["areas"]} if item.get("areas") else {})


def _residents(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    area = item.get("area") or _column(one, "area")
    found = {"path": one.file, "area": area, "groups": item.get("groups"), **_about(one)}
    return found | ({"areas": item["areas"]} if item.get("areas") else {})


def _similar(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    area = item.get("area") or _column(one, "area")
    found = {"path": one.file, "area": area, "variables": item.get("variables"), **_about(one)}
    return found | ({"areas": item["areas"]} if item.get("areas") else {})


def _streets(item: Mapping[str, Any], pinned: Mapping[str, Pinned]) -> dict[str, Any]:
    one = _input(item, pinned)
    found: dict[str, Any] = {"path": one.file, **_about(one)}
    found |= {"id": one.columns["identifier"]} if one.columns.get("identifier") else {}
    found |= {"noun": one.noun} if one.noun else {}
    return found | ({"crs": one.crs} if one.crs else {})


def _pair(item: Mapping[str, Any]) -> dict[str, str]:
    return {"recorded": str(item["recorded"]), "felt": str(item["felt"])}


def source_slugs(settings: Mapping[str, Any]) -> dict[str, str]:
    """The data set behind each source that a finding of the library can name."""
    found = {item["dataset"]: item["dataset"] for item in settings.get("sources") or []}
    areas = [item["dataset"] for item in settings.get("areas") or []]
    found |= {f"boundaries-{slug}": slug for slug in areas}
    only = areas[0] if len(areas) == 1 else "areas"
    for key, name in (
        ("population", "population"),
        ("residents", "residents"),
        ("similar", "variables"),
    ):
        for item in settings.get(key) or []:
            found[f"{name}-{item.get('areas') or only}"] = item["dataset"]
    streets = settings.get("streets") or {}
    return {**found, **({"streets": streets["dataset"]} if streets.get("dataset") else {})}
