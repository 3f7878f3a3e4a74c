"""Area-level models: published results, slow versions, refusals, level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.neighbours import Neighbours
from commonlight.analysis.survey.area_level_input import pooled_variance
from commonlight.analysis.survey.area_level_spatial import SpatialFit, fit_spatial, row_weights
from commonlight.analysis.survey.area_level_variance import (
    between_variance,
    restricted_log_likelihood,
)
from commonlight.analysis.survey.small_areas import fay_herriot

# Fresh milk expenditure in 43 areas of the United States, 1989: mean, its standard deviation, and
# one of four groups. Arora & Lahiri (1997), Statistica Sinica 7, 1053-1063; groups of You &
# Chapman (2006), Survey Methodology 32, 97-103; published with the R package sae (Molina &
# Marhuenda 2015, The R Journal 7(1), 81-98, example 1).
MILK = """
1.099 .163 1|1.075 .080 1|1.105 .083 1|.628 .109 1|.753 .119 1|.981 .141 1|1.257 .202 1
1.095 .127 2|1.405 .168 2|1.356 .178 2|.615 .100 2|1.460 .201 2|1.338 .148 2|.854 .143 2
1.176 .149 3|1.111 .145 3|1.257 .135 3|1.430 .172 3|1.278 .137 3|1.292 .163 3|1.002 .125 3
1.183 .247 3|1.044 .140 3|1.267 .171 3|1.193 .106 3
.791 .121 4|.795 .121 4|.759 .259 4|.796 .106 4|.565 .089 4|.886 .225 4|.952 .205 4|.807 .119 4
.582 .067 4|.684 .106 4|.787 .126 4|.440 .092 4|.759 .132 4|.770 .100 4|.800 .113 4|.756 .083 4
.865 .121 4|.640 .129 4
"""
# Results printed by sae's mseFH (REML) for these data: coefficients, variance between areas, and
# estimate and mean squared error of areas 1, 2, 4, 22, 28, 37 and 43.
MILK_COEFFICIENTS = [0.9681890, 0.1327801, 0.2269462, -0.2413011]
MILK_SIGMA2 = 0.01855022
MILK_AREAS = {
    1: (1.0219703, 0.013460220),
    2: (1.0476018, 0.005372876),
    4: (0.7608170, 0.008541740),
    22: (1.1923057, 0.017243977),
    28: (0.7338443, 0.016476912),
    37: (0.5298867, 0.006404335),
    43: (0.6810870, 0.009903626),
}


def milk():
    rows = [row.split() for row in MILK.replace("\n", "|").split("|") if row]
    table = np.array(rows, dtype=float)
    groups = np.column_stack([table[:, 2] == k for k in (2, 3, 4)]).astype(float)
    return table[:, 0], table[:, 1] ** 2, groups


def test_published_results_of_the_milk_data():
    direct, variance, groups = milk()
    assert len(direct) == 43
    found = fay_herriot(direct, variance, covariates=groups)
    assert found.sigma2 == pytest.approx(MILK_SIGMA2, rel=1e-4)
    np.testing.assert_allclose(found.coefficients, MILK_COEFFICIENTS, atol=2e-6)
    for area, (estimate, mse) in MILK_AREAS.items():
        assert found.estimate[area - 1] == pytest.approx(estimate, abs=2e-6)
        assert found.mse[area - 1] == pytest.approx(mse, rel=1e-4)


def city(seed, m=30, sigma2=1.0, slope=0.0, chance=1.0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=m)
    truth = 5 + slope * x + rng.normal(size=m) * np.sqrt(sigma2)
    variance = rng.uniform(0.3, 2.0, m) * chance
    return truth, truth + rng.normal(size=m) * np.sqrt(variance), variance, x


def slow_restricted(sigma2, y, psi, x):
    """Restricted log-likelihood from full matrices and error contrasts' covariance."""
    v = np.diag(sigma2 + psi)
    vi = np.linalg.inv(v)
    p = vi - vi @ x @ np.linalg.inv(x.T @ vi @ x) @ x.T @ vi
    dets = np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ vi @ x)[1]
    return -0.5 * (dets + y @ p @ y)


