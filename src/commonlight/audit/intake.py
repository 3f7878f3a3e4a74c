"""Files into layers: import each source, read the areas and the residents."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Names
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from commonlight.analysis.precision import CoordinatePrecision
from commonlight.audit.answers_layer import COMPARED_GROUPS, AnswersLayer, make_answers_layer
from commonlight.audit.config import (
    AreasConfig,
    AuditConfig,
    PopulationConfig,
    ResidentsConfig,
    SimilarConfig,
    SourceConfig,
    StreetsConfig,
)
from commonlight.audit.errors import AuditConfigError
from commonlight.audit.layers import AreaLayer, Layer, make_layer
from commonlight.audit.questions.similar import AreaVariables, own_variables
from commonlight.audit.selection import AreaView, areas_in_view
from commonlight.audit.visits_layer import VisitsLayer, make_visits_layer
from commonlight.evidence.offences import load_scheme
from commonlight.findings import words
from commonlight.findings.model import SourceNote
from commonlight.sources.answers import read_answers
from commonlight.sources.area_measures import MeasureColumn, read_area_measures
from commonlight.sources.areas import read_areas
from commonlight.sources.crs import PLANAR
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake, Version
from commonlight.sources.mapping_files import load_mapping
from commonlight.sources.population import Population, join_report, read_population
from commonlight.sources.streets import StreetLines, read_streets
from commonlight.sources.tables import read_table

__all__ = ["Intake", "take_in"]

#: Points further than this outside all areas are rejected, in metres.
MARGIN = 2000.0

Progress = Callable[[str, float, float | None], None]
_Asked = TypeVar("_Asked", AnswersLayer, VisitsLayer)


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Everything that was read for one audit."""

    layers: tuple[Layer, ...]
    areas: tuple[AreaLayer, ...]
    sources: tuple[SourceNote, ...]
    crs: str
    surveys: tuple[AnswersLayer, ...] = ()
    visits: tuple[VisitsLayer, ...] = ()
    streets: StreetLines | None = None
    variables: Names[str, AreaVariables] = field(default_factory=dict)


def take_in(config: AuditConfig, *, lake: Path, progress: Progress) -> Intake:
    """Import the sources of a configuration, or open their versions, and lay them out."""
    crs = config.crs or _crs_for(config)
    areas = {item.name: _area_layer(item, config, crs) for item in config.areas}
    for item in config.population:
        if item.areas not in areas:
            areas[item.areas] = _areas_without_map(item)
    areas = {name: _with_groups(layer, config) for name, layer in areas.items()}
    views = {name: areas_in_view(layer, config.select) for name, layer in areas.items()}
    read = [_read(item, config, areas, views, crs, lake, progress) for item in config.sources]
    areas = {name: view.areas for name, view in views.items()}
    streets = _streets(config, crs)
    notes = [item if isinstance(item, SourceNote) else item.source for item in read]
    notes += [_areas_note(item, config, areas[item.name]) for item in config.areas]
    notes += [_population_note(item, config, areas) for item in config.population]
    notes += [_residents_note(item, config) for item in config.residents]
    notes += [_similar_note(item, config) for item in config.similar]
    if config.streets is not None and streets is not None:
        notes.append(_streets_note(config.streets, config, streets))
    return Intake(
        layers=tuple(item for item in read if isinstance(item, Layer)),
        surveys=tuple(item for item in read if isinstance(item, AnswersLayer)),
        visits=tuple(item for item in read if isinstance(item, VisitsLayer)),
        streets=streets,
        variables=_variables(config, areas),
        areas=tuple(areas.values()),
        sources=tuple(notes),
        crs=crs,
    )


def _crs_for(config: AuditConfig) -> str:
    """The projected system for a city that names none: from its first areas."""
    from commonlight.sources.crs import choose_metric_crs

    if not config.areas:
        return ""
    first = config.areas[0]
    areas = read_areas(first.path, code=first.code, crs=first.crs, target_crs="EPSG:4326")
    bounds = np.asarray([polygon.bounds for polygon in areas.polygons])
    return str(choose_metric_crs(bounds[:, [0, 2]].ravel(), bounds[:, [1, 3]].ravel()).crs)


