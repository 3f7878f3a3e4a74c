"""Spatial statistics of crime in Columbus, Ohio, against published values.

Values by R's spdep with queen contiguity (columbus.gal), as listed in the data set's README;
data from Anselin, L. (1988), Spatial Econometrics, by way of libpysal 4.14.1.
"""

from __future__ import annotations

import csv
import warnings

import numpy as np
import pytest

from commonlight.analysis.local_statistics import gearys_c, gi_star, local_moran, morans_i
from commonlight.analysis.neighbours import Neighbours


@pytest.fixture(scope="module")
def columbus(shared_data):
    folder = shared_data / "area_columbus_crime"
    with (folder / "columbus.csv").open() as stream:
        crime = np.array([float(row["CRIME"]) for row in csv.DictReader(stream)])
    numbers = [line.split() for line in (folder / "columbus.gal").read_text().splitlines()]
    n, links = int(numbers[0][-1]) if len(numbers[0]) == 1 else int(numbers[0][1]), []
    for head, tail in zip(numbers[1::2], numbers[2::2], strict=True):
        links += [(int(head[0]) - 1, int(other) - 1) for other in tail]
    first, second = zip(*links, strict=True)
    return crime, Neighbours.from_pairs(first, second, n=n, symmetric=False)


@pytest.fixture(scope="module")
def esda_weights(columbus):
    weights = pytest.importorskip("libpysal").weights
    lists = columbus[1]
    return weights.W({i: lists.of(i).tolist() for i in range(lists.n)}, silence_warnings=True)


def test_links(columbus):
    assert columbus[1].n == 49
    assert columbus[1].n_links == 236  # README: 236 links


def test_morans_i(columbus):
    moran = morans_i(*columbus)
    assert moran.i == pytest.approx(0.500189, abs=5e-7)
    assert moran.expected == pytest.approx(-0.020833, abs=5e-7)
    assert moran.variance == pytest.approx(0.008689, abs=5e-7)
    assert moran.z == pytest.approx(5.589, abs=5e-4)


def test_gearys_c(columbus):
    assert gearys_c(*columbus).c == pytest.approx(0.540528, abs=5e-7)


def test_first_local_moran_values(columbus):
    local = local_moran(*columbus, permutations=0)
    np.testing.assert_allclose(local.i[:3], [0.7368, 0.5288, 0.0939], atol=5e-5)


def test_first_gi_star_values(columbus):
    np.testing.assert_allclose(gi_star(*columbus).z[:3], [-1.4328, -1.3400, -0.7720], atol=5e-5)


def test_esda_agrees(columbus, esda_weights):
    esda = pytest.importorskip("esda")
    crime, lists = columbus
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.G_Local(crime, esda_weights, transform="B", star=True, permutations=0)
        local = esda.Moran_Local(crime, esda_weights, permutations=0)
        moran = esda.Moran(crime, esda_weights, permutations=0)
        geary = esda.Geary(crime, esda_weights, permutations=0)
    np.testing.assert_allclose(gi_star(crime, lists).z, theirs.Zs, atol=1e-10)
    greater = gi_star(crime, lists, alternative="greater").p_value
    np.testing.assert_allclose(np.minimum(greater, 1 - greater), theirs.p_norm, atol=1e-10)
    ours = local_moran(crime, lists, permutations=0)
    np.testing.assert_allclose(ours.i * 48 / 49, local.Is, atol=1e-10)
    np.testing.assert_array_equal(ours.quadrant, local.q)
    assert morans_i(crime, lists).variance == pytest.approx(moran.VI_rand, abs=1e-12)
    assert gearys_c(crime, lists).variance == pytest.approx(geary.VC_rand, abs=1e-12)
