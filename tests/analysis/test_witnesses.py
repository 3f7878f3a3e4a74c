"""Witnesses: limits against scipy, Garwood's table and a variance by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from commonlight.analysis.divergence import divergence
from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_mean, survey_proportion, survey_total
from commonlight.analysis.survey.summary import SurveyEstimates
from commonlight.analysis.witnesses import felt_witness, measured_witness, recorded_witness

NAN = float("nan")


def test_recorded_limits_are_those_of_the_share_of_the_city() -> None:
    """Clopper and Pearson's limits of scipy, times the city's events over the residents."""
    counts, people = [60, 30, 0, 10], [1000.0, 500.0, 800.0, 100.0]
    found = recorded_witness(counts, people, per=100)
    lower, upper = found.interval(0.9)
    for i, (k, n) in enumerate(zip(counts, people, strict=True)):
        exact = stats.binomtest(k, 100).proportion_ci(0.9, method="exact")
        assert lower[i] == pytest.approx(exact.low * 100 / n * 100)
        assert upper[i] == pytest.approx(exact.high * 100 / n * 100)
    assert found.border == pytest.approx(100 / 2400 * 100)
    assert found.estimate == pytest.approx([6, 6, 0, 10])


def test_recorded_limits_with_a_given_border_are_garwoods() -> None:
    found = recorded_witness([10, 0], [1000, 1000], border=4.0)
    lower, upper = found.interval(0.95)
    # Garwood (1936): 95 % limits of 10 events are 4.80 and 18.39, of none 0 and 3.69.
    assert lower == pytest.approx([4.795, 0], abs=0.001)
    assert upper == pytest.approx([18.390, 3.689], abs=0.001)
    assert found.border == 4.0


def test_dispersion_widens_and_areas_without_residents_are_not_known() -> None:
    people = [1000.0, 500.0, NAN, 0.0]
    plain = recorded_witness([60, 30, 5, 5], people).interval(0.95)
    wide = recorded_witness([60, 30, 5, 5], people, dispersion=2.0).interval(0.95)
    assert (wide[0][:2] < plain[0][:2]).all()
    assert (wide[1][:2] > plain[1][:2]).all()
    assert np.isnan(np.array([plain, wide])[:, :, 2:]).all()


def test_one_area_alone_is_its_own_border() -> None:
    found = recorded_witness([60], [1000.0])
    low, high = found.interval(0.95)
    assert low[0] < found.border <= high[0]


def _estimates(
    kind: str = "mean", n: int = 400, seed: int = 1
) -> tuple[SurveyEstimates, np.ndarray]:
    rng = np.random.default_rng(seed)
    area = np.repeat([0, 1, 2, 3], n // 4)
    weights = rng.uniform(1, 3, n)
    design = SurveyDesign(weights=weights, strata=area, clusters=np.arange(n) // 4)
    y = rng.normal(5, 2, n) + area if kind == "mean" else rng.random(n) < 0.2 + 0.15 * area
    estimate = survey_mean if kind == "mean" else survey_proportion
    return estimate(y, design, by=area), np.bincount(area, weights)


def test_felt_limits_hold_the_uncertainty_of_the_border_as_if_calculated_by_hand() -> None:
    estimates, people = _estimates()
    found = felt_witness(estimates, residents=people)
    w, se = people / people.sum(), estimates.se
    for i in range(4):
        contrast = -w
        contrast[i] += 1
        by_hand = np.sqrt((contrast**2 * se**2).sum())
        assert found.se[i] == pytest.approx(by_hand)
    assert found.border == pytest.approx((w * estimates.estimate).sum())
    low, high = found.interval(0.95)
    t = stats.t.ppf(0.975, estimates.degrees_of_freedom)
    assert high - low == pytest.approx(2 * t * found.se)


def test_felt_limits_of_a_given_border_are_those_of_the_survey() -> None:
    estimates, _ = _estimates("share")
    found = felt_witness(estimates, border=0.3)
    low, high = found.interval(estimates.confidence_level)
    assert low == pytest.approx(estimates.ci_lower)
    assert high == pytest.approx(estimates.ci_upper)


@pytest.mark.parametrize("kind", ["mean", "share"])
def test_turning_a_scale_round_swaps_the_sides(kind: str) -> None:
    estimates, people = _estimates(kind)
    up = felt_witness(estimates, residents=people)
    down = felt_witness(estimates, residents=people, high_is_worse=False)
    for level in (0.9, 0.99):
        above = up.interval(level)[0] > up.border
        below = down.interval(level)[1] < down.border
        assert (above == below).all()


def test_an_area_with_too_few_answers_is_not_known_and_not_in_the_border() -> None:
    area = np.repeat([0, 1, 2], [40, 40, 3])
    rng = np.random.default_rng(2)
    y = rng.normal(5, 1, 83)
    y[area == 2] = 99
    estimates = survey_mean(y, SurveyDesign(weights=np.ones(83), strata=area), by=area)
    found = felt_witness(estimates, residents=[100, 100, 100])
    assert np.isnan(found.estimate[2])
    assert np.isnan(found.interval(0.9)[0][2])
    assert found.border == pytest.approx(estimates.estimate[:2].mean())
    crime = recorded_witness([1, 2, 3], [10, 10, 10])
    assert divergence(crime, found).reason[2] == "what is felt is not known"


def test_bad_witnesses_are_named() -> None:
    with pytest.raises(ValueError, match="counts must be finite"):
        recorded_witness([-1, 2], [10, 10])
    with pytest.raises(ValueError, match="at least one area must have residents"):
        recorded_witness([1, 2], [NAN, 0])
    with pytest.raises(ValueError, match="dispersion must be finite and at least 1"):
        recorded_witness([1, 2], [10, 10], dispersion=0.5)
    with pytest.raises(ValueError, match="recorded_border must be finite"):
        recorded_witness([1, 2], [10, 10], border=NAN)
    estimates, _ = _estimates()
    with pytest.raises(ValueError, match="give felt_border, or residents"):
        felt_witness(estimates)
    total = survey_total([1.0, 2.0], SurveyDesign(weights=[1, 1]))
    with pytest.raises(ValueError, match="must be means or proportions"):
        felt_witness(total, border=1)
    crime = recorded_witness([1, 2], [10, 10])
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        crime.interval(1.5)


def test_measured_limits_hold_the_error_of_the_city_too() -> None:
    """The variance of each area less the weighted mean, worked out from its coefficients."""
    values, se, residents = np.array([2.0, 5.0, 4.0]), np.array([0.3, 0.5, 0.4]), [100, 300, 600]
    found = measured_witness(values, se, residents=residents)
    w = np.array(residents) / 1000
    assert found.border == pytest.approx((w * values).sum())
    for i in range(3):
        share = -w + np.eye(3)[i]
        spread = np.sqrt((share**2 * se**2).sum())
        lower, upper = found.interval(0.9)
        assert upper[i] - values[i] == pytest.approx(stats.norm.ppf(0.95) * spread)
        assert values[i] - lower[i] == pytest.approx(stats.norm.ppf(0.95) * spread)
    turned = measured_witness(values, se, residents=residents, high_is_worse=False)
    assert (turned.estimate, turned.border) == (
        pytest.approx(-values),
        pytest.approx(-found.border),
    )


def test_a_measure_without_errors_tells_nothing() -> None:
    found = measured_witness([1.0, 9.0, 5.0], residents=[1, 1, 1])
    records = recorded_witness([1, 900, 30], [1000] * 3)
    assert not divergence(records, found).told.any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"se": [0.1, 0.2]}, "se must have the shape of values"),
        ({"se": -0.1}, "standard errors must be 0 or more"),
        ({"residents": None}, "give measured_border, or residents"),
    ],
)
def test_bad_measures(change: dict, words: str) -> None:
    given = {"values": [1.0, 2.0, 3.0], "se": 0.1, "residents": [1, 1, 1]} | change
    with pytest.raises(ValueError, match=words):
        measured_witness(**given)
