"""The most similar areas: distances, ties, gaps and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from commonlight.analysis.similar_areas import most_similar


def table(seed, n=40, p=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)) * [1, 50, 0.1][:p] + [3, 400, 0][:p]


def names(p):
    return [f"variable {i}" for i in range(p)]


@pytest.mark.parametrize("scale", ["robust", "standard"])
@pytest.mark.parametrize("metric", ["euclidean", "mahalanobis"])
def test_distances_are_those_of_scipy(scale, metric):
    x = table(1)
    found = most_similar(x, variables=names(3), n=7, scale=scale, metric=metric)
    if scale == "standard":
        z = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    else:
        middle = np.median(x, axis=0)
        z = (x - middle) / (1.4826 * np.median(np.abs(x - middle), axis=0))
    if metric == "euclidean":
        full = cdist(z, z) / np.sqrt(3)
    else:
        full = cdist(z, z, "mahalanobis", VI=np.linalg.inv(np.cov(z, rowvar=False))) / np.sqrt(3)
    np.fill_diagonal(full, np.inf)
    np.testing.assert_allclose(found.distance, np.sort(full, axis=1)[:, :7])
    for i in range(40):
        np.testing.assert_allclose(full[i, found.neighbours[i]], found.distance[i])
    np.testing.assert_array_equal(found.similar, found.distance <= 1.0)


def test_weights_are_relative_and_zero_leaves_a_variable_out():
    x = table(2)
    even = most_similar(x, variables=names(3), weights=[5, 5, 5])
    np.testing.assert_array_equal(even.neighbours, most_similar(x, variables=names(3)).neighbours)
    np.testing.assert_allclose(even.weights, 1.0)
    two = most_similar(x, variables=names(3), weights=[1, 1, 0])
    np.testing.assert_allclose(two.distance, most_similar(x[:, :2], variables=names(2)).distance)


@settings(max_examples=30)
@given(seed=st.integers(0, 9999), factor=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_order_unit_and_origin_do_not_matter(seed, factor, shift):
    x = table(seed, n=15)
    before = x.copy()
    found = most_similar(x, variables=names(3), n=5)
    moved = most_similar(factor * x + shift, variables=names(3), n=5)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(moved.distance, found.distance, rtol=1e-6, atol=1e-9)
    order = np.random.default_rng(seed).permutation(15)
    shuffled = most_similar(x[order], variables=names(3), n=5)
    np.testing.assert_array_equal(order[shuffled.neighbours], found.neighbours[order])
    assert np.all(np.diff(found.distance, axis=1) >= 0)
    assert not np.any(found.neighbours == np.arange(15)[:, None])


def test_ties_go_to_the_lower_number():
    found = most_similar([[0.0], [1], [-1], [1], [-1]], variables=["x"], n=4)
    assert found.neighbours[0].tolist() == [1, 2, 3, 4]
    again = most_similar([[0.0], [1], [-1], [1], [-1]], variables=["x"], n=2)
    assert again.neighbours[0].tolist() == [1, 2]


def test_missing_values_are_compared_with_none():
    x = table(3)
    x[4, 1] = np.nan
    found = most_similar(x, variables=names(3), n=5)
    assert found.missing.tolist() == [i == 4 for i in range(40)]
    assert found.neighbours[4].tolist() == [-1] * 5
    assert np.isnan(found.distance[4]).all()
    assert len(found.of(4)) == 0
    assert not np.any(found.neighbours == 4)
    assert not found.alone[4]
    rest = most_similar(np.delete(x, 4, axis=0), variables=names(3), n=5)
    np.testing.assert_allclose(np.delete(found.distance, 4, axis=0), rest.distance)


def test_an_area_like_no_other_is_alone():
    x = np.vstack([table(4), [[60.0, 400, 0]]])
    found = most_similar(x, variables=names(3))
    assert found.alone[40]
    assert len(found.of(40)) == 0
    assert found.neighbours[40, 0] >= 0
    assert not found.alone[:40].all()


def test_constant_variables_are_left_out_and_named():
    x = np.column_stack([table(5), np.full(40, 7.0)])
    found = most_similar(x, variables=[*names(3), "same"])
    assert found.constant == ("same",)
    assert found.variables == tuple(names(3))


def test_a_variable_mostly_zero_falls_back_on_another_spread():
    x = np.zeros((20, 1))
    x[:3, 0] = [1, 2, 3]
    found = most_similar(x, variables=["stations"], n=2)
    assert found.spread[0] == pytest.approx(x.std(ddof=1))
    x[:8, 0] = np.arange(8)
    found = most_similar(x, variables=["stations"], n=2)
    assert found.spread[0] == pytest.approx(np.subtract(*np.quantile(x, [0.75, 0.25])) / 1.349)


def test_fewer_areas_than_asked_for():
    found = most_similar([[1.0], [2], [3]], variables=["x"], n=5)
    assert found.neighbours.shape == (3, 5)
    assert found.neighbours[0].tolist() == [1, 2, -1, -1, -1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": [[1.0, 2.0]]}, "one column for each of the 1 variables"),
        ({"values": [[1.0], [1.0]]}, "no variable differs"),
        ({"values": [[1.0], [np.nan]]}, "no variable differs"),
        ({"values": [[1.0], [np.inf]]}, "finite"),
        ({"variables": ["x", "x"], "values": [[1.0, 1], [2, 2]]}, "named once"),
        ({"n": 0}, "n must be 1"),
        ({"weights": [-1.0]}, "weights must be"),
        ({"weights": [0.0]}, "are zero"),
        ({"weights": [1.0], "metric": "mahalanobis"}, "cannot be combined"),
        ({"metric": "city"}, "metric must be"),
        ({"scale": "ranks"}, "scale must be"),
        ({"furthest": np.nan}, "furthest must be"),
    ],
)
def test_bad_input(change, message):
    options = {"values": [[1.0], [2.0], [4.0]], "variables": ["x"]} | change
    with pytest.raises(ValueError, match=message):
        most_similar(options.pop("values"), **options)


def test_mahalanobis_refuses_repeated_variables():
    x = table(6)[:, [0, 0, 1]]
    with pytest.raises(ValueError, match="no variable that repeats"):
        most_similar(x, variables=names(3), metric="mahalanobis")
