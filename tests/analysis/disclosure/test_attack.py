"""Bounds of the attacker, against published examples and plain enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.disclosure.attack import attack
from commonlight.analysis.disclosure.cells import Relation, cell, relations


def name(row: object, column: object) -> frozenset:
    pairs = (("row", row), ("column", column))
    return frozenset((d, str(v)) for d, v in pairs if v is not None)


def grid(table: np.ndarray) -> list:
    """Cells of a table with both margins and the total."""
    rows, columns = table.shape
    cells = [cell(int(table.sum()))]
    cells += [cell(int(n), row=str(i)) for i, n in enumerate(table.sum(1))]
    cells += [cell(int(n), column=str(j)) for j, n in enumerate(table.sum(0))]
    cells += [
        cell(int(table[i, j]), row=str(i), column=str(j))
        for i in range(rows)
        for j in range(columns)
    ]
    return cells


def test_ranges_of_the_investment_example():
    """Fischetti and Salazar (2000), Models and algorithms for optimizing cell suppression in
    tabular data with linear constraints, JASA 95, 916-928, Figures 1 and 2: investment by
    activity and region. With the cells (II, A), (II, C), (III, A) and (III, C) suppressed the
    attacker bounds (II, C), which is 22, by 5 and 30 (doi:10.1080/01621459.2000.10474282).
    """
    table = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    cells = grid(table)
    hidden = {name(i, j) for i in (1, 2) for j in (0, 2)}
    published = {c.key: c.count for c in cells if c.key not in hidden}
    found = attack(published, relations(cells, complete=["row", "column"]))
    assert found[name(1, 2)] == (5, 30)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), n_hidden=st.integers(1, 4))
def test_bounds_agree_with_trying_everything(seed, n_hidden):
    rng = np.random.default_rng(seed)
    table = rng.poisson(1.5, (3, 3))
    most = int(table.sum())
    cells = grid(table)
    hidden = [cells[i].key for i in rng.choice(len(cells), n_hidden, replace=False)]
    published = {c.key: c.count for c in cells if c.key not in hidden}
    sums = relations(cells, complete=["row", "column"])
    limit = min(most, 12) if n_hidden > 2 else most
    marks = {c.key: (0, max(limit, c.count)) for c in cells if c.key in hidden}
    found = attack(published, sums, marks=marks)
    possible: dict[frozenset, set[int]] = {key: set() for key in hidden}
    for values in itertools.product(*(range(marks[key][1] + 1) for key in hidden)):
        trial = published | dict(zip(hidden, values, strict=True))
        if all(sum(trial[k] for k in s.totals) == sum(trial[k] for k in s.parts) for s in sums):
            for key, value in zip(hidden, values, strict=True):
                possible[key].add(value)
    assert found == {key: (min(v), max(v)) for key, v in possible.items()}


def test_bounds_of_real_numbers_are_never_narrower():
    rng = np.random.default_rng(4)
    cells = grid(rng.poisson(2.0, (5, 4)))
    hidden = {c.key for c in cells if 0 < c.count < 4}
    published = {c.key: c.count for c in cells if c.key not in hidden}
    sums = relations(cells, complete=["row", "column"])
    whole = attack(published, sums, marks=dict.fromkeys(hidden, (1, 3)))
    real = attack(published, sums, marks=dict.fromkeys(hidden, (1, 3)), whole_limit=0)
    assert all(real[k][0] <= whole[k][0] and whole[k][1] <= real[k][1] for k in hidden)


def test_nothing_known_and_contradictions():
    total = frozenset()
    a, b = (frozenset({("area", v)}) for v in "AB")
    sums = [Relation((total,), (a, b))]
    assert attack({}, sums)[a] == (0, None)
    assert attack({a: 4}, [Relation((total,), (a, b), exact=False)])[total] == (4, None)
    with pytest.raises(ValueError, match="contradict the sum of the total"):
        attack({a: 4, b: 4, total: 7}, sums)
    with pytest.raises(ValueError, match="contradicts itself"):
        attack({total: 3, a: 1}, sums, marks={b: (5, None)})
