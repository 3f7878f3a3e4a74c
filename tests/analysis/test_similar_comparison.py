"""Rates beside those of similar areas: level, a planted area, and the formula by hand."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.similar_areas import SimilarAreas, most_similar
from commonlight.analysis.similar_comparison import compare_with_similar


def random_peers(rng, n, k):
    """Every area with k others at random: alike by construction."""
    rows = [rng.choice(np.delete(np.arange(n), i), k, replace=False) for i in range(n)]
    none = np.zeros(n, dtype=bool)
    return SimilarAreas(
        neighbours=np.array(rows),
        distance=np.zeros((n, k)),
        similar=np.ones((n, k), dtype=bool),
        alone=none,
        missing=none.copy(),
        variables=("x",),
        weights=np.ones(1),
        centre=np.zeros(1),
        spread=np.ones(1),
        constant=(),
        scale="robust",
        metric="euclidean",
        furthest=1.0,
    )


@pytest.mark.parametrize("k", [4, 8, 15])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_level_where_no_area_differs(k, spread):
    """Rates vary truly by `spread` (log), and areas differ in size; none is marked too often."""
    rng = np.random.default_rng(k)
    p_values = []
    for _ in range(6):
        people = rng.lognormal(8.3, 0.5, 300)
        counts = rng.poisson(0.01 * np.exp(spread * rng.normal(size=300)) * people)
        found = compare_with_similar(counts, people, random_peers(rng, 300, k))
        p_values.extend(found.p_value[np.isfinite(found.p_value)])
    share = np.mean(np.array(p_values) <= 0.05)
    assert share <= 0.065
    if spread > 0:
        assert share >= 0.02


def test_a_planted_area_is_found_and_the_interval_is_the_formula():
    rng = np.random.default_rng(3)
    people = np.full(40, 6000.0)
    counts = rng.poisson(60, 40)
    counts[7] = 150
    peers = random_peers(rng, 40, 10)
    found = compare_with_similar(counts, people, peers)
    assert found.verdict[7] == "above"
    assert found.verdict.count("above") <= 2
    i = 3
    others = peers.neighbours[i]
    s = np.sqrt((counts + 0.375) / people)
    v = 1 / (4 * people)
    variance = s[others].var(ddof=1)
    total = max(variance + v[i] - v[others].mean(), v[i]) + variance / 10
    half = 2.262157 * np.sqrt(total)  # Student's t, 9 degrees of freedom, 97.5 %
    assert found.expected[i] == pytest.approx(1000 * s[others].mean() ** 2)
    assert found.ci_upper[i] == pytest.approx(1000 * (s[others].mean() + half) ** 2, rel=1e-6)
    assert found.ci_lower[i] == pytest.approx(1000 * (s[others].mean() - half) ** 2, rel=1e-6)
    low = counts.copy()
    low[7] = 10
    assert compare_with_similar(low, people, peers).verdict[7] == "below"


def test_it_cannot_tell_from_too_little():
    rng = np.random.default_rng(5)
    x = np.vstack([rng.normal(size=(40, 3)), [[60.0, 0, 0]]])
    x[2, 0] = np.nan
    around = most_similar(x, variables=["flats", "bars", "stops"], n=8)
    people = np.full(41, 4000.0)
    people[1] = np.nan
    counts = rng.poisson(40, 41)
    found = compare_with_similar(counts, people, around)
    assert found.reason[40].startswith("0 really similar areas with a known population; at least 4")
    assert found.reason[2] == "a variable that describes the area is missing"
    assert found.reason[1] == "the area's population is unknown"
    for i in (1, 2, 40):
        assert found.verdict[i] == "cannot tell"
        assert np.isnan(found.ci_upper[i])
    assert np.isnan(found.rate[1])
    few = compare_with_similar(np.ones(41), people, around)
    assert set(few.verdict) == {"cannot tell"}
    assert "fewer than 5 events, seen and expected" in few.reason


def test_more_noise_and_fewer_similar_areas_widen_the_interval():
    rng = np.random.default_rng(6)
    people = np.r_[np.full(30, 9000.0), 500.0]
    counts = np.r_[rng.poisson(90, 30), 5]
    peers = random_peers(rng, 31, 12)
    plain = compare_with_similar(counts, people, peers)
    noisy = compare_with_similar(counts, people, peers, dispersion=6.0)
    assert noisy.ci_upper[30] > plain.ci_upper[30]
    scaled = compare_with_similar(counts, people, peers, per=100_000)
    np.testing.assert_allclose(scaled.ci_upper, 100 * plain.ci_upper)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": [1.0] * 5}, "one number for each of the 6 areas"),
        ({"counts": [-1.0] * 6}, "not negative"),
        ({"population": [-1.0] * 6}, "not negative, or NaN"),
        ({"per": 0}, "per must be"),
        ({"level": 1}, "level must"),
        ({"dispersion": 0.5}, "dispersion must be"),
        ({"minimum_similar": 1}, "minimum_similar must be 2"),
    ],
)
def test_bad_comparison(change, message):
    peers = most_similar([[float(i)] for i in range(6)], variables=["x"], n=4)
    options = {"counts": [10.0] * 6, "population": [900.0] * 6} | change
    with pytest.raises(ValueError, match=message):
        compare_with_similar(options.pop("counts"), options.pop("population"), peers, **options)
