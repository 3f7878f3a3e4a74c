"""Where the audits call the library: a plan becomes a configuration, and a run a result.

Only jobs call `compute`; what is heavy is imported there and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonlight.findings.stigma import StigmaNote

__all__ = [
    "Computed",
    "Pinned",
    "Place",
    "PlanSettingsError",
    "compute",
    "is_main_view",
    "library_settings",
    "offence_classes",
    "source_slugs",
    "stigma_notes",
    "stored_entries",
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

Progress = Callable[[str, float, float | None], None]


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


@dataclass(frozen=True, kw_only=True)
class Computed:
    """What a run found, as its result says it; the findings themselves stand in its folder."""

    title: str
    headline: tuple[str, ...]
    findings: int
    public: int
    one_sided: bool
    absent_voices: tuple[str, ...]
    missing: tuple[dict[str, str], ...]
    cautions: tuple[str, ...]
    public_refused: str
    seconds: dict[str, float]


def is_main_view(parameters: Mapping[str, Any]) -> bool:
    """Whether a run shows its plan as it stands; only such a run has a public version."""
    cut = any(parameters.get(key) for key in ("iccs", "types", "areas"))
    planned = parameters["settings"].get("period")
    return not cut and list(parameters.get("period") or planned) == list(planned)


# --- From the settings of a plan to a configuration of the library


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


# --- The computation


def compute(
    settings: Mapping[str, Any],
    *,
    lake: Path,
    files: Path,
    folder: Path,
    with_public: bool,
    progress: Progress,
) -> Computed:
    """Run an audit and write what its pages, prints and downloads need.

    Parameters
    ----------
    settings : mapping
        From `library_settings`.
    lake, files : Path
        The versions of records, and the folder of the data sets that are files.
    folder : Path
        Gets ``internal/`` and, if it may be made, ``public/``.
    with_public : bool
        Whether a public version is asked for.
    progress : callable
        Called with the step, how much is done and how much there is.
    """
    from commonlight.audit.config import config_from_dict
    from commonlight.audit.run import run_audit

    config = config_from_dict(settings, base=files)
    done = run_audit(config, folder=folder, lake=lake, only="internal", progress=progress)
    public, refused = 0, ""
    if with_public:
        public, refused = _publish(config, done.report, folder, progress)
    report = done.report
    return Computed(
        title=report.title,
        headline=report.headline_findings,
        findings=len(report.findings),
        public=public,
        one_sided=report.one_sided,
        absent_voices=report.absent_voices,
        missing=tuple(
            {
                "name": item.name,
                "block": item.block.value,
                "voice": item.voice,
                "why": item.why,
                "next_step": item.next_step,
            }
            for item in report.missing
        ),
        cautions=report.cautions,
        public_refused=refused,
        seconds={step: round(seconds, 2) for step, seconds in done.seconds.items()},
    )


def _publish(config: Any, report: Any, folder: Path, progress: Progress) -> tuple[int, str]:
    """How many findings the public version has, or why there is none."""
    from commonlight.audit.publishing.account import write_account
    from commonlight.audit.publishing.public import publish
    from commonlight.audit.publishing.rules import PublishingError
    from commonlight.audit.run import write_report

    progress("Protecting small counts", 0, None)
    nouns = {source.name: source.noun for source in config.sources}
    try:
        publication = publish(report, rules=config.publish, nouns=nouns)
    except PublishingError as error:
        return 0, str(error)
    write_account(publication, folder / "internal")
    write_report(publication.report, config, folder / "public", progress=progress)
    return len(publication.report.findings), ""


# --- From the folder of a run to the database


def stored_entries(folder: Path, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is kept of each finding of a run, in the order of its report."""
    internal = _findings(folder / "internal")
    public = {item["id"]: item for item in _findings(folder / "public")["findings"]}
    slugs = source_slugs(settings)
    areas = {item["dataset"]: item.get("areas") for item in settings.get("sources") or []}
    headline = set(internal["headline_findings"])
    for order, item in enumerate(internal["findings"]):
        yield {
            "key": item["id"],
            "order": order,
            "block": item["block"],
            "question": item["question"],
            "sentence": item["sentence"],
            "certainty": item["certainty"],
            "one_sided": item["one_sided"],
            "is_headline": item["id"] in headline,
            "method_name": item["method"]["name"],
            "method_page": item["method"]["page"],
            "sources": _sources(item, slugs, areas),
            "place_detail": item["detail"]["place"],
            "time_detail": item["detail"]["time"],
            "has_chart": item["chart"] is not None,
            "has_map": item["map"] is not None,
            "content": _content(item),
            "public_content": _content(public[item["id"]]) if item["id"] in public else None,
        }


def _findings(folder: Path) -> dict[str, Any]:
    path = folder / "shelf" / "findings.json"
    if not path.is_file():
        return {"findings": [], "headline_findings": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _sources(
    item: Mapping[str, Any], slugs: Mapping[str, str], areas: Mapping[str, str | None]
) -> list[str]:
    """The data sets of a finding; a map of areas rests on their boundaries too.

    A source that is no data set of the plan is kept under its own name: nobody may see it.
    """
    found = [slugs.get(name, name) for name in item["sources"]]
    if item["map"] is not None:
        found += [area for name in found if (area := areas.get(name))]
    return list(dict.fromkeys(found))


def _content(item: Mapping[str, Any]) -> dict[str, Any]:
    """A finding without the values of its map, which lie on the shelf."""
    content = dict(item)
    if content["map"] is not None:
        left_out = ("values", "labels")
        content["map"] = {k: v for k, v in content["map"].items() if k not in left_out}
    return content


# --- What pages ask: light, without numbers


def stigma_notes(texts: Iterable[str], *, language: str) -> list[StigmaNote]:
    """Words that stigmatise, by the list of the language and by the English one."""
    from commonlight.findings.stigma import LANGUAGES, find_stigma

    languages = sorted({language if language in LANGUAGES else "en", "en"})
    return [note for text in texts for one in languages for note in find_stigma(text, language=one)]


@lru_cache
def offence_classes() -> tuple[tuple[str, str], ...]:
    """The sections of the international classification of crime: code and name."""
    from commonlight.evidence.offences import load_iccs

    classes = load_iccs().classes.values()
    return tuple((one.code, one.name) for one in classes if len(one.code) == 2)
