"""Replicate weights against linearisation, and against their own definitions."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_mean, survey_ratio, survey_total
from commonlight.analysis.survey.replicates import (
    bootstrap_weights,
    brr_weights,
    jackknife_weights,
)


def nested(design):
    return SurveyDesign(
        weights=design.weights,
        strata=design.strata,
        clusters=design.clusters,
        population=design.population,
    )


def test_the_jackknife_of_a_total_is_linearisation(sample):
    made = jackknife_weights(sample.design, dtype=np.float64)
    again = sample.design.with_replicates(made.weights, made.scale)
    linear = survey_total(sample.x, sample.design, by=sample.group)
    np.testing.assert_allclose(survey_total(sample.x, again, by=sample.group).se, linear.se)
    assert made.weights.shape[1] == sample.design.n_units


def test_the_jackknife_of_a_simple_mean_is_exact():
    y = np.array([3.0, 4, 8, 9, 11])
    design = SurveyDesign(weights=np.ones(5), population=[20])
    made = jackknife_weights(design)
    found = survey_mean(y, design.with_replicates(made.weights, made.scale))
    assert found.se[0] == pytest.approx(np.sqrt((1 - 5 / 20) * y.var(ddof=1) / 5))


@pytest.mark.parametrize("fay", [0.0, 0.3, 0.5])
def test_half_samples_of_a_total_are_linearisation(fay):
    rng = np.random.default_rng(1)
    strata, clusters = np.repeat(np.arange(5), 20), np.repeat(np.arange(10), 10)
    design = SurveyDesign(weights=rng.uniform(1, 2, 100), strata=strata, clusters=clusters)
    made = brr_weights(design, fay=fay, dtype=np.float64)
    y = rng.normal(5, 1, 100)
    found = survey_total(y, design.with_replicates(made.weights, made.scale))
    assert found.se[0] == pytest.approx(survey_total(y, design).se[0])
    assert found.degrees_of_freedom[0] == 5
    ratio = survey_ratio(y, design.weights, design.with_replicates(made.weights, made.scale))
    assert ratio.se[0] == pytest.approx(survey_ratio(y, design.weights, design).se[0], rel=0.05)


def test_the_bootstrap_averages_to_the_weights_and_keeps_the_strata():
    rng = np.random.default_rng(4)
    strata = np.repeat(np.arange(3), [10, 30, 60])
    design = SurveyDesign(weights=np.ones(100), strata=strata, population=[20, 60, 6000])
    made = bootstrap_weights(design, n_replicates=2000, rng=rng, dtype=np.float64)
    assert (made.weights >= 0).all()
    np.testing.assert_allclose(made.weights.mean(axis=1), 1, atol=0.12)
    for h, n in enumerate([10, 30, 60]):
        np.testing.assert_allclose(made.weights[strata == h].sum(axis=0), n)


def test_the_bootstrap_variance_is_linearisation_with_finite_population(sample):
    rng = np.random.default_rng(6)
    made = bootstrap_weights(sample.design, n_replicates=4000, rng=rng)
    again = sample.design.with_replicates(made.weights, made.scale)
    linear = survey_mean(sample.y, sample.design, by=sample.group)
    np.testing.assert_allclose(
        survey_mean(sample.y, again, by=sample.group).se, linear.se, rtol=0.1
    )
    whole = survey_total(sample.x, sample.design).se
    np.testing.assert_allclose(survey_total(sample.x, again).se, whole, rtol=0.05)


def test_the_same_seed_gives_the_same_replicates(sample):
    a, b = (
        bootstrap_weights(sample.design, n_replicates=70, rng=np.random.default_rng(2)).weights
        for _ in range(2)
    )
    np.testing.assert_array_equal(a, b)


def test_float32_costs_less_than_a_millionth(sample):
    """Storage in 4 bytes: standard errors move by less than one part in a million."""
    options = {"n_replicates": 200}
    small, large = (
        bootstrap_weights(sample.design, rng=np.random.default_rng(2), dtype=dtype, **options)
        for dtype in (np.float32, np.float64)
    )
    found = [
        survey_mean(sample.y, sample.design.with_replicates(r.weights, r.scale), by=sample.group).se
        for r in (small, large)
    ]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


def test_totals_by_group_are_plain_sums(sample):
    from commonlight.analysis.survey.variance import replicate_totals

    made = bootstrap_weights(sample.design, n_replicates=20, rng=np.random.default_rng(2))
    design = sample.design.with_replicates(made.weights, made.scale)
    found = replicate_totals(np.column_stack([sample.x, sample.yes]), sample.group, 3, design)
    for j, column in enumerate((sample.x, sample.yes)):
        for g in range(3):
            rows = sample.group == g
            slow = (made.weights[rows].astype(float) * column[rows, None]).sum(axis=0)
            np.testing.assert_allclose(found[j, g], slow, rtol=1e-12)


def test_a_replicate_without_the_group_is_left_out_and_scaled_for():
    weights = np.ones((40, 20))
    weights[:20] = np.random.default_rng(1).uniform(0, 2, (20, 20))
    one_missing = weights.copy()
    one_missing[:20, 0] = 0
    by = np.repeat([0, 1], 20)
    y = np.arange(40.0)

    def se(w):
        design = SurveyDesign(
            weights=np.ones(40), replicate_weights=w, replicate_scale=1 / w.shape[1]
        )
        return survey_mean(y, design, by=by, minimum_answers=2).se[0]

    assert se(one_missing) == pytest.approx(se(weights[:, 1:]))


def test_a_group_that_most_replicates_lack_has_no_error():
    weights = np.ones((40, 20))
    weights[:20, :10] = 0
    design = SurveyDesign(weights=np.ones(40), replicate_weights=weights, replicate_scale=0.05)
    found = survey_mean(np.arange(40.0), design, by=np.repeat([0, 1], 20), minimum_answers=2)
    assert np.isnan(found.se[0])
    assert found.available.tolist() == [False, True]
    assert found.reason[0] == "no standard error can be had"


@pytest.mark.parametrize("make", [jackknife_weights, bootstrap_weights])
def test_a_lonely_stratum_cannot_be_replicated(make):
    design = SurveyDesign(weights=np.ones(4), strata=[0, 0, 0, 1])
    options = {"rng": np.random.default_rng(1)} if make is bootstrap_weights else {}
    with pytest.raises(ValueError, match="stratum 1 has one sampling unit"):
        make(design, **options)


def test_a_certain_unit_keeps_its_weight_in_every_replicate():
    design = SurveyDesign(weights=np.ones(4), strata=[0, 0, 0, 1], lonely="certainty")
    made = bootstrap_weights(design, n_replicates=10, rng=np.random.default_rng(1))
    assert (made.weights[3] == 1).all()
    assert jackknife_weights(design).weights.shape == (4, 3)


def test_bad_input_is_refused_in_words():
    rng = np.random.default_rng(1)
    design = SurveyDesign(weights=np.ones(6), strata=[0, 0, 0, 1, 1, 1])
    with pytest.raises(ValueError, match="two sampling units; stratum 0 has 3"):
        brr_weights(design)
    pairs = SurveyDesign(weights=np.ones(4), strata=[0, 0, 1, 1], population=[9, 9])
    with pytest.raises(ValueError, match="no finite population correction"):
        brr_weights(pairs)
    with pytest.raises(ValueError, match="fay must be"):
        brr_weights(pairs, fay=1)
    with pytest.raises(ValueError, match="at least 2"):
        bootstrap_weights(design, n_replicates=1, rng=rng)
    with pytest.raises(ValueError, match="would take 37\\.3 GiB"):
        jackknife_weights(SurveyDesign(weights=np.ones(100_000)))
