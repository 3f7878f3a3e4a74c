from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.precision import coordinate_precision
from commonlight.simulate.city import City, simulate_city
from commonlight.simulate.publish import MOST_SPREADS, published_points


@pytest.fixture(scope="module")
def city() -> City:
    return simulate_city(incidents=20_000, seed=3)


def test_what_happens_at_an_address_stays_there(city: City) -> None:
    fixed = [k for k, item in enumerate(city.planted.offences) if item.spread == 0]
    events = city.events
    rows = np.isin(events.offence, fixed)
    assert rows.any()
    at_address = np.round(city.published_xy[events.site], 1)
    assert (published_points(city, events)[rows] == at_address[rows]).all()


def test_the_rest_misses_the_address_by_the_planted_spread(city: City) -> None:
    events = city.events
    shift = published_points(city, events) - city.published_xy[events.site]
    for k, offence in enumerate(city.planted.offences):
        if offence.spread == 0:
            continue
        of_kind = shift[events.offence == k]
        assert np.hypot(*of_kind.T).max() <= MOST_SPREADS * offence.spread + 0.2
        # A Rayleigh radius cut at 2 has mean square 2 - 2 exp(-2), in squared spreads.
        expected = np.sqrt((2 - 2 * np.exp(-2)) / 2) * offence.spread
        assert of_kind.std() == pytest.approx(expected, rel=0.06)
        assert np.abs(of_kind.mean(axis=0)).max() < 4 * offence.spread / np.sqrt(len(of_kind))


def test_a_point_does_not_depend_on_how_the_file_is_written(city: City) -> None:
    months = [published_points(city, month) for month in city.months()]
    whole = published_points(city, city.events)
    by_number = np.argsort(np.concatenate([m.number for m in city.months()]), kind="stable")
    assert (np.concatenate(months)[by_number] == whole[np.argsort(city.events.number)]).all()


def test_another_seed_shifts_otherwise(city: City) -> None:
    other = simulate_city(incidents=20_000, seed=4)
    assert not np.array_equal(
        published_points(city, city.events)[:50], published_points(other, other.events)[:50]
    )


@pytest.mark.parametrize(("publish", "street_level"), [("address", True), ("snap_points", False)])
def test_only_published_addresses_bear_street_level_claims(
    publish: str, street_level: bool
) -> None:
    city = simulate_city(incidents=20_000, seed=3, publish=publish)
    points = published_points(city, city.events)
    assert coordinate_precision(*points.T).street_level is street_level
