"""Weighted regression with design-based errors."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.differences import survey_difference
from commonlight.analysis.survey.estimates import survey_mean
from commonlight.analysis.survey.regression import survey_regression
from commonlight.analysis.survey.replicates import jackknife_weights


def test_of_a_constant_alone_it_is_the_mean(sample):
    found = survey_regression(sample.y, np.empty((sample.design.n, 0)), sample.design)
    mean = survey_mean(sample.y, sample.design)
    assert found.estimate[0] == pytest.approx(mean.estimate[0])
    assert found.se[0] == pytest.approx(mean.se[0])


def test_of_one_group_it_is_the_difference(sample):
    groups = np.where(sample.group >= 0, sample.group == 1, -1)
    z = np.where(groups < 0, np.nan, groups)[:, None]
    found = survey_regression(sample.y, z, sample.design)
    other = survey_difference(sample.y, sample.design, groups=groups, reference=0)
    assert found.estimate[1] == pytest.approx(other.estimate[1])
    assert found.se[1] == pytest.approx(other.se[1])
    assert found.n == other.n[1]


def test_without_design_it_is_the_robust_error_of_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    n = 200
    z, w = rng.normal(size=(n, 2)), rng.uniform(0.5, 3, n)
    y = 1 + z @ [0.5, -1] + rng.normal(size=n) * (1 + z[:, 0] ** 2)
    found = survey_regression(y, z, SurveyDesign(weights=w))
    reference = sm.WLS(y, sm.add_constant(z), weights=w).fit(cov_type="HC0")
    np.testing.assert_allclose(found.estimate, reference.params, rtol=1e-10)
    np.testing.assert_allclose(found.se, reference.bse * np.sqrt(n / (n - 1)), rtol=1e-8)
    assert found.degrees_of_freedom == n - 3


def test_with_clusters_it_is_the_clustered_error_of_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    clusters = np.repeat(np.arange(25), 8)
    z, w = rng.normal(size=(200, 1)), rng.uniform(0.5, 3, 200)
    y = rng.normal(size=25)[clusters] + rng.normal(size=200)
    found = survey_regression(y, z, SurveyDesign(weights=w, clusters=clusters))
    reference = sm.WLS(y, sm.add_constant(z), weights=w).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    np.testing.assert_allclose(found.se, reference.bse * np.sqrt(25 / 24), rtol=1e-8)


def test_replicates_give_much_the_same_error(sample):
    made = jackknife_weights(sample.design, dtype=np.float64)
    z = np.column_stack([sample.x, sample.yes])
    linear = survey_regression(sample.y, z, sample.design)
    again = survey_regression(sample.y, z, sample.design.with_replicates(made.weights, made.scale))
    np.testing.assert_allclose(again.estimate, linear.estimate)
    np.testing.assert_allclose(again.se, linear.se, rtol=0.15)


def test_too_few_units_are_told():
    design = SurveyDesign(weights=np.ones(30), clusters=np.repeat([0, 1, 2], 10))
    z = np.random.default_rng(1).normal(size=(30, 3))
    found = survey_regression(np.arange(30.0), z, design)
    assert not found.available
    assert "too few sampling units" in found.reason
    assert np.isnan(found.se).all()


def test_variables_that_follow_from_each_other_are_refused(sample):
    z = np.column_stack([sample.yes, 1 - sample.yes])
    with pytest.raises(ValueError, match="must not follow from each other"):
        survey_regression(sample.y, z, sample.design)
    with pytest.raises(ValueError, match="variables must have shape"):
        survey_regression(sample.y, sample.x, sample.design)
    with pytest.raises(ValueError, match="finite"):
        survey_regression(sample.y, np.full((sample.design.n, 1), np.inf), sample.design)