@pytest.mark.parametrize("seed", range(4))
def test_the_variance_is_the_highest_of_a_fine_grid(seed):
    _, y, psi, x = city(seed, slope=0.5)
    design = np.column_stack([np.ones(len(y)), x])
    found = between_variance(y, psi, design)
    grid = np.linspace(1e-4, 8, 20_001)
    for a in (0.1, 1.0, 3.0):
        assert restricted_log_likelihood(a, y, psi, design) == pytest.approx(
            slow_restricted(a, y, psi, design)
        )
    best = grid[np.argmax([restricted_log_likelihood(a, y, psi, design) for a in grid])]
    assert not found.adjusted
    assert found.sigma2 == pytest.approx(best, abs=4e-4)


def test_at_the_boundary_the_adjusted_likelihood_is_highest():
    psi = np.linspace(0.5, 2, 20)
    y = 5 + 0.2 * np.sqrt(psi) * np.resize([1, -1], 20)
    design = np.ones((20, 1))
    found = between_variance(y, psi, design)
    grid = np.geomspace(1e-5, 5, 40_001)
    heights = [
        slow_restricted(a, y, psi, design) + np.log(np.arctan((a / (a + psi)).sum())) / 20
        for a in grid[::40]
    ]
    assert found.adjusted
    assert found.sigma2 > 0
    assert found.sigma2 == pytest.approx(grid[::40][int(np.argmax(heights))], rel=0.02)


def slow_estimates(y, psi, x, sigma2):
    """Best linear unbiased prediction and its error terms, area by area from full matrices."""
    vi = np.linalg.inv(np.diag(sigma2 + psi))
    q = np.linalg.inv(x.T @ vi @ x)
    b = q @ x.T @ vi @ y
    estimate = x @ b + sigma2 * vi @ (y - x @ b)
    mse = []
    for d in range(len(y)):
        gamma = sigma2 / (sigma2 + psi[d])
        g1 = gamma * psi[d]
        g2 = (1 - gamma) ** 2 * x[d] @ q @ x[d]
        g3 = psi[d] ** 2 / (sigma2 + psi[d]) ** 3 * 2 / np.trace(vi @ vi)
        mse.append(g1 + g2 + 2 * g3)
    return estimate, np.array(mse)


def test_estimates_and_errors_equal_the_slow_version():
    _, y, psi, x = city(5, slope=3.0)
    found = fay_herriot(y, psi, covariates=x)
    design = np.column_stack([np.ones(len(y)), x])
    estimate, mse = slow_estimates(y, psi, design, found.sigma2)
    np.testing.assert_allclose(found.estimate, estimate)
    np.testing.assert_allclose(found.mse, mse)
    np.testing.assert_allclose(found.borrowed, psi / (psi + found.sigma2))
    assert found.covariates_p < 0.01
    assert found.available.all()
    assert not found.synthetic.any()
    np.testing.assert_allclose(found.ci_upper - found.estimate, 1.959964 * np.sqrt(mse), rtol=1e-6)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.1, 50), shift=st.floats(-100, 100))
def test_properties(seed, factor, shift):
    _, y, psi, x = city(seed, m=20, sigma2=2.0)
    before = y.copy(), psi.copy(), x.copy()
    found = fay_herriot(y, psi, covariates=x)
    moved = fay_herriot(factor * y + shift, factor**2 * psi, covariates=3 * x - 1)
    order = np.random.default_rng(seed).permutation(20)
    shuffled = fay_herriot(y[order], psi[order], covariates=x[order])
    for a, b in zip(before, (y, psi, x), strict=True):
        np.testing.assert_array_equal(a, b)
    assert moved.available.tolist() == found.available.tolist()
    if not found.available.any():
        return
    np.testing.assert_allclose(moved.estimate, factor * found.estimate + shift, atol=1e-3 * factor)
    np.testing.assert_allclose(moved.mse, factor**2 * found.mse, rtol=1e-3)
    np.testing.assert_allclose(shuffled.estimate, found.estimate[order], atol=1e-4)
    assert np.all((found.borrowed > 0) & (found.borrowed < 1))
    assert np.all(np.diff(found.borrowed[np.argsort(psi)]) >= -1e-12)
    fixed = np.column_stack([np.ones(20), x]) @ found.coefficients
    low, high = np.minimum(fixed, y), np.maximum(fixed, y)
    assert np.all((found.estimate >= low - 1e-9) & (found.estimate <= high + 1e-9))


def grid_of_areas(side):
    number = np.arange(side * side).reshape(side, side)
    first = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    second = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    return Neighbours.from_pairs(first, second, n=side * side)


