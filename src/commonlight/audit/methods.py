"""The methods that findings name, read from ``methods.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from commonlight.findings.model import MethodNote

__all__ = ["method", "method_keys"]


def method(key: str, **parameters: object) -> MethodNote:
    """The note for one method, with the settings used in this run."""
    entry = _entries()[key]
    return MethodNote(
        name=entry["name"],
        page=entry["page"],
        summary=entry["summary"],
        references=tuple(entry.get("references", ())),
        parameters={name.replace("_", " "): str(value) for name, value in parameters.items()},
    )


def method_keys() -> tuple[str, ...]:
    """Every method that a finding may name."""
    return tuple(_entries())


@cache
def _entries() -> dict[str, dict[str, Any]]:
    text = files("commonlight.audit").joinpath("methods.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
