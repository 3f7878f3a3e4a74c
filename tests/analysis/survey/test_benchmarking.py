"""Areas that are made to add up to the city."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.small_areas import fay_herriot


@pytest.mark.parametrize("how", ["ratio", "difference"])
def test_a_benchmark_makes_areas_add_up(how):
    rng = np.random.default_rng(6)
    y, psi = rng.normal(5, 1.4, 30), rng.uniform(0.5, 1.5, 30)
    people = np.linspace(1000, 5000, 30)
    total = float((people * y).sum() / people.sum()) + 0.3
    plain = fay_herriot(y, psi)
    found = fay_herriot(y, psi, benchmark=how, shares=people, total=total)
    assert (people * found.estimate).sum() / people.sum() == pytest.approx(total)
    shift = found.estimate - plain.estimate
    np.testing.assert_allclose(found.mse, plain.mse + shift**2)
    if how == "difference":
        assert np.ptp(shift) < 1e-9
    else:
        assert np.ptp(found.estimate / plain.estimate) < 1e-9
    half = (found.ci_upper - found.ci_lower) / 2
    np.testing.assert_allclose(half, 1.959964 * np.sqrt(found.mse), rtol=1e-6)
    y[0] = np.nan
    short = fay_herriot(y, psi, benchmark=how, shares=people, total=total)
    assert "not fitted to the city's estimate" in short.notes[-1]
