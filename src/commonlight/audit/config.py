"""The short TOML file that names a city's sources, areas, period and outputs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from commonlight.audit.errors import AuditConfigError
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.selection import Selection

__all__ = [
    "KNOWN_FORMATS",
    "OUTPUT_FORMATS",
    "AreasConfig",
    "AuditConfig",
    "DivergenceConfig",
    "PopulationConfig",
    "ResidentsConfig",
    "SimilarConfig",
    "SourceConfig",
    "StreetsConfig",
    "config_from_dict",
    "load_config",
]

OUTPUT_FORMATS = ("html", "pdf", "data")
"""What is written unless something else is asked for."""

KNOWN_FORMATS = (*OUTPUT_FORMATS, "shelf")
"""What can be written; a shelf is what the pages of the workbench read."""


@dataclass(frozen=True, kw_only=True)
class SourceConfig:
    """One data set: its files, the mapping or preset that reads them, and what it counts.

    `noun` is the plural a sentence uses ("bicycle thefts"); `areas` names the area set whose
    codes the data set carries or into which its points fall. `only_inside` leaves out records
    that lie in none of them, for a file that covers more than the city. `groups` names the groups
    of a survey's codebook that answers are compared by; empty = those by sex and age.

    `version` names a version of the source in the lake, which is used as it stands: nothing is
    imported, and `paths` and `mapping` are empty.
    """

    name: str
    paths: tuple[Path, ...] = ()
    mapping: str = ""
    version: str | None = None
    noun: str = "incidents"
    areas: str | None = None
    drop: tuple[str, ...] = ()
    place_kind: str | None = None
    exclude_types: tuple[str, ...] = ()
    only_inside: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AreasConfig:
    """One set of areas: a geographic file and the columns with code and name."""

    name: str
    path: Path
    code: str
    label: str | None = None
    noun: str = "areas"
    crs: str | None = None
    year: int | None = None
    publisher: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class PopulationConfig:
    """Residents per area: a file, the column with the area code and the column to count.

    Without a map of the areas, `label` names the column with their names and `noun` is their
    plural.
    """

    areas: str
    path: Path
    area: str
    count: str
    year: int | None = None
    name: str | None = None
    label: str | None = None
    noun: str = "areas"
    publisher: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class ResidentsConfig:
    """Residents by group, so that those who answered a survey can be set against them.

    `groups` holds the columns of each label of each division, such as ``sex`` and ``women``, with
    the labels of the survey's codebook; several columns are added up. Count those alone who could
    be asked, such as adults.
    """

    areas: str
    path: Path
    area: str
    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    year: int | None = None
    publisher: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class DivergenceConfig:
    """Two witnesses that are laid beside each other, area by area.

    `recorded` is a source of incidents, or a question of a survey about what people lived
    through, as ``survey.victim``. `felt` is a question of a survey, as ``survey.safety_city``.
    """

    recorded: str
    felt: str


@dataclass(frozen=True, kw_only=True)
class SimilarConfig:
    """What areas are compared by, to find those most like each other: columns of a table."""

    areas: str
    path: Path
    area: str
    variables: tuple[str, ...]
    publisher: str = ""
    licence: str = ""
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class StreetsConfig:
    """Lines of streets, so that incidents can be counted by segment."""

    path: Path
    id: str | None = None
    crs: str | None = None
    noun: str = "street segments"
    year: int | None = None
    publisher: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class AuditConfig:
    """Everything that one audit needs, with paths resolved against the file's folder.

    `select` cuts all incidents and reports to some classes, types or areas.
    """

    city: str
    sources: tuple[SourceConfig, ...]
    period: tuple[date, date]
    made_on: date
    title: str = ""
    simulated: bool = False
    crs: str | None = None
    areas: tuple[AreasConfig, ...] = ()
    population: tuple[PopulationConfig, ...] = ()
    residents: tuple[ResidentsConfig, ...] = ()
    divergence: tuple[DivergenceConfig, ...] = ()
    similar: tuple[SimilarConfig, ...] = ()
    streets: StreetsConfig | None = None
    formats: tuple[str, ...] = OUTPUT_FORMATS
    publish: PublicationRules = field(default_factory=PublicationRules)
    select: Selection = field(default_factory=Selection)
    seed: int = 20260101
    cell_size: float | None = None
    folder: Path | None = None
    origin: Path | None = None


def load_config(path: str | Path) -> AuditConfig:
    """Read and check a configuration file.

    Parameters
    ----------
    path : str or Path
        A TOML file with the sections ``[audit]``, ``[[source]]`` and, as needed, ``[areas]``,
        ``[population]``, ``[output]`` and ``[publish]``. Paths in it are relative to the file.

    Returns
    -------
    AuditConfig

    Raises
    ------
    AuditConfigError
        A key is missing, unknown or of the wrong kind, or a named file is not there.
    """
    path = Path(path)
    if not path.is_file():
        raise AuditConfigError(f"{path}: there is no such file; name an audit's TOML file")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AuditConfigError(f"{path}: not a TOML file that can be read: {error}") from error
    from commonlight.audit.config_reader import ConfigReader

    return ConfigReader(data, base=path.parent, origin=path).config()


def config_from_dict(settings: Mapping[str, Any], *, base: str | Path) -> AuditConfig:
    """Read and check a configuration that is no file, such as one kept in a database.

    Parameters
    ----------
    settings : mapping
        The sections and keys of a configuration file; days may be texts such as 2024-12-31.
    base : str or Path
        The folder that relative paths in it start from.

    Returns
    -------
    AuditConfig

    Raises
    ------
    AuditConfigError
        As for `load_config`; the message starts with "settings".
    """
    from commonlight.audit.config_reader import ConfigReader

    return ConfigReader(dict(settings), base=Path(base)).config()