def spatial_city(seed, side=8, rho=0.8, sigma2=1.0):
    rng = np.random.default_rng(seed)
    around = grid_of_areas(side)
    w = row_weights(around)
    effects = np.linalg.solve(np.eye(side**2) - rho * w, rng.normal(size=side**2)) * sigma2**0.5
    x = rng.normal(size=side**2)
    truth = 2 + x + effects
    variance = rng.uniform(0.4, 1.6, side**2)
    return truth, truth + rng.normal(size=side**2) * np.sqrt(variance), variance, x, around, w


def slow_spatial_height(sigma2, rho, y, psi, x, w):
    step = np.eye(len(y)) - rho * w
    v = sigma2 * np.linalg.inv(step.T @ step) + np.diag(psi)
    vi = np.linalg.inv(v)
    p = vi - vi @ x @ np.linalg.inv(x.T @ vi @ x) @ x.T @ vi
    return -0.5 * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ vi @ x)[1] + y @ p @ y)


def slow_spatial_mse(sigma2, rho, psi, x, w):
    """Terms g1 + g2 + 2 g3 - g4 as written by Molina, Salvati & Pratesi (2009), section 2."""
    step = np.eye(len(psi)) - rho * w
    c = np.linalg.inv(step.T @ step)
    g, big_psi = sigma2 * c, np.diag(psi)
    v = g + big_psi
    vi = np.linalg.inv(v)
    q = np.linalg.inv(x.T @ vi @ x)
    slope = 2 * rho * w.T @ w - w - w.T
    a = -sigma2 * c @ slope @ c
    p = vi - vi @ x @ q @ x.T @ vi
    information = 0.5 * np.array([[np.trace(p @ s @ p @ t) for t in (c, a)] for s in (c, a)])
    spread = np.linalg.inv(information)
    g1 = np.diag(g - g @ vi @ g)
    r = x - g @ vi @ x
    g2 = np.diag(r @ q @ r.T)
    slopes = [c @ vi - g @ vi @ c @ vi, a @ vi - g @ vi @ a @ vi]
    g3 = [
        sum(spread[i, j] * slopes[i][d] @ v @ slopes[j][d] for i in (0, 1) for j in (0, 1))
        for d in range(len(psi))
    ]
    mixed = -c @ slope @ c
    twice = 2 * sigma2 * (c @ slope @ c @ slope @ c - c @ w.T @ w @ c)
    bent = 2 * spread[0, 1] * mixed + spread[1, 1] * twice
    g4 = 0.5 * np.diag(big_psi @ vi @ bent @ vi @ big_psi)
    return g1 + g2 + 2 * np.array(g3) - g4


def test_the_spatial_fit_equals_the_slow_version():
    truth, y, psi, x, around, w = spatial_city(3)
    design = np.column_stack([np.ones(64), x])
    found = fay_herriot(y, psi, covariates=x, neighbours=around)
    best = slow_spatial_height(found.sigma2, found.rho, y, psi, design, w)
    for by in (0.98, 1.02):
        assert slow_spatial_height(found.sigma2 * by, found.rho, y, psi, design, w) < best
        assert slow_spatial_height(found.sigma2, found.rho * by, y, psi, design, w) < best
    heights = [
        slow_spatial_height(s, r, y, psi, design, w)
        for s in np.geomspace(0.1, 6, 12)
        for r in np.linspace(-0.9, 0.98, 20)
    ]
    assert max(heights) <= best
    mse = slow_spatial_mse(found.sigma2, found.rho, psi, design, w)
    np.testing.assert_allclose(found.mse, mse, rtol=1e-8)
    assert 0 < found.rho < 1
    assert np.mean((found.estimate - truth) ** 2) < np.mean((y - truth) ** 2)


def test_without_correlation_the_spatial_model_is_the_plain_one():
    _, y, psi, x = city(8)
    design = np.column_stack([np.ones(30), x])
    plain = fay_herriot(y, psi, covariates=x)
    w = row_weights(Neighbours.from_pairs(np.arange(29), np.arange(1, 30), n=30))
    fit = SpatialFit(plain.sigma2, 0.0, w, y, psi, np.ones(30, bool), design)
    np.testing.assert_allclose(fit.estimates, plain.estimate)
    np.testing.assert_allclose(1 - np.diag(fit.own_weights), plain.borrowed)


