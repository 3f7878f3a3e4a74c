"""The methods of the workbench find what was planted, and nothing where nothing was."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from commonlight.simulate.city import simulate_city

aoristic = pytest.importorskip("commonlight.analysis.aoristic")
near_repeat = pytest.importorskip("commonlight.analysis.near_repeat")
season = pytest.importorskip("commonlight.analysis.season")
trend = pytest.importorskip("commonlight.analysis.trend")

MONTHS = np.tile(np.arange(1, 13), 3)
DAYS = np.tile([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 3)
DAYS[13] = 29


def _recorded(city, label):
    k = [item.label for item in city.planted.offences].index(label)
    events = city.events
    return k, np.flatnonzero(events.recorded & (events.offence == k))


def _knox(city, label):
    _, rows = _recorded(city, label)
    rows = rows[:4000]
    site = city.events.site[rows]
    return near_repeat.knox_table(
        city.sites.x[site],
        city.sites.y[site],
        np.floor(city.events.moment[rows] / 24),
        distance_bands=[0.0, 100.0, 200.0, 400.0],
        time_bands=[0.0, 7.0, 14.0, 28.0],
        permutations=199,
        rng=np.random.default_rng(1),
    )


@pytest.mark.slow
def test_knox_finds_planted_near_repeats(city):
    table = _knox(city, "Dwelling burglary")
    assert (table.p_value[:2, 0] <= 0.01).all()
    assert (table.knox_ratio[:2, 0] > 1.3).all()


@pytest.mark.slow
def test_knox_finds_none_where_none_are_planted():
    city = simulate_city(
        incidents=100_000, seed=4, near_repeat=0, intervention=False, season=0, trend=0
    )
    table = _knox(city, "Dwelling burglary")
    assert table.p_value[:2, 0].min() > 0.01
    assert table.knox_ratio[1:, 0] == pytest.approx(1, abs=0.15)


@pytest.mark.slow
def test_trend_interval_holds_the_planted_trend_at_its_rate():
    """30 intervals of 95 %: at least 25 hold the truth unless the level is wrong (P < 1 %)."""
    hits = []
    for seed in range(3):
        city = simulate_city(incidents=100_000, seed=seed, intervention=False)
        for k, offence in enumerate(city.planted.offences):
            counts = city.truth.recorded[k].sum(axis=0)
            result = trend.trend(counts, days=DAYS, month=MONTHS)
            hits.append(result.ci_lower <= offence.trend <= result.ci_upper)
    assert sum(hits) >= 25


@pytest.mark.slow
def test_season_intervals_hold_the_planted_index_and_flat_months_stay_flat(city, flat_city):
    inside, flat = [], []
    for k, offence in enumerate(city.planted.offences):
        counts = city.truth.recorded[k].sum(axis=0)
        result = season.season(counts, month=MONTHS, days=DAYS)
        planted = np.array(offence.season)
        inside += ((result.ci_lower <= planted) & (planted <= result.ci_upper)).tolist()
        none = flat_city.truth.recorded[k].sum(axis=0)
        flat.append(season.season(none, month=MONTHS, days=DAYS).p_value)
    assert np.mean(inside) > 0.85
    assert sum(p < 0.05 for p in flat) <= 3


@pytest.mark.parametrize("label", ["Dwelling burglary", "Theft from a vehicle", "Bicycle theft"])
def test_aoristic_hours_come_nearer_the_truth_than_start_times(city, label):
    k, rows = _recorded(city, label)
    shift = 24 * city.planted.first_day.weekday()
    start, end = (getattr(city.events, name)[rows] / 60 + shift for name in ("start", "end"))
    truth = np.array(city.planted.offences[k].hour_of_week).reshape(7, 24).sum(axis=0)
    spread = aoristic.aoristic_weights(start, end, bins=24).sum(axis=0)
    first = np.bincount(np.floor(start).astype(int) % 24, minlength=24)
    distance = [np.abs(p / p.sum() - truth / truth.sum()).sum() for p in (spread, first)]
    assert distance[0] < 0.75 * distance[1]


@pytest.mark.slow
def test_import_accepts_the_good_rows_and_rejects_the_bad_ones(city, tmp_path):
    """Rows outside the study area need the study area to be told apart."""
    importing = pytest.importorskip("commonlight.sources.importing")
    from commonlight.simulate.files import write_city
    from commonlight.sources.mapping_files import load_mapping

    rows = write_city(city, tmp_path, rejects_share=0.01)
    result = importing.check_source(
        tmp_path / "simulated_incidents.csv",
        load_mapping(tmp_path / "incidents.toml"),
        study_area=shapely.union_all(city.areas.polygons).buffer(100),
        crs=city.crs,
    )
    assert result.read == sum(rows.values())
    assert result.accepted == rows["good"]
