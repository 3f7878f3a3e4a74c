"""Rounding and noise: bounded, unbiased, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.disclosure.attack import attack
from commonlight.analysis.disclosure.cells import Cell, cell, relations
from commonlight.analysis.disclosure.perturb import (
    noise_table,
    perturb_cells,
    record_keys,
    round_cells,
    rounding_leaves,
)

SECRET = bytes(range(32))


def many(count: int, n: int = 20_000) -> list[Cell]:
    return [Cell(frozenset({("place", str(i))}), count) for i in range(n)]


@given(count=st.integers(0, 10**6), base=st.integers(2, 10), seed=st.binary(min_size=16))
def test_rounded_counts_are_multiples_less_than_a_base_away(count, base, seed):
    [rounded] = round_cells([cell(count, area="A")], base=base, key=seed).values()
    assert rounded % base == 0
    assert abs(rounded - count) < base
    assert rounded == count or count % base
    low, high = rounding_leaves(rounded, base=base)
    assert low <= count <= high


@pytest.mark.parametrize("count", [1, 2, 3, 4, 13])
def test_rounding_is_unbiased(count):
    values = np.array(list(round_cells(many(count), base=5, key=SECRET).values()))
    rest = count % 5
    error = np.sqrt(rest * (5 - rest) / len(values))
    assert abs(values.mean() - count) < 4.5 * error
    assert values.var() == pytest.approx(rest * (5 - rest), rel=0.05)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_noise_has_mean_zero_the_stated_variance_and_a_bound(count):
    noise = noise_table(largest=3, variance=2.0)
    values = np.array(list(perturb_cells(many(count), key=SECRET, noise=noise).values()))
    change = values - count
    assert np.abs(change).max() <= 3
    assert values.min() >= 0
    assert abs(change.mean()) < 4.5 * np.sqrt(2.0 / len(values))
    assert change.var() == pytest.approx(2.0, rel=0.06)


@given(largest=st.integers(1, 8), share=st.floats(0.05, 1.0))
def test_noise_table_is_exact(largest, share):
    variance = share * largest * (largest + 1) / 3
    table = noise_table(largest=largest, variance=variance)
    np.testing.assert_allclose(table.probability.sum(1), 1, atol=1e-12)
    np.testing.assert_allclose(table.probability @ table.change, 0, atol=1e-9)
    spread = table.probability @ table.change**2
    count = np.arange(largest + 1)
    np.testing.assert_allclose(spread, np.minimum(variance, 0.8 * count * largest), atol=1e-8)
    for i in range(largest + 1):
        assert (table.probability[i, table.change < -i] == 0).all()


def test_equal_changes_are_the_greatest_entropy_of_their_variance():
    table = noise_table(largest=4, variance=20 / 3)
    np.testing.assert_allclose(table.probability[4], 1 / 9, atol=1e-9)


def test_the_same_cell_has_the_same_value_in_every_table_and_run():
    one = [cell(7, area="A"), cell(3, area="B")]
    other = [cell(3, area="B"), cell(9), cell(7, area="A")]
    for change in (
        lambda cells: round_cells(cells, base=5, key=SECRET),
        lambda cells: perturb_cells(cells, key=SECRET),
    ):
        first, second = change(one), change(other)
        assert all(first[k] == second[k] for k in first)
    values = {
        round_cells([cell(7, area="A")], base=5, key=bytes([i] * 16))[frozenset({("area", "A")})]
        for i in range(30)
    }
    assert values == {5, 10}


def test_cells_of_the_same_records_get_the_same_noise():
    keys = record_keys([str(i) for i in range(40)], key=SECRET)
    assert np.array_equal(keys[:5], record_keys([str(i) for i in range(5)], key=SECRET))
    cells = [cell(40, area="A"), cell(40, area="A", kind="theft")]
    both = {c.key: float(keys.sum() % 1) for c in cells}
    values = perturb_cells(cells, key=SECRET, cell_keys=both)
    assert len(set(values.values())) == 1


def test_rounded_totals_and_parts_together_may_say_more_than_each_alone():
    # 0 and 0 under 10, base 5: the parts are at most 4 each, the total at least 6.
    cells = [cell(6), cell(3, area="A"), cell(3, area="B")]
    sums = relations(cells, complete=["area"])
    marks = {
        cells[0].key: rounding_leaves(10, base=5),
        cells[1].key: rounding_leaves(0, base=5),
        cells[2].key: rounding_leaves(0, base=5),
    }
    left = attack({}, sums, marks=marks)
    assert left[cells[1].key] == left[cells[2].key] == (2, 4)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: round_cells([], base=1, key=SECRET), "base must be a whole number, 2 or more"),
        (lambda: round_cells([], base=5, key=b"short"), "at least 16 bytes"),
        (lambda: rounding_leaves(7, base=5), "multiple of the base 5; got 7"),
        (lambda: noise_table(largest=0), "largest must be a whole number"),
        (lambda: noise_table(largest=2, variance=3.0), "variance must lie above 0 and at most 2"),
        (lambda: noise_table(variance=float("nan")), "got nan"),
        (lambda: perturb_cells([cell(3)], key=SECRET, cell_keys={}), "has no cell key"),
        (
            lambda: perturb_cells([cell(3)], key=SECRET, cell_keys={frozenset(): 1.0}),
            "at least 0 and below 1",
        ),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
