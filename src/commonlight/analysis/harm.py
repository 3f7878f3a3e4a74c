"""Harm-weighted counts under several sets of weights, and the range over the sets.

A weight says how much one offence of a kind counts. Sets of weights come from courts or prices and
differ, so no total here is a truth: each result is given for every set, and what a reader should
see is the range. A kind without a weight in a set is left out for all sets that are compared; it is
never counted as harmless.

What this does not answer: what victims went through, and whether an area is dangerous for the
people in it. Weighted counts follow what was recorded, and a few rare events carry most of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "MAXIMUM_LEFT_OUT",
    "MINIMUM_COVERAGE",
    "MINIMUM_EFFECTIVE",
    "HarmCounts",
    "HarmTotals",
    "comparable_sets",
    "harm_counts",
    "harm_totals",
    "joint_share",
]

MINIMUM_COVERAGE = 0.6
"""Kinds weighted in all compared sets must hold at least this share of the counts."""
MAXIMUM_LEFT_OUT = 0.25
"""Most of a set's weighted count that may lie in kinds left out; else it is another question."""
MINIMUM_EFFECTIVE = 10.0
"""Below this effective count the standard error of a weighted count is over 30 % of it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class HarmCounts:
    """Weighted counts by area under each set, over the kinds that all sets weight.

    Shares are of the weighted count of all areas together. Where a weight is known as a range, the
    lower and upper values are the least and most that any weights in the ranges give, the same
    weight for a kind in every area; the plain values take the middle of each range.

    Attributes
    ----------
    total, total_lower, total_upper : ndarray of float, shape (n_sets, n_areas)
        Weighted counts, in the unit of each set.
    share, share_lower, share_upper : ndarray of float, shape (n_sets, n_areas)
        Share of the whole weighted count; nan where it is 0.
    rank_best, rank_worst : ndarray of int, shape (n_sets, n_areas)
        First and last rank that an area can take within the ranges; 1 = most harm. Areas with
        the same weighted count share all ranks between them.
    effective_count : ndarray of float, shape (n_sets, n_areas)
        Number of equal events that would give a weighted count as uncertain as this one.
    kind_share, kind_share_lower, kind_share_upper : ndarray of float, shape (n_sets, n_kinds)
        Share of each kind in the whole weighted count; nan for kinds left out.
    used : ndarray of bool, shape (n_kinds,)
        Kinds that all sets weight.
    covered : ndarray of float, shape (n_sets,)
        Share of the counts that have a weight in the set.
    share_used : float
        Share of the counts in the kinds used.
    weight_left_out : ndarray of float, shape (n_sets,)
        Share of the set's own weighted count that lies in kinds left out because another set has
        no weight for them. A high value says that the comparison misses what this set counts most.
    available : bool
        Whether the sets can be compared.
    reason : str
        Why not; empty if they can.
    """

    total: Floats
    total_lower: Floats
    total_upper: Floats
    share: Floats
    share_lower: Floats
    share_upper: Floats
    rank_best: Ints
    rank_worst: Ints
    effective_count: Floats
    kind_share: Floats
    kind_share_lower: Floats
    kind_share_upper: Floats
    used: Mask
    covered: Floats
    share_used: float
    weight_left_out: Floats
    available: bool
    reason: str

    def share_range(self) -> tuple[Floats, Floats]:
        """Least and most share of each area over all sets, each of shape (n_areas,)."""
        return self.share_lower.min(axis=0), self.share_upper.max(axis=0)

    def kind_share_range(self) -> tuple[Floats, Floats]:
        """Least and most share of each kind over all sets, each of shape (n_kinds,)."""
        return self.kind_share_lower.min(axis=0), self.kind_share_upper.max(axis=0)

    def rank_range(self) -> tuple[Ints, Ints]:
        """First and last rank of each area over all sets, each of shape (n_areas,)."""
        return self.rank_best.min(axis=0), self.rank_worst.max(axis=0)

    def first_kinds(self) -> tuple[tuple[int, ...], ...]:
        """For each set, the kinds that can carry the most within the ranges of its weights."""
        least = np.where(self.used, np.nan_to_num(self.kind_share_lower), -1.0)
        most = np.where(self.used, np.nan_to_num(self.kind_share_upper), -1.0)
        return tuple(
            tuple(int(i) for i in np.flatnonzero(self.used & (most[s] >= least[s].max())))
            for s in range(least.shape[0])
        )


@dataclass(frozen=True)
class HarmTotals:
    """The weighted count of everything under one set.

    Attributes
    ----------
    lower, upper : float
        Least and most that weights in their ranges give.
    covered : float
        Share of the counts that have a weight; the rest is in neither figure.
    """

    lower: float
    upper: float
    covered: float


def harm_counts(
    counts: ArrayLike,
    weights: ArrayLike,
    *,
    weights_upper: ArrayLike | None = None,
    minimum_coverage: float = MINIMUM_COVERAGE,
) -> HarmCounts:
    """Weighted counts by area under each set of weights.

    Parameters
    ----------
    counts : array_like of int, shape (n_areas, n_kinds)
        Events by area and kind.
    weights : array_like of float, shape (n_sets, n_kinds)
        Weight of one event, in the unit of each set; nan where a set has none.
    weights_upper : array_like of float, shape (n_sets, n_kinds), optional
        Upper ends where a weight is known as a range from `weights`; without it each weight is one
        number.
    minimum_coverage : float
        Least share of the counts in kinds that all sets weight.

    Returns
    -------
    HarmCounts

    Raises
    ------
    ValueError
        If shapes differ, a count is negative or missing, a weight is not above 0, or an upper end
        lies below its weight.

    Notes
    -----
    With counts :math:`c_{ak}` and weights :math:`w_k` the weighted count of area *a* is
    :math:`H_a = \\sum_k c_{ak} w_k` and its share :math:`H_a / \\sum_b H_b` [1]_. If each
    :math:`w_k` may lie anywhere in a range, a share is a ratio of two linear functions of the
    weights; it is least and most where every weight is at an end of its range, with the kinds in
    which the area has more than its share at one end and the others at the other. Sorting the
    kinds by :math:`c_{ak} / \\sum_b c_{bk}` finds these ends exactly.

    The effective count is :math:`(\\sum_k c_{ak} w_k)^2 / \\sum_k c_{ak} w_k^2`. If events come one
    by one and independently, the relative standard error of :math:`H_a` is one over its root.

    The assumption that fails most often: that one offence of a kind is worth the same in every
    area. Behind "assault" there are more stabbings in one area than in another.

    References
    ----------
    .. [1] Sherman, L., Neyroud, P. W. & Neyroud, E. (2016). The Cambridge Crime Harm Index:
       measuring total harm from crime based on sentencing guidelines. Policing 10, 171-183.
       doi:10.1093/police/paw003

    Examples
    --------
    >>> found = harm_counts([[100, 1], [50, 4]], [[1, 20], [1, 100]])
    >>> found.share.round(2)
    array([[0.48, 0.52],
           [0.31, 0.69]])
    >>> [range.round(2).tolist() for range in found.share_range()]
    [[0.31, 0.52], [0.48, 0.69]]
    """
    number, low, high = _checked(counts, weights, weights_upper)
    if not 0 <= minimum_coverage <= 1:
        raise ValueError(f"minimum_coverage must lie between 0 and 1; got {minimum_coverage}")
    whole = number.sum(axis=0)
    used = np.asarray(np.isfinite(low).all(axis=0))
    share_used = _ratio(whole[used].sum(), whole.sum())
    reason = _reason(whole, share_used, minimum_coverage)
    lower, upper = np.where(used, low, 0.0), np.where(used, high, 0.0)
    middle = (lower + upper) / 2
    total = middle @ number.T
    ranks = [_ranks(number, lo, hi) for lo, hi in zip(lower, upper, strict=True)]
    shares = [_share_bounds(number, lo, hi) for lo, hi in zip(lower, upper, strict=True)]
    kinds = [_kind_bounds(whole, lo, hi, used) for lo, hi in zip(lower, upper, strict=True)]
    return HarmCounts(
        total=total,
        total_lower=lower @ number.T,
        total_upper=upper @ number.T,
        share=_share(total),
        share_lower=np.array([least for least, _ in shares]),
        share_upper=np.array([most for _, most in shares]),
        rank_best=np.array([best for best, _ in ranks]),
        rank_worst=np.array([worst for _, worst in ranks]),
        effective_count=_effective(number, middle),
        kind_share=np.where(used, _share(middle * whole), np.nan),
        kind_share_lower=np.array([least for least, _ in kinds]),
        kind_share_upper=np.array([most for _, most in kinds]),
        used=used,
        covered=_covered(whole, low),
        share_used=share_used,
        weight_left_out=_left_out(whole, low, high, used),
        available=not reason,
        reason=reason,
    )


def comparable_sets(
    counts: ArrayLike,
    weights: ArrayLike,
    *,
    weights_upper: ArrayLike | None = None,
    minimum_coverage: float = MINIMUM_COVERAGE,
    maximum_left_out: float = MAXIMUM_LEFT_OUT,
) -> tuple[int, ...]:
    """The sets that can be compared: together they leave enough kinds that all of them weight.

    Sets are taken in the order of the counts they cover, the most first. One is taken if the kinds
    that all taken sets weight are still two or more and hold `minimum_coverage` of the counts, and
    if no taken set has more than `maximum_left_out` of its own weighted count in other kinds.

    Parameters
    ----------
    counts : array_like of int, shape (n_kinds,)
        Events of each kind.
    weights : array_like of float, shape (n_sets, n_kinds)
        Weight of one event; nan where a set has none.
    weights_upper : array_like of float, shape (n_sets, n_kinds), optional
        Upper ends where a weight is known as a range.
    minimum_coverage : float
        Least share of the counts in kinds that all taken sets weight.
    maximum_left_out : float
        Most of a taken set's weighted count that may lie in other kinds.

    Returns
    -------
    tuple of int
        Positions of the sets, in ascending order; may be empty.

    Raises
    ------
    ValueError
        As for `harm_counts`.

    Notes
    -----
    The result depends on the order: the first set taken decides what the others must weight. That
    is the set that covers most, so that few events go without a weight.

    Examples
    --------
    >>> comparable_sets([70, 20, 10], [[1, 2, 3], [5, 6, float("nan")], [float("nan"), 1, 1]])
    (0, 1)
    """
    number, low, high = _checked(np.atleast_2d(np.asarray(counts)), weights, weights_upper)
    whole = number.sum(axis=0)
    common = np.ones(whole.size, dtype=bool)
    taken: list[int] = []
    for s in np.argsort(-_covered(whole, low), kind="stable"):
        both, trial = common & np.isfinite(low[s]), [*taken, int(s)]
        several = int((whole[both] > 0).sum()) > 1
        enough = several and whole[both].sum() >= minimum_coverage * whole.sum()
        if enough and _left_out(whole, low[trial], high[trial], both).max() <= maximum_left_out:
            common, taken = both, trial
    return tuple(sorted(taken))


def harm_totals(
    counts: ArrayLike, weights: ArrayLike, *, weights_upper: ArrayLike | None = None
) -> HarmTotals:
    """The weighted count of everything under one set, over all kinds that it weights.

    Parameters
    ----------
    counts : array_like of int, shape (n_kinds,)
        Events of each kind.
    weights : array_like of float, shape (n_kinds,)
        Weight of one event; nan where the set has none.
    weights_upper : array_like of float, shape (n_kinds,), optional
        Upper ends where a weight is known as a range.

    Returns
    -------
    HarmTotals

    Raises
    ------
    ValueError
        As for `harm_counts`.

    Examples
    --------
    >>> harm_totals([10, 5, 5], [100, 20, float("nan")], weights_upper=[100, 40, float("nan")])
    HarmTotals(lower=1100.0, upper=1200.0, covered=0.75)
    """
    upper = None if weights_upper is None else np.atleast_2d(np.asarray(weights_upper, dtype=float))
    number, low, high = _checked(
        np.atleast_2d(np.asarray(counts)), np.atleast_2d(np.asarray(weights, dtype=float)), upper
    )
    whole = number.sum(axis=0)
    return HarmTotals(
        lower=float(np.nan_to_num(low[0]) @ whole),
        upper=float(np.nan_to_num(high[0]) @ whole),
        covered=float(_covered(whole, low)[0]),
    )


def joint_share(
    counts: ArrayLike,
    weights: ArrayLike,
    group: ArrayLike,
    *,
    weights_upper: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Least and most share of several kinds together, under each set.

    Parameters
    ----------
    counts : array_like of int, shape (n_kinds,)
        Events of each kind.
    weights : array_like of float, shape (n_sets, n_kinds)
        Weight of one event; nan where a set has none. Only kinds that all sets weight count.
    group : array_like of bool, shape (n_kinds,)
        The kinds taken together.
    weights_upper : array_like of float, shape (n_sets, n_kinds), optional
        Upper ends where a weight is known as a range.

    Returns
    -------
    lower, upper : ndarray of float, shape (n_sets,)
        Nan where the whole weighted count is 0.

    Raises
    ------
    ValueError
        As for `harm_counts`, or if `group` does not have one entry for each kind.

    Examples
    --------
    >>> lower, upper = joint_share([10, 5, 5], [[1, 2, 3]], [False, True, True])
    >>> lower.tolist(), upper.tolist()
    ([0.7142857142857143], [0.7142857142857143])
    """
    number, low, high = _checked(np.atleast_2d(np.asarray(counts)), weights, weights_upper)
    inside = np.asarray(group, dtype=bool)
    if inside.shape != (low.shape[1],):
        raise ValueError(f"group must have {low.shape[1]} entries; got shape {inside.shape}")
    whole = number.sum(axis=0) * np.isfinite(low).all(axis=0)
    least, most = np.nan_to_num(low) * whole, np.nan_to_num(high) * whole
    lower = _share_of(least[:, inside].sum(axis=1), most[:, ~inside].sum(axis=1))
    upper = _share_of(most[:, inside].sum(axis=1), least[:, ~inside].sum(axis=1))
    return lower, upper


