"""Dispersion over time: single events, series, and what it does to classes of areas."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.dispersion import period_dispersion
from commonlight.analysis.witnesses import recorded_witness


def test_dispersion_of_periods_is_one_for_single_events_and_more_for_series() -> None:
    rng = np.random.default_rng(3)
    rate = np.outer(rng.uniform(5, 80, 40), rng.uniform(0.8, 1.2, 36))
    single = rng.poisson(rate)
    assert period_dispersion(single, lengths=(1,)) == pytest.approx(1, abs=0.12)
    series = 3 * rng.poisson(rate / 3)
    assert period_dispersion(series, lengths=(1,)) == pytest.approx(3, rel=0.12)
    yearly = rng.poisson(rate * np.repeat(rng.gamma(20, 1 / 20, (40, 3)), 12, axis=1))
    assert period_dispersion(yearly) > 2 * period_dispersion(yearly, lengths=(1,))
    assert period_dispersion(single[:1]) == period_dispersion(single[:, :1]) == 1


def test_differences_between_areas_are_no_dispersion() -> None:
    """The largest of three dispersions is little above 1 on average, over 100 tables."""
    rng = np.random.default_rng(4)
    rate = np.repeat([[10.0], [1000.0], [50.0]] * 16, 36, axis=1)
    assert np.mean([period_dispersion(rng.poisson(rate)) for _ in range(100)]) < 1.15


def test_recorded_classes_of_equal_areas_with_series_keep_their_level() -> None:
    """300 cities in which every event is one of three: one witness alone crosses the border in
    at most 5 % of the areas once the dispersion is known, and in far more when it is not."""
    rng = np.random.default_rng(6)
    crossed = {"known": 0, "taken as one": 0}
    for _ in range(300):
        table = 3 * rng.poisson(10.0, (60, 36)) * rng.integers(1, 2, (60, 36))
        for name, phi in (("known", period_dispersion(table)), ("taken as one", 1.0)):
            found = recorded_witness(table.sum(axis=1), [1000] * 60, dispersion=phi)
            low, high = found.interval(0.95)
            crossed[name] += int(((low > found.border) | (high < found.border)).sum())
    assert crossed["known"] / (300 * 60) < 0.05
    assert crossed["taken as one"] / (300 * 60) > 0.2


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="table of areas by periods"):
        period_dispersion([1, 2])
    with pytest.raises(ValueError, match="finite and not negative"):
        period_dispersion([[1, -2]])
    with pytest.raises(ValueError, match="lengths must be 1 or more"):
        period_dispersion([[1, 2], [3, 4]], lengths=(0,))
