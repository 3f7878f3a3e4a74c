"""The survey: design, weights, who answers, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonlight.simulate.city import simulate_city
from commonlight.simulate.survey import HOUSEHOLDS_PER_STREET, draw_survey


@pytest.fixture(scope="module")
def survey(city):
    return city.survey()


def _mean(values, weight):
    known = ~np.isnan(values)
    return np.average(values[known], weights=weight[known])


def test_default_survey_has_the_expected_number_of_answers_everywhere(city, survey):
    assert 4_500 < len(survey) < 5_100
    assert survey.answered.min() > 50
    assert np.bincount(survey.area, minlength=48).tolist() == survey.answered.tolist()
    assert (survey.asked >= survey.answered).all()


def test_clusters_are_streets_in_one_stratum_with_several_answers(survey):
    stratum = {}
    for cluster, h in zip(survey.cluster.tolist(), survey.stratum.tolist(), strict=True):
        assert stratum.setdefault(cluster, h) == h
    sizes = np.bincount(survey.cluster)
    assert 3 < sizes[sizes > 0].mean() < 7
    streets = np.array([len(set(survey.cluster[survey.stratum == h])) for h in range(48)])
    assert (streets >= 2).all()
    assert (streets <= survey.stratum_streets).all()


def test_answers_in_an_area_come_from_streets_of_that_area(city):
    survey = city.survey(strata="boroughs")
    assert survey.strata == tuple(sorted(set(city.areas.parents)))
    for h, name in enumerate(survey.strata):
        assert {city.areas.parents[a] for a in survey.area[survey.stratum == h]} == {name}


def test_design_weights_add_up_to_the_adults_when_all_take_part(city):
    """Over ten samples: within four standard errors of the number of adults."""
    adults = city.areas.residents[:, 1:].sum()
    totals = [
        city.survey(answers=9_600, seed=seed, nonresponse=0).design_weight.sum()
        for seed in range(10)
    ]
    error = np.std(totals, ddof=1) / np.sqrt(10)
    assert np.mean(totals) == pytest.approx(adults, abs=4 * error)
    assert error / adults < 0.01


def test_design_weights_differ_within_and_between_strata(city):
    survey = city.survey(nonresponse=0)
    at_home = survey.adults_at_home
    for h in (0, 10, 20):
        per_adult = (survey.design_weight / at_home)[survey.stratum == h]
        assert per_adult == pytest.approx(per_adult[0])
    relative = survey.design_weight / survey.design_weight.mean()
    assert 1 + relative.var() > 1.2


def test_without_nonresponse_design_weights_give_the_truth(city):
    """Every item, 20 samples: the mean error is within four of its standard errors."""
    felt, off = city.truth.felt, {}
    for seed in range(20):
        survey = city.survey(seed=seed, nonresponse=0, item_nonresponse=0)
        for column, truth in felt.means.items():
            error = _mean(survey.values[column], survey.design_weight) - felt.city(truth)
            off.setdefault(column, []).append(error)
        for asked in survey.perceptions.questionnaire.victims:
            share = _mean(survey.values[asked.column], survey.design_weight)
            off.setdefault(asked.column, []).append(share - felt.city(felt.victims[asked.kind]))
    z = {c: np.mean(e) / (np.std(e, ddof=1) / np.sqrt(len(e))) for c, e in off.items()}
    assert max(map(abs, z.values())) < 4
    assert np.mean(np.square(list(z.values()))) < 2.5


def test_those_who_answer_are_older_trust_more_and_live_in_better_areas(city, survey):
    people = city.perceptions().adults.sum(axis=(0, 1))
    share = np.bincount(survey.age, survey.design_weight) / survey.design_weight.sum()
    assert share[0] < people[0] / people.sum() - 0.02
    assert share[3] > people[3] / people.sum() + 0.02
    felt = city.truth.felt
    trust = _mean(survey.values["trust_police"], survey.weight)
    assert trust > felt.city(felt.means["trust_police"]) + 0.15
    rate = survey.answered / survey.asked
    assert np.corrcoef(rate, city.areas.deprivation)[0, 1] < -0.7


def test_final_weights_meet_the_margins(city, survey):
    people = city.perceptions().adults
    assert np.bincount(survey.area, survey.weight) == pytest.approx(people.sum(axis=(1, 2)))
    cells = np.bincount(4 * survey.sex + survey.age, survey.weight).reshape(2, 4)
    assert cells == pytest.approx(people.sum(axis=0), rel=1e-6)


def _asked(city, *, trust, seed):
    """A survey in which trust plays so large a part in who answers."""
    plain = city.perceptions()
    part = replace(plain.questionnaire.taking_part, trust=trust)
    perceptions = replace(plain, questionnaire=replace(plain.questionnaire, taking_part=part))
    codes = city.areas.codes
    return draw_survey(perceptions, answers=4_800, strata=np.arange(48), names=codes, seed=seed)


@pytest.mark.parametrize(("trust", "repaired"), [(0.0, True), (0.45, False)])
def test_raking_repairs_what_age_and_area_explain_and_not_what_trust_does(city, trust, repaired):
    felt, column = city.truth.felt, "stays_home_dark"
    truth, far, near = felt.city(felt.means[column]), [], []
    for seed in range(20):
        survey = _asked(city, trust=trust, seed=seed)
        far.append(_mean(survey.values[column], survey.design_weight) - truth)
        near.append(_mean(survey.values[column], survey.weight) - truth)
    error = np.std(near, ddof=1) / np.sqrt(20)
    assert (abs(np.mean(near)) < 4 * error) == repaired
    assert np.mean(far) > np.mean(near) + 0.01


def test_streets_make_answers_alike(city):
    """The variance of an area's mean over samples exceeds that of single persons."""
    perceptions = city.perceptions()
    item = perceptions.questionnaire.item("safe_area_dark")
    place = perceptions.place(item)
    spread = [place[perceptions.area == a].std() for a in range(48)]
    assert 0.1 < np.mean(spread) < 0.6


