"""Dimensions, their values and what follows from them: area in district, month in year.

Values are taken as given. Whether every incident has exactly one of them is not checked here;
it shows when parts do not add up (`cells.relations`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Domains", "Key", "Pair", "Parents", "others", "words"]

Pair = tuple[str, str]
Key = frozenset[Pair]
Parents = Mapping[str, Mapping[str, Pair]]
LISTED_IN_NAME = 3  # a left-over group of values names at most so many of those left out


@dataclass(frozen=True)
class Domains:
    """Which dimensions divide everything, and which pairs follow from which.

    Attributes
    ----------
    parents : mapping
        ``parents[dimension][value]`` is the pair one level up.
    values : dict from dimension to tuple of str
        The known values of every dimension that takes part in sums, in sorted order.
    open : frozenset of str
        Dimensions that may have values which nobody listed.
    """

    parents: Parents
    values: dict[str, tuple[str, ...]]
    open: frozenset[str]
    _above: dict[Pair, tuple[Pair, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        keys: Iterable[Key],
        parents: Parents,
        complete: Mapping[str, Iterable[str]] | Iterable[str],
        disjoint: Iterable[str],
    ) -> Domains:
        """Collect the values of the dimensions that take part in sums."""
        listed = {d: set(v) for d, v in complete.items()} if isinstance(complete, Mapping) else {}
        complete = complete if isinstance(complete, Mapping) else tuple(complete)
        disjoint = frozenset(disjoint)
        values: dict[str, set[str]] = {d: set() for d in (*complete, *disjoint)}
        unlisted = set(disjoint - frozenset(complete))
        for dimension in (*complete, *disjoint):
            for up in _all_above(dimension, parents):
                # What lies above a whole division divides everything too.
                values.setdefault(up, set())
                if dimension in unlisted and up not in complete:
                    unlisted.add(up)
        for dimension, above in parents.items():
            for value, parent in above.items():
                values.get(dimension, set()).add(value)
                values.get(parent[0], set()).add(parent[1])
        for key in keys:
            for dimension, value in key:
                values.get(dimension, set()).add(value)
        for dimension, whole in listed.items():
            unknown = sorted(values[dimension] - whole)
            if unknown:
                raise ValueError(
                    f"{dimension} = {unknown[0]} is not among the values that are said to be "
                    f"complete; add it, or name {dimension} in disjoint"
                )
            values[dimension] = whole
        for dimension in values:
            orphans = values[dimension] - set(parents.get(dimension, values[dimension]))
            if orphans:
                raise ValueError(
                    f"{dimension} = {min(orphans)} has no parent, though other values have; give "
                    "it one, such as a value of its own one level up"
                )
        known = {d: tuple(sorted(v)) for d, v in sorted(values.items())}
        return cls(parents, known, frozenset(unlisted))

    def above(self, pair: Pair) -> tuple[Pair, ...]:
        """Every pair that follows from one, nearest first."""
        if pair not in self._above:
            chain: list[Pair] = []
            step = self.parents.get(pair[0], {}).get(pair[1])
            while step is not None:
                if step in chain or step == pair:
                    raise ValueError(f"{words([pair])} lies above itself; check parents")
                chain.append(step)
                step = self.parents.get(step[0], {}).get(step[1])
            self._above[pair] = tuple(chain)
        return self._above[pair]

    def canonical(self, key: Key) -> Key:
        """Leave out the pairs that follow from others; refuse a contradiction."""
        if len(key) < 2:
            return key
        implied: dict[str, str] = {}
        for pair in key:
            for dimension, value in self.above(pair):
                if implied.setdefault(dimension, value) != value:
                    _refuse(key, dimension)
        own: dict[str, str] = {}
        for dimension, value in key:
            if own.setdefault(dimension, value) != value or implied.get(dimension, value) != value:
                _refuse(key, dimension)
        return frozenset(pair for pair in key if pair[0] not in implied)

    def above_dimensions(self, dimension: str) -> tuple[str, ...]:
        """Every dimension above one, nearest first; the chain must be the same for all values."""
        chains = {
            tuple(d for d, _ in self.above((dimension, value)))
            for value in self.parents.get(dimension, {})
        }
        if len(chains) > 1:
            raise ValueError(
                f"the values of {dimension} lie below different dimensions "
                f"({' and '.join(sorted(' > '.join(c) or 'none' for c in chains))}); give each "
                "value a parent in every one"
            )
        return next(iter(chains), ())


def _all_above(dimension: str, parents: Parents) -> set[str]:
    found: set[str] = set()
    fresh = {dimension}
    while fresh:
        fresh = {up for d in fresh for up, _ in parents.get(d, {}).values()} - found - {dimension}
        found |= fresh
    return found


def _refuse(key: Key, dimension: str) -> None:
    raise ValueError(
        f"{words(key)} has two values of {dimension}; a cell must lie below each of its pairs"
    )


def words(key: Iterable[Pair]) -> str:
    """Write a key for a person.

    Parameters
    ----------
    key : iterable of (str, str)
        Dimension and value.

    Returns
    -------
    str

    Examples
    --------
    >>> from commonlight.analysis.disclosure.domains import words
    >>> words([("kind", "burglary"), ("area", "A1")])
    'area = A1, kind = burglary'
    """
    return ", ".join(f"{d} = {v}" for d, v in sorted(key)) or "the total"


def others(seen: Iterable[str]) -> str:
    """Name the value that stands for all values but these.

    Parameters
    ----------
    seen : iterable of str
        Values of one dimension that have a cell of their own.

    Returns
    -------
    str
        The same for the same values; long lists are told apart by a checksum.
    """
    names = sorted(seen)
    if not names:
        return "any"
    text = ", ".join(names[:LISTED_IN_NAME])
    if len(names) > LISTED_IN_NAME:
        text += f", … ({len(names)} values, {zlib.crc32(chr(0).join(names).encode()):08x})"
    return f"other than {text}"
