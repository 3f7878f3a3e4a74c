"""Samples that the tests of survey statistics share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign


@dataclass
class Sample:
    design: SurveyDesign
    y: np.ndarray
    x: np.ndarray
    yes: np.ndarray
    group: np.ndarray
    rng: np.random.Generator


def draw(seed: int, n: int = 300, n_strata: int = 4, population: bool = True) -> Sample:
    """Answers with strata, clusters, weights and gaps."""
    rng = np.random.default_rng(seed)
    strata = np.sort(rng.integers(0, n_strata, n))
    clusters = rng.integers(0, 5, n)
    y = rng.normal(5, 2, n) + 0.5 * clusters + strata
    y[rng.random(n) < 0.05] = np.nan
    design = SurveyDesign(
        weights=rng.uniform(0.5, 3, n),
        strata=strata,
        clusters=clusters,
        population=np.arange(n_strata) + 7 if population else None,
    )
    yes = (rng.random(n) < 0.2 + 0.05 * clusters).astype(float)
    return Sample(design, y, rng.uniform(1, 3, n), yes, rng.integers(-1, 3, n), rng)


@pytest.fixture
def sample() -> Sample:
    return draw(1)


@pytest.fixture
def draw_sample():
    return draw


def slow_variance(z: np.ndarray, design: SurveyDesign) -> float:
    """Variance of the sum of z (weight times influence) written out stratum by stratum."""
    total = 0.0
    for h in range(design.n_strata):
        units = np.unique(design.unit[design.strata == h]) if design.strata is not None else (
            np.unique(design.unit))  # fmt: skip
        if not len(units):
            continue
        sums = [z[design.unit == unit].sum() for unit in units]
        f = 0.0 if design.population is None else len(units) / design.population[h]
        if np.isnan(f):
            f = 0.0
        spread = sum((s - np.mean(sums)) ** 2 for s in sums)
        total += (1 - f) * len(units) / (len(units) - 1) * spread
    return total


@pytest.fixture
def slow():
    return slow_variance
