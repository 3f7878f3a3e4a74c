"""Suppression of linked tables: what is suppressed, and that an attack finds nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.disclosure.attack import attack
from commonlight.analysis.disclosure.cells import Cell, cell, contained
from commonlight.analysis.disclosure.protect import Protection, protect_cells
from growth import growth

PARENTS = {
    "area": {f"A{i}": ("district", f"D{i // 3}") for i in range(9)},
    "month": {f"2024-0{i}": ("quarter", f"Q{i // 4}") for i in range(1, 7)},
}
DIMENSIONS = {
    "area": [f"A{i}" for i in range(9)],
    "district": ["D0", "D1", "D2"],
    "month": [f"2024-0{i}" for i in range(1, 7)],
    "quarter": ["Q0", "Q1"],
    "kind": ["theft", "harm", "fire"],
}


def key(**pairs: str) -> frozenset:
    return frozenset(pairs.items())


def city(seed: int, n_records: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    risk = rng.dirichlet(np.full(9, 0.7))
    records = []
    for _ in range(n_records):
        area = DIMENSIONS["area"][rng.choice(9, p=risk)]
        month = DIMENSIONS["month"][rng.integers(6)]
        kind = DIMENSIONS["kind"][rng.choice(3, p=[0.6, 0.3, 0.1])]
        above = {
            d: PARENTS[c][v][1]
            for c, d, v in (("area", "district", area), ("month", "quarter", month))
        }
        records.append({"area": area, "month": month, "kind": kind, **above})
    return records


def table(records: list[dict[str, str]], *dimensions: str, **only: str) -> list[Cell]:
    """Every cell of a table of the records, after a filter."""
    import itertools

    counts = {
        frozenset(zip(dimensions, values, strict=True)) | frozenset(only.items()): 0
        for values in itertools.product(*(DIMENSIONS[d] for d in dimensions))
    }
    for record in records:
        if all(record[d] == v for d, v in only.items()):
            counts[frozenset((d, record[d]) for d in dimensions) | frozenset(only.items())] += 1
    return [Cell(name, n) for name, n in counts.items()]


def attacked(found: Protection) -> dict:
    return attack(found.published, found.relations, marks=found.marks)


def assert_safe(found: Protection, cells: list[Cell]) -> None:
    """The attack, written apart, leaves every mark as wide as it was."""
    assert not found.unproven
    counts = {c.key: c.count for c in cells}
    left = attacked(found)
    for name in found.suppressed:
        low, high = left[name]
        assert low <= counts[name]
        assert high is None or counts[name] <= high
        assert low <= found.intervals[name][0]
        assert high is None or found.intervals[name][1] <= high
        if found.marks[name][1] is not None:
            assert (low, high) == found.marks[name]
        else:
            assert high is None or high > low
        if name in found.primary:
            assert high is None or high >= found.minimum_count - 1


PUBLICATIONS = {
    "table with totals": [(), ("area",), ("kind",), ("area", "kind")],
    "shared margin": [(), ("area",), ("area", "kind"), ("area", "month")],
    "margins left out": [("area", "kind"), ("area", "month"), ("district",)],
    "hierarchy": [(), ("district",), ("quarter",), ("district", "quarter"), ("area", "month")],
    "ring": [("district", "kind"), ("kind", "quarter"), ("district", "quarter")],
    "three-way": [("district", "kind", "quarter"), ("area",), ("kind", "month")],
}


@pytest.mark.parametrize("tables", PUBLICATIONS.values(), ids=PUBLICATIONS)
@settings(max_examples=12)
@given(
    seed=st.integers(0, 10**6),
    n_records=st.integers(0, 250),
    minimum=st.integers(2, 6),
    only=st.sampled_from([{}, {"area": "A1"}, {"district": "D2"}, {"kind": "fire"}]),
)
def test_attack_finds_no_more_than_the_marks_say(tables, seed, n_records, minimum, only):
    records = city(seed, n_records)
    cells = [c for dims in tables for c in table(records, *dims)]
    near = {"area", "district"} if {"area", "district"} & set(only) else set(only)
    filtered = [dims for dims in tables if not set(dims) & near]
    if only:
        cells += [c for dims in filtered for c in table(records, *dims, **only)]
    unique = list({c.key: c for c in cells}.values())
    found = protect_cells(unique, minimum_count=minimum, parents=PARENTS, complete=DIMENSIONS)
    assert found.primary == {c.key for c in unique if 0 < c.count < minimum}
    assert set(found.published) | found.suppressed == {c.key for c in unique}
    assert_safe(found, unique)


@pytest.mark.parametrize("tables", PUBLICATIONS.values(), ids=PUBLICATIONS)
def test_without_secondary_suppression_the_attack_succeeds(tables):
    records = city(3, 200)
    cells = [c for dims in tables for c in table(records, *dims)]
    options = {"parents": PARENTS, "complete": DIMENSIONS}
    naive = protect_cells(cells, secondary=False, **options)
    found = protect_cells(cells, **options)
    assert naive.secondary == frozenset()
    assert found.secondary
    exact = [k for k, (low, high) in attacked(naive).items() if low == high]
    narrow = [k for k, b in attacked(naive).items() if b != naive.marks[k] and b[1] is not None]
    assert exact
    assert len(narrow) >= len(exact)
    assert_safe(found, cells)


def test_zeros_are_small_counts_when_they_are_not_published():
    records = city(5, 90)
    cells = table(records, "district", "kind") + table(records, "district") + table(records)
    found = protect_cells(
        cells, parents=PARENTS, complete=DIMENSIONS, publish_zeros=False, minimum_count=4
    )
    assert found.primary == {c.key for c in cells if c.count < 4}
    left = attacked(found)
    for name in found.primary:
        assert left[name][0] == 0
        assert left[name][1] is None or left[name][1] >= 3


def test_difference_to_a_total_is_a_count_too():
    # 97 of the 100 are of one kind; the rest, which nobody prints, is 3.
    cells = [cell(100), cell(97, kind="theft")]
    found = protect_cells(cells, complete={"kind": ["theft", "harm", "fire"]})
    assert found.suppressed
    assert len(found.implied) == 1
    [(low, high)] = found.implied.values()
    assert low <= 1
    assert high >= 4
    assert protect_cells([cell(100), cell(90, kind="theft")], disjoint=["kind"]).suppressed == set()


def test_filter_is_one_more_table_of_the_system():
    months = {"May": 12, "June": 3, "July": 20}
    north = {"May": 10, "June": 2, "July": 9}
    cells = [
        *(cell(n, month=m) for m, n in months.items()),
        *(cell(n, month=m, district="North") for m, n in north.items()),
    ]
    found = protect_cells(cells, complete={"month": months, "district": ["North", "South"]})
    assert {key(month="June"), key(month="June", district="North")} <= found.primary
    # South in June is 1 and in May 2, by subtraction: neither may follow.
    assert (
        key(month="May") in found.suppressed
        or key(month="May", district="North") in found.suppressed
    )
    assert_safe(found, cells)


def test_grid_cells_inside_an_area_bound_it():
    grid = [Cell(key(cell=f"c{i}"), n) for i, n in enumerate([6, 7, 8])]
    area = Cell(key(area="A"), 22)
    inside = contained(area.key, [c.key for c in grid])
    other = Cell(key(area="B"), 3)
    cells = [*grid, area, other, cell(25), cell(9, part="x")]
    found = protect_cells(cells, complete=["area"], bounds=[inside])
    left = attacked(found)
    # A is withheld for B's sake; the grid still says that it is at least 21.
    assert area.key in found.secondary
    assert left[area.key][0] >= 21
    assert left[other.key] == (1, 4)


def test_small_totals_are_withheld_because_their_mark_would_tell_their_parts():
    cells = [cell(2, area="A"), cell(1, area="A", kind="x"), cell(1, area="A", kind="y")]
    found = protect_cells(cells, complete=["kind"], minimum_count=3)
    assert found.suppressed == {c.key for c in cells}
    assert found.marks[key(area="A")] == (1, None)
    assert found.marks[key(area="A", kind="x")] == (1, 2)
    assert attacked(found)[key(area="A", kind="x")] == (1, 2)


def test_cells_with_few_contributors_are_suppressed_whatever_their_count():
    cells = [
        Cell(frozenset(), 100, 60),
        Cell(key(area="A"), 40, 2),
        Cell(key(area="B"), 35, 30),
        Cell(key(area="C"), 25, 28),
    ]
    found = protect_cells(cells, complete=["area"], minimum_contributors=10)
    assert found.primary == {key(area="A")}
    low, high = found.intervals[key(area="A")]
    assert low <= 36
    assert high >= 44


def test_the_grand_total_stays_unless_nothing_else_helps():
    records = city(11, 400)
    cells = [c for t in PUBLICATIONS["table with totals"] for c in table(records, *t)]
    found = protect_cells(cells, parents=PARENTS, complete=DIMENSIONS)
    assert found.secondary
    assert frozenset() in found.published
    lonely = [cell(12), cell(10, area="A"), cell(2, area="B")]
    assert protect_cells(lonely, complete=["area"]).secondary == {key(area="A")}
    single = [cell(12), cell(3, area="A"), cell(9, area="B"), cell(0, area="C")]
    dear = protect_cells(single, complete=["area"], costs={key(area="B"): 1e4})
    assert dear.secondary == {frozenset()}


def test_same_cells_in_another_order_give_the_same_answer():
    records = city(2, 150)
    cells = [c for t in PUBLICATIONS["shared margin"] for c in table(records, *t)]
    first = protect_cells(cells, parents=PARENTS, complete=DIMENSIONS)
    again = protect_cells(cells[::-1], parents=PARENTS, complete=DIMENSIONS)
    assert first.suppressed == again.suppressed
    assert first.intervals == again.intervals


def test_a_cell_given_with_its_district_is_the_same_cell():
    area = [Cell(key(area="A0", district="D0"), 2), Cell(key(area="A0"), 2)]
    found = protect_cells(area, parents=PARENTS, complete=DIMENSIONS)
    assert found.suppressed == {c.key for c in area}


def test_a_mark_never_tells_the_count_itself():
    cells = [cell(9), cell(1, area="A"), cell(3, area="B"), cell(5, area="C")]
    found = protect_cells(cells, complete=["area"], minimum_count=2)
    assert set(found.marks.values()) == {(1, None)}
    low, high = attacked(found)[key(area="A")]
    assert low == 1
    assert high >= 2


def test_a_ring_too_large_to_tie_is_named():
    records = city(8, 120)
    cells = [c for t in PUBLICATIONS["ring"] for c in table(records, *t)]
    options = {"parents": PARENTS, "complete": DIMENSIONS}
    assert protect_cells(cells, **options).untied == ()
    loose = protect_cells(cells, joint_limit=10, **options)
    assert loose.untied == (("district", "kind", "quarter"),)


def test_nothing_small_and_nothing_at_all():
    assert protect_cells([], complete=["area"]).suppressed == frozenset()
    assert protect_cells([cell(9), cell(0, area="A")], disjoint=["area"]).suppressed == frozenset()


@pytest.mark.parametrize(
    ("cells", "options", "words"),
    [
        ([cell(9)], {"minimum_count": 1}, "minimum_count must be a whole number, 2 or more; got 1"),
        ([cell(9)], {"minimum_count": float("nan")}, "got nan"),
        ([cell(9)], {"minimum_contributors": 1}, "minimum_contributors must be 2 or more"),
        ([cell(9)], {"costs": {frozenset(): 0.0}}, "a cost must be positive"),
        ([cell(9), cell(4, area="A")], {"complete": ["area"]}, "add up to 4, not to 9"),
        ([cell(3), cell(4, area="A")], {"disjoint": ["area"]}, "add up to 4, not to 3"),
        ([cell(3), cell(4)], {}, "two counts, 3 and 4"),
    ],
)
def test_bad_input_is_refused(cells, options, words):
    with pytest.raises(ValueError, match=words):
        protect_cells(cells, **options)


@pytest.mark.slow
def test_cost_grows_about_as_the_number_of_cells():
    def cells_of(areas):
        rng = np.random.default_rng(1)
        risk = rng.dirichlet(np.full(areas, 0.7))
        counts = rng.multinomial(20 * areas, np.outer(risk, rng.dirichlet(np.ones(15))).ravel())
        grid = counts.reshape(areas, 15)
        cells = [cell(int(grid.sum()))]
        cells += [cell(int(n), area=f"{i:03}") for i, n in enumerate(grid.sum(1))]
        cells += [cell(int(n), kind=f"{k:02}") for k, n in enumerate(grid.sum(0))]
        cells += [
            cell(int(grid[i, k]), area=f"{i:03}", kind=f"{k:02}")
            for i in range(areas)
            for k in range(15)
        ]
        return cells

    def protect(cells):
        protect_cells(cells, complete=["area", "kind"])

    assert growth(protect, cells_of(60), cells_of(240), bound=12) <= 12
