"""Divergence: classes, their level, and how many are right on simulated cities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from commonlight.analysis.dispersion import period_dispersion
from commonlight.analysis.divergence import (
    Divergence,
    DivergenceClass,
    divergence,
    divergence_classes,
)
from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_proportion
from commonlight.analysis.witnesses import felt_witness, recorded_witness
from commonlight.simulate.city import City
from commonlight.simulate.divergence import FELT_ITEM, divergence_city, equal_city
from commonlight.simulate.survey import Survey

SEEDS = range(1, 21)
INCIDENTS = 30_000
NAN = float("nan")


# --- what a class is -----------------------------------------------------------------------


def _classes(recorded, felt, **options) -> Divergence:
    """Intervals as (lower, upper), estimate in the middle, borders at 0."""
    parts = [np.array([np.mean(pair) for pair in recorded]), *np.array(recorded, float).T]
    parts += [np.array([np.mean(pair) for pair in felt]), *np.array(felt, float).T]
    return divergence_classes(*parts, **{"recorded_border": 0.0, "felt_border": 0.0, **options})


def test_four_classes_and_the_rest() -> None:
    found = _classes(
        [(1, 2), (-2, -1), (1, 2), (-2, -1), (-1, 1), (1, 2), (-1, 1), (NAN, NAN), (1, 2)],
        [(1, 2), (1, 2), (-2, -1), (-2, -1), (1, 2), (-1, 1), (-1, 1), (1, 2), (NAN, NAN)],
    )
    assert found.kind[:4] == (
        DivergenceClass.BOTH_HIGH,
        DivergenceClass.FELT_ONLY,
        DivergenceClass.RECORDED_ONLY,
        DivergenceClass.BOTH_LOW,
    )
    assert set(found.kind[4:]) == {DivergenceClass.CANNOT_TELL}
    assert found.reason[:4] == ("",) * 4
    assert found.reason[4:] == (
        "what is recorded reaches across the border",
        "what is felt reaches across the border",
        "both what is recorded and what is felt reach across the border",
        "what is recorded is not known",
        "what is felt is not known",
    )
    assert found.told.tolist() == [True] * 4 + [False] * 5
    assert sum(found.counts().values()) == 9
    assert list(found.counts()) == list(DivergenceClass)


def test_an_interval_that_touches_its_border_tells_nothing() -> None:
    found = _classes([(0, 2), (-2, 0), (1, 2)], [(1, 2), (1, 2), (0, 0)])
    assert set(found.kind) == {DivergenceClass.CANNOT_TELL}


_number = st.floats(-100, 100, allow_nan=False)
_limits = st.tuples(_number, _number).map(lambda pair: tuple(sorted(pair)))


@given(
    areas=st.lists(st.tuples(_limits, _limits), min_size=1, max_size=20),
    border=st.tuples(_number, _number),
)
def test_never_a_class_where_an_interval_reaches_across_its_border(areas, border) -> None:
    recorded, felt = [a for a, _ in areas], [b for _, b in areas]
    found = _classes(recorded, felt, recorded_border=border[0], felt_border=border[1])
    for kind, *pairs in zip(found.kind, recorded, felt, strict=True):
        across = any(low <= b <= high for (low, high), b in zip(pairs, border, strict=True))
        assert (kind == DivergenceClass.CANNOT_TELL) == across
        if not across:
            above = tuple(low > b for (low, _), b in zip(pairs, border, strict=True))
            assert (
                kind
                == {
                    (True, True): "both high",
                    (False, True): "felt only",
                    (True, False): "recorded only",
                    (False, False): "both low",
                }[above]
            )


@given(
    counts=st.lists(st.integers(0, 400), min_size=2, max_size=12),
    felt=st.lists(st.integers(0, 100), min_size=12, max_size=12),
    wrong=st.floats(0.001, 0.5),
)
def test_the_level_that_is_chosen_never_gives_a_class_across_a_border(counts, felt, wrong) -> None:
    """The rule holds for the intervals of the level that `divergence` chose, and these only."""
    n = len(counts)
    found = divergence(
        recorded_witness(counts, [1000] * n),
        recorded_witness(felt[:n], [100] * n),
        wrong=wrong,
    )
    assert found.confidence >= 1 - wrong - 1e-12
    for i in np.flatnonzero(found.told):
        assert not found.recorded_lower[i] <= found.recorded_border <= found.recorded_upper[i]
        assert not found.felt_lower[i] <= found.felt_border <= found.felt_upper[i]
    assert found.wrong <= wrong + 1e-9


def test_order_of_areas_does_not_matter() -> None:
    counts, people = np.array([300, 100, 230, 90, 150]), np.full(5, 10_000)
    felt = np.array([90, 140, 38, 95, 60])
    order = np.array([3, 1, 4, 0, 2])
    plain = divergence(recorded_witness(counts, people), recorded_witness(felt, people))
    mixed = divergence(
        recorded_witness(counts[order], people), recorded_witness(felt[order], people)
    )
    assert mixed.kind == tuple(plain.kind[i] for i in order)
    assert mixed.confidence == plain.confidence


def test_inputs_are_not_changed() -> None:
    values = [np.array([1.0, 2.0]) for _ in range(6)]
    before = [part.copy() for part in values]
    found = divergence_classes(*values, recorded_border=1.5, felt_border=1.5)
    found.recorded[:] = 0
    assert all((a == b).all() for a, b in zip(values, before, strict=True))


# --- the level, against the procedure it follows -------------------------------------------


@dataclass(frozen=True)
class _Normal:
    """A witness with normal estimates of variance 1 and border 0."""

    estimate: np.ndarray
    border: float = 0.0

    def interval(self, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        reach = ndtri((1 + confidence) / 2)
        return self.estimate - reach, self.estimate + reach


@pytest.mark.parametrize("seed", range(20))
def test_the_level_is_that_of_benjamini_and_hochberg_or_just_above(seed: int) -> None:
    rng = np.random.default_rng(seed)
    means = rng.choice([-4.0, -2.0, 0.0, 2.0, 4.0], (2, 60))
    first, second = rng.normal(means)
    found = divergence(_Normal(first), _Normal(second))
    p = 2 * stats.norm.sf(np.minimum(np.abs(first), np.abs(second)))
    rejected = benjamini_hochberg(p, level=0.05).rejected
    assert not (found.told & ~rejected).any()
    assert found.told.sum() >= 0.85 * rejected.sum() - 1


@pytest.mark.parametrize("at_border", [0.0, 0.5, 0.9, 1.0])
def test_wrong_classes_stay_under_the_stated_share(at_border: float) -> None:
    """1,000 cities of 60 areas, some of them so near the border that nobody could tell them:
    the mean share of wrong ones among the classes given is at most 5 %."""
    rng = np.random.default_rng(5)
    shares, any_told = [], []
    for _ in range(1000):
        clear = rng.choice([-4.0, 4.0], (2, 60))
        near = rng.choice([-1e-6, 1e-6], (2, 60))
        means = np.where(rng.random(60) < at_border, near, clear)
        means[0] = np.where(rng.random(60) < 0.5, clear[0], means[0])
        found = divergence(*(_Normal(part) for part in rng.normal(means)))
        told = found.told
        right = (np.sign([found.recorded, found.felt]) == np.sign(means)).all(axis=0)
        shares.append((told & ~right).sum() / max(told.sum(), 1))
        any_told.append(told.any())
    assert np.mean(shares) < 0.05
    if at_border == 1.0:
        assert np.mean(any_told) < 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1000)


# --- on simulated cities -------------------------------------------------------------------


def _classes_of(city: City, survey: Survey) -> Divergence:
    """As an audit would do it, but with areas of few answers kept in."""
    design = SurveyDesign(weights=survey.weight, strata=survey.stratum, clusters=survey.cluster)
    answers = survey.values[FELT_ITEM]
    concern = survey.perceptions.questionnaire.item(FELT_ITEM).scale.concern
    unsafe = np.where(np.isnan(answers), np.nan, np.isin(answers, concern))
    estimates = survey_proportion(
        unsafe, design, by=survey.area, n_groups=len(city.areas.codes), minimum_answers=2
    )
    counts = city.truth.recorded.sum(axis=0)
    return divergence(
        recorded_witness(
            counts.sum(axis=1), city.areas.population, dispersion=period_dispersion(counts)
        ),
        felt_witness(estimates, residents=city.areas.residents[:, 1:].sum(axis=1)),
    )


def _against_truth(city: City, survey: Survey) -> tuple[float, float, float]:
    """Shares of areas right, and not told; share wrong of those told."""
    found, truth = _classes_of(city, survey), city.truth.divergence
    right = np.array([a == b for a, b in zip(found.kind, truth, strict=True)])
    wrong = (found.told & ~right).sum() / max(found.told.sum(), 1)
    return right.mean(), 1 - found.told.mean(), wrong


@pytest.fixture(scope="module")
def planted() -> dict[int, np.ndarray]:
    """For 100 and for 10 answers an area: right, not told, wrong, in each of 20 cities."""
    rows: dict[int, list[tuple[float, float, float]]] = {100: [], 10: []}
    for seed in SEEDS:
        city, survey = divergence_city(answers_per_area=100, seed=seed, incidents=INCIDENTS)
        rows[100].append(_against_truth(city, survey))
        rows[10].append(_against_truth(city, city.survey(exactly=10)))
    return {answers: np.array(values).T for answers, values in rows.items()}


@pytest.mark.slow
def test_planted_classes_are_found_with_100_answers_an_area(planted) -> None:
    """At least 90 % right over 20 cities of 60 areas, and hardly less in any of them."""
    right, _, wrong = planted[100]
    assert right.mean() >= 0.94
    assert right.min() >= 0.88
    assert wrong.mean() <= 0.05


@pytest.mark.slow
def test_with_10_answers_an_area_most_cannot_be_told(planted) -> None:
    """At least 80 % "cannot tell", in every one of 20 cities, by the intervals alone."""
    _, untold, wrong = planted[10]
    assert untold.min() >= 0.80
    assert wrong.mean() <= 0.05


@pytest.mark.slow
def test_where_all_areas_are_equal_hardly_any_class_is_given() -> None:
    """20 cities of 60 equal areas: a class in at most 3 of them (at 5 %, P = 1.6 % for more)."""
    told = [
        _classes_of(*equal_city(answers_per_area=100, seed=seed, incidents=INCIDENTS)).told.any()
        for seed in SEEDS
    ]
    assert sum(told) <= 3


@pytest.mark.slow
def test_areas_at_the_border_are_not_given_wrong_classes() -> None:
    """Recorded rates are clear of the border, feelings lie within two points of it in half of
    the areas: the mean share of wrong classes among those given stays under 5 %."""
    rows = [
        _against_truth(
            *divergence_city(answers_per_area=100, seed=seed, incidents=INCIDENTS, borderline=0.5)
        )
        for seed in SEEDS[:10]
    ]
    assert np.mean([wrong for _, _, wrong in rows]) <= 0.05


# --- bad input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recorded": [1.0]}, "recorded and its limits must be one-dimensional and equally long"),
        ({"recorded": [9.0, 9.0]}, "recorded must lie within its limits; area 0"),
        ({"felt_border": NAN}, "felt_border must be finite"),
        ({"felt_border": None}, "give felt_border, or residents"),
        ({"felt_border": None, "residents": [1.0]}, "residents must have one entry per area, 2"),
        ({"felt_border": None, "residents": [-1, 2]}, "residents must be finite and not negative"),
        ({"confidence": 1.0}, "confidence must lie between 0 and 1"),
    ],
)
def test_bad_intervals_are_named(change, message) -> None:
    names = ("recorded", "recorded_lower", "recorded_upper", "felt", "felt_lower", "felt_upper")
    values = dict(zip(names, ([1.0, 2.0], [0.0, 1.0], [2.0, 3.0]) * 2, strict=True))
    options = {"recorded_border": 1.5, "felt_border": 1.5, **values, **change}
    with pytest.raises(ValueError, match=message):
        divergence_classes(**options)


def test_witnesses_of_different_cities_are_refused() -> None:
    with pytest.raises(ValueError, match="same areas; got 2 and 3"):
        _classes([(1, 2)] * 2, [(1, 2)] * 3)
    with pytest.raises(ValueError, match="same areas; got 2 and 3"):
        divergence(recorded_witness([1, 2], [9, 9]), recorded_witness([1, 2, 3], [9, 9, 9]))


def test_a_bad_share_of_wrong_classes_is_named() -> None:
    crime = recorded_witness([1, 2], [10, 10])
    with pytest.raises(ValueError, match="wrong must lie between 0 and 1"):
        divergence(crime, crime, wrong=NAN)
