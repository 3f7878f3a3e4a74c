"""Which sums hold between tables, found and against a plain count of records."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.disclosure.cells import Cell, Relation, cell, contained, relations

DISTRICT = {"A1": "North", "A2": "North", "B1": "South"}
PARENTS = {"area": {a: ("district", d) for a, d in DISTRICT.items()}}
VALUES = {
    "area": list(DISTRICT),
    "district": ["North", "South"],
    "kind": ["theft", "harm"],
    "month": ["May", "June"],
}
ATOMS = [
    {"area": a, "district": DISTRICT[a], "kind": k, "month": m}
    for a, k, m in itertools.product(DISTRICT, VALUES["kind"], VALUES["month"])
]
KEYS = sorted(
    {
        frozenset((d, atom[d]) for d in dims)
        for n in range(4)
        for dims in itertools.combinations(VALUES, n)
        for atom in ATOMS
    },
    key=sorted,
)


def pairs(*values: str) -> frozenset:
    return frozenset((d, v) for v in values for d in VALUES if v in VALUES[d])


def sums(cells: list[Cell], **options) -> set[tuple[frozenset, frozenset]]:
    found = relations(cells, **{"complete": VALUES, "parents": PARENTS, **options})
    return {(frozenset(r.totals), frozenset(r.parts)) for r in found}


def test_table_with_margins():
    table = [Cell(k, 0) for k in KEYS if {d for d, _ in k} <= {"area", "kind"}]
    found = sums(table)
    theft = frozenset(pairs(a, "theft") for a in DISTRICT)
    assert (frozenset({pairs("theft")}), theft) in found
    assert (
        frozenset({pairs("A1")}),
        frozenset({pairs("A1", "theft"), pairs("A1", "harm")}),
    ) in found


def test_areas_add_up_to_districts_and_months_are_no_part_of_it():
    table = [Cell(k, 0) for k in KEYS if {d for d, _ in k} in ({"area"}, {"district"})]
    assert (frozenset({pairs("North")}), frozenset({pairs("A1"), pairs("A2")})) in sums(table)


def test_what_lies_above_a_whole_division_divides_too():
    table = [Cell(k, 0) for k in KEYS if {d for d, _ in k} in (set(), {"area"}, {"district"})]
    found = sums(table, complete=["area"])
    assert (frozenset({pairs()}), frozenset({pairs("North"), pairs("South")})) in found
    assert (frozenset({pairs("North")}), frozenset({pairs("A1"), pairs("A2")})) in found


def test_tables_are_linked_through_a_margin_that_nobody_printed():
    table = [Cell(k, 0) for k in KEYS if {d for d, _ in k} in ({"area", "kind"}, {"area", "month"})]
    found = sums(table)
    for part in (("theft", "harm"), ("May", "June")):
        parts = frozenset(pairs("A1", v) for v in part)
        assert (frozenset({pairs("A1")}), parts) in found


def test_what_a_table_leaves_out_is_one_more_value():
    [found] = relations(
        [cell(9), cell(7, kind="theft")], complete={"kind": ["theft", "harm", "fire"]}
    )
    assert found.parts == (pairs("theft"), frozenset({("kind", "other than theft")}))


def test_dimensions_that_do_not_divide_only_bound():
    many = [cell(10), cell(7, answer="noise"), cell(6, answer="litter")]
    found = relations(many)
    assert {r.exact for r in found} == {False}
    assert contained(pairs("A1"), [pairs("A2")]) == Relation((pairs("A1"),), (pairs("A2"),), False)


@settings(max_examples=60)
@given(
    chosen=st.sets(st.integers(0, len(KEYS) - 1), max_size=25),
    seed=st.integers(0, 10**6),
)
def test_every_sum_holds_for_any_records(chosen, seed):
    counts = np.random.default_rng(seed).poisson(2.0, len(ATOMS))

    def count(key: frozenset) -> int | None:
        if any(v.startswith(("other", "any")) for _, v in key):
            return None
        inside = [all(atom[d] == v for d, v in key) for atom in ATOMS]
        return int(counts[inside].sum())

    cells = [Cell(KEYS[i], count(KEYS[i])) for i in chosen]
    for relation in relations(cells, complete=VALUES, parents=PARENTS):
        totals = [count(k) for k in relation.totals]
        parts = [count(k) for k in relation.parts]
        if None not in (*totals, *parts):
            assert sum(totals) == sum(parts)
        elif None not in totals:
            assert sum(totals) >= sum(p for p in parts if p is not None)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cell(-1, area="A"), "count of area = A must be a whole number"),
        (lambda: cell(2.5), "got 2.5"),
        (lambda: cell(float("nan")), "got nan"),
        (lambda: cell(3, contributors=-1), "contributors of the total"),
        (
            lambda: relations(
                [cell(1, area="A1", district="South")], parents=PARENTS, complete=VALUES
            ),
            "two values of district",
        ),
        (lambda: relations([cell(1, kind="x")], complete=VALUES), "kind = x is not among"),
        (
            lambda: relations(
                [cell(1, area="A1"), cell(1, area="Z")], parents=PARENTS, complete=["area"]
            ),
            "area = Z has no parent",
        ),
        (
            lambda: relations(
                [cell(1, a="x")],
                parents={"a": {"x": ("b", "y")}, "b": {"y": ("a", "x")}},
                complete="ab",
            ),
            "lies above itself",
        ),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
