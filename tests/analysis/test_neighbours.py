"""Neighbour lists of areas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from commonlight.analysis.neighbours import Neighbours

BLOCKS = [box(c, r, c + 1, r + 1) for r in range(3) for c in range(3)]


def test_queen_and_rook_on_nine_blocks():
    assert Neighbours.from_polygons(BLOCKS).sizes.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    rook = Neighbours.from_polygons(BLOCKS, "rook")
    assert rook.sizes.tolist() == [2, 3, 2, 3, 4, 3, 2, 3, 2]
    assert rook.of(4).tolist() == [1, 3, 5, 7]


def test_islands_are_reported():
    found = Neighbours.from_polygons([*BLOCKS, box(9, 9, 10, 10)])
    assert found.islands.tolist() == [9]
    assert found.with_self().islands.tolist() == [9]


def test_tolerance_closes_gaps():
    apart = [box(0, 0, 1, 1), box(1.01, 0, 2, 1)]
    assert Neighbours.from_polygons(apart).n_links == 0
    assert Neighbours.from_polygons(apart, tolerance=0.02).n_links == 2


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40))
def test_pairs_become_symmetric_sorted_lists(pairs):
    first, second = np.array(pairs, dtype=int).reshape(-1, 2).T
    found = Neighbours.from_pairs(first, second, n=8)
    expected = {p for a, b in pairs for p in ((a, b), (b, a))}
    assert {(i, int(j)) for i in range(8) for j in found.of(i)} == expected
    assert found.is_symmetric
    assert found.n_links == len(expected)
    assert all(np.all(np.diff(found.of(i)) > 0) for i in range(8))
    assert found.with_self().includes_self
    np.testing.assert_array_equal(found.to_sparse().sum(axis=1), found.sizes)


def test_one_way_links_are_possible_and_seen():
    assert not Neighbours.from_pairs([0], [1], n=2, symmetric=False).is_symmetric


def test_lists_cannot_be_changed():
    given_indices = np.array([1, 0])
    found = Neighbours(np.array([0, 1, 2]), given_indices)
    given_indices[0] = 0
    assert found.of(0).tolist() == [1]
    with pytest.raises(ValueError, match="read-only"):
        found.indices[0] = 0


def test_no_units():
    assert Neighbours.from_pairs([], [], n=0).n == 0
    assert Neighbours.from_polygons([]).n == 0


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: Neighbours.from_pairs([0], [5], n=3), "must lie in 0 to 2; got 0 to 5"),
        (lambda: Neighbours.from_pairs([0, 1], [1], n=3), "equally long"),
        (lambda: Neighbours.from_polygons(BLOCKS, "bishop"), "rule must be"),
        (lambda: Neighbours.from_polygons(BLOCKS, tolerance=np.nan), "tolerance must be finite"),
        (lambda: Neighbours.from_polygons(BLOCKS, "rook", tolerance=1.0), "leave it out"),
        (lambda: Neighbours(np.array([0, 2]), np.array([0])), "indptr must end at 1"),
        (lambda: Neighbours(np.array([0, 1]), np.array([3])), "indices must lie in"),
        (lambda: Neighbours(np.array([1, 1]), np.array([])), "start at 0"),
    ],
)
def test_bad_input_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
