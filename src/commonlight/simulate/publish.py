"""Where the published file puts an event.

Burglaries are geocoded to the address. What happens in the open (thefts of bicycles, assaults,
damage) is put on a map by hand and lands some metres from the address it is attached to. The
shift of an event depends on its number and the seed alone, not on how the file is written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.city import City
from commonlight.simulate.events import Events

__all__ = ["MOST_SPREADS", "published_points"]

#: No point is moved further than so many times its `spread`, so that it stays near its street.
MOST_SPREADS = 2.0


def published_points(city: City, events: Events) -> NDArray[np.float64]:
    """Coordinates of events as the city publishes them.

    Parameters
    ----------
    city : City
    events : Events
        n events.

    Returns
    -------
    ndarray of shape (n, 2)
        Easting and northing in metres, to 0.1 m.
    """
    xy = city.published_xy[events.site]
    if city.planted.publish != "address":
        return xy
    spread = np.asarray([offence.spread for offence in city.planted.offences])[events.offence]
    return np.round(xy + spread[:, None] * _unit_shift(events.number, city.planted.seed), 1)


def _unit_shift(number: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Two standard normal steps per event, drawn from its number, cut at MOST_SPREADS."""
    first = _uniform(number, 2 * seed)
    second = _uniform(number, 2 * seed + 1)
    radius = np.minimum(np.sqrt(-2.0 * np.log1p(-first)), MOST_SPREADS)
    angle = 2.0 * np.pi * second
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _uniform(number: NDArray[np.int64], stream: int) -> NDArray[np.float64]:
    """A number in [0, 1) for each event: SplitMix64 (Steele, Lea and Flood 2014) of its number."""
    z = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        (stream * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) % 2**64
    )
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / 2.0**53
