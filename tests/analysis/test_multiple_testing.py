"""False-discovery control against SciPy, a slow version and its own bound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from commonlight.analysis.multiple_testing import benjamini_hochberg, benjamini_yekutieli

P_VALUES = arrays(float, st.integers(1, 40), elements=st.floats(0, 1, allow_subnormal=False))


@given(P_VALUES)
def test_scipy_agrees(p):
    np.testing.assert_allclose(benjamini_hochberg(p).adjusted, stats.false_discovery_control(p))
    np.testing.assert_allclose(
        benjamini_yekutieli(p).adjusted, stats.false_discovery_control(p, method="by")
    )


@given(P_VALUES, st.floats(0.01, 0.5))
def test_slow_step_up(p, level):
    ordered = np.sort(p)
    passing = [k for k in range(1, len(p) + 1) if ordered[k - 1] * (len(p) / k) <= level]
    largest = max(passing, default=0)
    assert benjamini_hochberg(p, level=level).rejected.sum() >= largest
    assert (benjamini_hochberg(p, level=level).rejected == (
        p <= (ordered[largest - 1] if largest else -1)
    )).all()  # fmt: skip


def test_published_example():
    """Benjamini and Hochberg (1995), section 3.2: 15 p-values, four are rejected at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
         0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip
    found = benjamini_hochberg(p, level=0.05)
    assert found.rejected.sum() == 4
    assert found.rejected[:4].all()


def test_missing_values_are_not_tested():
    found = benjamini_hochberg([[0.01, math.nan], [0.03, 0.9]])
    assert found.n_tested == 3
    assert np.isnan(found.adjusted[0, 1])
    assert not found.rejected[0, 1]
    np.testing.assert_allclose(found.adjusted[0, 0], 0.03)
    assert benjamini_hochberg([]).n_tested == 0


def test_level_under_the_null():
    rng = np.random.default_rng(1)
    any_rejected = [benjamini_hochberg(rng.uniform(size=50)).rejected.any() for _ in range(2000)]
    assert np.mean(any_rejected) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)


def test_false_share_is_bounded_when_some_are_true():
    rng = np.random.default_rng(2)
    shares = []
    for _ in range(1000):
        z = rng.normal(size=100) + np.r_[np.full(20, 3.0), np.zeros(80)]
        rejected = benjamini_hochberg(stats.norm.sf(z), level=0.1).rejected
        shares.append(rejected[20:].sum() / max(rejected.sum(), 1))
    assert np.mean(shares) == pytest.approx(0.08, abs=0.02)  # level x share of true nulls


@pytest.mark.parametrize("p", [[1.2], [-0.1]])
def test_bad_p_values(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg(p)


@pytest.mark.parametrize("level", [0, 1, math.nan])
def test_bad_level(level):
    with pytest.raises(ValueError, match="level must lie"):
        benjamini_hochberg([0.5], level=level)
