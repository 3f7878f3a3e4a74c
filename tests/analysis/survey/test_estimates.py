"""Means, shares, totals and ratios: against slow sums, all possible samples, and known levels."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import (
    survey_mean,
    survey_proportion,
    survey_ratio,
    survey_total,
)


def test_mean_of_a_simple_sample_is_that_of_the_textbook():
    y = np.array([3.0, 4, 8, 9, 11])
    found = survey_mean(y, SurveyDesign(weights=np.ones(5), population=[20]), minimum_answers=2)
    assert found.estimate[0] == 7
    assert found.se[0] == pytest.approx(np.sqrt((1 - 5 / 20) * y.var(ddof=1) / 5))
    assert found.degrees_of_freedom[0] == 4
    assert found.deff[0] == pytest.approx(0.75)
    assert found.deff_weights[0] == 1


@pytest.mark.parametrize("seed", range(5))
def test_variances_are_those_of_the_sums_written_out(seed, draw_sample, slow):
    s = draw_sample(seed, population=seed % 2 == 0)
    mean = survey_mean(s.y, s.design, by=s.group)
    total = survey_total(s.x, s.design, by=s.group)
    ratio = survey_ratio(s.y, s.x, s.design, by=s.group)
    for g in range(3):
        inside = (s.group == g) & ~np.isnan(s.y)
        w, y = s.design.weights * inside, np.nan_to_num(s.y)
        middle = (w * y).sum() / w.sum()
        assert mean.estimate[g] == pytest.approx(middle, rel=1e-12)
        z = w * (y - middle) / w.sum()
        assert mean.se[g] ** 2 == pytest.approx(slow(z, s.design), rel=1e-10)
        z = s.design.weights * (s.group == g) * s.x
        assert total.estimate[g] == pytest.approx(z.sum(), rel=1e-12)
        assert total.se[g] ** 2 == pytest.approx(slow(z, s.design), rel=1e-10)
        r = (w * y).sum() / (w * s.x).sum()
        assert ratio.estimate[g] == pytest.approx(r, rel=1e-12)
        z = w * (y - r * s.x) / (w * s.x).sum()
        assert ratio.se[g] ** 2 == pytest.approx(slow(z, s.design), rel=1e-10)


def test_answers_outside_a_group_stay_in_the_design():
    """Dropping them would make the size of the group fixed, and the error of a total too small."""
    rng = np.random.default_rng(3)
    inside = rng.random(200) < 0.3
    design = SurveyDesign(weights=np.full(200, 10.0))
    whole = survey_total(np.ones(200), design, by=np.where(inside, 0, -1)).se[0]
    dropped = survey_total(np.ones(inside.sum()), SurveyDesign(weights=np.full(inside.sum(), 10.0)))
    assert dropped.se[0] == pytest.approx(0, abs=1e-9)
    k = inside.sum()
    assert whole == pytest.approx(10 * np.sqrt(200 / 199 * k * (1 - k / 200)))


# All possible samples of a tiny population: the estimated variances average to the true one.

POPULATION = np.array([2.0, 3, 7, 8, 12, 20, 21, 25])


def all_estimates(samples, design_of, by=None):
    found = [
        survey_total(POPULATION[list(rows)], design_of(rows), minimum_answers=2) for rows in samples
    ]
    return np.array([(f.estimate[0], f.se[0] ** 2) for f in found])


def test_all_simple_samples():
    samples = list(combinations(range(8), 3))
    found = all_estimates(samples, lambda _: SurveyDesign(weights=[8 / 3] * 3, population=[8]))
    assert found[:, 0].mean() == pytest.approx(POPULATION.sum())
    assert found[:, 1].mean() == pytest.approx(found[:, 0].var())


def test_all_stratified_samples():
    strata = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    size, drawn = np.array([3, 5]), np.array([2, 3])
    samples = [a + b for a, b in product(combinations(range(3), 2), combinations(range(3, 8), 3))]

    def design(rows):
        h = strata[list(rows)]
        return SurveyDesign(weights=(size / drawn)[h], strata=h, population=size)

    found = all_estimates(samples, design)
    assert found[:, 0].mean() == pytest.approx(POPULATION.sum())
    assert found[:, 1].mean() == pytest.approx(found[:, 0].var())


def test_all_cluster_samples():
    clusters = np.array([0, 0, 1, 1, 1, 2, 3, 3])
    samples = [
        tuple(np.flatnonzero(np.isin(clusters, pair)).tolist())
        for pair in combinations(range(4), 2)
    ]

    def design(rows):
        c = clusters[list(rows)]
        return SurveyDesign(weights=np.full(len(c), 2.0), clusters=c, population=[4])

    found = all_estimates(samples, design)
    assert found[:, 0].mean() == pytest.approx(POPULATION.sum())
    assert found[:, 1].mean() == pytest.approx(found[:, 0].var())


def test_all_stratified_cluster_samples_of_a_domain():
    """Two of three clusters in each of two strata; the total of every second person."""
    rng = np.random.default_rng(8)
    strata, clusters = np.repeat([0, 1], 9), np.repeat(np.arange(6), 3)
    y, inside = rng.integers(1, 30, 18).astype(float), np.arange(18) % 2 == 0
    totals, variances = [], []
    for a, b in product(combinations(range(3), 2), combinations(range(3, 6), 2)):
        rows = np.isin(clusters, a + b)
        design = SurveyDesign(
            weights=np.full(rows.sum(), 1.5),
            strata=strata[rows],
            clusters=clusters[rows],
            population=[3, 3],
        )
        found = survey_total(y[rows], design, by=np.where(inside[rows], 0, -1), minimum_answers=2)
        totals.append(found.estimate[0])
        variances.append(found.se[0] ** 2)
    assert np.mean(totals) == pytest.approx(y[inside].sum())
    assert np.mean(variances) == pytest.approx(np.var(totals))


# Properties


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(-50, 50), st.floats(0.1, 20))
def test_a_mean_follows_shift_and_unit_and_order(seed, shift, unit):
    from numpy.random import default_rng

    rng = default_rng(seed)
    n = 60
    y, w = rng.normal(size=n), rng.uniform(0.5, 2, n)
    h, c = rng.integers(0, 3, n), rng.integers(0, 4, n)
    by = rng.integers(-1, 3, n)
    first = survey_mean(y, SurveyDesign(weights=w, strata=h, clusters=c), by=by, n_groups=3)
    order = rng.permutation(n)
    design = SurveyDesign(weights=5 * w[order], strata=h[order], clusters=c[order])
    again = survey_mean((unit * y + shift)[order], design, by=by[order], n_groups=3)
    np.testing.assert_allclose(again.estimate, unit * first.estimate + shift, atol=1e-9)
    np.testing.assert_allclose(again.se, unit * first.se, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(again.degrees_of_freedom, first.degrees_of_freedom)


def test_a_large_offset_costs_no_digits(sample):
    near = survey_mean(sample.y, sample.design).se
    far = survey_mean(sample.y + 1e7, sample.design).se
    np.testing.assert_allclose(far, near, rtol=1e-7)


def test_inputs_stay_as_they_are(sample):
    y, by = sample.y.copy(), sample.group.copy()
    survey_mean(sample.y, sample.design, by=sample.group)
    np.testing.assert_array_equal(y, sample.y)
    np.testing.assert_array_equal(by, sample.group)


def test_a_share_is_a_mean_with_another_interval(sample):
    share = survey_proportion(sample.yes, sample.design, by=sample.group)
    mean = survey_mean(sample.yes, sample.design, by=sample.group)
    np.testing.assert_array_equal(share.estimate, mean.estimate)
    np.testing.assert_array_equal(share.se, mean.se)
    assert (share.ci_lower >= 0).all()
    assert (share.ci_upper <= 1).all()
    assert share.kind == "proportion"


def test_shares_of_yes_and_no_mirror_each_other(sample):
    yes = survey_proportion(sample.yes, sample.design)
    no = survey_proportion(1 - sample.yes, sample.design)
    assert no.ci_lower[0] == pytest.approx(1 - yes.ci_upper[0])


def test_kish_and_design_effects_agree_where_weights_are_by_chance():
    rng = np.random.default_rng(12)
    w = rng.choice([1.0, 4.0], 40_000)
    found = survey_mean(rng.normal(size=40_000), SurveyDesign(weights=w))
    assert found.deff[0] == pytest.approx(found.deff_weights[0], rel=0.03)
    assert found.deff_weights[0] == pytest.approx(1.36, rel=0.01)
    assert found.n_effective[0] == pytest.approx(40_000 / found.deff[0])


def test_design_effect_of_a_total_of_a_simple_sample_is_one():
    found = survey_total(np.arange(50.0), SurveyDesign(weights=np.full(50, 3.0)))
    assert found.deff[0] == pytest.approx(1)


# Thin data


def test_few_answers_are_kept_back_and_every_group_keeps_its_place():
    design = SurveyDesign(weights=np.ones(50))
    by = np.array([0] * 40 + [2] * 9 + [3])
    found = survey_mean(np.arange(50.0), design, by=by, n_groups=5)
    assert found.available.tolist() == [True, False, False, False, False]
    assert found.reason == (
        "",
        "no answers",
        "9 answers; at least 30 are needed",
        "1 answer; at least 30 are needed",
        "no answers",
    )
    assert found.n.tolist() == [40, 0, 9, 1, 0]
    assert np.isfinite(found.estimate[2])
    assert np.isnan(found.estimate[1])


def test_many_answers_of_one_cluster_say_nothing_of_the_error():
    by = np.repeat([0, 1], 40)
    design = SurveyDesign(weights=np.ones(80), clusters=np.repeat([0, 1, 2], [40, 20, 20]))
    found = survey_mean(np.arange(80.0), design, by=by)
    assert found.available.tolist() == [False, True]
    assert "too few sampling units" in found.reason[0]
    assert np.isnan(found.ci_lower[0])


LONELY = {"strata": [0] * 20 + [1] * 20, "clusters": np.repeat([0, 1, 2, 3, 4], [5, 5, 5, 5, 20])}


def lonely_mean(rule):
    design = SurveyDesign(weights=np.ones(40), lonely=rule, **LONELY)
    return survey_mean(np.arange(40.0), design)


def test_a_lonely_stratum_is_refused_adjusted_or_taken_as_certain():
    refused, adjusted, certain = map(lonely_mean, ("refuse", "adjust", "certainty"))
    assert not refused.available[0]
    assert "one sampling unit" in refused.reason[0]
    assert adjusted.available[0]
    assert adjusted.se[0] > certain.se[0]
    assert all("1 stratum has one sampling unit" in f.notes[0] for f in (adjusted, certain))


def test_the_adjusted_unit_is_compared_with_the_mean_of_all_units():
    y = np.arange(40.0)
    z = np.add.reduceat((y - y.mean()) / 40, [0, 5, 10, 15, 20])
    first = 4 / 3 * ((z[:4] - z[:4].mean()) ** 2).sum()
    assert lonely_mean("adjust").se[0] ** 2 == pytest.approx(first + (z[4] - z.mean()) ** 2)
    assert lonely_mean("certainty").se[0] ** 2 == pytest.approx(first)


def test_a_stratum_taken_whole_is_not_lonely():
    design = SurveyDesign(weights=np.ones(40), population=[10, 1], lonely="refuse", **LONELY)
    assert survey_mean(np.arange(40.0), design).available[0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda d: survey_mean([1, 2], d), "each of the 3 answers"),
        (lambda d: survey_mean([1, 2, np.inf], d), "finite"),
        (lambda d: survey_mean([1, 2, 3], d, by=[0.0, 1.0, 1.0]), "whole number"),
        (lambda d: survey_mean([1, 2, 3], d, by=[0, -2, 0]), "from -1"),
        (lambda d: survey_mean([1, 2, 3], d, by=[0, 1, 2], n_groups=2), "from -1 to 1"),
        (lambda d: survey_mean([1, 2, 3], d, confidence_level=1), "between 0 and 1"),
        (lambda d: survey_mean([1, 2, 3], d, minimum_answers=0), "at least 1"),
        (lambda d: survey_proportion([0, 1, 2], d), "True or False"),
        (lambda d: survey_proportion([0, 1, 1], d, interval="wald"), "method must be"),
        (lambda d: survey_ratio([1, 2, 3], [1, np.inf, 1], d), "finite"),
    ],
)
def test_bad_input_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call(SurveyDesign(weights=np.ones(3)))


# Level


@pytest.mark.slow
def test_intervals_of_stratified_cluster_samples_hold_their_level():
    """95 % intervals cover in 93 to 97 % of 2,000 samples of 5 strata with 12 clusters each."""
    rng = np.random.default_rng(20)
    n_strata, drawn, per = 5, 12, 8
    middle = np.array([3.0, 5, 5, 6, 8])
    covered = {"mean": 0, "share": 0, "group": 0}
    rounds = 2_000
    strata = np.repeat(np.arange(n_strata), drawn * per)
    clusters = np.repeat(np.arange(n_strata * drawn), per)
    weights = np.array([1.0, 2, 1, 3, 1])[strata]
    truth = np.average(middle, weights=[1, 2, 1, 3, 1])
    design = SurveyDesign(weights=weights, strata=strata, clusters=clusters)
    from scipy.stats import norm

    above = np.average(norm.sf((6 - middle) / np.sqrt(1 + 4)), weights=[1, 2, 1, 3, 1])
    for _ in range(rounds):
        y = middle[strata] + rng.normal(0, 1, n_strata * drawn)[clusters]
        y += rng.normal(0, 2, len(strata))
        group = np.where(rng.random(len(strata)) < 0.4, 0, -1)
        for name, found, true in (
            ("mean", survey_mean(y, design), truth),
            ("share", survey_proportion(y > 6, design), above),
            ("group", survey_mean(y, design, by=group), truth),
        ):
            covered[name] += found.ci_lower[0] <= true <= found.ci_upper[0]
    for name, count in covered.items():
        assert 0.93 <= count / rounds <= 0.97, (name, count / rounds)
