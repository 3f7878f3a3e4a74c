"""Mapping files: read, checked key by key, and written so that a person can correct them.

A mapping file is TOML. A preset is a mapping file that ships with Commonlight. What a
valid mapping does not say: that it fits a given file; the import checks that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import (
    KINDS,
    FileFormat,
    Mapping,
    PlaceColumns,
    TimeColumns,
    TypeColumns,
)
from commonlight.sources.toml_keys import (
    KeyReader,
    meant,
    parse_toml,
    read_text,
    toml_key,
    toml_text,
    toml_value,
)

if TYPE_CHECKING:
    from commonlight.sources.codebook import Codebook

__all__ = [
    "NOT_A_CRIME",
    "WITNESSES",
    "dump_mapping",
    "keep_codebook_columns",
    "list_presets",
    "load_mapping",
]

NOT_A_CRIME = "none"
"""What a mapping file writes for a label that is known to be no crime; TOML has no null."""

WITNESSES = ("police", "residents", "survey", "site", "services", "statistics")
"""Who saw what the source holds."""

FORMATS = ("csv", "excel", "geojson", "geopackage", "parquet")
DUPLICATES = ("reject", "keep")

_DIRECTIVES = frozenset("YymdHIMSfpzbB")
_SPAN = re.compile(r"(?P<stem>.*?)(?P<first>\d+)\.\.(?P<stem2>.*?)(?P<last>\d+)")


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
    mapping = _Reader(label, MappingError).mapping(parse_toml(text, label, MappingError))
    return mapping if mapping.codebook is None else _with_codebook(mapping, Path(source))


def _with_codebook(mapping: Mapping, source: Path) -> Mapping:
    """The mapping with the columns of its codebook kept, and the codebook's place."""
    from commonlight.sources.codebook import load_codebook

    assert mapping.codebook is not None
    beside = source.parent / mapping.codebook
    place = str(beside) if source.is_file() and beside.is_file() else mapping.codebook
    return keep_codebook_columns(replace(mapping, codebook=place), load_codebook(place))


def keep_codebook_columns(mapping: Mapping, codebook: Codebook) -> Mapping:
    """Keep every column that a codebook names, beside those the mapping keeps itself.

    Parameters
    ----------
    mapping : Mapping
        Of answers.
    codebook : Codebook
        Items and groups, each with its column.

    Returns
    -------
    Mapping
        With the columns under `keep`, named as in the codebook.

    Raises
    ------
    MappingError
        If a name stands for one column in the mapping and for another in the codebook.
    """
    kept = set(mapping.keep.values())
    further = {n: column for n, column in codebook.columns().items() if column not in kept}
    for name, column in further.items():
        if name in mapping.keep:
            raise MappingError(
                f"{name!r} is the column {mapping.keep[name]!r} under keep and {column!r} in the "
                f"codebook of {codebook.name!r}; give it another name under keep"
            )
    return replace(mapping, keep={**mapping.keep, **further})


def _text_of(source: Path | str) -> tuple[str, str]:
    name = str(source)
    path = Path(source)
    if path.is_file():
        return read_text(path, MappingError), str(path)
    if name in list_presets():
        preset = files("commonlight.sources") / "presets" / f"{name}.toml"
        return preset.read_text(encoding="utf-8"), f"preset {name}"
    if path.suffix or path.parent != Path():
        raise MappingError(f"there is no mapping file {path}")
    raise MappingError(
        f"there is no mapping file and no preset {name!r}{meant(name, list_presets())}; "
        f"presets are {', '.join(list_presets())}"
    )


