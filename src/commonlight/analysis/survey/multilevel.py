"""Multilevel regression with post-stratification: answers modelled one by one, then counted out.

Answers are explained by the area they come from, the group of people (such as age by sex), and
what is known of the area. Each area's estimate is the mean over its own residents' groups, so a
survey that reached too few young people is put right for age. It is not put right for anything
that is not among the groups: if those who feel safe answer more often within each group, the
estimate stays too high. It does not find effects of age or sex, and it compares no two areas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.survey.multilevel_fit import (
    AnswerGroups,
    Conditional,
    Kind,
    fit_conditional,
)
from commonlight.analysis.survey.multilevel_input import MultilevelInput, multilevel_input
from commonlight.analysis.survey.small_area_results import (
    FEWEST_ANSWERS,
    FEWEST_FREE_AREAS,
    NOTHING,
    SmallAreas,
    areas_words,
    covariates_p,
    nothing_supports,
    refused,
)

__all__ = ["multilevel_poststratified"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
CellEffects = Literal["random", "fixed"]

AREA_SPREADS = np.geomspace(0.01, 4.0, 30)
CELL_SPREADS = np.geomspace(0.03, 4.0, 10)
"""Spreads averaged over: in log odds for yes/no, in spreads of a single answer for numbers."""
PRIOR_VARIANCE = 2.0
"""Mean of the exponential prior of both variances. It is nearly flat where variances of areas
usually lie, so that small ones are not taken for none."""
PRIOR_LOG_ODDS = 5.0
"""Spread of the normal prior of coefficients for yes/no; it keeps "all said yes" finite."""
LEAST_WEIGHT = 1e-5
BLOCK = 4_000_000
"""Numbers held at once while drawing."""


def multilevel_poststratified(
    values: ArrayLike,
    *,
    area: ArrayLike,
    poststratification: ArrayLike,
    rng: np.random.Generator,
    cells: ArrayLike | None = None,
    kind: Kind = "number",
    covariates: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    design_effect: float = 1.0,
    cell_effects: CellEffects = "random",
    minimum_answers: int = FEWEST_ANSWERS,
    n_draws: int = 2000,
    confidence_level: float = 0.95,
) -> SmallAreas:
    """Estimate small areas from single answers by multilevel regression and post-stratification.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Answers: numbers, or 0 and 1; NaN where missing.
    area : array_like of int, shape (n,)
        Area of each answer, from 0; -1 where unknown.
    poststratification : array_like of float, shape (n_areas, n_cells) or (n_areas,)
        Residents of each area in each cell.
    rng : numpy.random.Generator
        Source of the draws from the posterior.
    cells : array_like of int, shape (n,), optional
        Group of each respondent, such as age by sex, from 0; -1 where unknown.
    kind : {"number", "yes_no"}
        Normal model, or binomial model of log odds.
    covariates : array_like of float, shape (n_areas, q), optional
        What is known of each area from elsewhere; NaN where it is not.
    weights : array_like of float, shape (n,), optional
        Design weights. Left out, they act only through the post-stratification.
    design_effect : float
        How many times more answers are needed because people of one cluster answer alike; at
        least 1. Every answer then counts for so much less. Of unequal weights `weights` tells.
    cell_effects : {"random", "fixed"}
        Whether cells borrow from each other as areas do.
    minimum_answers : int
        With fewer an area has an estimate only where cells or covariates support it.
    n_draws : int
        Draws from the posterior; 100 or more.
    confidence_level : float
        Level of the intervals, between 0 and 1.

    Returns
    -------
    SmallAreas
        `mse` is the posterior variance. `sigma2` is the posterior mean of the variance of the
        area effects: in log odds for yes/no.

    Raises
    ------
    ValueError
        If lengths differ, a code has no row or column in `poststratification`, yes/no answers
        are not 0 and 1, or an option is out of its range.

    Notes
    -----
    ``eta_i = x_d' b + c_j + v_d``, ``v_d ~ N(0, tau^2)`` and for random cells
    ``c_j ~ N(0, kappa^2)``; a number is ``eta_i`` plus a normal error, a yes has log odds
    ``eta_i``. The estimate of an area is ``sum_j N_dj mu_dj / sum_j N_dj`` [1]_ [2]_. For each
    pair of spreads on a grid the coefficients are normal by Laplace's approximation, and the
    spreads are weighted by their marginal likelihood and exponential priors of their squares
    [3]_, for numbers relative to the variance of a single answer. The estimate is the mean of
    the draws, the interval their quantiles. The share borrowed is
    ``1 / (1 + tau^2 I_d)`` with ``I_d`` the information of the area's own answers on ``v_d``.

    Design weights, if given, are scaled in each area to add up to Kish's effective number
    (sum squared over sum of squares) and multiply the log-likelihood (a pseudo-likelihood [4]_).
    Estimates then follow the weights, and intervals allow for unequal weights; for clusters
    only where `design_effect` says how much they cost. Without weights the draw must not depend
    on the answer within area and cell.

    The assumption that fails most often: that within area and cell those who answered are like
    those who did not.

    References
    ----------
    .. [1] Gelman, A. & Little, T. C. (1997). Poststratification into many categories using
       hierarchical logistic regression. Survey Methodology 23, 127-135.
    .. [2] Park, D. K., Gelman, A. & Bafumi, J. (2004). Bayesian multilevel estimation with
       poststratification: state-level estimates from national polls. Political Analysis 12,
       375-385. doi:10.1093/pan/mph024
    .. [3] Rue, H., Martino, S. & Chopin, N. (2009). Approximate Bayesian inference for latent
       Gaussian models by using integrated nested Laplace approximations. Journal of the Royal
       Statistical Society B 71, 319-392. doi:10.1111/j.1467-9868.2008.00700.x
    .. [4] Pfeffermann, D., Skinner, C. J., Holmes, D. J., Goldstein, H. & Rasbash, J. (1998).
       Weighting for unequal selection probabilities in multilevel models. Journal of the Royal
       Statistical Society B 60, 23-40. doi:10.1111/1467-9868.00106

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.multilevel import multilevel_poststratified
    >>> rng = np.random.default_rng(1)
    >>> area = np.repeat(np.arange(20), 10)
    >>> worried = (rng.random(200) < np.linspace(0.1, 0.6, 20)[area]).astype(float)
    >>> found = multilevel_poststratified(
    ...     worried, area=area, poststratification=np.full(20, 500), kind="yes_no", rng=rng
    ... )
    >>> bool(found.available.all()), bool(found.estimate[0] < found.estimate[19])
    (True, True)
    """
    _check_options(cell_effects, n_draws, confidence_level, design_effect)
    given = multilevel_input(
        values, area, cells, weights, design_effect, poststratification, covariates, kind
    )
    direct = given.direct
    refusal = _refusal(given)
    if refusal:
        return refused(direct, refusal, confidence_level)
    layout = _layout(given, cell_effects, kind)
    fits, shares = _average(given.groups, layout, kind)
    draws = _draws(fits, shares, layout, given, kind, n_draws, rng)
    found = _assemble(given, fits, shares, draws, layout, minimum_answers, confidence_level)
    if nothing_supports(_borrowed_at_best(fits)[given.counts > 0], found.covariates_p):
        return refused(direct, NOTHING, confidence_level)
    return found


@dataclass(frozen=True, eq=False)
class _Layout:
    """Columns of the model: intercept, covariates, cells."""

    areas: Floats
    cells: Floats
    groups: Floats
    free: Floats
    random: Mask

    def precision(self, cell_spread: float) -> Floats:
        return np.where(self.random, 1 / cell_spread**2, self.free)


def _check_options(
    cell_effects: str, n_draws: int, confidence_level: float, design_effect: float
) -> None:
    if not 1 <= design_effect < np.inf:
        raise ValueError(f"design_effect must be finite and at least 1; got {design_effect}")
    if cell_effects not in ("random", "fixed"):
        raise ValueError(f"cell_effects must be 'random' or 'fixed'; got {cell_effects!r}")
    if n_draws < 100:
        raise ValueError(f"n_draws must be 100 or more for quantiles; got {n_draws}")
    if not 0 < confidence_level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1; got {confidence_level}")


def _refusal(given: MultilevelInput) -> str:
    areas = int((given.counts > 0).sum())
    needed = FEWEST_FREE_AREAS + 1 + given.covariates.shape[1]
    if areas < needed:
        return f"{areas} areas with answers; at least {needed} are needed to tell how areas differ"
    return "all answers are the same" if given.alike else ""


def _layout(given: MultilevelInput, cell_effects: str, kind: str) -> _Layout:
    m, n_cells = given.residents.shape
    areas = np.column_stack([np.ones(m), np.nan_to_num(given.covariates)])
    random = cell_effects == "random"
    cells = np.eye(n_cells)[:, 0 if random else 1 :] if n_cells > 1 else np.zeros((1, 0))
    seen = np.bincount(given.groups.cell, weights=given.groups.n, minlength=n_cells)
    if not random and kind == "number" and not seen.all():
        raise ValueError(
            f"cell {int(np.argmin(seen))} has no answers, so it has no fixed effect; use "
            "cell_effects='random', or join it with another cell"
        )
    k = areas.shape[1] + cells.shape[1]
    free = np.full(k, 0.0 if kind == "number" else 1 / PRIOR_LOG_ODDS**2)
    return _Layout(
        areas=areas,
        cells=cells,
        groups=np.column_stack([areas[given.groups.area], cells[given.groups.cell]]),
        free=free,
        random=np.arange(k) >= (areas.shape[1] if random else k),
    )


def _average(groups: AnswerGroups, layout: _Layout, kind: Kind) -> tuple[list[Conditional], Floats]:
    """Fits over the grid of spreads that matter, and their shares of the posterior."""
    fits: list[Conditional] = []
    logs: list[float] = []
    start = None
    for cell_spread in CELL_SPREADS if layout.random.any() else (1.0,):
        prior = _log_prior(cell_spread) if layout.random.any() else 0.0
        precision = layout.precision(cell_spread)
        for spread in AREA_SPREADS:
            start = fit_conditional(
                groups,
                layout.groups,
                kind=kind,
                precision=precision,
                area_precision=1 / spread**2,
                start=start,
            )
            fits.append(start)
            logs.append(start.log_marginal + prior + _log_prior(spread))
    shares = np.exp(np.array(logs) - max(logs))
    shares /= shares.sum()
    keep = np.flatnonzero(shares > LEAST_WEIGHT)
    return [fits[i] for i in keep], shares[keep] / shares[keep].sum()


def _log_prior(spread: float) -> float:
    """Exponential density of the variance, on the scale of its logarithm."""
    return float(2 * np.log(spread) - spread**2 / PRIOR_VARIANCE)


def _draws(
    fits: list[Conditional],
    shares: Floats,
    layout: _Layout,
    given: MultilevelInput,
    kind: Kind,
    n_draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Draws of the areas' means, shape (n_draws, n_areas)."""
    totals = given.residents.sum(axis=1, keepdims=True)
    mix = np.divide(given.residents, totals, out=np.zeros_like(given.residents), where=totals > 0)
    parts = []
    for fit, size in _blocks(fits, rng.multinomial(n_draws, shares), mix.size):
        b, u = _draw_effects(fit, size, rng)
        q = layout.areas.shape[1]
        level = b[:, :q] @ layout.areas.T + u
        cells = b[:, q:] @ layout.cells.T if layout.cells.shape[1] else np.zeros((size, 1))
        parts.append(_mixed(level, cells, mix, kind))
    return np.concatenate(parts)


