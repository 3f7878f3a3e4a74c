"""Rates beside statsmodels and esda."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.rates import rate_funnel, rates, smoothed_rates

COUNTS = np.array([0, 1, 4, 12, 30, 75, 230, 1900])
POPULATION = np.array([120.0, 400, 900, 800, 5200, 9000, 21000, 150000])


@pytest.mark.parametrize("confidence_level", [0.8, 0.95, 0.99])
def test_interval_is_that_of_statsmodels(confidence_level):
    from statsmodels.stats.rates import confint_poisson

    found = rates(COUNTS, POPULATION, confidence_level=confidence_level)
    for i in range(len(COUNTS)):
        low, high = confint_poisson(
            COUNTS[i], POPULATION[i], method="exact-c", alpha=1 - confidence_level
        )
        assert found.ci_lower[i] == pytest.approx(np.nan_to_num(low) * 1000, rel=1e-9, abs=1e-12)
        assert found.ci_upper[i] == pytest.approx(high * 1000, rel=1e-9)


def test_p_value_is_that_of_statsmodels():
    from statsmodels.stats.rates import test_poisson as poisson_test

    found = rate_funnel(COUNTS, POPULATION, dispersion=1.0, minimum_count=0)
    for i in range(len(COUNTS)):
        reference = poisson_test(
            COUNTS[i], POPULATION[i], value=found.city_rate / 1000, method="exact-c"
        )
        assert found.p_value[i] == pytest.approx(min(1.0, reference.pvalue), rel=1e-8)


def test_over_dispersed_p_value_is_the_tail_of_scipy():
    from scipy.stats import nbinom

    phi = 2.5
    found = rate_funnel(COUNTS, POPULATION, dispersion=phi, minimum_count=0)
    law = nbinom(found.expected / (phi - 1), 1 / phi)
    tail = 2 * np.minimum(law.sf(COUNTS - 1), law.cdf(COUNTS))
    np.testing.assert_allclose(found.p_value, np.minimum(1, tail), rtol=1e-8)


def test_smoothing_is_that_of_esda():
    from esda.smoothing import Empirical_Bayes

    found = smoothed_rates(COUNTS, POPULATION, per=1.0)
    reference = np.asarray(Empirical_Bayes(COUNTS, POPULATION).r).ravel()
    np.testing.assert_allclose(found.estimate, reference, rtol=1e-10)
