"""Respondents against residents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from commonlight.analysis.survey.representation import compare_sample


def test_shares_and_ratios():
    found = compare_sample([30, 70], [500, 500])
    assert found.share_sample.tolist() == [0.3, 0.7]
    assert found.ratio.tolist() == [0.6, 1.4]
    assert found.mark == ("under-represented", "over-represented")
    assert found.under_represented.tolist() == [True, False]


def test_intervals_and_p_values_are_those_of_scipy():
    found = compare_sample([12, 88], [200, 800])
    exact = binomtest(12, 100, 0.2)
    ci = exact.proportion_ci(0.95, "exact")
    assert (found.ci_lower[0], found.ci_upper[0]) == pytest.approx((ci.low, ci.high))
    # two groups: the same test twice, so that the adjusted p-value is the p-value
    assert found.p_value[0] == pytest.approx(2 * binom(100, 0.2).cdf(12))


def test_a_group_without_answers_is_missing_whatever_its_size():
    found = compare_sample([100, 0, 0], [9_900, 100, 0])
    assert found.mark == ("as expected", "missing", "no residents")
    assert found.missing == (1,)
    assert found.under_represented.tolist() == [False, True, False]


def test_a_small_gap_is_not_marked_however_sure():
    found = compare_sample([47_000, 53_000], [5_000, 5_000])
    assert found.p_value[0] < 1e-6
    assert found.mark == ("as expected", "as expected")


def test_chance_is_not_marked():
    assert compare_sample([6, 14], [500, 500]).mark == ("as expected", "as expected")


def test_fewer_effective_answers_mean_less_certainty():
    sure = compare_sample([35, 65], [500, 500])
    unsure = compare_sample([35, 65], [500, 500], n_effective=20)
    assert sure.mark[0] == "under-represented"
    assert unsure.mark[0] == "as expected"
    assert unsure.ci_lower[0] < sure.ci_lower[0]


def test_without_answers_or_residents_nothing_is_compared():
    nobody = compare_sample([0, 0], [10, 20])
    assert not nobody.available
    assert nobody.reason == "no answers"
    assert nobody.missing == (0, 1)
    unknown = compare_sample([5, 5], [0, 0])
    assert not unknown.available
    assert unknown.reason == "no residents are known"


def test_the_order_of_groups_does_not_matter():
    a, b = compare_sample([3, 60, 30], [20, 40, 40]), compare_sample([30, 60, 3], [40, 40, 20])
    assert a.mark == b.mark[::-1]
    np.testing.assert_allclose(a.p_value, b.p_value[::-1])


@pytest.mark.parametrize(
    ("counts", "population", "options", "words"),
    [
        ([1, 2], [1], {}, "one number for each group"),
        ([-1, 2], [1, 1], {}, "counts must be 0 or more"),
        ([1, 2], [np.nan, 1], {}, "population must be 0 or more"),
        ([1, 2], [1, 1], {"least_ratio": 0}, "least_ratio"),
        ([1, 2], [1, 1], {"confidence_level": 1}, "confidence_level"),
        ([1, 2], [1, 1], {"n_effective": np.nan}, "n_effective"),
    ],
)
def test_bad_input_is_refused_in_words(counts, population, options, words):
    with pytest.raises(ValueError, match=words):
        compare_sample(counts, population, **options)


@pytest.mark.slow
def test_random_samples_are_marked_in_five_in_a_hundred_or_fewer():
    rng = np.random.default_rng(6)
    share = np.array([0.02, 0.08, 0.2, 0.3, 0.4])
    marked = 0
    for _ in range(2_000):
        found = compare_sample(rng.multinomial(400, share), share * 10_000)
        marked += any(mark in ("under-represented", "over-represented") for mark in found.mark)
    assert marked / 2_000 <= 0.06