class _Reader(KeyReader):
    """Turns the tables of one file into a mapping."""

    def mapping(self, content: dict[str, Any]) -> Mapping:
        readers = self._readers()
        self.check_keys(content, readers, "")
        for key in ("kind", "name"):
            if key not in content:
                raise self.error(key, "nothing", "it is required")
        values = {key: readers[key](key, value) for key, value in content.items()}
        mapping = Mapping(**values)
        self._check_whole(mapping)
        return mapping

    def _readers(self) -> dict[str, Callable[[str, Any], Any]]:
        special: dict[str, Callable[[str, Any], Any]] = {
            "kind": lambda key, value: self.one_of(key, value, KINDS),
            "witness": lambda key, value: self.one_of(key, value, WITNESSES),
            "duplicates": lambda key, value: self.one_of(key, value, DUPLICATES),
            "recorded_formats": self._formats,
            "drop": self.texts,
            "wide": self.table_of_text,
            "keep": self.table_of_text,
            "replicate_weights": self._numbered,
            "stratum_sizes": self._sizes,
            "file": lambda key, value: self._section(key, value, FileFormat, self._file_key),
            "time": lambda key, value: self._section(key, value, TimeColumns, self._time_key),
            "place": lambda key, value: self._section(key, value, PlaceColumns, self._place_key),
            "type": lambda key, value: self._section(key, value, TypeColumns, self._type_key),
        }
        return {field.name: special.get(field.name, self.text) for field in fields(Mapping)}

    def _section(
        self, key: str, value: Any, kind: type, read: Callable[[str, str, Any], Any]
    ) -> Any:
        table = self.table(key, value)
        self.check_keys(table, [field.name for field in fields(kind)], f"{key}.")
        values = {name: read(f"{key}.{name}", name, item) for name, item in table.items()}
        if kind is TimeColumns and "start" not in values:
            raise self.error("time.start", "nothing", "[time] needs the column with the time")
        return kind(**values)

    def _file_key(self, key: str, name: str, value: Any) -> Any:
        if name == "format":
            return self.one_of(key, value, FORMATS)
        if name == "missing":
            return self.texts(key, value, empty=True)
        if name == "multiline":
            return self.flag(key, value)
        if name == "decimal":
            return self.one_of(key, value, (".", ","))
        if name == "quote":
            return self._short(key, value, (0, 1))
        if name == "delimiter":
            return self._short(key, value, (1, 1))
        if name == "encoding":
            return self._encoding(key, value)
        return self.text(key, value)

    def _time_key(self, key: str, name: str, value: Any) -> Any:
        return self._formats(key, value) if name.endswith("formats") else self.text(key, value)

    def _place_key(self, key: str, name: str, value: Any) -> Any:
        if name == "required":
            return self.flag(key, value)
        if name == "precision_m":
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7:
                return float(value)
            raise self.error(key, value, "a number of metres, 0 or more")
        if name == "crs" and isinstance(value, int) and not isinstance(value, bool):
            return f"EPSG:{value}"
        return self.text(key, value)

    def _type_key(self, key: str, name: str, value: Any) -> Any:
        return self._iccs(key, value) if name == "iccs" else self.text(key, value)

    def _iccs(self, key: str, value: Any) -> dict[str, str | None]:
        table = self.table_of_text(key, value)
        for label, code in table.items():
            if code != NOT_A_CRIME and not (code.isdigit() and 2 <= len(code) <= 6):
                raise self.error(
                    f"{key}.{label}",
                    code,
                    f"an ICCS code of 2 to 6 digits in quotes, or {NOT_A_CRIME!r} for no crime",
                )
        return {label: None if code == NOT_A_CRIME else code for label, code in table.items()}

    def _formats(self, key: str, value: Any) -> tuple[str, ...]:
        formats = self.texts(key, [value] if isinstance(value, str) else value)
        for text in formats:
            letters = {text[k + 1 : k + 2] for k, c in enumerate(text) if c == "%"}
            if not letters or not letters <= _DIRECTIVES:
                raise self.error(key, text, "strptime formats such as '%d.%m.%Y %H:%M'")
        return formats

    def _numbered(self, key: str, value: Any) -> tuple[str, ...]:
        """Columns; ``rw_1..rw_200`` stands for two hundred."""
        given = self.texts(key, [value] if isinstance(value, str) else value)
        return tuple(name for text in given for name in self._span(key, text))

    def _span(self, key: str, text: str) -> list[str]:
        span = _SPAN.fullmatch(text)
        if span is None:
            return [text]
        first, last, width = int(span["first"]), int(span["last"]), len(span["first"])
        if span["stem"] != span["stem2"] or not first < last <= first + 9_999:
            raise self.error(key, text, "first and last of columns such as 'rw_1..rw_200'")
        return [f"{span['stem']}{k:0{width}d}" for k in range(first, last + 1)]

    def _sizes(self, key: str, value: Any) -> dict[str, float]:
        sizes = {k: self.number(f"{key}.{k}", v) for k, v in self.table(key, value).items()}
        for label, size in sizes.items():
            if size < 1:
                raise self.error(f"{key}.{label}", size, "sampling units in the stratum, 1 or more")
        return sizes

    def _encoding(self, key: str, value: Any) -> str:
        import codecs

        text = self.text(key, value)
        try:
            codecs.lookup(text)
        except LookupError:
            allowed = "an encoding such as 'utf-8', 'cp1252', 'latin-1' or 'utf-16'"
            raise self.error(key, value, allowed) from None
        return text

    def _short(self, key: str, value: Any, bounds: tuple[int, int]) -> str:
        if isinstance(value, str) and bounds[0] <= len(value) <= bounds[1]:
            return value
        raise self.error(key, value, "one character in quotes")

    def _check_whole(self, mapping: Mapping) -> None:
        """Rules between keys."""
        place, kind, time = mapping.place, mapping.type, mapping.time
        if place is not None and (place.x is None) != (place.y is None):
            raise self.error("place", "one of x and y", "both x and y, or neither")
        if place is not None and place.x is None and place.area is None:
            raise self.error("place", "no column", "x and y, or area, or no [place] at all")
        if kind is not None and kind.column is not None and kind.constant is not None:
            raise self.error("type", "column and constant", "one of the two")
        if time is not None and time.end_hour is not None and time.end is None:
            raise self.error("time.end_hour", time.end_hour, "time.end beside it")
        if mapping.stratum is None and (mapping.stratum_size or mapping.stratum_sizes):
            raise self.error("stratum", "nothing", "the column with the stratum of the sizes")
        if mapping.stratum_size and mapping.stratum_sizes:
            raise self.error("stratum_sizes", "stratum_size beside it", "one of the two")
        if mapping.replicate_weights and mapping.weight is None:
            raise self.error("weight", "nothing", "the weight that the replicates belong to")
        if mapping.kind != "answers":
            for key in ("codebook", "replicate_weights", "stratum_size", "stratum_sizes"):
                if getattr(mapping, key):
                    raise self.error(key, f"kind {mapping.kind}", "left out, or kind 'answers'")
        if mapping.wide and (mapping.count or (kind and (kind.column or kind.constant))):
            raise self.error("wide", "count or type beside it", "[wide] alone, as it gives both")


