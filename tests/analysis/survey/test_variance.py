"""The ways to a variance agree where they must."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_mean, survey_total
from commonlight.analysis.survey.group_statistics import mean_statistic, total_statistic
from commonlight.analysis.survey.variance import Statistic, taylor_covariance, variance
from commonlight.analysis.survey.weighting import calibrate_design


def test_a_covariance_matrix_holds_the_variances_and_that_of_the_sum(sample):
    rng, n = sample.rng, sample.design.n
    u = rng.normal(size=(n, 3))
    matrix = taylor_covariance(u, sample.design)

    def alone(influence):
        row = np.arange(n)
        statistic = Statistic(np.zeros(1), np.zeros(n, dtype=int), row, influence)
        return variance(statistic, sample.design)[0]

    np.testing.assert_allclose(np.diag(matrix), [alone(u[:, j]) for j in range(3)])
    assert alone(u[:, 0] + u[:, 1]) == pytest.approx(matrix[:2, :2].sum())
    np.testing.assert_allclose(matrix, matrix.T)


@pytest.mark.parametrize("lonely", ["adjust", "certainty", "refuse"])
def test_both_ways_treat_lonely_strata_alike(sample, lonely):
    strata = sample.design.strata.copy()
    strata[0] = 4
    design = SurveyDesign(
        weights=sample.design.weights, strata=strata, clusters=sample.design.clusters, lonely=lonely
    )
    statistic = total_statistic(sample.x, np.zeros(design.n, dtype=int), 1, design)
    one = variance(statistic, design)[0]
    other = taylor_covariance(sample.x[:, None], design)[0, 0]
    assert one == pytest.approx(other, nan_ok=True)
    assert np.isnan(one) == (lonely == "refuse")


def test_a_fit_to_the_total_alone_leaves_means_alone(sample):
    """One margin with one category: weights change by a factor, means and errors do not."""
    fitted = calibrate_design(sample.design, [np.zeros(sample.design.n, dtype=int)], [[1234]])
    before = survey_mean(sample.y, sample.design, by=sample.group)
    after = survey_mean(sample.y, fitted, by=sample.group)
    np.testing.assert_allclose(after.estimate, before.estimate)
    np.testing.assert_allclose(after.se, before.se)
    assert survey_total(np.ones(sample.design.n), fitted).se[0] == pytest.approx(0, abs=1e-9)


def test_influences_of_a_mean_add_up_to_nothing(sample):
    group = np.where(np.isnan(sample.y), -1, sample.group)
    found = mean_statistic(np.nan_to_num(sample.y), group, 3, sample.design)
    sums = np.bincount(found.group, sample.design.weights[found.row] * found.influence)
    np.testing.assert_allclose(sums, 0, atol=1e-12)


def test_a_group_without_answers_has_no_variance(sample):
    found = mean_statistic(sample.x, np.zeros(sample.design.n, dtype=int), 2, sample.design)
    assert np.isnan(variance(found, sample.design)[1])


def test_a_stratum_sampled_whole_adds_nothing():
    y = np.array([1.0, 5, 2, 9, 4, 7])
    strata = np.array([0, 0, 0, 1, 1, 1])
    whole = SurveyDesign(weights=np.ones(6), strata=strata, population=[3, 30])
    statistic = total_statistic(y, np.zeros(6, dtype=int), 1, whole)
    assert variance(statistic, whole)[0] == pytest.approx(0.9 * 3 * y[3:].var(ddof=1))