def test_an_area_without_answers_follows_its_neighbours():
    _, y, psi, x, around, _ = spatial_city(4, rho=0.95)
    y[[9, 40]] = np.nan
    found = fay_herriot(y, psi, covariates=x, neighbours=around)
    alone = fay_herriot(y, psi, neighbours=around)
    for result in (found, alone):
        assert result.synthetic[[9, 40]].all()
        assert result.available.all()
        assert np.all(result.borrowed[[9, 40]] == 1)
        assert np.all(result.mse[[9, 40]] > np.median(result.mse))
    seen = np.isfinite(y)
    design = np.column_stack([np.ones(64), x])
    fit = fit_spatial(y[seen], psi[seen], design, seen, around, start=1.0)
    step = np.eye(64) - fit.rho * row_weights(around)
    g = fit.sigma2 * np.linalg.inv(step.T @ step)
    rest = y[seen] - design[seen] @ fit.coefficients
    v = g[np.ix_(seen, seen)] + np.diag(psi[seen])
    expected = design @ fit.coefficients + g[:, seen] @ np.linalg.solve(v, rest)
    np.testing.assert_allclose(found.estimate, expected, rtol=1e-4)


def test_no_pattern_falls_back_on_the_plain_model():
    psi = np.full(16, 0.01)
    y = np.resize([1.0, -1.0, 0.5, -0.5, 0.2], 16)
    empty = Neighbours.from_pairs([0], [1], n=16)
    found = fay_herriot(y, psi, neighbours=empty)
    assert found.available.all()
    if np.isnan(found.rho):
        assert any("without neighbours" in note for note in found.notes)
        np.testing.assert_allclose(found.estimate, fay_herriot(y, psi).estimate)


def test_areas_without_answers_need_covariates():
    _, y, psi, x = city(1, slope=2.0)
    y[3] = np.nan
    bare = fay_herriot(y, psi)
    assert not bare.available[3]
    assert bare.reason[3] == "no answers, and nothing else is known of the area"
    assert np.isnan(bare.estimate[3])
    assert bare.available.sum() == 29
    helped = fay_herriot(y, psi, covariates=x)
    assert helped.synthetic.tolist() == [i == 3 for i in range(30)]
    assert helped.borrowed[3] == 1
    assert helped.estimate[3] == pytest.approx(helped.coefficients @ [1, x[3]])
    assert helped.mse[3] > helped.sigma2
    assert helped.borrowing[3] == "comes from the model alone, without answers of its own"
    x[3] = np.nan
    assert fay_herriot(y, psi, covariates=x).reason[3] == "a covariate is missing"


def test_thin_answers_and_bad_variances_are_not_used():
    _, y, psi, _ = city(2)
    answers = np.full(30, 40)
    answers[0], psi[1] = 4, 0.0
    found = fay_herriot(y, psi, answers=answers)
    assert found.reason[0] == "fewer than 5 answers, and nothing else is known of the area"
    assert found.reason[1].startswith("the sampling variance is missing or zero")
    assert found.available.sum() == 28
    assert found.direct[0] == y[0]


def test_too_few_areas_are_refused():
    _, y, psi, x = city(2, m=9)
    assert fay_herriot(y, psi).available.all()
    found = fay_herriot(y, psi, covariates=x)
    assert not found.available.any()
    assert found.reason[0].startswith("9 areas with usable answers; a model with 2 coefficients")
    assert "needs at least 10" in found.reason[0]
    assert np.isnan(found.sigma2)


def test_nothing_is_estimated_where_nothing_supports_it():
    refused = 0
    for seed in range(60):
        _, y, psi, x = city(seed, m=40, sigma2=0.0, chance=30.0)
        found = fay_herriot(y, psi, covariates=x)
        refused += not found.available.any()
        if not found.available.any():
            assert found.reason[0].startswith("the areas cannot be told apart")
    assert refused >= 45
    _, y, psi, x = city(1, m=40, sigma2=0.0, chance=1.0, slope=2.0)
    explained = fay_herriot(y, psi, covariates=x)
    assert explained.available.all()
    assert np.mean(explained.borrowed) > 0.8


