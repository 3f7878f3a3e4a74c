"""Small cities, everything published, and every table tried that could be true instead.

The enumeration below knows nothing of `relations`: it counts records for itself.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest

from commonlight.analysis.disclosure.cells import Cell
from commonlight.analysis.disclosure.protect import Protection, protect_cells

AREAS = {"A1": "North", "A2": "North", "B1": "South"}
KINDS = ("theft", "harm")
MONTHS = ("May", "June")
PARENTS = {"area": {area: ("district", district) for area, district in AREAS.items()}}
COMPLETE = {"area": list(AREAS), "district": ["North", "South"], "kind": KINDS, "month": MONTHS}
MINIMUM = 3

# A record is one of these; a publication counts records that have certain values.
ATOMS = [
    {"area": a, "district": AREAS[a], "kind": k, "month": m}
    for a, k, m in itertools.product(AREAS, KINDS, MONTHS)
]


def keys_of(*table: str) -> list[frozenset]:
    """Every cell of a table with these dimensions."""
    return sorted({frozenset((d, atom[d]) for d in table) for atom in ATOMS}, key=sorted)


def holds(atom: dict[str, str], key: frozenset) -> bool:
    return all(atom[d] == v for d, v in key)


def publication(rng: np.random.Generator, tables: list[tuple[str, ...]], filters: list[frozenset]):
    """Counts of random records in every table, and in every table after each filter."""
    counts = rng.poisson(rng.choice([0.3, 1.0, 2.5], len(ATOMS)))
    keys = {key for table in tables for key in keys_of(*table)}
    keys |= {
        key | extra
        for table in tables
        for key in keys_of(*table)
        for extra in filters
        if not {d for d, _ in key} & {d for d, _ in extra} and len(key) < 3
    }
    keys = {key for key in keys if any(holds(atom, key) for atom in ATOMS)}
    total = {
        key: int(sum(n for n, atom in zip(counts, ATOMS, strict=True) if holds(atom, key)))
        for key in keys
    }
    return counts, [Cell(key, total[key]) for key in sorted(keys, key=sorted)]


def possible_values(
    cells: list[Cell], protection: Protection, *, most: int = 400_000
) -> dict[frozenset, set[int]] | None:
    """Every value that each suppressed cell has in some table of all records; None if too many.

    A search over the counts of the atoms, one after another. Each published or marked cell
    narrows what the atoms in it may add up to.
    """
    limits = {}
    for cell in cells:
        if cell.key not in protection.suppressed:
            limits[cell.key] = (cell.count, cell.count)
        else:
            low, high = protection.marks[cell.key]
            limits[cell.key] = (low, cell.count + MINIMUM + 2 if high is None else high)
    names = list(limits)
    inside = [[i for i, key in enumerate(names) if holds(atom, key)] for atom in ATOMS]
    last = [max(j for j, atom in enumerate(ATOMS) if holds(atom, key)) for key in names]
    low = [limits[key][0] for key in names]
    high = [limits[key][1] for key in names]
    # A state is what each cell not yet full holds so far; equal states go on together.
    states: dict[tuple[int, ...], None] = {(0,) * len(names): None}
    forward = [states]
    for j in range(len(ATOMS)):
        following: dict[tuple[int, ...], None] = {}
        for state in forward[-1]:
            room = min((high[i] - state[i] for i in inside[j]), default=0)
            for n in range(room + 1):
                new = list(state)
                for i in inside[j]:
                    new[i] += n
                if all(new[i] >= low[i] for i in inside[j] if last[i] == j):
                    following[tuple(new)] = None
            if len(following) > most:
                return None
        forward.append(following)
    values: dict[frozenset, set[int]] = defaultdict(set)
    for state in forward[-1]:
        for key, n in zip(names, state, strict=True):
            if key in protection.suppressed:
                values[key].add(n)
    return values


TABLES = {
    "one table": [(), ("area",), ("kind",), ("area", "kind")],
    "no totals": [("area", "kind")],
    "two tables, no shared margin printed": [("area", "kind"), ("area", "month")],
    "three tables in a ring": [("area", "kind"), ("area", "month"), ("kind", "month")],
    "hierarchy": [(), ("district",), ("area",), ("district", "kind"), ("area", "month")],
    "three-way with margins": [(), ("district",), ("kind",), ("district", "kind", "month")],
}
FILTERS = [[], [frozenset({("area", "A1")})], [frozenset({("kind", "harm")})]]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("filters", FILTERS, ids=["no filter", "one area", "one kind"])
def test_no_suppressed_count_is_found_by_trying_every_table(name, filters):
    tried = 0
    for seed in range(12):
        rng = np.random.default_rng([seed, sum(map(ord, name))])
        _, cells = publication(rng, TABLES[name], filters)
        protection = protect_cells(cells, minimum_count=MINIMUM, parents=PARENTS, complete=COMPLETE)
        values = possible_values(cells, protection)
        if values is None:
            continue
        tried += 1
        counts = {cell.key: cell.count for cell in cells}
        for key in protection.suppressed:
            assert counts[key] in values[key]
            assert set(protection.intervals[key]) <= values[key]
            assert len(values[key]) > 1
            if protection.marks[key][1] is not None:
                assert values[key] == set(range(1, MINIMUM))
    assert tried >= 5
