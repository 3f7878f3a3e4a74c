"""Fitted weights meet their margins, and their variances know of the fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_mean, survey_total
from commonlight.analysis.survey.replicates import bootstrap_weights, jackknife_weights
from commonlight.analysis.survey.weighting import calibrate_design, post_stratify, rake


@settings(max_examples=50)
@given(st.integers(0, 10_000))
def test_margins_are_met(seed):
    rng = np.random.default_rng(seed)
    n = 200
    margins = [rng.integers(0, k, n) for k in (2, 4, 3)]
    targets = [rng.multinomial(9_000, np.ones(k) / k).astype(float) + 1 for k in (2, 4, 3)]
    targets = [t * 9_000 / t.sum() for t in targets]
    w = rng.uniform(0.5, 2, n)
    found = rake(w, margins, targets)
    assert found.converged
    for margin, target in zip(margins, targets, strict=True):
        np.testing.assert_allclose(np.bincount(margin, found.weights), target, rtol=1e-7)
    assert found.deff_weights >= 1
    again = rake(found.weights, margins, targets)
    np.testing.assert_allclose(again.weights, found.weights, rtol=1e-6)


def test_raking_is_the_product_of_a_factor_for_each_category():
    """Deming and Stephan (1940): the fitted weight is w a_i b_j, so odds ratios stay."""
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
    w = rng.uniform(0.5, 2, 400)
    found = rake(w, [a, b], [[300, 700], [650, 350]])
    factor = found.weights / w
    cells = [[factor[(a == i) & (b == j)] for j in (0, 1)] for i in (0, 1)]
    for row in cells:
        for cell in row:
            np.testing.assert_allclose(cell, cell[0])
    assert cells[0][0][0] * cells[1][1][0] == pytest.approx(cells[0][1][0] * cells[1][0][0])


def test_post_stratification_by_hand():
    found = post_stratify([1, 2, 1, 1], [0, 0, 1, 1], [30, 70])
    np.testing.assert_allclose(found.weights, [10, 20, 35, 35])
    assert found.largest_ratio == pytest.approx(35 / 22.5)


def test_shares_keep_the_sum_of_the_weights():
    found = rake([1, 1, 1, 3], [[0, 0, 1, 1]], [[0.5, 0.5]])
    assert found.weights.sum() == pytest.approx(6)
    np.testing.assert_allclose(found.weights, [1.5, 1.5, 0.75, 2.25])


def test_answers_of_unknown_category_keep_their_share():
    found = rake(np.ones(5), [[0, 0, 0, 1, -1]], [[40, 60]])
    assert found.weights[4] == pytest.approx(20)
    np.testing.assert_allclose(found.weights[:4], [80 * 0.4 / 3] * 3 + [80 * 0.6])


def test_a_group_nobody_answered_for_is_told_and_not_papered_over():
    found = rake([1, 2, 1], [[0, 1, 1], [0, 0, 2]], [[50, 50], [60, 20, 20]])
    assert not found.converged
    assert found.reason == (
        "category 1 of margin 1 has 20 residents and no answers; merge it with another category"
    )
    assert found.weights.tolist() == [1, 2, 1]


def test_margins_that_contradict_each_other_are_told():
    found = rake(np.ones(4), [[0, 0, 1, 1], [0, 0, 1, 1]], [[50, 50], [10, 90]], max_iterations=40)
    assert not found.converged
    assert "after 40 rounds" in found.reason


@pytest.mark.parametrize(
    ("margins", "targets", "words"),
    [
        ([[0, 1]], [[1, 1], [1, 1]], "one target for each margin"),
        ([], [], "one target for each margin"),
        ([[0, 1, 0]], [[1, 1]], "each of the 2 answers"),
        ([[0, 2]], [[1, 1]], "codes from -1 to 1"),
        ([[0, 1]], [[1, -1]], "0 or more"),
        ([[0, 1]], [[0, 0]], "must not be 0 in all"),
        ([[0, 1]], [[2, 0]], "0 residents in category 1, which has answers"),
        ([[-1, -1]], [[1, 1]], "unknown for every answer"),
        ([[0, 1], [0, 1]], [[10, 10], [0.5, 0.5]], "same number; got 20, 1"),
    ],
)
def test_bad_input_is_refused_in_words(margins, targets, words):
    with pytest.raises(ValueError, match=words):
        rake([1, 1], margins, targets)


def test_inputs_stay_as_they_are():
    w, margin, target = np.ones(4), np.array([0, 0, 1, 1]), np.array([10.0, 30])
    rake(w, [margin], [target])
    assert w.tolist() == [1] * 4
    assert target.tolist() == [10, 30]


# Variances


def simple(n=400, seed=3):
    rng = np.random.default_rng(seed)
    cell = rng.integers(0, 3, n)
    return SurveyDesign(weights=np.ones(n)), cell, np.array([2.0, 5, 9])[cell] + rng.normal(0, 1, n)


def test_what_the_margins_fix_has_no_error():
    design, cell, _ = simple()
    fitted = calibrate_design(design, [cell], [[300, 300, 400]])
    found = survey_mean(cell == 2, fitted)
    assert found.estimate[0] == pytest.approx(0.4)
    assert found.se[0] == pytest.approx(0, abs=1e-12)


def test_post_stratified_variance_is_that_of_the_textbook():
    """Cochran (1977), section 5A.9, first term: sum W_h^2 s_h^2 / n_h, up to n / (n - 1)."""
    design, cell, y = simple(4000)
    share = np.array([0.3, 0.3, 0.4])
    found = survey_mean(y, calibrate_design(design, [cell], [share]))
    within = [y[cell == h].var() / (cell == h).sum() for h in range(3)]
    expected = np.sqrt((share**2 * within).sum() * 4000 / 3999)
    assert found.se[0] == pytest.approx(expected, rel=1e-9)
    assert found.se[0] < 0.4 * survey_mean(y, design).se[0]


@pytest.mark.parametrize("make", ["jackknife", "bootstrap"])
def test_fitting_each_replicate_again_agrees_with_residuals(draw_sample, make):
    s = draw_sample(4, n=600)
    design, rng = SurveyDesign(weights=s.design.weights, strata=s.design.strata), s.rng
    margins = [rng.integers(0, 2, 600), np.clip(np.nan_to_num(s.y) // 3, 0, 2).astype(int)]
    targets = [[500, 500], [300, 400, 300]]
    made = (
        jackknife_weights(design, dtype=np.float64)
        if make == "jackknife"
        else bootstrap_weights(design, n_replicates=4000, rng=rng)
    )
    linear = calibrate_design(design, margins, targets)
    again = calibrate_design(design.with_replicates(made.weights, made.scale), margins, targets)
    np.testing.assert_array_equal(linear.weights, again.weights)
    for r in range(0, again.n_replicates, 7):
        np.testing.assert_allclose(
            np.bincount(margins[1], again.replicate_weights[:, r]), targets[1], rtol=1e-4
        )
    for statistic in (survey_mean, survey_total):
        a = statistic(s.y, linear, by=s.group).se
        b = statistic(s.y, again, by=s.group).se
        np.testing.assert_allclose(a, b, rtol=0.05)


def test_residuals_are_the_derivative_of_raking(draw_sample):
    """Each weight is moved a little and all are raked again: the true influences."""
    from commonlight.analysis.survey.variance import taylor_covariance

    s = draw_sample(6, n=120)
    margins = [s.rng.integers(0, 2, 120), s.rng.integers(0, 3, 120)]
    targets, y, w = [[50, 50], [30, 40, 30]], np.nan_to_num(s.y), s.design.weights

    def mean(weights):
        fitted = rake(weights, margins, targets, tolerance=1e-13).weights
        inside = s.group == 1
        return (fitted * y)[inside].sum() / fitted[inside].sum()

    influence = np.empty((120, 1))
    for i in range(120):
        step = np.zeros(120)
        step[i] = 1e-4 * w[i]
        influence[i] = (mean(w + step) - mean(w - step)) / (2 * step[i])
    fitted = calibrate_design(s.design, margins, targets)
    found = survey_mean(y, fitted, by=np.where(s.group == 1, 0, -1), minimum_answers=2)
    slow = np.sqrt(taylor_covariance(influence, s.design)[0, 0])
    assert found.se[0] == pytest.approx(slow, rel=1e-6)
    whole = taylor_covariance((y - survey_mean(y, fitted).estimate[0])[:, None]
                              / fitted.weights.sum(), fitted)  # fmt: skip
    assert survey_mean(y, fitted).se[0] == pytest.approx(np.sqrt(whole[0, 0]))


def test_ignoring_the_fit_overstates_the_error():
    design, cell, y = simple()
    fitted = calibrate_design(design, [cell], [[300, 300, 400]])
    ignored = SurveyDesign(weights=fitted.weights)
    assert survey_mean(y, fitted).se[0] < 0.5 * survey_mean(y, ignored).se[0]
    assert survey_mean(y, fitted).estimate[0] == survey_mean(y, ignored).estimate[0]


def test_fits_do_not_stack():
    design, cell, _ = simple()
    fitted = calibrate_design(design, [cell], [[1, 1, 1]])
    with pytest.raises(ValueError, match="fitted already"):
        calibrate_design(fitted, [cell], [[1, 1, 1]])
    with pytest.raises(ValueError, match="before the weights are fitted"):
        bootstrap_weights(fitted, rng=np.random.default_rng(1))


def test_a_design_that_cannot_be_fitted_is_refused():
    design, cell, _ = simple()
    with pytest.raises(ValueError, match="no answers; merge"):
        calibrate_design(design, [cell], [[1, 1, 1, 1]])
    lost = np.ones((400, 4))
    lost[cell == 1, 2] = 0
    replicated = design.with_replicates(lost, 0.25)
    with pytest.raises(ValueError, match="a replicate could not be fitted"):
        calibrate_design(replicated, [cell], [[1, 1, 1]])


@pytest.mark.slow
def test_intervals_after_raking_hold_their_level():
    """Non-response that depends on the margins alone: raking removes the bias, and the
    linearised residuals give 93 to 97 % coverage."""
    rng = np.random.default_rng(31)
    size = 20_000
    age, sex = rng.integers(0, 4, size), rng.integers(0, 2, size)
    y = 3 + 0.8 * age + 1.0 * sex + rng.normal(0, 1.5, size)
    answers = np.array([0.015, 0.02, 0.03, 0.05])[age] * np.array([0.8, 1.2])[sex]
    targets = [np.bincount(age), np.bincount(sex)]
    covered = plain = 0
    for _ in range(1_500):
        rows = np.flatnonzero(rng.random(size) < answers)
        design = SurveyDesign(weights=np.ones(len(rows)))
        fitted = calibrate_design(design, [age[rows], sex[rows]], targets)
        found, raw = survey_mean(y[rows], fitted), survey_mean(y[rows], design)
        covered += found.ci_lower[0] <= y.mean() <= found.ci_upper[0]
        plain += raw.ci_lower[0] <= y.mean() <= raw.ci_upper[0]
    assert 0.93 <= covered / 1_500 <= 0.97
    assert plain / 1_500 < 0.3