def test_smoothing_pools_the_variance_of_one_answer():
    rng = np.random.default_rng(9)
    n = np.array([3, 8, 15, 29, 30, 200, 2, 50] * 4)
    own = [rng.normal(size=k).var(ddof=1) / k for k in n]
    assert pooled_variance(own, n) == pytest.approx(1.0, abs=0.1)
    slow = sum((k - 1) * k * v for k, v in zip(n, own, strict=True)) / (n - 1).sum()
    assert pooled_variance(own, n) == pytest.approx(slow)
    y = rng.normal(size=32) * 2
    few, every = (fay_herriot(y, own, answers=n, smooth=how) for how in ("few", "all"))
    thin = (n < 30) & (n >= 5)
    psi = np.where(n < 30, slow / n, own)
    np.testing.assert_allclose(few.borrowed[thin], psi[thin] / (psi[thin] + few.sigma2))
    np.testing.assert_allclose(every.borrowed[n == 200], slow / 200 / (slow / 200 + every.sigma2))
    assert any("smoothed" in note for note in few.notes)
    assert "used as given" in fay_herriot(y, own).notes[0]


def test_areas_with_one_cluster_do_not_enter_the_pooled_variance():
    """Ten answers of one street say nothing of how streets differ: their variance comes out 0."""
    rng = np.random.default_rng(10)
    psi = np.where(np.arange(20) < 12, 0.0, rng.uniform(0.2, 0.4, 20))
    free = np.where(np.arange(20) < 12, 0.0, 4.0)
    answers = np.full(20, 10)
    assert pooled_variance(psi, answers, free) == pytest.approx(10 * psi[12:].mean())
    y = rng.normal(size=20)
    found = fay_herriot(y, psi, answers=answers, degrees_of_freedom=free)
    assert found.available.all()
    assert np.ptp(found.borrowed) < 1e-12
    with pytest.raises(ValueError, match="give `answers` too"):
        fay_herriot(y, psi, degrees_of_freedom=free)


def test_bounds_keep_proportions_in_their_range():
    rng = np.random.default_rng(3)
    p = np.clip(rng.normal(0.06, 0.05, 25), 0.005, 1)
    n = np.full(25, 20)
    direct = rng.binomial(n, p) / n
    variance = direct * (1 - direct) / n
    found = fay_herriot(direct, variance, answers=n, bounds=(0, 1))
    if found.available.any():
        assert np.nanmin(found.ci_lower) >= 0
        assert np.nanmax(found.ci_upper) <= 1
    wide = fay_herriot(direct, variance, answers=n, smooth="all")
    assert wide.available.all()
    assert np.nanmin(wide.ci_lower) < 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variance": [-1.0] * 12}, "variance must not be negative; area 0 has -1.0"),
        ({"variance": [1.0] * 11}, "must be equally long"),
        ({"direct": [np.inf] * 12}, "direct must be one-dimensional"),
        ({"smooth": "some"}, "smooth must be"),
        ({"smooth": "all"}, "needs the answers"),
        ({"covariates": np.ones((12, 1))}, "must not repeat each other"),
        ({"covariates": np.ones((11, 1))}, "one row per area"),
        ({"confidence_level": 1.0}, "confidence level"),
        ({"bounds": (1, 0)}, "bounds must be"),
        ({"neighbours": Neighbours.from_pairs([0], [1], n=5)}, "neighbours must be those"),
        ({"benchmark": "ratio"}, "needs `shares`"),
        ({"benchmark": "ratio", "shares": np.ones(12)}, "needs `total`"),
        ({"benchmark": "both", "shares": np.ones(12), "total": 1.0}, "benchmark must be"),
    ],
)
def test_bad_input(change, message):
    options = {"direct": np.arange(12.0), "variance": np.ones(12)} | change
    with pytest.raises(ValueError, match=message):
        fay_herriot(options.pop("direct"), options.pop("variance"), **options)


# --- how often the intervals hold --------------------------------------------------------------


def coverage(make, repeats, **options):
    held, errors, direct_errors, refused = [], [], [], 0
    for seed in range(repeats):
        truth, y, psi, *_ = make(seed)
        found = fay_herriot(y, psi, **options)
        if not found.available.any():
            refused += 1
            continue
        held.append((found.ci_lower <= truth) & (truth <= found.ci_upper))
        errors.append((found.estimate - truth) ** 2)
        direct_errors.append((y - truth) ** 2)
    gain = np.sqrt(np.mean(errors) / np.mean(direct_errors))
    return np.array(held), gain, refused


