"""Mappings and offence classes, without reading any data: this much the pages may do."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = [
    "MappingFault",
    "check_mapping_text",
    "class_choices",
    "mapping_text",
    "preset_choices",
    "preset_text",
    "scheme_choices",
    "suggestions",
    "with_keys",
]


class MappingFault(ValueError):
    """The library's own sentence about a mapping that contradicts itself."""


@lru_cache
def preset_choices(kind: str) -> tuple[tuple[str, str], ...]:
    """Names and titles of the formats of known publishers, for a kind of data set."""
    from commonlight.sources.mapping_files import list_presets, load_mapping

    known = ((name, load_mapping(name)) for name in list_presets())
    return tuple((name, one.name) for name, one in known if one.kind == kind)


def preset_text(name: str) -> str:
    """The mapping file of a preset."""
    from commonlight.sources.mapping_files import dump_mapping, load_mapping

    return dump_mapping(load_mapping(name))


def mapping_text(parts: dict[str, Any]) -> str:
    """The mapping file for what was said on a page: the same file as the command line reads.

    Raises
    ------
    MappingFault
        If the parts contradict each other.
    """
    from commonlight.sources.mapping import (
        FileFormat,
        Mapping,
        PlaceColumns,
        TimeColumns,
        TypeColumns,
    )
    from commonlight.sources.mapping_files import dump_mapping

    sections = {"file": FileFormat, "time": TimeColumns, "place": PlaceColumns, "type": TypeColumns}
    made = {
        name: sections[name](**value) if name in sections else value
        for name, value in parts.items()
    }
    text = dump_mapping(Mapping(**made))
    check_mapping_text(text)
    return text


def check_mapping_text(text: str, codebook: str = "") -> None:
    """Read a mapping file as an import would.

    Raises
    ------
    MappingFault
        With the library's sentence.
    """
    from commonlight.sources.errors import SourceError
    from commonlight.sources.mapping_files import load_mapping

    with tempfile.TemporaryDirectory(prefix="commonlight-") as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        if codebook:
            (path.parent / "codebook.toml").write_text(codebook, encoding="utf-8")
        try:
            load_mapping(path)
        except SourceError as error:
            raise MappingFault(str(error).replace(f"{folder}/", "")) from None


def with_keys(text: str, **changes: Any) -> str:
    """A mapping file with some of its top keys changed; sections are given as tables."""
    parts = {**tomllib.loads(text), **changes}
    return mapping_text(_as_parts({key: value for key, value in parts.items() if value != ""}))


def _as_parts(content: dict[str, Any]) -> dict[str, Any]:
    """The tables of a mapping file as the parts that `mapping_text` takes."""
    parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in content.items()}
    for name in ("file", "time", "place", "type"):
        if name in parts:
            section = {k: tuple(v) if isinstance(v, list) else v for k, v in parts[name].items()}
            parts[name] = section
    codes = parts.get("type", {}).get("iccs")
    if codes:
        parts["type"]["iccs"] = {k: None if v == "none" else v for k, v in codes.items()}
    return parts


@lru_cache
def scheme_choices() -> tuple[tuple[str, str], ...]:
    """Names and titles of the tables from publishers' types to the ICCS."""
    from commonlight.evidence.offences import load_scheme, scheme_names

    return tuple((name, load_scheme(name).title) for name in scheme_names())


@lru_cache
def class_choices() -> tuple[tuple[str, str], ...]:
    """Codes of the ICCS with their names, in order."""
    from commonlight.evidence.offences import load_iccs

    return tuple((code, one.name) for code, one in load_iccs().classes.items())


def suggestions(labels: Iterable[str], scheme: str) -> dict[str, dict[str, str]]:
    """What a table says of each local type: code (or none), how well it fits, and a note."""
    from commonlight.evidence.offences import load_scheme, scheme_names

    names = [scheme] if scheme in scheme_names() else list(scheme_names())
    tables = [load_scheme(name) for name in names]
    found = {}
    for label in labels:
        table = next((one for one in tables if one.knows(label)), None)
        if table is not None:
            code = table.code(label) or "none"
            found[label] = {
                "code": code,
                "fit": table.fit(label) or "",
                "note": table.note(label),
            }
    return found
