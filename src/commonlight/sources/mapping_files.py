"""Mapping files: read, checked key by key, and written so that a person can correct them.

A mapping file is TOML. A preset is a mapping file that ships with Commonlight. What a
valid mapping does not say: that it fits a given file; the import checks that.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.schemas import KINDS

__all__ = ["NOT_A_CRIME", "WITNESSES", "dump_mapping", "list_presets", "load_mapping"]

NOT_A_CRIME = "none"
"""What a mapping file writes for a label that is known to be no crime; TOML has no null."""

WITNESSES = ("police", "residents", "survey", "site", "services", "statistics")
"""Who saw what the source holds."""

FORMATS = ("csv", "excel", "geojson", "geopackage", "parquet")
DUPLICATES = ("reject", "keep")

_DIRECTIVES = frozenset("YymdHIMSfpzbB")


def list_presets() -> tuple[str, ...]:
    """Names of the presets that ship with Commonlight, in alphabetical order.

    Examples
    --------
    >>> "police-uk" in list_presets()
    True
    """
    folder = files("commonlight.sources") / "presets"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))


def load_mapping(source: Path | str) -> Mapping:
    """Read a mapping file, or a preset by its name.

    Parameters
    ----------
    source : path or str
        A TOML file; or the name of a preset, for example ``police-uk``.

    Returns
    -------
    Mapping
        The checked mapping.

    Raises
    ------
    MappingError
        With the file, the key, what was given and what is allowed.

    Examples
    --------
    >>> load_mapping("police-uk").id
    'Crime ID'
    """
    text, label = _text_of(source)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{label} is not valid TOML: {error}") from None
    return _Reader(label).mapping(content)


def _text_of(source: Path | str) -> tuple[str, str]:
    name = str(source)
    path = Path(source)
    if path.is_file():
        try:
            return path.read_text(encoding="utf-8-sig"), str(path)
        except UnicodeDecodeError:
            raise MappingError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    if name in list_presets():
        preset = files("commonlight.sources") / "presets" / f"{name}.toml"
        return preset.read_text(encoding="utf-8"), f"preset {name}"
    if path.suffix or path.parent != Path():
        raise MappingError(f"there is no mapping file {path}")
    raise MappingError(
        f"there is no mapping file and no preset {name!r}{_meant(name, list_presets())}; "
        f"presets are {', '.join(list_presets())}"
    )


def _meant(given: str, allowed: Iterable[str]) -> str:
    by_case = {name.casefold(): name for name in allowed}
    close = difflib.get_close_matches(given.casefold(), list(by_case), n=1, cutoff=0.6)
    return f" (did you mean {by_case[close[0]]!r}?)" if close else ""


class _Reader:
    """Turns the tables of one file into a mapping; `label` names the file in errors."""

    def __init__(self, label: str) -> None:
        self._label = label

    def mapping(self, content: dict[str, Any]) -> Mapping:
        readers = self._readers()
        self._check_keys(content, readers, "")
        for key in ("kind", "name"):
            if key not in content:
                raise self._error(key, "nothing", "it is required")
        values = {key: readers[key](key, value) for key, value in content.items()}
        mapping = Mapping(**values)
        self._check_whole(mapping)
        return mapping

    def _readers(self) -> dict[str, Callable[[str, Any], Any]]:
        special: dict[str, Callable[[str, Any], Any]] = {
            "kind": lambda key, value: self._one_of(key, value, KINDS),
            "witness": lambda key, value: self._one_of(key, value, WITNESSES),
            "duplicates": lambda key, value: self._one_of(key, value, DUPLICATES),
            "recorded_formats": self._formats,
            "drop": self._texts,
            "wide": self._table_of_text,
            "keep": self._table_of_text,
            "file": lambda key, value: self._section(key, value, FileFormat, self._file_key),
            "time": lambda key, value: self._section(key, value, TimeColumns, self._time_key),
            "place": lambda key, value: self._section(key, value, PlaceColumns, self._place_key),
            "type": lambda key, value: self._section(key, value, TypeColumns, self._type_key),
        }
        return {field.name: special.get(field.name, self._text) for field in fields(Mapping)}

    def _section(
        self, key: str, value: Any, kind: type, read: Callable[[str, str, Any], Any]
    ) -> Any:
        table = self._table(key, value)
        self._check_keys(table, [field.name for field in fields(kind)], f"{key}.")
        values = {name: read(f"{key}.{name}", name, item) for name, item in table.items()}
        if kind is TimeColumns and "start" not in values:
            raise self._error("time.start", "nothing", "[time] needs the column with the time")
        return kind(**values)

    def _file_key(self, key: str, name: str, value: Any) -> Any:
        if name == "format":
            return self._one_of(key, value, FORMATS)
        if name == "missing":
            return self._texts(key, value, empty=True)
        if name == "multiline":
            return self._flag(key, value)
        if name == "decimal":
            return self._one_of(key, value, (".", ","))
        if name == "quote":
            return self._short(key, value, (0, 1))
        if name == "delimiter":
            return self._short(key, value, (1, 1))
        if name == "encoding":
            return self._encoding(key, value)
        return self._text(key, value)

    def _time_key(self, key: str, name: str, value: Any) -> Any:
        return self._formats(key, value) if name.endswith("formats") else self._text(key, value)

    def _place_key(self, key: str, name: str, value: Any) -> Any:
        if name == "required":
            return self._flag(key, value)
        if name == "precision_m":
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7:
                return float(value)
            raise self._error(key, value, "a number of metres, 0 or more")
        if name == "crs" and isinstance(value, int) and not isinstance(value, bool):
            return f"EPSG:{value}"
        return self._text(key, value)

    def _type_key(self, key: str, name: str, value: Any) -> Any:
        return self._iccs(key, value) if name == "iccs" else self._text(key, value)

    def _iccs(self, key: str, value: Any) -> dict[str, str | None]:
        table = self._table_of_text(key, value)
        for label, code in table.items():
            if code != NOT_A_CRIME and not (code.isdigit() and 2 <= len(code) <= 6):
                raise self._error(
                    f"{key}.{label}",
                    code,
                    f"an ICCS code of 2 to 6 digits in quotes, or {NOT_A_CRIME!r} for no crime",
                )
        return {label: None if code == NOT_A_CRIME else code for label, code in table.items()}

    def _formats(self, key: str, value: Any) -> tuple[str, ...]:
        formats = self._texts(key, [value] if isinstance(value, str) else value)
        for text in formats:
            letters = {text[k + 1 : k + 2] for k, c in enumerate(text) if c == "%"}
            if not letters or not letters <= _DIRECTIVES:
                raise self._error(key, text, "strptime formats such as '%d.%m.%Y %H:%M'")
        return formats

    def _encoding(self, key: str, value: Any) -> str:
        import codecs

        text = self._text(key, value)
        try:
            codecs.lookup(text)
        except LookupError:
            allowed = "an encoding such as 'utf-8', 'cp1252', 'latin-1' or 'utf-16'"
            raise self._error(key, value, allowed) from None
        return text

    def _text(self, key: str, value: Any) -> str:
        if isinstance(value, str) and value:
            return value
        raise self._error(key, value, "text in quotes")

    def _short(self, key: str, value: Any, bounds: tuple[int, int]) -> str:
        if isinstance(value, str) and bounds[0] <= len(value) <= bounds[1]:
            return value
        raise self._error(key, value, "one character in quotes")

    def _flag(self, key: str, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self._error(key, value, "true or false")

    def _texts(self, key: str, value: Any, *, empty: bool = False) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(v, str) and (v or empty) for v in value):
            return tuple(value)
        raise self._error(key, value, "a list of texts, for example ['a', 'b']")

    def _one_of(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        hint = _meant(value, allowed) if isinstance(value, str) else ""
        raise self._error(key, value, "one of " + ", ".join(map(repr, allowed)) + hint)

    def _table(self, key: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise self._error(key, value, f"a section, written as [{key}]")

    def _table_of_text(self, key: str, value: Any) -> dict[str, str]:
        table = self._table(key, value)
        return {name: self._text(f"{key}.{name}", item) for name, item in table.items()}

    def _check_keys(self, given: MappingType[str, Any], allowed: Iterable[str], at: str) -> None:
        allowed = list(allowed)
        for key in given:
            if key not in allowed:
                raise MappingError(
                    f"{self._label}: there is no key {at + key!r}{_meant(key, allowed)}; "
                    f"allowed are {', '.join(at + name for name in allowed)}"
                )

    def _check_whole(self, mapping: Mapping) -> None:
        """Rules between keys."""
        place, kind, time = mapping.place, mapping.type, mapping.time
        if place is not None and (place.x is None) != (place.y is None):
            raise self._error("place", "one of x and y", "both x and y, or neither")
        if place is not None and place.x is None and place.area is None:
            raise self._error("place", "no column", "x and y, or area, or no [place] at all")
        if kind is not None and kind.column is not None and kind.constant is not None:
            raise self._error("type", "column and constant", "one of the two")
        if time is not None and time.end_hour is not None and time.end is None:
            raise self._error("time.end_hour", time.end_hour, "time.end beside it")
        if mapping.wide and (mapping.count or (kind and (kind.column or kind.constant))):
            raise self._error("wide", "count or type beside it", "[wide] alone, as it gives both")

    def _error(self, key: str, given: Any, allowed: str) -> MappingError:
        shown = given if given == "nothing" else repr(given)
        return MappingError(f"{self._label}: {key} must be {allowed}; got {shown}")


_COMMENTS = {
    "kind": "incidents, answers, reports, visits, areas or population",
    "witness": "who saw it: " + ", ".join(WITNESSES),
    "id": "column with an identifier of the record, never of a person",
    "duplicates": "a second record with the same id: reject or keep",
    "drop": "columns that must not be read",
    "file.delimiter": "leave out to have it found",
    "file.decimal": "the decimal mark: . or ,",
    "file.missing": "what stands for no value",
    "time.formats": "tried in order; %d day, %m month, %Y year, %H:%M time",
    "place.crs": "the system of x and y; degrees are EPSG:4326",
    "place.precision_m": "precision that the publisher states, in metres",
    "place.required": "reject a record without a place",
    "type.scheme": "table of offence classes that ships with Commonlight",
}


def dump_mapping(mapping: Mapping) -> str:
    """Write a mapping as TOML with comments, for a person to correct.

    Parameters
    ----------
    mapping : Mapping
        Any mapping.

    Returns
    -------
    str
        TOML that :func:`load_mapping` reads back to the same mapping. Keys that have their
        usual value are left out.

    Examples
    --------
    >>> print(dump_mapping(Mapping(kind="incidents", name="thefts", drop=("Remarks",))))
    kind = "incidents"  # incidents, answers, reports, visits, areas or population
    name = "thefts"
    drop = ["Remarks"]  # columns that must not be read
    <BLANKLINE>
    """
    lines = _lines("", mapping, skip=("file", "time", "place", "type", "wide", "keep"))
    for name in ("file", "time", "place", "type"):
        section = getattr(mapping, name)
        if section is not None:
            lines += _headed(f"[{name}]", _lines(f"{name}.", section, skip=("iccs",)))
    if mapping.type is not None:
        codes = {k: NOT_A_CRIME if v is None else v for k, v in mapping.type.iccs.items()}
        lines += _headed("[type.iccs]", _pairs(codes))
    for name in ("keep", "wide"):
        lines += _headed(f"[{name}]", _pairs(getattr(mapping, name)))
    return "\n".join(lines) + "\n"


def _headed(head: str, lines: list[str]) -> list[str]:
    return [head, *lines] if lines else []


def _pairs(table: MappingType[str, str]) -> list[str]:
    return [f"{_key(name)} = {_quoted(value)}" for name, value in table.items()]


def _lines(at: str, part: Any, *, skip: tuple[str, ...]) -> list[str]:
    lines = []
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in skip or value is None or value == field.default:
            continue
        comment = _COMMENTS.get(at + field.name)
        lines.append(f"{field.name} = {_toml(value)}" + (f"  # {comment}" if comment else ""))
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(item) for item in value) + "]"
    return _quoted(value)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _quoted(name)


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    out = []
    for char in text:
        odd = ord(char) < 32 or ord(char) == 127
        out.append(escapes.get(char) or (f"\\u{ord(char):04x}" if odd else char))
    return '"' + "".join(out) + '"'