@pytest.mark.slow
@pytest.mark.parametrize(("m", "chance"), [(12, 0.3), (30, 1.0), (60, 2.0)])
def test_intervals_hold_where_the_model_is_right(m, chance):
    held, gain, _ = coverage(lambda seed: city(seed, m=m, chance=chance), 300)
    assert 0.93 <= held.mean() <= 0.97
    assert gain < 0.95


def clustered(seed):
    truth, y, psi, *_ = spatial_city(seed, rho=0.9)
    return truth, y, psi


def with_outliers(seed):
    truth, y, psi, _ = city(seed, m=60)
    truth[:3] += 6.0
    y[:3] += 6.0
    return truth, y, psi


@pytest.mark.slow
def test_clusters_leave_intervals_right_and_neighbours_make_estimates_better():
    plain, gain, _ = coverage(clustered, 30)
    assert 0.93 <= plain.mean() <= 0.97
    near, better, _ = coverage(clustered, 30, neighbours=grid_of_areas(8))
    assert 0.92 <= near.mean() <= 0.97
    assert better < gain


@pytest.mark.slow
def test_a_few_outlying_areas_are_held_less_often():
    held, _, _ = coverage(with_outliers, 300)
    assert 0.93 <= held[:, 3:].mean() <= 0.98
    assert held[:, :3].mean() < 0.93


def answers_of_areas(seed):
    """Forty areas with 6 to 19 answers each: means, and variances from these answers."""
    rng = np.random.default_rng(seed)
    truth, n = 5 + 0.6 * rng.normal(size=40), rng.integers(6, 20, 40)
    samples = [level + 2 * rng.normal(size=k) for level, k in zip(truth, n, strict=True)]
    means = np.array([sample.mean() for sample in samples])
    return truth, means, np.array([s.var(ddof=1) / len(s) for s in samples]), n


@pytest.mark.slow
def test_smoothed_variances_keep_the_level():
    held: dict[str, list] = {"few": [], "none": []}
    for seed in range(150):
        truth, means, variances, n = answers_of_areas(seed)
        for how, record in held.items():
            found = fay_herriot(means, variances, answers=n, smooth=how)
            if found.available.any():
                record.append((found.ci_lower <= truth) & (truth <= found.ci_upper))
    assert 0.93 <= np.mean(held["few"]) <= 0.97
    assert np.mean(held["none"]) < np.mean(held["few"])


# --- Barcelona, 2020 ----------------------------------------------------------------------------

# Safety in the own neighbourhood, 0 to 10, by district: weighted means and standard errors of the
# R package survey with districts as strata (README of the data set).
BARCELONA = [4.053, 6.203, 5.614, 6.792, 6.468, 6.768, 5.790, 5.432, 5.973, 5.521]
BARCELONA_SE = [0.114, 0.103, 0.114, 0.095, 0.116, 0.104, 0.119, 0.120, 0.117, 0.113]


def test_barcelonas_districts_hardly_borrow():
    found = fay_herriot(BARCELONA, np.array(BARCELONA_SE) ** 2, answers=np.full(10, 400))
    assert found.available.all()
    assert found.borrowed.max() < 0.05
    assert set(found.borrowing) == {"rests mainly on its own answers"}
    np.testing.assert_allclose(found.estimate, BARCELONA, atol=0.06)


def test_ten_answers_per_district_come_closer_to_the_whole_survey(shared_data):
    """Samples of the real answers: the model misses the published districts by less."""
    path = shared_data / "survey_barcelona_victimisation_2020" / "persons.csv.gz"
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")
    district, safety = table["DISTRICTE"].astype(int), table["VAL_SEGUR_BARRI"].astype(float)
    answers = [safety[(district == d) & (safety <= 10)] for d in range(1, 11)]
    rng = np.random.default_rng(0)
    direct_error, error, held = [], [], []
    for _ in range(100):
        drawn = np.array([rng.choice(values, 10, replace=False) for values in answers])
        means, variances = drawn.mean(axis=1), drawn.var(axis=1, ddof=1) / 10
        found = fay_herriot(means, variances, answers=np.full(10, 10))
        if found.available.any():
            direct_error.append((means - BARCELONA) ** 2)
            error.append((found.estimate - BARCELONA) ** 2)
            inside = (found.ci_lower <= BARCELONA) & (found.ci_upper >= BARCELONA)
            held.append(inside)
    assert len(held) >= 80
    assert np.mean(error) < 0.9 * np.mean(direct_error)
    assert 0.9 <= np.mean(held) <= 0.99
