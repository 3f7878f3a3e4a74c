"""The texts that evidence was read in, and how its data files are checked.

A source says what we read of it. It does not say that the text is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from commonlight.evidence.offences import EvidenceError

__all__ = ["EvidenceSource", "check_keys", "parse", "read_sources"]


@dataclass(frozen=True, kw_only=True)
class EvidenceSource:
    """A text behind a value.

    Parameters
    ----------
    key : str
        Its name in the data file.
    title : str
        Authors and title.
    year : int or None
        Year; None where none is given.
    read : str
        What we read of it, such as `full`, `abstract` or `table`.
    url, doi : str or None
        Where it is.
    """

    key: str
    title: str
    year: int | None
    read: str
    url: str | None = None
    doi: str | None = None

    @property
    def citation(self) -> str:
        """Title, year and address in one line."""
        year = "" if self.year is None else f" ({self.year})"
        where = f". doi:{self.doi}" if self.doi else (f". {self.url}" if self.url else "")
        return f"{self.title}{year}{where}"


def read_sources(rows: Any, file: str) -> dict[str, EvidenceSource]:
    """Check the sources of a data file.

    Parameters
    ----------
    rows : mapping
        Sources by key, each with `title`, `year` and `read`, and `url` or `doi`.
    file : str
        Its name, for errors.

    Returns
    -------
    dict of str to EvidenceSource

    Raises
    ------
    EvidenceError
        If a key is missing or unknown.
    """
    if not isinstance(rows, Mapping):
        raise EvidenceError(f"{file}: sources must be a table; got {type(rows).__name__}")
    found = {}
    for key, row in rows.items():
        check_keys(row, f"{file}, source {key}", {"title", "year", "read"}, {"url", "doi"})
        found[str(key)] = EvidenceSource(key=str(key), **row)
    return found


def parse(text: str, file: str, required: set[str]) -> dict[str, Any]:
    """A YAML table with all required keys.

    Parameters
    ----------
    text : str
        The YAML.
    file : str
        Its name, for errors.
    required : set of str
        Keys that must be there.

    Returns
    -------
    dict

    Raises
    ------
    EvidenceError
        If it is no YAML, or a key is missing.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise EvidenceError(f"{file} is not valid YAML: {error}") from None
    if not isinstance(data, dict) or not required <= set(data):
        missing = sorted(required - set(data)) if isinstance(data, dict) else sorted(required)
        raise EvidenceError(f"{file}: {', '.join(missing)} is missing")
    return data


def check_keys(row: Any, where: str, required: set[str], optional: set[str]) -> None:
    """Refuse a row that lacks a key or has one that means nothing.

    Parameters
    ----------
    row : mapping
        The row.
    where : str
        Its place, for errors.
    required, optional : set of str
        Keys that must and that may be there.

    Raises
    ------
    EvidenceError
        If a key is missing or unknown.
    """
    if not isinstance(row, Mapping):
        raise EvidenceError(f"{where} must be a table of keys; got {row!r}")
    missing, unknown = sorted(required - set(row)), sorted(set(row) - required - optional)
    if missing:
        raise EvidenceError(f"{where}: {', '.join(missing)} is missing")
    if unknown:
        raise EvidenceError(f"{where}: unknown keys {', '.join(unknown)}")
