"""Offence classes: the UN classification of crime and tables from local types to it.

The classification is the International Classification of Crime for Statistical Purposes
(ICCS) [1]_. The tables are our own reading, with a fit and a note for each type; none is
official. What they do not answer: whether two countries count alike. A code makes types
comparable in name, not recording practice.

References
----------
.. [1] UNODC (2015). International Classification of Crime for Statistical Purposes,
   version 1.0. United Nations Office on Drugs and Crime, Vienna.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

__all__ = [
    "FITS",
    "EvidenceError",
    "Iccs",
    "OffenceClass",
    "OffenceScheme",
    "load_iccs",
    "load_scheme",
    "read_iccs",
    "read_scheme",
    "scheme_names",
]

FITS = ("close", "broad", "partial", "weak", "not a crime")
"""How well a code fits a type.

close: the same acts. broad: the code holds more, or the type mixes codes below it.
partial: some acts of the type belong elsewhere. weak: a residual; do not read trends.
"""

_LEVELS = (2, 4, 5, 6)


class EvidenceError(ValueError):
    """A data file of this room contradicts itself, or an entry does not exist."""


@dataclass(frozen=True)
class OffenceClass:
    """One class of the ICCS.

    Parameters
    ----------
    code : str
        2, 4, 5 or 6 digits: section, division, group or class.
    name : str
        Its English name.
    verified : bool
        Whether the row was read in a published text.
    source : str
        Where it was read.
    """

    code: str
    name: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Iccs:
    """The classification.

    Parameters
    ----------
    version : str
        Version of the ICCS.
    classes : mapping of str to OffenceClass
        Classes by code, in order.
    """

    version: str
    classes: Mapping[str, OffenceClass]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in order."""
        return tuple(self.classes)

    def name(self, code: str) -> str:
        """English name of a code."""
        return self._class(code).name

    def verified(self, code: str) -> bool:
        """Whether the row of a code was read in a published text."""
        return self._class(code).verified

    def parent(self, code: str) -> str | None:
        """The code one level up; None for a section."""
        return _parent(self._class(code).code)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, nearest first."""
        above, upper = [], self.parent(code)
        while upper is not None:
            above.append(upper)
            upper = _parent(upper)
        return tuple(above)

    def section(self, code: str) -> str:
        """The two-digit section of a code."""
        return self._class(code).code[:2]

    def children(self, code: str) -> tuple[str, ...]:
        """The codes one level down."""
        self._class(code)
        return tuple(c for c in self.classes if _parent(c) == code)

    def _class(self, code: str) -> OffenceClass:
        if code not in self.classes:
            raise EvidenceError(
                f"ICCS code {code!r} is not in our table; codes are text of 2, 4, 5 or 6 digits "
                "such as '0501'"
            )
        return self.classes[code]


@dataclass(frozen=True)
class SchemeEntry:
    """One local type.

    Parameters
    ----------
    label : str
        The type as the publisher writes it.
    code : str or None
        The code to count it under; None = not a crime in the ICCS.
    also : tuple of str
        Further codes that the type touches.
    fit : str
        One of :data:`FITS`.
    note : str
        What to keep in mind.
    """

    label: str
    code: str | None
    also: tuple[str, ...]
    fit: str
    note: str


@dataclass(frozen=True)
class OffenceScheme:
    """A table from a publisher's types to the ICCS.

    Labels are compared without regard to case and to spaces around hyphens and slashes.

    Parameters
    ----------
    name, title, source, checked : str
        What the table is, where its labels were read, and when it was checked.
    entries : tuple of SchemeEntry
        One per type.
    """

    name: str
    title: str
    source: str
    checked: str
    entries: tuple[SchemeEntry, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The types, as the publisher writes them."""
        return tuple(entry.label for entry in self.entries)

    def knows(self, label: str) -> bool:
        """Whether the table has the type, be it a crime or not."""
        return _plain(label) in self._by_label()

    def code(self, label: str) -> str | None:
        """Code to count a type under; None = unmapped, or not a crime (see :meth:`knows`)."""
        entry = self._by_label().get(_plain(label))
        return None if entry is None else entry.code

    def not_a_crime(self, label: str) -> bool:
        """Whether the type is known to be no crime in the ICCS."""
        entry = self._by_label().get(_plain(label))
        return entry is not None and entry.code is None

    def fit(self, label: str) -> str | None:
        """How well the code fits; None = unmapped."""
        entry = self._by_label().get(_plain(label))
        return None if entry is None else entry.fit

    def also(self, label: str) -> tuple[str, ...]:
        """Further codes that a type touches."""
        entry = self._by_label().get(_plain(label))
        return () if entry is None else entry.also

    def note(self, label: str) -> str:
        """What to keep in mind with a type; empty where nothing, or unmapped."""
        entry = self._by_label().get(_plain(label))
        return "" if entry is None else entry.note

    def _by_label(self) -> dict[str, SchemeEntry]:
        return _index(self)


@lru_cache(maxsize=32)
def _index(scheme: OffenceScheme) -> dict[str, SchemeEntry]:
    return {_plain(entry.label): entry for entry in scheme.entries}


def _plain(label: str) -> str:
    return re.sub(r"\s*([-/])\s*", r"\1", " ".join(label.split())).casefold()


@lru_cache(maxsize=1)
def load_iccs() -> Iccs:
    """The classification that ships with Commonlight.

    Returns
    -------
    Iccs
        Sections, divisions, and the groups and classes that the tables use.

    Examples
    --------
    >>> iccs = load_iccs()
    >>> iccs.name("0501"), iccs.ancestors("05012")
    ('Burglary', ('0501', '05'))
    """
    path = files("commonlight.evidence") / "data" / "iccs.yaml"
    return read_iccs(path.read_text(encoding="utf-8"), file="iccs.yaml")