def _share_of(part: Floats, rest: Floats) -> Floats:
    whole = part + rest
    share: Floats = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return share


def _checked(
    counts: ArrayLike, weights: ArrayLike, weights_upper: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    number = np.asarray(counts, dtype=float)
    low = np.asarray(weights, dtype=float)
    high = low if weights_upper is None else np.asarray(weights_upper, dtype=float)
    if number.ndim != 2 or low.ndim != 2 or low.shape[1] != number.shape[1]:
        raise ValueError(
            "counts must be areas by kinds and weights sets by kinds, with the same kinds; got "
            f"shapes {number.shape} and {low.shape}"
        )
    if high.shape != low.shape:
        raise ValueError(f"weights_upper must have shape {low.shape}; got {high.shape}")
    if not (np.isfinite(number) & (number >= 0)).all():
        raise ValueError("counts must be 0 or more, and none may be missing")
    known = np.isfinite(low)
    if not (np.isfinite(high) == known).all() or not (low[known] > 0).all():
        raise ValueError("weights must be above 0 and finite, or nan at both ends where unknown")
    if not (high[known] >= low[known]).all():
        raise ValueError("weights_upper must be no smaller than weights")
    return number, low, high


def _reason(whole: Floats, share_used: float, minimum: float) -> str:
    if not whole.sum():
        return "there are no events"
    if not share_used >= minimum or not share_used > 0:
        return (
            f"kinds that all sets weight hold {100 * share_used:.0f} % of the events; "
            f"{100 * minimum:.0f} % are needed"
        )
    return ""


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _share(total: Floats) -> Floats:
    """Each row over its sum; nan where that is 0."""
    whole = total.sum(axis=1, keepdims=True)
    share: Floats = np.divide(total, whole, out=np.full_like(total, np.nan), where=whole > 0)
    return share


def _covered(whole: Floats, low: Floats) -> Floats:
    known = np.isfinite(low).astype(float) @ whole
    return known / whole.sum() if whole.sum() else np.zeros(low.shape[0])


def _left_out(whole: Floats, low: Floats, high: Floats, used: Mask) -> Floats:
    weighted: Floats = np.nan_to_num((low + high) / 2) * whole
    own: Floats = weighted.sum(axis=1)
    out = np.zeros_like(own)
    np.divide(weighted[:, ~used].sum(axis=1), own, out=out, where=own > 0)
    return out


def _effective(number: Floats, middle: Floats) -> Floats:
    first, second = middle @ number.T, (middle**2) @ number.T
    effective: Floats = np.divide(first**2, second, out=np.zeros_like(first), where=second > 0)
    return effective


def _share_bounds(number: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Least and most share of each area over all weights in the ranges."""
    whole = number.sum(axis=0)
    if not whole @ high:
        nothing = np.full(number.shape[0], np.nan)
        return nothing, nothing
    part = np.divide(number, whole, out=np.zeros_like(number), where=whole > 0)
    most = _extreme(number, whole, low, high, np.argsort(-part, axis=1, kind="stable")).max(axis=1)
    least = _extreme(number, whole, low, high, np.argsort(part, axis=1, kind="stable")).min(axis=1)
    return least, most


def _extreme(number: Floats, whole: Floats, low: Floats, high: Floats, order: Ints) -> Floats:
    """Shares with the first 0, 1, ... kinds of `order` at the upper end, the rest at the lower."""
    step = high - low
    first = (number @ low)[:, None]
    of_area = np.cumsum(np.take_along_axis(number * step, order, axis=1), axis=1)
    of_all = np.cumsum((whole * step)[order], axis=1)
    top = np.concatenate([first, first + of_area], axis=1)
    bottom = np.concatenate([np.full_like(first, whole @ low), whole @ low + of_all], axis=1)
    share: Floats = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return share


def _kind_bounds(whole: Floats, low: Floats, high: Floats, used: Mask) -> tuple[Floats, Floats]:
    """Least and most share of each kind: it at one end of its range, all others at the other."""
    least, most = whole * low, whole * high
    below, above = least + (most.sum() - most), most + (least.sum() - least)
    nothing = np.full(whole.size, np.nan)
    lower = np.divide(least, below, out=nothing.copy(), where=used & (below > 0))
    upper = np.divide(most, above, out=nothing.copy(), where=used & (above > 0))
    return lower, upper


def _ranks(number: Floats, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """First and last rank: how many others are surely above, and possibly not below, an area."""
    if (low == high).all():
        total = np.array([float((row * low).sum()) for row in number])
        ordered = np.sort(total)
        best = total.size - np.searchsorted(ordered, total, side="right") + 1
        worst = total.size - np.searchsorted(ordered, total, side="left")
        return best.astype(np.int64), worst.astype(np.int64)
    best, worst = np.empty(len(number), np.int64), np.empty(len(number), np.int64)
    for a, row in enumerate(number):
        more = number - row
        gain, loss = np.maximum(more, 0.0), np.minimum(more, 0.0)
        best[a] = 1 + int((gain @ low + loss @ high > 0).sum())
        worst[a] = int((gain @ high + loss @ low >= 0).sum())
    return best, worst
