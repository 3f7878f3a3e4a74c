"""What residents live through and feel: true values, and what they depend on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonlight.simulate.city import simulate_city
from commonlight.simulate.questionnaire import load_questionnaire

FEAR = ("safety", "worry", "perceived_risk", "behaviour")


def test_true_values_are_those_of_a_census_drawn_from_the_model(city):
    """A slow and obvious version: ask 200,000 simulated residents of one area, one by one."""
    perceptions, rng = city.perceptions(), np.random.default_rng(1)
    felt, area, n = city.truth.felt, 7, 200_000
    streets = np.flatnonzero(perceptions.area == area)
    street = rng.choice(streets, n, p=perceptions.share[streets])
    cells = perceptions.adults[area] / perceptions.adults[area].sum()
    sex, age = np.unravel_index(rng.choice(8, n, p=cells.ravel()), cells.shape)
    for column in ("safe_area_dark", "safety_area", "worry_burglary", "trust_police"):
        item = perceptions.questionnaire.item(column)
        victim = rng.random(n) < perceptions.harm[item.harmed][area, sex, age]
        latent = perceptions.place(item)[street] + perceptions.group(item)[sex, age]
        latent += item.effects["victim"] * victim + rng.standard_normal(n)
        code = np.array(item.scale.codes)[np.searchsorted(item.thresholds, latent)]
        error = code.std() / np.sqrt(n)
        assert code.mean() == pytest.approx(felt.means[column][area], abs=4 * error)
        share = np.isin(code, item.scale.concern).mean()
        assert share == pytest.approx(felt.concern[column][area], abs=4 * 0.5 / np.sqrt(n))


def test_victims_are_consistent_with_the_true_events(city):
    """Expected incidents that harm residents: the events of the 12 months times the shares."""
    felt, happened = city.truth.felt, city.truth.happened
    questionnaire = load_questionnaire()
    months = slice(24 + 9 - 12, 24 + 9)
    for kind in questionnaire.risk:
        events = sum(
            questionnaire.harm[offence.label].residents * happened[k, :, months].sum()
            for k, offence in enumerate(city.planted.offences)
            if offence.label in questionnaire.harm
            and questionnaire.harm[offence.label].kind == kind
        )
        assert felt.incidents[kind].sum() == pytest.approx(events)
        # A person may be harmed twice, so fewer are victims than there are incidents.
        victims = felt.victims[kind] * felt.adults
        assert (victims < felt.incidents[kind]).all()
        assert victims.sum() == pytest.approx(events, rel=0.06)
    assert (felt.victims["any"] > np.max([felt.victims[k] for k in questionnaire.risk], 0)).all()


def test_residents_harmed_by_burglary_live_where_it_happened(city):
    k = [item.label for item in city.planted.offences].index("Dwelling burglary")
    events = city.truth.happened[k, :, 21:33].sum(axis=1)
    assert city.truth.felt.incidents["burglary"] == pytest.approx(events)


def test_feelings_depend_on_unrecorded_crime_too(city):
    """The same events, none of them recorded, leave the same feelings."""
    silent = replace(city, planted=replace(city.planted, reporting=0.01 * city.planted.reporting))
    perceptions = silent.perceptions(happened=city.truth.happened)
    felt = perceptions.felt()
    for column, values in city.truth.felt.means.items():
        assert felt.means[column] == pytest.approx(values)


@pytest.mark.parametrize(
    ("cause", "columns"),
    [
        ("dark", ("safe_area_dark", "avoids_places")),
        ("litter", ("problem_litter",)),
        ("vandalism", ("problem_vandalism",)),
    ],
)
def test_streets_with_more_of_a_cause_feel_worse(city, cause, columns):
    perceptions = city.perceptions()
    for column in columns:
        item = perceptions.questionnaire.item(column)
        more = perceptions.street | {cause: perceptions.street[cause] + 1.0}
        shift = replace(perceptions, street=more).place(item) - perceptions.place(item)
        assert shift == pytest.approx(item.effects[cause])


def test_women_and_victims_feel_less_safe_after_dark_and_the_old_trust_more(city):
    perceptions = city.perceptions()
    dark = perceptions.group(perceptions.questionnaire.item("safe_area_dark"))
    assert (dark[0] > dark[1]).all()
    trust = perceptions.group(perceptions.questionnaire.item("trust_police"))
    assert (trust[:, 3] > trust[:, 0]).all()
    nobody = {kind: 0 * chance for kind, chance in perceptions.harm.items()}
    safer = replace(perceptions, harm=nobody).felt().concern["safe_area_dark"]
    assert (safer < city.truth.felt.concern["safe_area_dark"]).all()


def test_news_moves_worry_without_any_event(city):
    perceptions = city.perceptions()
    loud = {theme: value + 1 for theme, value in perceptions.news.items()}
    felt = replace(perceptions, news=loud).felt()
    assert (felt.concern["worry_violence"] > city.truth.felt.concern["worry_violence"] + 0.03).all()
    assert felt.victims["any"] == pytest.approx(city.truth.felt.victims["any"])


def test_a_planted_shift_moves_fear_and_nothing_else(city):
    moved = replace(city.perceptions(), moved=np.full(48, 0.5)).felt()
    for item in load_questionnaire().items:
        before, after = (f.concern[item.column] for f in (city.truth.felt, moved))
        if item.construct in FEAR:
            assert (after > before).all()
        else:
            assert after == pytest.approx(before)


def test_areas_differ_and_deprivation_is_not_all_of_it(city):
    share = city.truth.felt.concern["safe_area_dark"]
    assert share.max() - share.min() > 0.2
    assert 0.2 < np.corrcoef(share, city.areas.deprivation)[0, 1] < 0.95


def test_years_before_the_last_can_be_asked_for_and_others_are_refused(city):
    early, late = city.perceptions(2023), city.perceptions(2025)
    assert early.felt().year == 2023
    kinds = load_questionnaire().risk
    # The first year has nine months of events, which stand for twelve.
    for kind in kinds:
        assert early.incidents[kind].sum() == pytest.approx(late.incidents[kind].sum(), rel=0.25)
    with pytest.raises(ValueError, match="year must be from 2023 to 2025"):
        city.perceptions(2022)


def test_the_truth_says_in_which_class_each_area_is(city):
    truth, people = city.truth, city.areas.population
    rate = truth.recorded.sum(axis=(0, 2)) / people
    high = rate > truth.recorded.sum() / people.sum()
    unsafe = truth.felt.concern["safe_area_dark"]
    above = unsafe > truth.felt.city(unsafe)
    assert truth.divergence == tuple(
        {(1, 1): "both high", (0, 1): "felt only", (1, 0): "recorded only", (0, 0): "both low"}[
            int(r), int(f)
        ]
        for r, f in zip(high, above, strict=True)
    )


def test_sexes_sum_to_the_residents():
    city = simulate_city(incidents=10_000, seed=4)
    assert ((city.women >= 0) & (city.women <= city.areas.residents)).all()
    assert city.women.sum() / city.areas.population.sum() == pytest.approx(0.507, abs=0.005)
