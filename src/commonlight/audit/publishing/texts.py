"""Sentences, details and notes without what may not be published.

A text that names a withheld row or repeats a withheld number is not corrected word by word. It
is left out, and a plain sentence made by rule says that something is missing, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commonlight.audit.publishing.hidden import Hidden
from commonlight.findings import words
from commonlight.findings.model import AreaMap, CountCells, Finding

__all__ = [
    "WITHHELD_FINDING",
    "WITHHELD_SENTENCE",
    "Telling",
    "public_note",
    "telling",
]

WITHHELD_SENTENCE = (
    "What the records say about this is left out of the public version: it would tell a count "
    "under {minimum}, or let one be worked out."
)
WITHHELD_FINDING = (
    "Some values of this finding are withheld: they are under {minimum}, or would let such a "
    "count be worked out."
)

_NOUNS = (
    "incident",
    "record",
    "report",
    "answer",
    "event",
    "point",
    "row",
    "case",
    "offence",
    "crime",
    "person",
    "victim",
    "respondent",
    "pair",
)
_FILE = re.compile(
    r"[\w./\\-]+\.(?:csv|tsv|xlsx?|json|geojson|gpkg|parquet|zip|txt|toml|shp|gz)\b|"
    r"(?<![\w/])/(?:[\w.-]+/)+[\w.-]*|[A-Za-z]:\\\S+",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+\d[\d ()/-]{6,}\d")
_ROW = re.compile(r"\b(?:row|line)s? \d", re.IGNORECASE)
_BOUND = re.compile(r"\b\d+ .*\b(?:have|has|with) (?:fewer|less|more) than \d")
_DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")


@dataclass(frozen=True, kw_only=True)
class Telling:
    """The words and numbers of one finding that would give something away."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    small: re.Pattern[str]
    any_hidden: bool

    def tells(self, text: str) -> bool:
        """Whether a text may not be published."""
        plain = _plain(text)
        return (
            any(_holds(plain, name) for name in self.names)
            or any(_holds_number(plain, number) for number in self.numbers)
            or bool(self.small.search(plain))
            or (self.any_hidden and bool(_BOUND.search(plain)))
        )

    def kept(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The texts that may be published."""
        return tuple(text for text in texts if not self.tells(text))


def telling(finding: Finding, hidden: Hidden, *, noun: str = "") -> Telling:
    """What the texts of a finding must not say."""
    names: set[str] = set()
    numbers: set[str] = set()
    for item in finding.cells:
        gone = hidden.rows(item)
        stated = item.shown_in == "text"
        for row in gone:
            names |= _names(finding, item, row)
            if stated or item.counts[row] >= 10:
                numbers.add(_plain(words.number(item.counts[row])))
        if gone and stated and "/" in item.source:
            numbers |= _family(finding, item)
    return Telling(
        names=tuple(sorted(name for name in names if name)),
        numbers=tuple(sorted(numbers)),
        small=_small(hidden.minimum_count, noun),
        any_hidden=any(hidden.rows(item) for item in finding.cells),
    )


def _family(finding: Finding, item: CountCells) -> set[str]:
    """Numbers that differ from one another by a withheld one: rows read, used and left out."""
    family = item.source.split("/")[0]
    return {
        _plain(words.number(count))
        for other in finding.cells
        if other.shown_in == "text" and other.source.split("/")[0] == family
        for count in other.counts
    }


def _names(finding: Finding, item: CountCells, row: int) -> set[str]:
    """What a text could call a withheld row."""
    if not item.dimensions or set(item.dimensions) <= {"fate", "use", "placed"}:
        return set()
    names = set(item.keys[row]) if len(item.dimensions) == 1 else set()
    names = {name for name in names if len(name) > 3 and not name.isdecimal()}
    if item.names:
        names.add(item.names[row])
    if item.shown_in == "table" and finding.table is not None:
        told = [
            str(value)
            for column, value in zip(finding.table.columns, finding.table.rows[row], strict=True)
            if not column.numeric and column.name not in item.derived and isinstance(value, str)
        ]
        names |= {value for value in told if len(value) > 3}
        # A group may be called "men" or "65+": short, but the name of its row.
        names |= {value for value in told[:1] if len(value) > 1 and not value.isdecimal()}
    if item.shown_in == "map" and finding.map is not None and finding.map.labels:
        names.add(finding.map.labels[row])
    if item.shown_in == "map" and not isinstance(finding.map, AreaMap):
        names = {name for name in names if not name.startswith("spot ")}
    return names


def _small(minimum_count: int, noun: str) -> re.Pattern[str]:
    """A small count before the noun of what is counted."""
    few = "|".join(str(n) for n in range(1, minimum_count))
    last = [re.escape(noun.split()[-1])] if noun else []
    nouns = "|".join([*(f"{word}s?" for word in _NOUNS), *last])
    middle = rf"(?: (?:of [\d,. ]*\d|more|other|further|rejected|such))*(?: [^\W\d]+)? (?:{nouns})"
    before = r"(?<![\d.,\-])(?<!\d )(?<!\bin )(?<!\bper )(?<!\bthan )"
    return re.compile(
        rf"{before}(?:{few})(?! percentage points?){middle}\b",
        re.IGNORECASE,
    )


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _holds(text: str, name: str) -> bool:
    """Whether a text has a name, which may stand at the start of a sentence."""
    name = _plain(name)
    return any(
        one in text and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text) is not None
        for one in {name, words.capital(name)}
    )


def _holds_number(text: str, number: str) -> bool:
    return (
        re.search(rf"(?<![\d.,])(?<!\d ){re.escape(number)}(?![\d]|[.,]\d| \d)", text) is not None
    )


def public_note(text: str, minimum_count: int, *, noun: str = "") -> str:
    """A note of a source as it may be published; empty where it names files, people or rows."""
    if any(found.search(text) for found in (_FILE, _CONTACT, _ROW, _DIGEST)):
        return ""
    return "" if _small(minimum_count, noun).search(_plain(text)) else text


def public_numbers(numbers: Mapping[str, Any], said: Telling) -> dict[str, Any]:
    """Numbers for machines, to four digits; none of a finding that withholds something."""
    if said.any_hidden:
        return {}
    return {
        name: _four_digits(value)
        for name, value in numbers.items()
        if not said.tells(f"{name} {value}")
    }


def _four_digits(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _four_digits(inner) for name, inner in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value