def _blocks(fits: list[Conditional], sizes: Codes, width: int) -> Iterator[tuple[Conditional, int]]:
    most = max(1, BLOCK // width)
    for fit, size in zip(fits, sizes, strict=True):
        left = int(size)
        while left:
            yield fit, min(left, most)
            left -= min(left, most)


def _draw_effects(fit: Conditional, size: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Coefficients, shape (size, k), and area effects, shape (size, n_areas)."""
    k, m = len(fit.coefficients), len(fit.effects)
    one = np.sqrt(fit.scale / rng.chisquare(fit.free, size)) if fit.free else np.ones(size)
    off = one[:, None] * (rng.standard_normal((size, k)) @ fit.root.T)
    own = rng.standard_normal((size, m)) / np.sqrt(fit.information + fit.area_precision)
    return fit.coefficients + off, fit.effects - off @ fit.link.T + one[:, None] * own


def _mixed(level: Floats, cells: Floats, mix: Floats, kind: Kind) -> Floats:
    from scipy.special import expit

    if kind == "number":
        return np.asarray(level + cells @ mix.T)
    both = expit(level[:, :, None] + cells[:, None, :])
    return np.asarray(np.einsum("sac,ac->sa", both, mix))


def _assemble(
    given: MultilevelInput,
    fits: list[Conditional],
    shares: Floats,
    draws: Floats,
    layout: _Layout,
    minimum_answers: int,
    confidence_level: float,
) -> SmallAreas:
    borrowed = sum(share * _borrowed(fit) for fit, share in zip(fits, shares, strict=True))
    thin = given.counts < minimum_answers
    elsewhere = layout.groups.shape[1] > 1
    available = given.known & (elsewhere | ~thin)
    synthetic = available & (given.counts == 0)
    tail = (1 - confidence_level) / 2
    lower, upper = np.quantile(draws, [tail, 1 - tail], axis=0)
    best = fits[int(np.argmax(shares))]
    blank = refused(given.direct, "", confidence_level)

    def kept(numbers: Floats) -> Floats:
        return np.where(available, numbers, np.nan)

    return replace(
        blank,
        estimate=kept(draws.mean(axis=0)),
        mse=kept(draws.var(axis=0, ddof=1)),
        ci_lower=kept(lower),
        ci_upper=kept(upper),
        borrowed=kept(np.asarray(borrowed)),
        borrowing=areas_words(np.asarray(borrowed), available, synthetic),
        synthetic=synthetic,
        available=available,
        reason=tuple(_reasons(given, thin, available, minimum_answers)),
        sigma2=_variance(fits, shares),
        coefficients=best.coefficients,
        covariates_p=_explained(best),
        notes=_notes(given, layout),
    )


def _borrowed(fit: Conditional) -> Floats:
    return np.asarray(fit.area_precision / (fit.area_precision + fit.information))


def _borrowed_at_best(fits: list[Conditional]) -> Floats:
    """Shares borrowed where the answers alone, without the priors, are most likely."""
    return _borrowed(max(fits, key=lambda fit: fit.log_marginal))


def _variance(fits: list[Conditional], shares: Floats) -> float:
    """Posterior mean of the variance of the area effects."""
    units = [fit.scale / (fit.free - 2) if fit.free else 1.0 for fit in fits]
    variances = [unit / fit.area_precision for fit, unit in zip(fits, units, strict=True)]
    return float(shares @ np.array(variances))


def _explained(fit: Conditional) -> float:
    unit = fit.scale / fit.free if fit.free else 1.0
    return covariates_p(fit.coefficients, unit * fit.root @ fit.root.T)


def _reasons(given: MultilevelInput, thin: Mask, available: Mask, minimum: int) -> Iterator[str]:
    unknown = np.asarray(np.isnan(given.covariates).any(axis=1))
    for i, ok in enumerate(available):
        if ok:
            yield ""
        elif unknown[i]:
            yield "a covariate is missing"
        elif not given.known[i]:
            yield "no residents are known to count out the answers"
        elif thin[i] and given.counts[i]:
            yield f"fewer than {minimum} answers, and nothing else is known of the area"
        else:
            yield "no answers, and nothing else is known of the area"


def _notes(given: MultilevelInput, layout: _Layout) -> tuple[str, ...]:
    how = (
        "design weights entered the model, scaled to each area's effective number of answers"
        if given.weighted
        else "design weights acted only through the counts of residents by group"
    )
    alone = "no groups of people were given: only the area tells answers apart"
    clusters = "clusters were allowed for" if given.clustered else "clusters were not allowed for"
    notes = (how, clusters)
    return notes if layout.cells.shape[1] else (*notes, alone)
