"""The faults of accessibility that are known and open, from `accessibility.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

__all__ = ["Fault", "Statement", "statement"]


@dataclass(frozen=True)
class Fault:
    """A fault: what, whom it keeps from what, the criterion, since when, until when."""

    what: str
    effect: str
    instead: str
    criterion: str
    found_on: date
    mended_by: date | None = None


@dataclass(frozen=True)
class Statement:
    """What the statement of accessibility rests on."""

    reviewed_on: date
    tested_with: tuple[str, ...]
    not_tested: tuple[str, ...]
    faults: tuple[Fault, ...]


@lru_cache
def statement() -> Statement:
    """The statement as the file has it."""
    path = Path(__file__).parents[1] / "accessibility.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return Statement(
        reviewed_on=read["reviewed_on"],
        tested_with=tuple(read["tested_with"]),
        not_tested=tuple(read["not_tested"]),
        faults=tuple(Fault(**fault) for fault in read.get("faults", ())),
    )