@lru_cache(maxsize=16)
def load_scheme(name: str) -> OffenceScheme:
    """A table that ships with Commonlight.

    Parameters
    ----------
    name : str
        One of :func:`scheme_names`.

    Returns
    -------
    OffenceScheme
        The table.

    Raises
    ------
    EvidenceError
        If there is no such table.

    Examples
    --------
    >>> load_scheme("data_police_uk").code("Burglary")
    '0501'
    """
    if name not in scheme_names():
        close = difflib.get_close_matches(name, scheme_names(), n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise EvidenceError(
            f"there is no offence scheme {name!r}{hint}; there are {', '.join(scheme_names())}"
        )
    path = files("commonlight.evidence") / "data" / "offence_schemes" / f"{name}.yaml"
    return read_scheme(path.read_text(encoding="utf-8"), file=f"{name}.yaml", iccs=load_iccs())


def scheme_names() -> tuple[str, ...]:
    """Names of the tables that ship with Commonlight."""
    folder = files("commonlight.evidence") / "data" / "offence_schemes"
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".yaml")))


def read_iccs(text: str, *, file: str) -> Iccs:
    """Check the text of a classification.

    Parameters
    ----------
    text : str
        YAML with `version` and `codes`.
    file : str
        Its name, for errors.

    Returns
    -------
    Iccs
        The checked classification.

    Raises
    ------
    EvidenceError
        If a code has a wrong length, is there twice or has no parent, or a key is missing.
    """
    data = _parsed(text, file, {"version", "codes"})
    classes: dict[str, OffenceClass] = {}
    for number, row in enumerate(data["codes"], start=1):
        where = f"{file}, codes, entry {number}"
        _check_row(row, where, {"code": str, "name": str, "verified": bool, "source": str})
        code = row["code"]
        if not code.isdigit() or len(code) not in _LEVELS:
            raise EvidenceError(f"{where}: code must have 2, 4, 5 or 6 digits; got {code!r}")
        if code in classes:
            raise EvidenceError(f"{where}: code {code!r} is there twice")
        if row["source"] not in data.get("sources", {}):
            raise EvidenceError(f"{where}: source {row['source']!r} is not listed under sources")
        classes[code] = OffenceClass(**row)
    for code in classes:
        upper = _parent(code)
        if upper is not None and upper not in classes:
            raise EvidenceError(f"{file}: code {code!r} has no parent {upper!r}")
    return Iccs(str(data["version"]), dict(sorted(classes.items())))


def read_scheme(text: str, *, file: str, iccs: Iccs) -> OffenceScheme:
    """Check the text of a table from local types to the classification.

    Parameters
    ----------
    text : str
        YAML with `name`, `title`, `source`, `checked` and `labels`.
    file : str
        Its name, for errors.
    iccs : Iccs
        The classification its codes must be in.

    Returns
    -------
    OffenceScheme
        The checked table.

    Raises
    ------
    EvidenceError
        If a code is not in the classification, a type is there twice, or a fit is unknown.
    """
    data = _parsed(text, file, {"name", "title", "source", "checked", "labels"})
    entries: dict[str, SchemeEntry] = {}
    for number, row in enumerate(data["labels"], start=1):
        where = f"{file}, labels, entry {number}"
        entry = _entry(row, where, iccs)
        if _plain(entry.label) in entries:
            raise EvidenceError(f"{where}: label {entry.label!r} is there twice")
        entries[_plain(entry.label)] = entry
    return OffenceScheme(
        data["name"], data["title"], data["source"], str(data["checked"]), tuple(entries.values())
    )


def _entry(row: Any, where: str, iccs: Iccs) -> SchemeEntry:
    _check_row(row, where, {"label": str, "iccs": str | None, "fit": str}, {"also", "note"})
    also = row.get("also", [])
    for code in (*also, *([] if row["iccs"] is None else [row["iccs"]])):
        if code not in iccs.classes:
            raise EvidenceError(f"{where}: code {code!r} is not in the classification")
    if row["fit"] not in FITS:
        raise EvidenceError(f"{where}: fit must be one of {', '.join(FITS)}; got {row['fit']!r}")
    if (row["iccs"] is None) != (row["fit"] == "not a crime"):
        raise EvidenceError(f"{where}: 'not a crime' goes with no code, and only with no code")
    return SchemeEntry(row["label"], row["iccs"], tuple(also), row["fit"], row.get("note", ""))


def _parsed(text: str, file: str, required: set[str]) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise EvidenceError(f"{file} is not valid YAML: {error}") from None
    if not isinstance(data, dict) or not required <= set(data):
        given = sorted(set(data)) if isinstance(data, dict) else type(data).__name__
        raise EvidenceError(f"{file} must have the keys {', '.join(sorted(required))}; got {given}")
    return data


def _check_row(
    row: Any, where: str, required: dict[str, Any], optional: set[str] | None = None
) -> None:
    if not isinstance(row, dict):
        raise EvidenceError(f"{where} must be a table of keys; got {row!r}")
    for key, kind in required.items():
        if key not in row or not isinstance(row[key], kind):
            raise EvidenceError(f"{where}: {key} is missing or of the wrong kind in {row!r}")
    unknown = set(row) - set(required) - (optional or set())
    if unknown:
        raise EvidenceError(f"{where}: unknown keys {', '.join(sorted(map(str, unknown)))}")


def _parent(code: str) -> str | None:
    return None if len(code) == 2 else code[: _LEVELS[_LEVELS.index(len(code)) - 1]]
