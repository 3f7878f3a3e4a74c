"""Multilevel regression and post-stratification against other programs and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit

from commonlight.analysis.survey.multilevel import multilevel_poststratified
from commonlight.analysis.survey.multilevel_fit import fit_conditional, grouped


def city(rng, *, m=40, k=6, spread=0.4, kind="yes_no", answers=15, cell_spread=0.4):
    """Residents by area and cell, answers that over-represent the later cells, and the truth."""
    level = -0.5 + spread * rng.normal(size=m)
    residents = rng.integers(50, 300, (m, k))
    eta = level[:, None] + cell_spread * rng.normal(size=k)
    mean = expit(eta) if kind == "yes_no" else eta
    area = np.repeat(np.arange(m), rng.poisson(answers, m))
    chance = residents * np.linspace(0.5, 1.5, k)
    chance = chance / chance.sum(axis=1, keepdims=True)
    cell = (rng.random(len(area))[:, None] > np.cumsum(chance[area], axis=1)).sum(axis=1)
    cell = np.minimum(cell, k - 1)
    asked = mean[area, cell]
    if kind == "yes_no":
        values = (rng.random(len(area)) < asked).astype(float)
    else:
        values = asked + rng.normal(size=len(area))
    truth = (residents * mean).sum(axis=1) / residents.sum(axis=1)
    return truth, residents, area, cell, values


def estimate(rng, kind="yes_no", seed=0, **options):
    truth, residents, area, cell, values = city(rng, kind=kind)
    found = multilevel_poststratified(
        values,
        area=area,
        cells=cell,
        poststratification=residents,
        kind=kind,
        rng=np.random.default_rng(seed),
        **options,
    )
    return truth, found


def dummies(codes, size):
    return np.eye(size)[codes]


def test_numbers_agree_with_statsmodels():
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    rng = np.random.default_rng(3)
    _, _, area, cell, y = city(rng, kind="number", spread=0.6, k=3)
    x = np.column_stack([np.ones(len(y)), dummies(cell, 3)[:, 1:]])
    other = mixed.MixedLM(y, x, groups=area).fit(reml=True)
    groups = grouped(y, area, cell, np.ones(len(y)), 40, 3)
    design = np.column_stack([np.ones(len(groups.n)), dummies(groups.cell, 3)[:, 1:]])

    def fit(log_precision):
        return fit_conditional(
            groups,
            design,
            kind="number",
            precision=np.zeros(3),
            area_precision=float(np.exp(log_precision)),
        )

    best = minimize_scalar(lambda a: -fit(a).log_marginal, bounds=(-4, 6), method="bounded").x
    ours = fit(best)
    single = ours.scale / ours.free
    assert single == pytest.approx(other.scale, rel=1e-3)
    assert single / np.exp(best) == pytest.approx(other.cov_re[0, 0], rel=5e-3)
    np.testing.assert_allclose(ours.coefficients, other.fe_params, rtol=2e-3)
    errors = np.sqrt(single * np.diag(ours.root @ ours.root.T))
    np.testing.assert_allclose(errors, other.bse_fe, rtol=2e-3)
    theirs = [float(other.random_effects[a].iloc[0]) for a in np.unique(area)]
    np.testing.assert_allclose(ours.effects[np.unique(area)], theirs, atol=2e-3)


def test_the_marginal_likelihood_of_numbers_is_the_restricted_one():
    rng = np.random.default_rng(4)
    _, _, area, cell, y = city(rng, kind="number", m=12, k=2)
    x = np.column_stack([np.ones(len(y)), dummies(cell, 2)[:, 1]])
    z = dummies(area, 12)
    groups = grouped(y, area, cell, np.ones(len(y)), 12, 2)
    design = np.column_stack([np.ones(len(groups.n)), groups.cell == 1]).astype(float)
    ours, slow = [], []
    for ratio in (0.05, 0.2, 1.0):
        fit = fit_conditional(
            groups, design, kind="number", precision=np.zeros(2), area_precision=1 / ratio
        )
        v = np.eye(len(y)) + ratio * z @ z.T
        vi = np.linalg.inv(v)
        information = x.T @ vi @ x
        p = vi - vi @ x @ np.linalg.inv(information) @ x.T @ vi
        free = len(y) - 2
        dets = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
        ours.append(fit.log_marginal)
        slow.append(-0.5 * (dets + free * np.log(y @ p @ y)))
        np.testing.assert_allclose(fit.coefficients, np.linalg.solve(information, x.T @ vi @ y))
    np.testing.assert_allclose(np.diff(ours), np.diff(slow))


@pytest.mark.filterwarnings("ignore:Laplace fitting", "ignore:invalid value encountered in sqrt")
def test_yes_no_agrees_with_statsmodels_at_its_spread():
    genmod = pytest.importorskip("statsmodels.genmod.bayes_mixed_glm")
    rng = np.random.default_rng(5)
    _, _, area, cell, y = city(rng, k=2)
    x = np.column_stack([np.ones(len(y)), cell]).astype(float)
    z = dummies(area, 40)
    model = genmod.BinomialBayesMixedGLM(y, x, z, np.zeros(40, dtype=int), vcp_p=1, fe_p=5)
    other = model.fit_map()
    groups = grouped(y, area, cell, np.ones(len(y)), 40, 2)
    design = np.column_stack([np.ones(len(groups.n)), groups.cell]).astype(float)
    ours = fit_conditional(
        groups,
        design,
        kind="yes_no",
        precision=np.full(2, 1 / 25),
        area_precision=float(np.exp(-2 * other.vcp_mean[0])),
    )
    np.testing.assert_allclose(ours.coefficients, other.fe_mean, atol=1e-4)
    np.testing.assert_allclose(ours.effects, other.vc_mean, atol=1e-4)


def brute_force(yes, n):
    """Posterior mean and variance of each area's share, by quadrature over everything.

    Intercept b ~ N(0, 5^2), effects N(0, tau^2), tau^2 exponential with mean 2.
    """
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(60)
    node_weights = node_weights / node_weights.sum()
    b = np.linspace(-3, 3, 121)
    tau = np.geomspace(0.01, 4, 80)
    weights = np.zeros((len(tau), len(b)))
    first = np.zeros((len(tau), len(b), len(n)))
    second = np.zeros_like(first)
    for i, t in enumerate(tau):
        eta = b[:, None] + t * nodes
        p = expit(eta)
        likelihood = np.exp(yes[:, None, None] * eta - n[:, None, None] * np.logaddexp(0, eta))
        mass = (likelihood * node_weights).sum(axis=2)
        first[i] = ((likelihood * node_weights * p).sum(axis=2) / mass).T
        second[i] = ((likelihood * node_weights * p**2).sum(axis=2) / mass).T
        prior = -0.5 * (b / 5) ** 2 + 2 * np.log(t) - t**2 / 2
        weights[i] = np.log(mass).sum(axis=0) + prior
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    mean = np.einsum("tb,tba->a", weights, first)
    return mean, np.einsum("tb,tba->a", weights, second) - mean**2


@pytest.mark.parametrize("answers", [8, 40])
def test_yes_no_agrees_with_brute_force(answers):
    rng = np.random.default_rng(answers)
    n = rng.integers(answers // 2 + 1, answers * 2, 15)
    yes = rng.binomial(n, expit(-0.7 + 0.7 * rng.normal(size=15)))
    area = np.repeat(np.arange(15), n)
    values = np.concatenate([np.arange(k) < y for k, y in zip(n, yes, strict=True)]).astype(float)
    found = multilevel_poststratified(
        values,
        area=area,
        poststratification=np.ones(15),
        kind="yes_no",
        rng=rng,
        n_draws=20_000,
    )
    mean, variance = brute_force(yes.astype(float), n.astype(float))
    assert np.all(np.abs(found.estimate - mean) < 0.15 * np.sqrt(variance))
    np.testing.assert_allclose(np.sqrt(found.mse), np.sqrt(variance), rtol=0.1)


def test_post_stratification_puts_the_mix_right():
    rng = np.random.default_rng(7)
    area = np.repeat(np.arange(20), 200)
    cell = (rng.random(4000) < 0.9).astype(int)
    values = (rng.random(4000) < np.where(cell == 1, 0.2, 0.6)).astype(float)
    residents = np.tile([500, 500], (20, 1))
    residents[0] = [1000, 0]
    found = multilevel_poststratified(
        values, area=area, cells=cell, poststratification=residents, kind="yes_no", rng=rng
    )
    assert np.abs(found.estimate[1:] - 0.4).max() < 0.05
    assert found.estimate[0] == pytest.approx(0.6, abs=0.06)
    assert np.abs(found.direct[1:] - 0.24).max() < 0.12
    assert found.covariates_p < 0.001


def test_weights_move_estimates_and_widen_intervals():
    rng = np.random.default_rng(8)
    area = np.repeat(np.arange(15), 60)
    high = rng.random(900) < 0.5
    level = rng.normal(size=15)
    values = level[area] + high * 2.0 + rng.normal(size=900)
    options = {"area": area, "poststratification": np.ones(15)}
    plain = multilevel_poststratified(values, rng=np.random.default_rng(1), **options)
    weighted = multilevel_poststratified(
        values, weights=np.where(high, 1.0, 4.0), rng=np.random.default_rng(1), **options
    )
    same = multilevel_poststratified(
        values, weights=np.full(900, 7.0), rng=np.random.default_rng(1), **options
    )
    np.testing.assert_allclose(same.estimate, plain.estimate)
    assert np.mean(weighted.estimate - level) == pytest.approx(0.4, abs=0.15)
    assert np.mean(plain.estimate - level) == pytest.approx(1.0, abs=0.15)
    assert np.mean(weighted.borrowed) > np.mean(plain.borrowed)
    assert "design weights entered the model" in weighted.notes[0]
    assert "only through the counts of residents" in plain.notes[0]


@pytest.mark.parametrize("kind", ["number", "yes_no"])
def test_properties(kind):
    truth, found = estimate(np.random.default_rng(2), kind=kind)
    _, again = estimate(np.random.default_rng(2), kind=kind)
    np.testing.assert_array_equal(found.estimate, again.estimate)
    assert np.all((found.ci_lower < found.estimate) & (found.estimate < found.ci_upper))
    assert np.all((found.borrowed > 0) & (found.borrowed < 1))
    assert np.mean((found.estimate - truth) ** 2) < np.mean((found.direct - truth) ** 2)
    if kind == "yes_no":
        assert found.ci_lower.min() > 0
        assert found.ci_upper.max() < 1
    _, fixed = estimate(np.random.default_rng(2), kind=kind, cell_effects="fixed")
    np.testing.assert_allclose(fixed.estimate, found.estimate, atol=0.1)


def test_units_do_not_matter():
    _, residents, area, cell, y = city(np.random.default_rng(6), kind="number")
    options = {"area": area, "cells": cell, "poststratification": residents}
    one = multilevel_poststratified(y, rng=np.random.default_rng(1), **options)
    two = multilevel_poststratified(100 * y, rng=np.random.default_rng(1), **options)
    np.testing.assert_allclose(two.estimate, 100 * one.estimate, rtol=1e-6, atol=1e-6)
    assert two.sigma2 == pytest.approx(1e4 * one.sigma2)


def test_more_answers_mean_less_borrowing():
    rng = np.random.default_rng(4)
    n = np.repeat([5, 20, 80, 320], 5)
    area = np.repeat(np.arange(20), n)
    values = rng.normal(size=20)[area] * 0.5 + rng.normal(size=len(area))
    found = multilevel_poststratified(values, area=area, poststratification=np.ones(20), rng=rng)
    assert np.all(np.diff(found.borrowed[::5]) < 0)
    for i in range(20):
        assert found.borrowing[i]


def test_a_covariate_supports_areas_without_answers():
    rng = np.random.default_rng(11)
    x = rng.normal(size=30)
    area = np.repeat(np.arange(2, 30), 30)
    values = 1.5 * x[area] + 0.3 * rng.normal(size=30)[area] + rng.normal(size=len(area))
    residents = np.full(30, 100.0)
    residents[5] = 0
    bare = multilevel_poststratified(values, area=area, poststratification=residents, rng=rng)
    assert bare.reason[0] == "no answers, and nothing else is known of the area"
    assert bare.reason[5] == "no residents are known to count out the answers"
    x[7] = np.nan
    found = multilevel_poststratified(
        values, area=area, poststratification=residents, covariates=x, rng=rng
    )
    assert found.synthetic[:2].all()
    assert np.all(found.borrowed[:2] == 1)
    assert found.reason[7] == "a covariate is missing"
    np.testing.assert_allclose(found.estimate[:2], 1.5 * x[:2], atol=0.7)
    assert found.available.sum() == 28


def test_it_refuses_what_nothing_supports():
    rng = np.random.default_rng(12)
    few = multilevel_poststratified(
        rng.normal(size=80),
        area=np.repeat(np.arange(8), 10),
        poststratification=np.ones(8),
        rng=rng,
    )
    assert few.reason[0] == "8 areas with answers; at least 9 are needed to tell how areas differ"
    same = multilevel_poststratified(
        np.ones(120),
        area=np.repeat(np.arange(12), 10),
        poststratification=np.ones(12),
        kind="yes_no",
        rng=rng,
    )
    assert same.reason[3] == "all answers are the same"
    refused = 0
    for _ in range(20):
        flat = multilevel_poststratified(
            rng.normal(size=400),
            area=np.repeat(np.arange(80), 5),
            poststratification=np.ones(80),
            rng=rng,
            n_draws=100,
        )
        refused += not flat.available.any()
    assert refused >= 10


def test_a_cell_where_all_said_yes_stays_finite():
    rng = np.random.default_rng(13)
    _, residents, area, cell, values = city(rng)
    values[cell == 0] = 1.0
    for effects in ("fixed", "random"):
        found = multilevel_poststratified(
            values,
            area=area,
            cells=cell,
            poststratification=residents,
            kind="yes_no",
            cell_effects=effects,
            rng=rng,
        )
        assert np.isfinite(found.estimate).all()
        assert found.ci_upper.max() <= 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": np.full(60, 0.5), "kind": "yes_no"}, "must be 0 and 1"),
        ({"kind": "count"}, "kind must be"),
        ({"area": np.full(60, 12)}, "area must lie in 0 to 11"),
        ({"area": np.zeros(60)}, "whole numbers"),
        ({"cells": np.ones(60, dtype=int)}, "cells must lie in 0 to 0"),
        ({"poststratification": np.ones((12, 2))}, "give `cells`"),
        ({"poststratification": -np.ones(12)}, "not negative"),
        ({"weights": np.full(60, np.nan)}, "weights must be 60 finite"),
        ({"covariates": np.ones(12)}, "must not repeat each other"),
        ({"covariates": np.ones(5)}, "one row per area"),
        ({"n_draws": 5}, "n_draws must be 100"),
        ({"confidence_level": 0.0}, "confidence level"),
        ({"cell_effects": "none"}, "cell_effects must be"),
        ({"design_effect": 0.5}, "design_effect must be"),
        ({"values": np.full(60, np.inf)}, "finite"),
    ],
)
def test_bad_input(change, message):
    rng = np.random.default_rng(0)
    options = {
        "values": rng.normal(size=60),
        "area": np.repeat(np.arange(12), 5),
        "poststratification": np.ones(12),
    } | change
    with pytest.raises(ValueError, match=message):
        multilevel_poststratified(options.pop("values"), rng=rng, **options)


def test_a_fixed_cell_without_answers_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="cell 1 has no answers"):
        multilevel_poststratified(
            rng.normal(size=60),
            area=np.repeat(np.arange(12), 5),
            cells=np.zeros(60, dtype=int),
            poststratification=np.ones((12, 2)),
            cell_effects="fixed",
            rng=rng,
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "m", "answers", "spread"),
    [("number", 40, 15, 0.2), ("number", 12, 20, 0.3), ("yes_no", 40, 15, 0.3)],
)
def test_intervals_hold_where_the_model_is_right(kind, m, answers, spread):
    rng = np.random.default_rng(21)
    held, errors, direct = [], [], []
    for _ in range(40):
        truth, residents, area, cell, values = city(
            rng, kind=kind, m=m, answers=answers, spread=spread
        )
        found = multilevel_poststratified(
            values,
            area=area,
            cells=cell,
            poststratification=residents,
            kind=kind,
            rng=rng,
            n_draws=400,
        )
        if found.available.any():
            held.append((found.ci_lower <= truth) & (truth <= found.ci_upper))
            errors.append((found.estimate - truth) ** 2)
            direct.append((found.direct - truth) ** 2)
    assert len(held) >= 32
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.nanmean(errors) < 0.75 * np.nanmean(direct)


def streets(rng):
    """Three streets of five answers in each of 40 areas; people of one street answer alike."""
    truth = 0.3 * rng.normal(size=40)
    area, street = np.repeat(np.arange(40), 15), np.repeat(np.arange(120), 5)
    values = truth[area] + 0.5 * rng.normal(size=120)[street] + rng.normal(size=600)
    return truth, area, values


@pytest.mark.slow
def test_a_design_effect_allows_for_clusters():
    """Its true value is 1 + 4 x 0.25 / 1.25 = 1.8."""
    rng = np.random.default_rng(22)
    held: dict[float, list] = {1.0: [], 1.8: []}
    for _ in range(50):
        truth, area, values = streets(rng)
        for effect, record in held.items():
            found = multilevel_poststratified(
                values,
                area=area,
                poststratification=np.ones(40),
                design_effect=effect,
                rng=rng,
                n_draws=400,
            )
            if found.available.any():
                record.append((found.ci_lower <= truth) & (truth <= found.ci_upper))
    assert np.mean(held[1.0]) < 0.92
    assert 0.93 <= np.mean(held[1.8]) <= 0.97


@pytest.mark.slow
def test_outlying_areas_are_held_less_often():
    rng = np.random.default_rng(23)
    record = []
    for _ in range(30):
        truth, residents, area, cell, values = city(rng, kind="number", spread=0.3)
        truth[:2] += 2.0
        found = multilevel_poststratified(
            values + 2.0 * (area < 2),
            area=area,
            cells=cell,
            poststratification=residents,
            rng=rng,
            n_draws=400,
        )
        record.append((found.ci_lower <= truth) & (truth <= found.ci_upper))
    held = np.array(record)
    assert 0.93 <= held[:, 2:].mean() <= 0.98
    assert held[:, :2].mean() < 0.9
