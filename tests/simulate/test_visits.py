"""Site observations: who looks at what, and how near the truth."""

from __future__ import annotations

import numpy as np

from commonlight.simulate.visits import LOOKED_AT, STREETS_PER_AREA


def test_each_area_is_looked_at_by_day_and_night_by_two(city):
    visits = city.visits
    assert len(np.unique(visits.segment)) == 48 * STREETS_PER_AREA
    assert np.bincount(visits.area, minlength=48).min() > 0
    assert (city.segment_area[visits.segment] == visits.area).all()
    for item in range(len(LOOKED_AT)):
        seen = visits.item == item
        each = np.bincount(visits.segment[seen])
        assert set(each[each > 0]) == ({2} if item == 0 else {4})
        assert set(visits.team[seen]) == {0, 1}


def test_light_is_rated_after_dark_only_and_unlit_streets_are_dark(city):
    visits = city.visits
    hour = visits.minute // 60 % 24
    light = visits.item == 0
    assert (hour[light] >= 20).all()
    unlit = light & ~city.surroundings.lit[visits.segment]
    assert visits.rating[unlit].mean() < 1.2 < visits.rating[light & ~unlit].mean()


def test_ratings_are_the_truth_with_errors_of_the_planted_size(city):
    visits = city.visits
    assert visits.rating.min() == 0
    assert visits.rating.max() == 4
    middle = (visits.truth > 1.2) & (visits.truth < 2.8)
    error = (visits.rating - visits.truth)[middle]
    # Rounding adds a variance of 1/12 to that of the observer.
    assert abs(error.mean()) < 0.1
    assert abs(error.std() - np.sqrt(0.6**2 + 1 / 12)) < 0.06


def test_visits_are_in_november(city):
    day = np.datetime64("2023-01-01") + (city.visits.minute // 1440).astype("timedelta64[D]")
    assert day.min() >= np.datetime64("2025-11-01")
    assert day.max() <= np.datetime64("2025-11-28")
