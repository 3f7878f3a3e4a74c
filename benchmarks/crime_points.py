"""Simulated incidents with a known truth, the same for all benchmarks of point methods.

20 by 20 km and 365 days: 70 % of the background in 60 hot spots (standard deviation 120 to
600 m), 30 % anywhere, and each incident followed by 0.25 others on average, 10 days later on
average and 100 m away (standard deviation in each direction).
"""

from __future__ import annotations

import numpy as np

SIDE, DAYS = 20_000.0, 365.0
FOLLOWERS, DELAY, SPREAD = 0.25, 10.0, 100.0
HOT_SPOTS, IN_HOT_SPOTS = 60, 0.70


def crime_points(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates in metres and times in days of n incidents, in the order of time."""
    city = np.random.default_rng(7)
    centre = city.uniform(1500, SIDE - 1500, (HOT_SPOTS, 2))
    width = city.uniform(120, 600, HOT_SPOTS)
    share = 1.0 / np.arange(1, HOT_SPOTS + 1) ** 0.8
    rng = np.random.default_rng(1000 + n)
    first = rng.poisson(n * (1 - FOLLOWERS) * 1.02)
    hot = rng.random(first) < IN_HOT_SPOTS
    spot = rng.choice(HOT_SPOTS, first, p=share / share.sum())
    near = centre[spot] + rng.standard_normal((first, 2)) * width[spot][:, None]
    place = np.where(hot[:, None], near, rng.uniform(0, SIDE, (first, 2)))
    places, times = _with_followers(place, rng.uniform(0, DAYS, first), rng)
    inside = ((places >= 0) & (places < SIDE)).all(axis=1)
    places, times = places[inside], times[inside]
    order = np.argsort(times)
    places, times = np.round(places[order], 1), times[order]
    if len(times) > n:
        kept = np.sort(rng.choice(len(times), n, replace=False))
        places, times = places[kept], times[kept]
    return places[:, 0].copy(), places[:, 1].copy(), times


def _with_followers(
    place: np.ndarray, time: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Incidents, those that follow them, and those that follow these."""
    places, times = [place], [time]
    while len(time):
        parent = np.repeat(np.arange(len(time)), rng.poisson(FOLLOWERS, len(time)))
        time = time[parent] + rng.exponential(DELAY, len(parent))
        place = place[parent] + rng.standard_normal((len(parent), 2)) * SPREAD
        place, time = place[time < DAYS], time[time < DAYS]
        places.append(place)
        times.append(time)
    return np.vstack(places), np.concatenate(times)
