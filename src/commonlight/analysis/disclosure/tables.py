"""Link tables that share margins, and fill what they leave out.

The work behind `cells.relations`. Tables of different universes (dimensions that do not divide
everything) are linked only by "a part is not larger than the whole".
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from commonlight.analysis.disclosure.domains import Domains, Key, others

__all__ = ["Table", "left_out", "linked_relations"]

Dimensions = frozenset[str]
Sum = tuple[list[Key], list[Key], bool]
LARGEST_TABLE = 2_000_000


@dataclass
class Table:
    """All cells with the same dimensions, those above them included.

    Attributes
    ----------
    own : tuple of str
        The dimensions that no other one of the table implies, sorted.
    wide : frozenset of str
        These and every dimension above them.
    seen : dict from dimension to set of str
        Values that a cell of the table names.
    """

    own: tuple[str, ...]
    wide: Dimensions
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # Per dimension: value as this table tells it apart -> the values above it.
    told: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    # Per dimension: any known value -> the one that this table tells apart.
    coarse: dict[str, dict[str, str]] = field(default_factory=dict)
    # Per dimension and value of the dimension above: the value for all that is not named.
    rest: dict[str, dict[str | None, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of cells if every combination of own values exists."""
        return math.prod(len(self.told[d]) for d in self.own)

    def cells(self) -> Iterator[dict[str, str]]:
        """Every cell as the values of all its dimensions."""
        for combination in itertools.product(*(self.told[d].items() for d in self.own)):
            wide: dict[str, str] = {}
            for dimension, (value, above) in zip(self.own, combination, strict=True):
                if any(wide.setdefault(d, v) != v for d, v in above.items()):
                    break
                wide[dimension] = value
            else:
                yield wide

    def key(self, wide: Mapping[str, str]) -> Key:
        """Key of a cell of this table."""
        return frozenset((d, wide[d]) for d in self.own)


def linked_relations(
    counts: Mapping[Key, int], domains: Domains, joint_limit: int
) -> Iterator[Sum]:
    """Every sum within and between the tables that hold the given canonical keys.

    Parameters
    ----------
    counts : mapping of key to int
        Counts by canonical key.
    domains : Domains
        Which dimensions divide everything, and which pairs follow from which.
    joint_limit : int
        Most cells of a table that is laid out only to tie others together.

    Returns
    -------
    iterator of (totals, parts, exact)
        Two lists of keys, and whether both sides are equal; else the parts are at most the totals.
    """
    worlds: dict[Key, list[Key]] = defaultdict(list)
    for key in counts:
        worlds[frozenset(p for p in key if p[0] not in domains.values)].append(key)
    for outside in sorted(worlds, key=sorted):
        inner = [key - outside for key in worlds[outside]]
        for totals, parts in _within(inner, domains, joint_limit):
            yield [k | outside for k in totals], [k | outside for k in parts], True
    yield from _across(counts, domains)


def _across(counts: Mapping[Key, int], domains: Domains) -> Iterator[Sum]:
    """A cell with one pair more, in a dimension that does not divide, is not larger."""
    for key in counts:
        for pair in sorted(p for p in key if p[0] not in domains.values):
            whole = key - {pair}
            if whole in counts:
                yield [whole], [key], False


def _within(
    keys: list[Key], domains: Domains, joint_limit: int
) -> Iterator[tuple[list[Key], list[Key]]]:
    tables = _family(keys, domains, joint_limit)
    order = sorted(tables, key=lambda w: (-len(w), sorted(w)))
    for i, wide in enumerate(order):
        table = tables[wide]
        for larger in order[:i]:
            if wide < larger:
                for dimension in wide:
                    table.seen[dimension] |= tables[larger].seen[dimension]
    for wide in order:
        _tell_apart(tables[wide], domains)
    for i, wide in enumerate(order):
        above = [w for w in order[:i] if wide < w]
        for larger in above:
            if not any(wide < w < larger for w in above):
                yield from _sums(tables[wide], tables[larger])


def _family(keys: list[Key], domains: Domains, joint_limit: int) -> dict[Dimensions, Table]:
    """Tables of the keys, of their common margins, and of the joints that tie cycles."""
    tables: dict[Dimensions, Table] = {}
    above = {d: domains.above_dimensions(d) for d in domains.values}
    for key in keys:
        wide = frozenset(d for pair in key for d in (pair[0], *above[pair[0]]))
        if wide not in tables:
            tables[wide] = Table(_own(wide, above), wide)
        for pair in key:
            for d, v in (pair, *domains.above(pair)):
                tables[wide].seen[d].add(v)
    for joint in _joint_tables(tables, above):
        if _most_cells(joint) <= joint_limit:
            tables[joint.wide] = joint
    _close(tables, above)
    return tables


def _joint_tables(
    tables: Mapping[Dimensions, Table], above: dict[str, tuple[str, ...]]
) -> list[Table]:
    found = []
    for joint in _joints(set(tables), above):
        seen: dict[str, set[str]] = defaultdict(set)
        for wide, table in tables.items():
            for d in wide & joint:
                seen[d] |= table.seen[d]
        found.append(Table(_own(joint, above), joint, seen))
    return found


def _most_cells(joint: Table) -> int:
    return math.prod(len(joint.seen[d]) + 1 for d in joint.own)


