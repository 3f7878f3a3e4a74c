"""How a publisher's columns become Commonlight's columns.

A mapping is a TOML file of at most 25 lines, written by a person or guessed by
``commonlight sources guess``. A preset is a mapping that ships with Commonlight.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

__all__ = ["KINDS", "FileFormat", "Mapping", "PlaceColumns", "TimeColumns", "TypeColumns"]

KINDS = ("incidents", "reports", "answers", "visits", "areas", "population")
"""Kinds of tables; :data:`commonlight.sources.schemas.SCHEMAS` holds their columns."""


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """How the bytes of a file are to be read.

    `format` is one of csv, excel, geojson, geopackage, parquet; None = from the file's name.
    `delimiter` None = found by the structural pass. `multiline` says that quoted cells may
    hold line breaks; otherwise one physical line is one record.
    """

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    quote: str = '"'
    decimal: str = "."
    missing: tuple[str, ...] = ("",)
    multiline: bool = False
    sheet: str | None = None
    layer: str | None = None


@dataclass(frozen=True, kw_only=True)
class TimeColumns:
    """Where the time stands.

    `formats` are strptime formats tried in order for each row (the first that fits wins);
    the finest field of a format gives the resolution: ``%Y-%m`` is a month, ``%Y`` a year,
    ``%d.%m.%Y`` a day. `hour` names a column with the hour 0-23 of `start`.
    With `end`, the event happened at an unknown moment between the two.
    """

    start: str
    formats: tuple[str, ...] = ()
    hour: str | None = None
    end: str | None = None
    end_formats: tuple[str, ...] = ()
    end_hour: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceColumns:
    """Where the place stands: coordinates in `crs`, an area code, or both.

    `precision_m` is what the publisher states, in metres. `required` rejects a record that
    has neither usable coordinates nor an area code.
    """

    x: str | None = None
    y: str | None = None
    crs: str | None = None
    precision_m: float | None = None
    area: str | None = None
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class TypeColumns:
    """Where the local offence or report type stands, and how it maps to ICCS.

    `column` names the column; `constant` is used where the file holds one type only.
    `scheme` names a table in `commonlight.evidence` (for example ``data_police_uk``);
    `iccs` maps local labels directly and wins over the scheme.
    """

    column: str | None = None
    constant: str | None = None
    scheme: str | None = None
    iccs: MappingType[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """One publisher's format.

    `kind` is incidents, answers, reports, visits, areas or population. `duplicates` says what
    a second record with the same `id` is: ``reject`` or ``keep``. `wide` turns counts that
    stand side by side into one observation per column (column name -> local type). `keep`
    copies columns as text (new name -> column). `drop` names columns that must not be read;
    columns named nowhere are not kept. `item` and `value` belong to visits.

    To answers belong: `codebook`, a file or the name of one that ships, whose columns are
    kept; `stratum`, `cluster` and `weight`; `replicate_weights`, the columns of the replicates;
    and the sampling units in each stratum's population, as a column (`stratum_size`) or by
    stratum (`stratum_sizes`).
    """

    kind: str
    name: str
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    witness: str = "police"
    file: FileFormat = field(default_factory=FileFormat)
    id: str | None = None
    duplicates: str = "reject"
    time: TimeColumns | None = None
    place: PlaceColumns | None = None
    type: TypeColumns | None = None
    count: str | None = None
    recorded: str | None = None
    recorded_formats: tuple[str, ...] = ()
    wide: MappingType[str, str] = field(default_factory=dict)
    keep: MappingType[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    stratum: str | None = None
    cluster: str | None = None
    weight: str | None = None
    codebook: str | None = None
    replicate_weights: tuple[str, ...] = ()
    stratum_size: str | None = None
    stratum_sizes: MappingType[str, float] = field(default_factory=dict)
    item: str | None = None
    value: str | None = None