_COMMENTS = {
    "kind": "incidents, answers, reports, visits, areas or population",
    "witness": "who saw it: " + ", ".join(WITNESSES),
    "id": "column with an identifier of the record, never of a person",
    "duplicates": "a second record with the same id: reject or keep",
    "drop": "columns that must not be read",
    "codebook": "file beside this one that says what was asked, or a name that ships",
    "replicate_weights": "columns, or the first and last as 'rw_1..rw_200'",
    "stratum_size": "column with the sampling units in the stratum's population",
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
    sections = ("file", "time", "place", "type", "wide", "keep", "stratum_sizes")
    lines = _lines("", mapping, skip=sections)
    for name in ("file", "time", "place", "type"):
        section = getattr(mapping, name)
        if section is not None:
            lines += _headed(f"[{name}]", _lines(f"{name}.", section, skip=("iccs",)))
    if mapping.type is not None:
        codes = {k: NOT_A_CRIME if v is None else v for k, v in mapping.type.iccs.items()}
        lines += _headed("[type.iccs]", _pairs(codes))
    sizes = {label: toml_value(size) for label, size in mapping.stratum_sizes.items()}
    lines += _headed("[stratum_sizes]", [f"{toml_key(k)} = {v}" for k, v in sizes.items()])
    for name in ("keep", "wide"):
        lines += _headed(f"[{name}]", _pairs(getattr(mapping, name)))
    return "\n".join(lines) + "\n"


def _headed(head: str, lines: list[str]) -> list[str]:
    return [head, *lines] if lines else []


def _pairs(table: MappingType[str, str]) -> list[str]:
    return [f"{toml_key(name)} = {toml_text(value)}" for name, value in table.items()]


def _lines(at: str, part: Any, *, skip: tuple[str, ...]) -> list[str]:
    lines = []
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in skip or value is None or value == field.default:
            continue
        comment = _COMMENTS.get(at + field.name)
        lines.append(f"{field.name} = {toml_value(value)}" + (f"  # {comment}" if comment else ""))
    return lines
