"""Reads the parsed configuration of an audit, and says exactly what is wrong with a value."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path
from typing import Any

from commonlight.audit.config import (
    KNOWN_FORMATS,
    OUTPUT_FORMATS,
    AreasConfig,
    AuditConfig,
    DivergenceConfig,
    PopulationConfig,
    ResidentsConfig,
    SimilarConfig,
    SourceConfig,
    StreetsConfig,
)
from commonlight.audit.errors import AuditConfigError
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.audit.selection import Selection
from commonlight.findings.model import Block

__all__ = ["ConfigReader"]

_SECTIONS = {
    "audit": {"city", "title", "simulated", "period", "made_on", "crs", "seed", "cell_size"},
    "source": {
        "name",
        "version",
        "path",
        "paths",
        "mapping",
        "preset",
        "noun",
        "areas",
        "drop",
        "place_kind",
        "exclude_types",
        "only_inside",
        "groups",
    },
    "areas": {"id", "path", "code", "name", "noun", "crs", "year", "publisher", "licence"},
    "population": {
        "areas",
        "path",
        "area",
        "count",
        "year",
        "name",
        "label",
        "noun",
        "publisher",
        "licence",
    },
    "residents": {"areas", "path", "area", "groups", "year", "publisher", "licence"},
    "divergence": {"recorded", "felt"},
    "similar": {"areas", "path", "area", "variables", "publisher", "licence", "year"},
    "streets": {"path", "id", "crs", "noun", "year", "publisher", "licence"},
    "select": {"iccs", "types", "areas", "main_view"},
    "output": {"formats", "folder"},
    "publish": {
        "minimum_count",
        "reason",
        "method",
        "base",
        "smallest_cell",
        "blocks",
        "allow",
        "contact",
        "key_file",
    },
}


class ConfigReader:
    """Takes values out of the parsed file and says exactly what is wrong with one."""

    def __init__(self, data: dict[str, Any], *, base: Path, origin: Path | None = None) -> None:
        self.data = data
        self.base = base
        self.origin = origin
        self.name = str(origin) if origin is not None else "settings"

    def config(self) -> AuditConfig:
        """The configuration, checked from top to bottom."""
        self._known(self.data, set(_SECTIONS), "top level")
        audit = self._table("audit", self.data.get("audit"))
        areas = tuple(self._areas(item) for item in self._several("areas"))
        drawn = tuple(item.name for item in areas)
        population = tuple(self._population(item, drawn) for item in self._several("population"))
        known = tuple(dict.fromkeys([*drawn, *(item.areas for item in population)]))
        sources = tuple(self._source(item, known) for item in self._several("source"))
        if not sources:
            raise self._error("source", "no source is named; add a [[source]] section")
        self._unique("source", [source.name for source in sources])
        self._unique("areas", [item.name for item in areas])
        output = self._table("output", self.data.get("output", {}))
        folder = output.get("folder")
        return AuditConfig(
            city=self._text(audit, "audit", "city"),
            title=str(audit.get("title", "")),
            simulated=bool(audit.get("simulated", False)),
            period=self._period(audit),
            made_on=self._day(audit.get("made_on", date.today()), "audit", "made_on"),
            crs=audit.get("crs"),
            seed=int(audit.get("seed", AuditConfig.seed)),
            cell_size=audit.get("cell_size"),
            sources=sources,
            areas=areas,
            population=population,
            residents=tuple(self._residents(item, known) for item in self._several("residents")),
            divergence=tuple(self._divergence(item) for item in self._several("divergence")),
            similar=tuple(self._similar(item, known) for item in self._several("similar")),
            streets=self._streets(),
            formats=self._formats(output),
            publish=self._publish(self.data.get("publish", {})),
            select=self._select(self.data.get("select", {})),
            folder=self._resolve(folder) if folder else None,
            origin=self.origin,
        )

    def _source(self, item: dict[str, Any], known: tuple[str, ...]) -> SourceConfig:
        item = self._table("source", item)
        paths, mapping = ((), "") if "version" in item else self._files(item)
        return SourceConfig(
            name=self._text(item, "source", "name"),
            paths=paths,
            mapping=mapping,
            version=self._version(item),
            noun=item.get("noun", SourceConfig.noun),
            areas=self._which_areas(item.get("areas"), known, "source"),
            drop=tuple(item.get("drop", ())),
            place_kind=item.get("place_kind"),
            exclude_types=tuple(item.get("exclude_types", ())),
            only_inside=bool(item.get("only_inside", False)),
            groups=tuple(item.get("groups", ())),
        )

    def _files(self, item: dict[str, Any]) -> tuple[tuple[Path, ...], str]:
        """Files to import, and the mapping or preset that reads them."""
        given = item.get("paths", item.get("path"))
        if not given:
            raise self._error("source", "path is missing; name the file or folder to read")
        names = [given] if isinstance(given, str) else list(given)
        if ("mapping" in item) == ("preset" in item):
            raise self._error("source", "give either mapping (a TOML file) or preset (a name)")
        mapping = (
            str(self._file(item["mapping"], "source")) if "mapping" in item else item["preset"]
        )
        return tuple(self._file(name, "source") for name in names), mapping

    def _version(self, item: dict[str, Any]) -> str | None:
        """A version of the lake, which takes the place of files and mapping."""
        if "version" not in item:
            return None
        both = [key for key in ("path", "paths", "mapping", "preset", "drop") if key in item]
        if both:
            raise self._error(
                "source",
                f"a version is used as it was imported, so that {both[0]} says nothing; "
                f"leave out either version or {both[0]}",
            )
        return self._text(item, "source", "version")

    def _select(self, item: Any) -> Selection:
        item = self._table("select", item)
        lists = {}
        for key in ("iccs", "types", "areas"):
            given = item.get(key, [])
            if not isinstance(given, list | tuple) or not all(isinstance(v, str) for v in given):
                raise self._error("select", f"{key} must be a list of texts; got {given!r}")
            lists[key] = tuple(dict.fromkeys(v.strip() for v in given if v.strip()))
        return Selection(**lists, main_view=bool(item.get("main_view", False)))

    def _areas(self, item: dict[str, Any]) -> AreasConfig:
        item = self._table("areas", item)
        return AreasConfig(
            name=item.get("id", "areas"),
            path=self._file(self._text(item, "areas", "path"), "areas"),
            code=self._text(item, "areas", "code"),
            label=item.get("name"),
            noun=item.get("noun", AreasConfig.noun),
            crs=item.get("crs"),
            year=item.get("year"),
            publisher=item.get("publisher", ""),
            licence=item.get("licence", ""),
        )

    def _population(self, item: dict[str, Any], drawn: tuple[str, ...]) -> PopulationConfig:
        item = self._table("population", item)
        return PopulationConfig(
            areas=self._which_areas(item.get("areas"), drawn, "population") or "areas",
            path=self._file(self._text(item, "population", "path"), "population"),
            area=self._text(item, "population", "area"),
            count=self._text(item, "population", "count"),
            year=item.get("year"),
            name=item.get("name"),
            label=item.get("label"),
            noun=item.get("noun", PopulationConfig.noun),
            publisher=item.get("publisher", ""),
            licence=item.get("licence", ""),
        )

    def _residents(self, item: dict[str, Any], known: tuple[str, ...]) -> ResidentsConfig:
        item = self._table("residents", item)
        return ResidentsConfig(
            areas=self._which_areas(item.get("areas"), known, "residents") or "areas",
            path=self._file(self._text(item, "residents", "path"), "residents"),
            area=self._text(item, "residents", "area"),
            groups=self._groups(item.get("groups")),
            year=item.get("year"),
            publisher=item.get("publisher", ""),
            licence=item.get("licence", ""),
        )

    def _groups(self, given: object) -> dict[str, dict[str, tuple[str, ...]]]:
        """Columns of residents by division and label."""
        if not (
            isinstance(given, dict)
            and given
            and all(isinstance(v, dict) and v for v in given.values())
        ):
            raise self._error(
                "residents",
                "groups is missing; write one table per division with label = column, such as "
                f'[residents.groups.sex] and women = "females"; got {given!r}',
            )
        return {
            str(name): {
                str(label): (columns,) if isinstance(columns, str) else tuple(map(str, columns))
                for label, columns in labels.items()
            }
            for name, labels in given.items()
        }

    def _similar(self, item: dict[str, Any], known: tuple[str, ...]) -> SimilarConfig:
        item = self._table("similar", item)
        variables = item.get("variables")
        if not isinstance(variables, list) or len(variables) < 2:
            raise self._error(
                "similar", f"variables must name two or more columns; got {variables!r}"
            )
        return SimilarConfig(
            areas=self._which_areas(item.get("areas"), known, "similar") or "areas",
            path=self._file(self._text(item, "similar", "path"), "similar"),
            area=self._text(item, "similar", "area"),
            variables=tuple(map(str, variables)),
            publisher=item.get("publisher", ""),
            licence=item.get("licence", ""),
            year=item.get("year"),
        )

    def _divergence(self, item: dict[str, Any]) -> DivergenceConfig:
        item = self._table("divergence", item)
        return DivergenceConfig(
            recorded=self._text(item, "divergence", "recorded"),
            felt=self._text(item, "divergence", "felt"),
        )

    def _streets(self) -> StreetsConfig | None:
        if "streets" not in self.data:
            return None
        item = self._table("streets", self.data["streets"])
        return StreetsConfig(
            path=self._file(self._text(item, "streets", "path"), "streets"),
            id=item.get("id"),
            crs=item.get("crs"),
            noun=item.get("noun", StreetsConfig.noun),
            year=item.get("year"),
            publisher=item.get("publisher", ""),
            licence=item.get("licence", ""),
        )

    def _which_areas(self, name: str | None, names: tuple[str, ...], section: str) -> str | None:
        if name is None:
            return names[0] if len(names) == 1 else None
        if names and name not in names:
            raise self._error(section, f"areas = {name!r} is not one of {', '.join(names)}")
        return name

    def _period(self, audit: dict[str, Any]) -> tuple[date, date]:
        given = audit.get("period")
        if not isinstance(given, list) or len(given) != 2:
            raise self._error(
                "audit", 'period is missing; write period = ["2024-01-01", "2024-12-31"]'
            )
        first, last = (self._day(item, "audit", "period") for item in given)
        if first > last:
            raise self._error("audit", f"period ends on {last}, before it starts on {first}")
        return first, last

    def _day(self, value: object, section: str, key: str) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise self._error(
                section, f"{key} must be a day such as 2024-12-31; got {value!r}"
            ) from error

    def _formats(self, output: dict[str, Any]) -> tuple[str, ...]:
        formats = tuple(output.get("formats", OUTPUT_FORMATS))
        for name in formats:
            if name not in KNOWN_FORMATS:
                raise self._error(
                    "output", f"formats holds {name!r}; choose from {', '.join(KNOWN_FORMATS)}"
                )
        return formats

    def _publish(self, item: Any) -> PublicationRules:
        if isinstance(item, dict) and "key" in item:
            raise self._error(
                "publish",
                "the secret of rounding must not stand in a configuration, which is shared; "
                'put it into a file and write key_file = "secret.txt"',
            )
        given = dict(self._table("publish", item))
        for name in ("minimum_count", "base", "smallest_cell"):
            if isinstance(given.get(name, 0), bool | str):
                raise self._error("publish", f"{name} must be a number; got {given[name]!r}")
        if "blocks" in given:
            given["blocks"] = tuple(self._block(name) for name in given["blocks"])
        if "allow" in given:
            given["allow"] = tuple(str(name) for name in given["allow"])
        if "key_file" in given:
            given["key_file"] = self._resolve(given["key_file"])
        try:
            return PublicationRules(**given)
        except PublishingError as error:
            raise self._error("publish", str(error)) from error

    def _block(self, name: object) -> Block:
        try:
            return Block(str(name))
        except ValueError as error:
            known = ", ".join(block.value for block in Block)
            raise self._error("publish", f"blocks holds {name!r}; choose from {known}") from error

    def _several(self, section: str) -> list[dict[str, Any]]:
        given = self.data.get(section, [])
        return given if isinstance(given, list) else [given]

    def _table(self, section: str, given: object) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise self._error(section, f"section [{section}] is missing")
        self._known(given, _SECTIONS[section], f"[{section}]")
        return given

    def _known(self, given: dict[str, Any], allowed: set[str], where: str) -> None:
        for key in given:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = (
                    f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(allowed))}"
                )
                raise AuditConfigError(f"{self.name}, {where}: unknown key {key!r}; {hint}")

    def _text(self, item: dict[str, Any], section: str, key: str) -> str:
        value = item.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(section, f"{key} must be a text; got {value!r}")
        return value

    def _file(self, name: str, section: str) -> Path:
        path = self._resolve(name)
        if not path.exists():
            raise self._error(section, f"{path} is not there")
        return path

    def _resolve(self, name: str) -> Path:
        return (self.base / name).resolve()

    def _unique(self, section: str, names: list[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                raise self._error(section, f"two sections are called {name!r}; names must differ")

    def _error(self, section: str, what: str) -> AuditConfigError:
        return AuditConfigError(f"{self.name}, [{section}]: {what}")