def _area_layer(item: AreasConfig, config: AuditConfig, crs: str) -> AreaLayer:
    areas = read_areas(item.path, code=item.code, name=item.label, crs=item.crs, target_crs=crs)
    population = next((p for p in config.population if p.areas == item.name), None)
    if population is None:
        return AreaLayer.from_set(
            areas, name=item.name, noun=item.noun, boundaries_source=_boundaries_id(item.name)
        )
    counted = _population(population)
    report = join_report(counted, areas.codes)
    return AreaLayer.from_set(
        areas,
        name=item.name,
        noun=item.noun,
        population=_aligned(counted, counted.counts, areas.codes),
        population_source=_population_id(population),
        boundaries_source=_boundaries_id(item.name),
        unmatched_population=tuple(report.only_in_population),
        without_population=tuple(report.only_in_areas),
    )


def _areas_without_map(item: PopulationConfig) -> AreaLayer:
    counted = _population(item)
    codes = tuple(counted.codes)
    return AreaLayer(
        name=item.areas,
        noun=item.noun,
        codes=codes,
        labels=_labels(item, codes),
        population=_aligned(counted, counted.counts, codes),
        population_source=_population_id(item),
    )


def _labels(item: PopulationConfig, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Names of areas that have no map, from a column of the table of residents."""
    if item.label is None:
        return codes
    columns = read_table(item.path)
    if item.label not in columns:
        raise AuditConfigError(
            f"[population]: {item.path.name} has no column {item.label!r}; "
            f"it has {words.listing(list(columns), limit=12)}"
        )
    names = dict(zip(columns[item.area], columns[item.label], strict=True))
    return tuple(str(names.get(code) or code) for code in codes)


def _population(item: PopulationConfig) -> Population:
    return read_population(item.path, area=item.area, count=item.count)


def _aligned(counted: Population, counts: Any, codes: Any) -> np.ndarray:
    """Residents in the order of `codes`; nan where the table has none."""
    known = dict(zip(counted.codes, np.asarray(counts, dtype=float), strict=True))
    return np.asarray([known.get(code, np.nan) for code in codes])


def _with_groups(layer: AreaLayer, config: AuditConfig) -> AreaLayer:
    """The areas with their residents by group, for those who are named under [[residents]]."""
    groups: dict[str, dict[str, np.ndarray]] = {}
    for item in config.residents:
        if item.areas == layer.name:
            for name, labels in item.groups.items():
                groups[name] = _group_counts(item, labels, layer.codes)
    return replace(layer, groups=groups) if groups else layer


def _group_counts(
    item: ResidentsConfig, labels: Names[str, tuple[str, ...]], codes: tuple[str, ...]
) -> dict[str, np.ndarray]:
    columns = {column: column for names in labels.values() for column in names}
    counted = read_population(item.path, area=item.area, count=next(iter(columns)), groups=columns)
    return {
        label: _aligned(counted, sum(counted.groups[name] for name in names), codes)
        for label, names in labels.items()
    }


def _population_id(item: PopulationConfig) -> str:
    return item.name or f"population-{item.areas}"


def _read(
    source: SourceConfig,
    config: AuditConfig,
    areas: dict[str, AreaLayer],
    views: dict[str, AreaView],
    crs: str,
    lake: Path,
    progress: Progress,
) -> Layer | AnswersLayer | VisitsLayer | SourceNote:
    """Lay one source out by what it holds; a survey without answers is a note."""
    within = areas.get(source.areas) if source.areas else None
    version = _version(source, within, crs, lake, progress)
    facts = version.manifest
    kind, place = facts["kind"], facts.get("place") or {}
    note = _source_note(source, facts, config.made_on)
    if kind == "answers" and not facts["accepted"]:
        return note
    if kind == "answers":
        survey = make_answers_layer(
            read_answers(version),
            name=source.name,
            noun=source.noun if source.noun != SourceConfig.noun else "residents",
            source=note,
            areas=within,
            compared=source.groups or COMPARED_GROUPS,
        )
        return _viewed(survey, views)
    table = _projected(version.table(), str(place.get("metric_crs") or ""), crs)
    if kind == "visits":
        visits = make_visits_layer(
            table, name=source.name, noun=source.noun, source=note, areas=within
        )
        return _viewed(visits, views)
    return make_layer(
        table,
        name=source.name,
        noun=source.noun,
        record_kind=kind,
        source=note,
        period=config.period,
        areas=within,
        crs=crs or str(place.get("metric_crs") or ""),
        precision=_precision(facts),
        place_kind=source.place_kind,
        exclude_types=source.exclude_types,
        only_inside=source.only_inside,
        stated_precision_m=(facts["mapping"]["place"] or {}).get("precision_m"),
        select=config.select,
        view=views.get(source.areas) if source.areas else None,
    )


def _version(
    source: SourceConfig, within: AreaLayer | None, crs: str, lake: Path, progress: Progress
) -> Version:
    """The version that is named, or a new one of the files that are named."""
    if source.version is not None:
        return Lake(lake).open(source.name, source.version)
    mapping = load_mapping(source.mapping)
    scheme = mapping.type.scheme if mapping.type else None
    import_source(
        source.paths,
        mapping,
        lake=lake,
        name=source.name,
        classes=load_scheme(scheme) if scheme else None,
        study_area=_study_area(within),
        crs=crs or None,
        drop=source.drop,
        progress=lambda done, total, rows: progress(f"Reading {source.name}", done, total or None),
    )
    return Lake(lake).open(source.name)


def _viewed(layer: _Asked, views: dict[str, AreaView]) -> _Asked:
    """The same answers or visits, with the areas in view alone."""
    view = views.get(layer.areas.name) if layer.areas is not None else None
    if view is None or view.areas is layer.areas:
        return layer
    return replace(layer, areas=view.areas, area=view.number[layer.area].astype(layer.area.dtype))


def _projected(table: pa.Table, given: str, wanted: str) -> pa.Table:
    """The points in the audit's system, where a version was imported in another one."""
    if not wanted or not given or given == wanted or PLANAR in (given, wanted):
        return table
    from pyproj import Transformer

    transformer = Transformer.from_crs(given, wanted, always_xy=True)
    x, y = (np.array(table[name].to_numpy(zero_copy_only=False), dtype=float) for name in "xy")
    known = np.isfinite(x) & np.isfinite(y)
    x[known], y[known] = transformer.transform(x[known], y[known])
    for name, values in (("x", x), ("y", y)):
        column = pa.array(values, mask=~known)
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _precision(facts: dict[str, Any]) -> CoordinatePrecision | None:
    """What the import found the points to bear."""
    return CoordinatePrecision(**facts["precision"]) if facts.get("precision") else None


def _variables(config: AuditConfig, areas: dict[str, AreaLayer]) -> dict[str, AreaVariables]:
    """What areas are compared by: the table that was named, else what is known of them."""
    found = {name: own_variables(layer) for name, layer in areas.items()}
    for item in config.similar:
        read = read_area_measures(
            item.path,
            area=item.area,
            measures={name: MeasureColumn(column=name) for name in item.variables},
        )
        place = {code: k for k, code in enumerate(read.codes)}
        order = np.array([place.get(code, -1) for code in areas[item.areas].codes])
        columns = [np.append(read.measures[name].values, np.nan)[order] for name in item.variables]
        found[item.areas] = AreaVariables(
            names=item.variables,
            values=np.column_stack(columns),
            source=_similar_id(item),
        )
    return {name: variables for name, variables in found.items() if variables is not None}


def _similar_id(item: SimilarConfig) -> str:
    return f"variables-{item.areas}"


def _streets(config: AuditConfig, crs: str) -> StreetLines | None:
    if config.streets is None:
        return None
    given = config.streets
    return read_streets(given.path, target_crs=crs or None, crs=given.crs, identifier=given.id)


def _study_area(areas: AreaLayer | None) -> Any:
    """The areas with a margin: a point just across the border is kept, one far away is wrong."""
    if areas is None or not areas.mapped:
        return None
    # A coarse outline is enough for a margin, and a fine one takes seconds to widen.
    return areas.outline.simplify(MARGIN / 20).buffer(MARGIN, quad_segs=4)


def _source_note(
    source: SourceConfig,
    facts: dict[str, Any],
    made_on: date,
) -> SourceNote:
    first, last = _days_covered(facts)
    return SourceNote(
        id=source.name,
        name=facts["mapping"]["name"],
        kind=facts["kind"],
        publisher=facts["publisher"],
        licence=facts["licence"],
        attribution=facts["attribution"],
        witness=facts["witness"],
        first_day=first,
        last_day=last,
        age_days=(made_on - last).days if last else None,
        rows_read=facts["read"],
        rows_accepted=facts["accepted"],
        rows_rejected=facts["rejected"],
        rejected_reasons=dict(facts["reasons"]),
        digest=_short_digest(facts),
        notes=tuple(_sentence(note) for note in _notes(facts)),
    )


def _notes(facts: dict[str, Any]) -> list[str]:
    """What the import noted about the data."""
    place = facts.get("place")
    return [place["note"] if place else "no coordinates were read", *facts["notes"]]


def _sentence(note: str) -> str:
    text = words.capital(note.strip())
    return text if text.endswith(".") else f"{text}."


def _short_digest(manifest: dict[str, Any]) -> str:
    files = manifest["sources"]
    if len(files) == 1:
        return f"sha256 {files[0]['sha256'][:16]}"
    return f"{len(files)} files, first sha256 {files[0]['sha256'][:16]}"


def _days_covered(manifest: dict[str, Any]) -> tuple[date | None, date | None]:
    """First and last day of the records; an interval's end is the first moment after it."""
    if not manifest.get("period"):
        return None, None
    first, end = (datetime.fromisoformat(text) for text in manifest["period"])
    return first.date(), max(first, end - timedelta(seconds=1)).date()


def _boundaries_id(name: str) -> str:
    """Identifier of the source of a set of boundaries."""
    return f"boundaries-{name}"


def _areas_note(item: AreasConfig, config: AuditConfig, layer: AreaLayer) -> SourceNote:
    return _table_note(
        item,
        config,
        id=_boundaries_id(item.name),
        name=f"Boundaries of {words.number(len(layer.codes))} {item.noun}",
        kind="areas",
        accepted=len(layer.codes),
        notes=tuple(_sentence(note) for note in layer.notes),
    )


def _population_note(
    item: PopulationConfig, config: AuditConfig, areas: dict[str, AreaLayer]
) -> SourceNote:
    layer = areas[item.areas]
    counts = layer.population
    known = int(np.isfinite(counts).sum()) if counts is not None else 0
    hidden = len(layer.codes) - len(layer.without_population) - known
    lost = {
        "no area has this code": len(layer.unmatched_population),
        "no count of residents is given": hidden,
    }
    notes = []
    if layer.without_population:
        notes.append(f"{len(layer.without_population)} areas have no count of residents.")
    if layer.unmatched_population:
        notes.append(f"{len(layer.unmatched_population)} codes of the table match no area.")
    return _table_note(
        item,
        config,
        id=_population_id(item),
        name=item.name or "Residents by area",
        kind="population",
        accepted=known,
        lost={reason: count for reason, count in lost.items() if count},
        notes=tuple(notes),
    )


def _residents_note(item: ResidentsConfig, config: AuditConfig) -> SourceNote:
    return _table_note(
        item,
        config,
        id=f"residents-{item.areas}",
        name=f"Residents by {words.listing(list(item.groups))}",
        kind="residents",
        accepted=len(read_table(item.path)[item.area]),
        notes=(),
    )


def _similar_note(item: SimilarConfig, config: AuditConfig) -> SourceNote:
    return _table_note(
        item,
        config,
        id=_similar_id(item),
        name=f"What areas are compared by: {words.listing(list(item.variables), limit=6)}",
        kind="variables",
        accepted=len(read_table(item.path)[item.area]),
        notes=(),
    )


def _streets_note(item: StreetsConfig, config: AuditConfig, streets: StreetLines) -> SourceNote:
    return _table_note(
        item,
        config,
        id="streets",
        name=words.capital(item.noun),
        kind="streets",
        accepted=len(streets.lines),
        notes=tuple(_sentence(note) for note in streets.notes),
    )


def _table_note(
    item: AreasConfig | PopulationConfig | ResidentsConfig | SimilarConfig | StreetsConfig,
    config: AuditConfig,
    *,
    id: str,
    name: str,
    kind: str,
    accepted: int,
    notes: tuple[str, ...],
    lost: dict[str, int] | None = None,
) -> SourceNote:
    """The note of a table that witnesses nothing: boundaries or residents of one year."""
    rejected = lost or {}
    day = date(item.year, 12, 31) if item.year else None
    return SourceNote(
        id=id,
        name=name,
        kind=kind,
        publisher=item.publisher,
        licence=item.licence,
        witness="statistics",
        first_day=day,
        last_day=day,
        age_days=(config.made_on - day).days if day else None,
        rows_read=accepted + sum(rejected.values()),
        rows_accepted=accepted,
        rows_rejected=sum(rejected.values()),
        rejected_reasons=rejected,
        digest=f"sha256 {sha256(item.path.read_bytes()).hexdigest()[:16]}",
        notes=notes,
    )
