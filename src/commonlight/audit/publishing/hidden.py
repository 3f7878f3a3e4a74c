"""Which counts of a report may not be published, decided for all findings of a source together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from commonlight.analysis.disclosure.cells import Cell
from commonlight.analysis.disclosure.protect import Protection, protect_cells
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.findings.model import WITHHELD, CountCells, Finding

__all__ = ["GRID", "Hidden", "hidden_counts", "key_of", "source_cells"]

Key = frozenset[tuple[str, str]]

GRID = "cell"
"""Dimension of grid cells. Maps show them in classes only, so that they enter no sum."""


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What is withheld, by source; and the proof that it cannot be worked out again."""

    minimum_count: int
    keys: Mapping[str, frozenset[Key]]
    protections: Mapping[str, Protection]

    def rows(self, item: CountCells) -> tuple[int, ...]:
        """Positions of the keys that are withheld."""
        hidden = self.keys.get(item.source, frozenset())
        return tuple(i for i in range(len(item.keys)) if key_of(item, i) in hidden)

    def word(self, item: CountCells, row: int) -> str:
        """What stands in the place of a withheld count.

        "Under 5" where that gives nothing else away; of some small totals only "withheld" may be
        said, because their parts would follow.
        """
        found = self.protections.get(item.source)
        mark = found.marks.get(key_of(item, row)) if found is not None else None
        return f"under {self.minimum_count}" if mark is not None and mark[1] else WITHHELD

    def is_small(self, item: CountCells, row: int) -> bool:
        """Whether the count itself is too small, not only a help to work out another."""
        found = self.protections.get(item.source)
        return found is not None and key_of(item, row) in found.primary


def key_of(item: CountCells, row: int) -> Key:
    """One key as pairs of dimension and value, without the dimensions it does not limit."""
    return frozenset(
        (name, value)
        for name, value in zip(item.dimensions, item.keys[row], strict=True)
        if value != ""
    )


def source_cells(findings: Iterable[Finding]) -> dict[str, dict[Key, int]]:
    """Every count of every source that any finding shows.

    Raises
    ------
    PublishingError
        Two findings give the same records different counts: one of them is wrong, or they do
        not mean the same records and need another dimension.
    """
    found: dict[str, dict[Key, int]] = {}
    for finding, item in _items(findings):
        cells = found.setdefault(item.source, {})
        for row, count in enumerate(item.counts):
            key = key_of(item, row)
            if cells.setdefault(key, count) != count:
                raise PublishingError(
                    f"finding {finding.id!r} counts {count} records of {item.source!r} for "
                    f"{_words(key)}, another finding {cells[key]}: counts with the same key must "
                    "be counts of the same records; give one of them a dimension of its own"
                )
    return found


def hidden_counts(findings: tuple[Finding, ...], rules: PublicationRules) -> Hidden:
    """Protect all counts of each source together."""
    protections = {
        source: _protect(cells, rules.minimum_count)
        for source, cells in source_cells(findings).items()
    }
    _refuse_unproven(protections)
    keys = {source: found.suppressed for source, found in protections.items()}
    keys |= _with_overlaps(findings, keys)
    return Hidden(
        minimum_count=rules.minimum_count,
        keys=keys,
        protections=protections,
    )


def _refuse_unproven(protections: Mapping[str, Protection]) -> None:
    """Stop where it could not be shown that a withheld count stays unknown."""
    for source, found in protections.items():
        if found.unproven:
            first = _words(sorted(found.unproven, key=sorted)[0])
            raise PublishingError(
                f"{len(found.unproven)} withheld counts of {source!r} could not be shown to stay "
                f"unknown, the first for {first}. Publish fewer tables of it (blocks under "
                '[publish]), raise minimum_count, or round instead (method = "round")'
            )


def _items(findings: Iterable[Finding]) -> Iterator[tuple[Finding, CountCells]]:
    """What takes part in sums: everything but the cells of grid maps."""
    for finding in findings:
        for item in finding.cells:
            if not (item.shown_in == "map" and GRID in item.dimensions):
                yield finding, item


def _protect(cells: Mapping[Key, int], minimum_count: int) -> Protection:
    dimensions = sorted({name for key in cells for name, _ in key})
    return protect_cells(
        [Cell(key, count) for key, count in cells.items()],
        minimum_count=minimum_count,
        parents=_parents(cells),
        disjoint=dimensions,
    )


def _parents(cells: Iterable[Key]) -> dict[str, dict[str, tuple[str, str]]]:
    """What follows from what: an hour from its quarter, an area from being placed at all."""
    keys = list(cells)
    parents: dict[str, dict[str, tuple[str, str]]] = {}
    if any(("placed", "yes") in key for key in keys):
        areas = {value for key in keys for name, value in key if name == "area"}
        parents["area"] = dict.fromkeys(areas, ("placed", "yes"))
    quarters = {
        pairs["hour"]: ("quarter", pairs["quarter"])
        for pairs in map(dict, keys)
        if "hour" in pairs and "quarter" in pairs
    }
    return parents | ({"hour": quarters} if quarters else {})


def _with_overlaps(
    findings: tuple[Finding, ...], keys: Mapping[str, frozenset[Key]]
) -> dict[str, frozenset[Key]]:
    """Weeks cut across months: as soon as one of either is withheld, the weeks are."""
    more: dict[str, frozenset[Key]] = {}
    for _, item in _items(findings):
        if not item.overlaps:
            continue
        own = {key_of(item, row) for row in range(len(item.keys))}
        hidden = keys[item.source]
        cut = {name for key in hidden for name, _ in key} & set(item.overlaps)
        if cut or own & hidden:
            more[item.source] = more.get(item.source, hidden) | own
    return more


def _words(key: Key) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in sorted(key)) or "all records"