def left_out(
    counts: Iterable[Key], domains: Domains, joint_limit: int
) -> tuple[tuple[str, ...], ...]:
    """Rings of tables whose joint table is too large to take part, by their dimensions.

    Parameters
    ----------
    counts : iterable of key
        Canonical keys.
    domains : Domains
        Which dimensions divide everything, and which pairs follow from which.
    joint_limit : int
        Most cells of a table that ties others together.

    Returns
    -------
    tuple of tuple of str
        Dimensions of each ring, sorted.
    """
    worlds: dict[Key, list[Key]] = defaultdict(list)
    for key in counts:
        worlds[frozenset(p for p in key if p[0] not in domains.values)].append(key)
    above = {d: domains.above_dimensions(d) for d in domains.values}
    rings = set()
    for outside, keys in worlds.items():
        tables = _family([key - outside for key in keys], domains, 0)
        rings |= {j.own for j in _joint_tables(tables, above) if _most_cells(j) > joint_limit}
    return tuple(sorted(rings))


def _close(tables: dict[Dimensions, Table], above: dict[str, tuple[str, ...]]) -> None:
    fresh = set(tables)
    while fresh:
        found = {a & b for a in fresh for b in tables} - set(tables)
        for wide in found:
            tables[wide] = Table(_own(wide, above), wide)
        fresh = found


def _own(wide: Dimensions, above: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    implied = {up for d in wide for up in above[d]}
    return tuple(sorted(wide - implied))


def _joints(family: set[Dimensions], above: dict[str, tuple[str, ...]]) -> list[Dimensions]:
    """Cliques of the triangulated graph that are in no table (fewest new edges first)."""
    near: dict[str, set[str]] = defaultdict(set)
    for wide in family:
        for d in wide:
            near[d] |= wide - {d}
    cliques: list[Dimensions] = []
    left = set(near)
    while left:
        d = min(left, key=lambda d: (_missing_edges(near, near[d] & left), d))
        around = near[d] & left
        for a in around:
            near[a] |= around - {a}
        cliques.append(frozenset({d, *around} | {u for x in (d, *around) for u in above[x]}))
        left.remove(d)
    new = {c for c in cliques if not any(c <= wide for wide in family)}
    return sorted((c for c in new if not any(c < other for other in new)), key=sorted)


def _missing_edges(near: dict[str, set[str]], around: set[str]) -> int:
    return sum(1 for a, b in itertools.combinations(sorted(around), 2) if b not in near[a])


def _tell_apart(table: Table, domains: Domains) -> None:
    """Give every dimension its named values, and one more for the rest below each parent."""
    above = {d: domains.above_dimensions(d) for d in table.wide}
    for dimension in sorted(table.wide, key=lambda d: (len(above[d]), d)):
        parent = above[dimension][0] if above[dimension] else None
        groups: dict[str | None, list[str]] = defaultdict(list)
        for value in domains.values[dimension]:
            up = dict(domains.above((dimension, value)))
            groups[None if parent is None else table.coarse[parent][up[parent]]].append(value)
        table.told[dimension], table.coarse[dimension], table.rest[dimension] = {}, {}, {}
        for group in [None] if parent is None else list(table.told[parent]):
            _tell_group(table, domains, dimension, parent, group, groups.get(group, []))
    if table.size > LARGEST_TABLE:
        raise ValueError(
            f"the table of {', '.join(table.own)} has {table.size:,} cells, more than "
            f"{LARGEST_TABLE:,}; publish it in parts that are checked one by one, or coarser"
        )


def _tell_group(
    table: Table,
    domains: Domains,
    dimension: str,
    parent: str | None,
    group: str | None,
    values: list[str],
) -> None:
    above: dict[str, str] = {}
    if parent is not None and group is not None:
        above = {parent: group, **table.told[parent][group]}
    seen = [v for v in values if v in table.seen[dimension]]
    told, coarse = table.told[dimension], table.coarse[dimension]
    for value in seen:
        told[value], coarse[value] = above, value
    if len(seen) < len(values) or not values or dimension in domains.open:
        rest = others(seen) + (f" in {group}" if group is not None else "")
        told[rest] = above
        table.rest[dimension][group] = rest
        for value in (rest, *values):
            coarse.setdefault(value, rest)


def _as_told_by(large: Table, small: Table, dimension: str, value: str) -> str:
    """The value of the larger table that a value of the smaller one belongs to."""
    if value in large.coarse[dimension]:
        return large.coarse[dimension][value]
    above = small.told[dimension][value]
    if not above:
        return large.rest[dimension][None]
    parent = next(iter(above))
    return large.rest[dimension][_as_told_by(large, small, parent, above[parent])]


def _sums(small: Table, large: Table) -> Iterator[tuple[list[Key], list[Key]]]:
    """The cells of the smaller table, as the larger one tells them apart, are its sums."""
    parts: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    totals: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    for wide in large.cells():
        parts[tuple(wide[d] for d in small.own)].append(large.key(wide))
    for wide in small.cells():
        place = tuple(_as_told_by(large, small, d, wide[d]) for d in small.own)
        totals[place].append(small.key(wide))
    for place in sorted(totals):
        yield totals[place], parts[place]
