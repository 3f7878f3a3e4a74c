"""Quantiles against a list in which each answer stands as often as its weight says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.quantiles import survey_quantile
from commonlight.analysis.survey.replicates import bootstrap_weights


@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 6)), min_size=1, max_size=30),
    st.sampled_from([0.05, 0.25, 1 / 3, 0.5, 0.75, 0.9]),
)
def test_a_weight_of_three_is_three_answers(answers, q):
    y, w = np.array(answers, dtype=float).T
    found = survey_quantile(y, SurveyDesign(weights=w), q=q, minimum_answers=1)
    assert found.estimate[0] == np.quantile(np.repeat(y, w.astype(int)), q, method="inverted_cdf")


def test_groups_have_their_own_quantiles():
    y, by = np.arange(100.0), np.arange(100) % 2
    found = survey_quantile(y, SurveyDesign(weights=np.ones(100)), q=0.5, by=by, n_groups=3)
    assert found.estimate[:2].tolist() == [48, 49]
    assert np.isnan(found.estimate[2])
    assert found.available.tolist() == [True, True, False]


def test_a_scale_of_few_steps_gives_steps():
    y = np.repeat([4.0, 5.0, 6.0], [90, 120, 90])
    found = survey_quantile(y, SurveyDesign(weights=np.ones(300)), q=0.5)
    assert (found.estimate[0], found.ci_lower[0], found.ci_upper[0]) == (5, 5, 5)


def test_too_few_answers_beyond_the_quantile_give_no_interval():
    y, design = np.arange(40.0), SurveyDesign(weights=np.ones(40))
    found = survey_quantile(y, design, q=0.98)
    assert found.estimate[0] == 39
    assert np.isnan(found.ci_upper[0])
    assert not found.available[0]
    assert found.reason[0] == "too few answers beyond this quantile for an interval"
    found = survey_quantile(y, design, q=0.8)
    assert found.ci_lower[0] <= found.estimate[0] <= found.ci_upper[0]


def test_a_quantile_on_the_top_step_has_an_error():
    """90 % said at most 10, the top of the scale: the share of 10 itself is uncertain."""
    y = np.repeat([5.0, 10.0], [160, 20])
    found = survey_quantile(y, SurveyDesign(weights=np.ones(180)), q=0.9)
    assert (found.estimate[0], found.ci_lower[0], found.ci_upper[0]) == (10, 5, 10)


def test_the_bootstrap_gives_much_the_same_interval():
    rng = np.random.default_rng(3)
    y = rng.gamma(3, 2, 600)
    design = SurveyDesign(weights=rng.uniform(0.5, 2, 600), strata=rng.integers(0, 3, 600))
    made = bootstrap_weights(design, n_replicates=1000, rng=rng)
    linear = survey_quantile(y, design, q=0.5)
    again = survey_quantile(y, design.with_replicates(made.weights, made.scale), q=0.5)
    assert again.estimate[0] == linear.estimate[0]
    assert again.se[0] == pytest.approx(linear.se[0], rel=0.15)


@pytest.mark.parametrize("q", [0, 1, -0.1, np.nan])
def test_a_share_out_of_range_is_refused(q):
    with pytest.raises(ValueError, match="between 0 and 1"):
        survey_quantile([1, 2], SurveyDesign(weights=[1, 1]), q=q)


@pytest.mark.slow
@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_intervals_hold_their_level(q):
    rng = np.random.default_rng(9)
    clusters = np.repeat(np.arange(50), 6)
    weights = np.repeat([1.0, 3.0], 150)
    design = SurveyDesign(weights=weights, strata=np.repeat([0, 1], 150), clusters=clusters)
    from scipy.stats import norm

    truth, covered = norm.ppf(q, scale=np.sqrt(1.25)), 0
    for _ in range(1_500):
        y = rng.normal(0, 0.5, 50)[clusters] + rng.normal(0, 1, 300)
        found = survey_quantile(y, design, q=q)
        covered += found.ci_lower[0] <= truth <= found.ci_upper[0]
    assert 0.93 <= covered / 1_500 <= 0.97
