"""What was planted is in the latent events; what was not is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from commonlight.simulate.city import simulate_city
from commonlight.simulate.events import Clock
from commonlight.simulate.truth import load_offences


def test_number_of_recorded_incidents_is_as_asked(city):
    """Within 5 %: Poisson noise, clusters, and where near repeats carry events."""
    assert city.truth.recorded.sum() == pytest.approx(100_000, rel=0.05)


def test_clock_turns_hours_back_and_forth(city):
    planted = city.planted
    clock = Clock(planted.offences[0], planted.first_day, planted.last_day)
    hours = np.array([-2000.0, 0.0, 0.5, 1234.5, 26_303.0])
    assert clock.real(clock.operational(hours)) == pytest.approx(hours)
    assert clock.operational(np.array([0.0]))[0] == 0
    assert np.isinf(clock.real(np.array([1e9]))).all()


def test_hours_of_the_week_are_as_planted(flat_city):
    """All other rhythms flat, so each hour expects exactly its planted share."""
    city = simulate_city(incidents=50_000, seed=5, season=0, trend=0, intervention=False)
    days = np.arange(1096) + city.planted.first_day.weekday()
    hours = np.bincount(days % 7, minlength=7).repeat(24)
    for k, offence in enumerate(city.planted.offences):
        n = city.truth.hour_of_week[k]
        expected = np.array(offence.hour_of_week) * hours
        expected *= n.sum() / expected.sum()
        assert np.corrcoef(n, expected)[0, 1] > 0.9
        spread = ((n - expected) ** 2 / expected)[expected > 3].mean()
        assert 0.7 < spread < 1.9  # 1 if independent; children follow parents, so a little more


def test_season_index_is_as_planted():
    city = simulate_city(incidents=200_000, seed=6, trend=0, intervention=False)
    month_days = np.array([31, 28.33, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    for k, offence in enumerate(city.planted.offences):
        n = city.truth.happened[k].sum(axis=0).reshape(3, 12).sum(axis=0)
        share = n / month_days
        planted = np.array(offence.season)
        error = 4.5 * np.sqrt(1.6 / n)
        assert (np.abs(share / share.mean() / (planted / planted.mean()) - 1) < error + 0.02).all()


def test_trend_is_as_planted():
    city = simulate_city(incidents=200_000, seed=7, season=0, intervention=False)
    for k, offence in enumerate(city.planted.offences):
        year = city.truth.happened[k].sum(axis=0).reshape(3, 12).sum(axis=1)
        change = 100 * (np.sqrt(year[2] / year[0]) - 1)
        error = 100 * 4.5 * np.sqrt(1.6 / year[0] / 2)
        assert change == pytest.approx(offence.trend, abs=error)


def test_near_repeats_are_as_planted(city):
    truth = city.truth
    for k, offence in enumerate(city.planted.offences):
        n, children = truth.repeats[k], offence.repeat.children
        parents = truth.repeats[k] + truth.background[k]
        assert n / parents == pytest.approx(children, abs=4.5 * np.sqrt(children / parents))
        same = offence.repeat.same_place
        assert truth.same_place[k] / n == pytest.approx(same, abs=4.5 * np.sqrt(0.25 / n))
        # late children of late parents fall out of the period: a small bias towards short delays
        assert truth.mean_delay[k] == pytest.approx(
            offence.repeat.mean_delay, rel=0.03 + 4.5 / n**0.5
        )
        # moved to the nearest address, so a little off the planted distance
        assert truth.mean_distance[k] == pytest.approx(
            offence.repeat.mean_distance, rel=0.06 + 4.5 / n**0.5
        )


def test_children_come_after_their_parents_and_share_the_offence(city):
    events = city.events
    child = np.flatnonzero(events.parent >= 0)
    assert (events.delay[child] > 0).all()
    order = np.argsort(events.number)
    at = np.searchsorted(events.number[order], events.parent[child])
    found = at < len(order)
    at, child = order[at[found]], child[found]
    known = events.number[at] == events.parent[child]
    at, child = at[known], child[known]
    assert known.mean() > 0.98  # the rest have parents before the period, or prevented ones
    assert (events.offence[at] == events.offence[child]).all()
    assert events.moment[child] - events.moment[at] == pytest.approx(events.delay[child])


def test_recording_differs_by_area_and_type_as_planted(city):
    truth = city.truth
    happened, recorded = truth.happened.sum(axis=2), truth.recorded.sum(axis=2)
    chance = city.planted.reporting
    z = (recorded - happened * chance) / np.sqrt(np.maximum(happened * chance * (1 - chance), 1e-9))
    z = z[happened > 30]
    assert np.abs(z).max() < 5
    assert 0.85 < z.std() < 1.15
    poor = city.areas.deprivation > 0.8
    rich = city.areas.deprivation < 0.2
    assert chance[:, poor].mean() < 0.85 * chance[:, rich].mean()


def test_intervention_prevents_and_displaces_as_planted(city):
    plan, truth = city.planted.intervention, city.truth
    inside = np.isin(city.areas.codes, plan.areas)
    k = [item.label for item in city.planted.offences].index(plan.offence)
    prevented = truth.prevented.sum()
    after = slice(18, None)
    left = truth.happened[k][inside][:, after].sum()
    share = prevented / (prevented + left)
    assert share == pytest.approx(0.30, abs=4 * np.sqrt(0.21 / (prevented + left)))
    assert truth.displaced.sum() / prevented == pytest.approx(
        0.25, abs=4 * np.sqrt(0.19 / prevented)
    )
    assert truth.prevented[:, :18].sum() == 0
    assert truth.prevented[~inside].sum() == 0
    ring = np.isin(city.areas.codes, plan.ring)
    assert truth.displaced[~ring].sum() == 0
    assert not inside[ring].any()


def test_without_the_intervention_nothing_else_changes(city):
    other = simulate_city(incidents=100_000, seed=1, intervention=False)
    difference = other.truth.happened - city.truth.happened
    moved = city.truth.prevented - city.truth.displaced
    k = [o.label for o in city.planted.offences].index("Theft from a vehicle")
    assert (difference[k] == moved).all()
    assert np.abs(np.delete(difference, k, axis=0)).sum() == 0


def test_nothing_planted_nothing_there(flat_city):
    truth = flat_city.truth
    assert truth.repeats.sum() == truth.prevented.sum() == truth.displaced.sum() == 0
    days = np.tile([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 3)
    days[13] = 29
    p_value = []
    for k in range(len(flat_city.planted.offences)):
        n = truth.happened[k].sum(axis=0)
        p_value.append(stats.chisquare(n, n.sum() * days / days.sum()).pvalue)
    assert min(p_value) > 0.001
    assert stats.kstest(p_value, "uniform").pvalue > 0.01
    rates = flat_city.planted.reporting
    assert np.ptp(rates, axis=1).max() < 1e-12


def test_intervals_hold_the_true_moment(city):
    events = city.events
    minute = 60 * events.moment
    assert (events.start <= minute).all()
    known = np.array([o.interval == 0 for o in city.planted.offences])[events.offence]
    assert (events.start[known] == events.end[known]).all()
    assert (events.end[~known] >= minute[~known]).all()
    assert (events.recorded_day * 1440 >= events.end - 1440).all()


def test_months_do_not_depend_on_when_they_are_asked_for(city):
    for field in ("number", "moment", "site", "start", "recorded"):
        again = np.concatenate([getattr(block, field) for block in city.months()])
        assert np.array_equal(again, getattr(city.events, field))
    assert (np.diff(city.events.moment) >= 0).all()
    assert len(np.unique(city.events.number)) == len(city.events)


def test_planted_profiles_have_mean_one():
    offences, kinds, names = load_offences()
    assert 8 <= len(offences) <= 10
    assert sum(item.share for item in offences) == pytest.approx(1)
    for item in offences:
        assert np.mean(item.season) == pytest.approx(1)
        assert np.mean(item.hour_of_week) == pytest.approx(1)
        assert len(item.risk) == len(names)
    assert all(sum(row) == pytest.approx(1) for row in kinds.values())
