"""The sample of points is bounded, fair and the same for any size of the pieces."""

from __future__ import annotations

import numpy as np

from commonlight.sources.samples import PointSample


def sample_of(x, y, *, piece, size):
    sample = PointSample(size)
    for begin in range(0, len(x), piece):
        sample.add(x[begin : begin + piece], y[begin : begin + piece])
    return sample.points


def test_all_points_while_there_are_few():
    x = np.arange(10.0)
    assert sample_of(x, -x, piece=3, size=10)[1].tolist() == (-x).tolist()


def test_bounded_and_independent_of_the_pieces():
    x = np.random.default_rng(1).random(100_000)
    first, again = (sample_of(x, x, piece=piece, size=5000) for piece in (977, 100_000))
    assert np.array_equal(first[0], again[0])
    assert 2000 < len(first[0]) <= 5000
    assert abs(first[0].mean() - 0.5) < 4 * 0.289 / np.sqrt(len(first[0]))


def test_points_without_coordinates_are_passed_over():
    x = np.array([1.0, np.nan, 3.0])
    assert sample_of(x, x, piece=3, size=9)[0].tolist() == [1.0, 3.0]
