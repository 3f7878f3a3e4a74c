"""One city for all tests of this room, and one where nothing is planted."""

from __future__ import annotations

import pytest

from commonlight.simulate.city import City, simulate_city


@pytest.fixture(scope="session")
def city() -> City:
    return simulate_city(incidents=100_000, seed=1)


@pytest.fixture(scope="session")
def flat_city() -> City:
    return simulate_city(
        incidents=100_000,
        seed=2,
        near_repeat=0,
        season=0,
        rhythm=0,
        trend=0,
        heterogeneity=0,
        reporting_gap=0,
        intervention=False,
    )
