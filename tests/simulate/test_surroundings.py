"""Light, disorder and news: what they depend on, and that incidents do not."""

from __future__ import annotations

import numpy as np

from commonlight.simulate.city import simulate_city
from commonlight.simulate.surroundings import THEMES


def test_there_are_unlit_places_and_main_roads_are_the_brightest(city):
    around, road = city.surroundings, np.array(city.plan.road)
    assert 0.03 < 1 - around.lit.mean() < 0.30
    assert around.lux[~around.lit].max() < 1
    assert np.median(around.lux[road == "arterial"]) > 1.5 * np.median(around.lux[road == "street"])
    assert (around.dark[~around.lit] > 0.8).all()
    assert ((around.dark >= 0) & (around.dark <= 1)).all()


def test_disorder_depends_partly_on_deprivation(city):
    around = city.surroundings
    for level in (around.litter, around.vandalism):
        assert (level >= 0).all()
        mean = np.bincount(city.segment_area, level) / np.bincount(city.segment_area)
        found = np.corrcoef(mean, city.areas.deprivation)[0, 1]
        assert 0.3 < found < 0.97


def test_news_peaks_after_rare_events_and_fades(city):
    around = city.surroundings
    assert around.news.shape == (len(THEMES), 48, 36)
    assert len(around.rare) >= 3
    event = next(item for item in around.rare if 2 < item.month < 30)
    heard = around.news[THEMES.index(event.theme)]
    assert heard[event.area, event.month] > heard[event.area, event.month - 1] + 1.5
    assert heard[event.area, event.month] > np.median(heard[:, event.month]) + 1
    assert (around.news > 0).all()


def test_equal_seeds_give_equal_surroundings_and_incidents_do_not_matter():
    one, same, other = (
        simulate_city(incidents=n, seed=seed).surroundings
        for n, seed in ((10_000, 1), (20_000, 1), (10_000, 2))
    )
    for name in ("lux", "litter", "vandalism", "news"):
        assert np.array_equal(getattr(one, name), getattr(same, name))
        assert not np.array_equal(getattr(one, name)[:10], getattr(other, name)[:10])
    assert one.rare == same.rare