def test_missing_answers_have_codes_of_their_own_and_depend_on_mode_and_age(survey):
    for item in survey.perceptions.questionnaire.items:
        codes, values = survey.codes[item.column], survey.values[item.column]
        gone = ~np.isin(codes, item.scale.codes)
        assert (np.isnan(values) == gone).all()
        unknown = item.scale.unknown
        assert set(codes[gone].tolist()) <= {unknown - 1, unknown, unknown + 1}
        if item.asked_of == 1:
            assert unknown - 1 not in codes
    trust = survey.codes["trust_police"]
    assert (trust == 98)[survey.age == 3].mean() > 1.3 * (trust == 98)[survey.age < 3].mean()
    assert (trust == 99)[~survey.telephone].mean() > (trust == 99)[survey.telephone].mean()
    assert (survey.codes["worry_vehicle"] == 7).mean() == pytest.approx(0.32, abs=0.03)


def test_mode_goes_with_age(survey):
    share = [survey.telephone[survey.age == age].mean() for age in range(4)]
    assert share[3] > 0.5 > share[2] > share[0]


def test_field_work_is_in_october_and_november(survey):
    assert survey.day.min() >= np.datetime64("2025-10-01")
    assert survey.day.max() < np.datetime64("2025-12-01")


def test_victims_of_any_are_those_of_one(survey):
    kinds = [a.column for a in survey.perceptions.questionnaire.victims if a.kind != "any"]
    told = np.nansum([survey.values[column] for column in kinds], axis=0) > 0
    assert (survey.values["victim_any"][told] == 1).all()


def test_another_wording_moves_one_item_and_no_other(city):
    new, old = (city.survey(answers=20_000, seed=5, old_wording=w) for w in (False, True))
    for item in new.perceptions.questionnaire.items:
        same = np.array_equal(new.codes[item.column], old.codes[item.column])
        assert same == (item.old_wording is None)
    item = new.perceptions.questionnaire.item("safe_area_dark")
    truth = new.perceptions.distribution(item, old=True) @ item.scale.codes
    change = np.nanmean(old.values["safe_area_dark"]) - np.nanmean(new.values["safe_area_dark"])
    felt = city.truth.felt
    assert change == pytest.approx(
        felt.city(truth) - felt.city(felt.means["safe_area_dark"]), abs=0.03
    )
    assert change > 0.15


def test_exactly_so_many_answers_in_each_stratum(city):
    survey = city.survey(exactly=30)
    assert np.bincount(survey.area).tolist() == [30] * 48
    assert survey.answered.min() > 30
    total = survey.design_weight.sum()
    assert total == pytest.approx(city.survey(answers=5_000).design_weight.sum(), rel=0.15)
    streets = len(np.unique(survey.cluster)) / 48
    assert 30 / HOUSEHOLDS_PER_STREET < streets < 15


def test_the_same_seed_asks_the_same_persons_and_another_does_not(city):
    one, same, other = (city.survey(seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.codes["safety_area"], same.codes["safety_area"])
    assert not np.array_equal(one.area[:200], other.area[:200])


def test_ten_thousand_answers_in_five_hundred_areas():
    city = simulate_city(incidents=20_000, seed=2, n_areas=500)
    survey = city.survey(answers=10_000)
    assert len(survey) == pytest.approx(10_000, rel=0.05)
    assert (survey.answered > 0).all()
    assert np.isfinite(survey.weight).all()
    assert survey.weight.sum() == pytest.approx(city.areas.residents[:, 1:].sum())
    for values in city.truth.felt.means.values():
        assert np.isfinite(values).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"answers": 0}, "answers must be from 1 to"),
        ({"strata": "streets"}, "strata must be 'areas' or 'boroughs'; got 'streets'"),
        ({"nonresponse": -1}, "nonresponse must be from 0"),
        ({"item_nonresponse": float("nan")}, "item_nonresponse must be from 0"),
        ({"exactly": 0}, "exactly must be 1 or more"),
        ({"year": 2040}, "year must be from 2023 to 2025"),
    ],
)
def test_bad_arguments_are_named(city, wrong, message):
    with pytest.raises(ValueError, match=message):
        city.survey(**wrong)


def test_too_few_who_take_part_are_named(city):
    perceptions = replace(city.perceptions(), deprivation=np.full(48, 6.0))
    with pytest.raises(ValueError, match="persons took part in one stratum; 50 are wanted"):
        draw_survey(
            perceptions, answers=1, strata=np.arange(48), names=city.areas.codes, seed=1, exactly=50
        )
