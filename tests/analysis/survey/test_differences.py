"""Differences: covariance within a sample, independence between waves."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.differences import survey_difference, wave_difference
from commonlight.analysis.survey.estimates import survey_mean, survey_proportion
from commonlight.analysis.survey.replicates import jackknife_weights


@pytest.mark.parametrize("reference", [0, 2, None])
def test_differences_are_those_of_the_sums_written_out(sample, slow, reference):
    found = survey_difference(sample.y, sample.design, groups=sample.group, reference=reference)
    y, there = np.nan_to_num(sample.y), ~np.isnan(sample.y) & (sample.group >= 0)
    for g in range(3):
        if g == reference:
            continue
        sides = []
        for inside in (
            sample.group == g,
            sample.group == reference if reference is not None else sample.group != g,
        ):
            w = sample.design.weights * (inside & there)
            middle = (w * y).sum() / w.sum()
            sides.append((middle, w * (y - middle) / w.sum()))
        (a, za), (b, zb) = sides
        assert found.estimate[g] == pytest.approx(a - b, rel=1e-12)
        assert found.se[g] ** 2 == pytest.approx(slow(za - zb, sample.design), rel=1e-10)


def test_groups_that_share_clusters_are_not_independent():
    """Women and men of the same blocks: the block's own level cancels."""
    rng = np.random.default_rng(2)
    clusters = np.repeat(np.arange(30), 10)
    y = rng.normal(0, 3, 30)[clusters] + rng.normal(0, 1, 300)
    sex = np.tile([0, 1], 150)
    design = SurveyDesign(weights=np.ones(300), clusters=clusters)
    apart = survey_mean(y, design, by=sex).se
    together = survey_difference(y, design, groups=sex, reference=0).se[1]
    assert together < 0.4 * np.hypot(*apart)


def test_the_reference_is_not_compared_with_itself(sample):
    found = survey_difference(sample.y, sample.design, groups=sample.group, reference=1)
    assert found.estimate[1] == 0
    assert not found.available[1]
    assert found.available[[0, 2]].all()
    assert found.kind == "difference"


def test_both_sides_need_answers():
    design = SurveyDesign(weights=np.ones(60))
    found = survey_difference(np.arange(60.0), design, groups=np.repeat([0, 1], [50, 10]))
    assert found.available.tolist() == [False, False]
    assert "10 and 50 answers; at least 30" in found.reason[1]


def test_degrees_are_those_of_both_groups_together():
    strata, group = np.repeat([0, 1], 40), np.repeat([0, 1, 0, 2], 20)
    design = SurveyDesign(weights=np.ones(80), strata=strata)
    found = survey_difference(np.arange(80.0), design, groups=group, reference=1, minimum_answers=2)
    assert found.degrees_of_freedom.tolist() == [58, 0, 38]


@pytest.mark.parametrize("reference", [0, None])
def test_replicates_give_the_same_error(sample, reference):
    design = SurveyDesign(weights=sample.design.weights, clusters=sample.design.clusters
                          + 10 * sample.design.strata)  # fmt: skip
    made = jackknife_weights(design, dtype=np.float64)
    options = {"groups": sample.group, "reference": reference}
    linear = survey_difference(sample.y, design, **options)
    again = survey_difference(sample.y, design.with_replicates(made.weights, made.scale), **options)
    np.testing.assert_allclose(again.estimate, linear.estimate)
    np.testing.assert_allclose(again.se, linear.se, rtol=0.15)


def wave(seed, shift=0.0, n=200):
    y = np.random.default_rng(seed).normal(shift, 1, n)
    return survey_mean(y, SurveyDesign(weights=np.ones(n))), y


def test_two_waves_are_welch_s_test():
    from scipy.stats import ttest_ind

    (a, ya), (b, yb) = wave(1), wave(2, 0.4, 90)
    found, test = wave_difference(a, b), ttest_ind(yb, ya, equal_var=False)
    assert found.p_value[0] == pytest.approx(test.pvalue)
    assert found.degrees_of_freedom[0] == pytest.approx(test.df)
    low, high = test.confidence_interval()
    assert (found.ci_lower[0], found.ci_upper[0]) == pytest.approx((low, high))


def test_a_wave_that_may_not_be_shown_hides_the_difference():
    (a, _), (b, _) = wave(1), wave(2, n=20)
    found = wave_difference(a, b)
    assert not found.available[0]
    assert found.reason[0] == "later wave: 20 answers; at least 30 are needed"


def test_waves_without_any_spread_have_no_error_and_no_warning():
    design = SurveyDesign(weights=np.ones(40))
    a = survey_proportion(np.zeros(40), design)
    found = wave_difference(a, a)
    assert found.estimate[0] == found.se[0] == 0


def test_waves_that_differ_in_kind_are_refused():
    design = SurveyDesign(weights=np.ones(40))
    y = np.arange(40.0)
    a = survey_mean(y, design)
    with pytest.raises(ValueError, match="same kind"):
        wave_difference(a, survey_proportion(y > 3, design))
    with pytest.raises(ValueError, match="same confidence_level"):
        wave_difference(a, survey_mean(y, design, confidence_level=0.9))
    with pytest.raises(ValueError, match="same groups"):
        wave_difference(a, survey_mean(y, design, n_groups=2))


def test_a_reference_that_is_no_group_is_refused(sample):
    with pytest.raises(ValueError, match="from 0 to 2; got 3"):
        survey_difference(sample.y, sample.design, groups=sample.group, reference=3)


@pytest.mark.slow
def test_under_no_difference_five_in_a_hundred_are_found():
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(40), 6)
    design = SurveyDesign(weights=rng.uniform(0.5, 2, 240), clusters=clusters)
    found = 0
    for _ in range(2_000):
        y = rng.normal(0, 1, 40)[clusters] + rng.normal(0, 1, 240)
        groups = rng.integers(0, 2, 240)
        found += survey_difference(y, design, groups=groups, reference=0).p_value[1] < 0.05
    assert 0.035 <= found / 2_000 <= 0.065
