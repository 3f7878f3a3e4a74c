"""How a sample was drawn: weights, strata, clusters, and what follows for its variance.

A `SurveyDesign` describes the answers; it estimates nothing. Its variance is that of the first
stage of sampling: clusters are taken as drawn with replacement, or without it where the number
of clusters in the population is known. What it does not answer: bias from those who did not
answer, from a list that left people out, or from a question that was misunderstood. No design
repairs a sample that people chose to join.

No function of this package averages items. Worry, perceived risk, behaviour and victimisation
are different things; one score made of them hides which of them changed. That is deliberate.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Calibration", "SurveyDesign", "kish_effective_size"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LonelyRule = Literal["adjust", "refuse", "certainty"]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Margins that the weights were fitted to, so that the variance can allow for it.

    Attributes
    ----------
    margins : tuple of ndarray of int, each of shape (n,)
        Category of each answer in each margin; -1 where it is unknown.
    """

    margins: tuple[Codes, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class SurveyDesign:
    """How the answers were sampled; arrays have one entry for each of the n answers.

    Attributes
    ----------
    weights : array_like of float, shape (n,)
        Survey weights, 0 or more, in any unit for means; in persons per answer for totals.
    strata : array_like of int, shape (n,), optional
        Codes 0, 1, ... of the strata that were sampled apart from each other.
    clusters : array_like of int, shape (n,), optional
        Codes of the sampling units of the first stage, such as blocks or households. A code
        used again in another stratum is another cluster. Left out, each answer is one unit.
    population : array_like of float, shape (n_strata,), optional
        Sampling units (clusters, or persons without clusters) in the population of each
        stratum, by stratum code; NaN for no finite population correction.
    replicate_weights : array_like of float, shape (n, n_replicates), optional
        Whole replicate weights (not factors). Then all variances come from them. An array of
        float32 or float64 is used as it is and not copied.
    replicate_scale : float or array_like of float, shape (n_replicates,), optional
        What each squared deviation of a replicate is multiplied with, such as ``1 / R`` for
        the bootstrap and for BRR, ``1 / (R (1 - k)^2)`` for Fay's method, and
        ``(n_h - 1) / n_h`` for the jackknife. Needed with `replicate_weights`.
    degrees_of_freedom : float, optional
        Given by the survey's own manual; else sampling units less strata.
    lonely : {"adjust", "refuse", "certainty"}
        What a stratum with one sampling unit does. "adjust": its unit is compared with the
        mean of all units, which tends to overstate the variance. "refuse": no standard error.
        "certainty": it adds nothing, which is right only for units that were sure to be drawn.
    calibration : Calibration, optional
        Set by `weighting.calibrate_design`.

    Raises
    ------
    ValueError
        If a shape differs, a weight is negative or missing, codes are negative, or a
        population is smaller than its sample.

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> design = SurveyDesign(weights=[1, 1, 2, 2], strata=[0, 0, 1, 1])
    >>> design.n, design.n_strata, design.degrees
    (4, 2, 2.0)
    """

    weights: Any
    strata: Any = None
    clusters: Any = None
    population: Any = None
    replicate_weights: Any = None
    replicate_scale: Any = None
    degrees_of_freedom: float | None = None
    lonely: LonelyRule = "adjust"
    calibration: Calibration | None = None

    def __post_init__(self) -> None:
        self._set("weights", _weights(self.weights))
        self._set("strata", _codes("strata", self.strata, self.n))
        self._set("clusters", _codes("clusters", self.clusters, self.n))
        self._set("population", self._checked_population())
        self._check_replicates()
        if self.lonely not in ("adjust", "refuse", "certainty"):
            raise ValueError(
                f"lonely must be 'adjust', 'refuse' or 'certainty'; got {self.lonely!r}"
            )
        if self.degrees_of_freedom is not None and not 0 < self.degrees_of_freedom < np.inf:
            raise ValueError(
                f"degrees_of_freedom must be positive and finite; got {self.degrees_of_freedom}"
            )

    @classmethod
    def from_columns(
        cls,
        *,
        weights: ArrayLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | None = None,
        population: Mapping[Hashable, float] | float | None = None,
        n: int | None = None,
        **options: Any,
    ) -> Self:
        """Build a design from columns of labels.

        Parameters
        ----------
        weights : array_like of float, shape (n,), optional
            As in the class; 1 for each answer if left out.
        strata, clusters : array_like, shape (n,), optional
            Labels of any kind that can be sorted. Codes follow the sorted labels.
        population : mapping or float, optional
            Sampling units in the population by stratum label, or one number without strata.
        n : int, optional
            Number of answers, where neither weights nor labels are given.
        **options
            Passed to the class.

        Returns
        -------
        SurveyDesign

        Raises
        ------
        ValueError
            As for the class, or if a label of `population` does not occur in `strata`.
        """
        h = None if strata is None else np.unique(np.asarray(strata), return_inverse=True)
        c = None if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
        if weights is None:
            weights = np.ones(_length(n, h, c))
        return cls(
            weights=weights,
            strata=None if h is None else h[1],
            clusters=c,
            population=_population(population, None if h is None else h[0]),
            **options,
        )

    def with_replicates(
        self,
        weights: ArrayLike,
        scale: ArrayLike,
        *,
        degrees_of_freedom: float | None = None,
    ) -> Self:
        """Return the same design with replicate weights.

        Parameters
        ----------
        weights : array_like of float, shape (n, n_replicates)
            Whole replicate weights.
        scale : float or array_like of float, shape (n_replicates,)
            As `replicate_scale` of the class.
        degrees_of_freedom : float, optional
            As in the class; left out, that of this design is kept.

        Returns
        -------
        SurveyDesign
        """
        return replace(
            self,
            replicate_weights=weights,
            replicate_scale=scale,
            degrees_of_freedom=degrees_of_freedom or self.degrees_of_freedom,
        )

    @property
    def n(self) -> int:
        """Number of answers."""
        return len(self.weights)

    @property
    def n_strata(self) -> int:
        """Number of stratum codes."""
        return len(self.units_in_stratum)

    @property
    def n_units(self) -> int:
        """Number of sampling units."""
        return len(self.unit_stratum)

    @property
    def n_replicates(self) -> int:
        """Number of replicate weights; 0 if there are none."""
        return 0 if self.replicate_weights is None else int(self.replicate_weights.shape[1])

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the whole sample, over all answers with a weight above 0."""
        used = np.where(self.weights > 0, 0, -1)
        return float(self.domain_degrees(used, 1)[0])

    @cached_property
    def _units(self) -> tuple[Codes, Codes]:
        strata = self.strata if self.strata is not None else np.zeros(self.n, dtype=np.int64)
        if self.clusters is None:
            return np.arange(self.n), strata
        key = strata * (int(self.clusters.max()) + 1) + self.clusters
        _, first, unit = np.unique(key, return_index=True, return_inverse=True)
        return unit.astype(np.int64), strata[first]

    @property
    def unit(self) -> Codes:
        """Sampling unit of each answer, shape (n,)."""
        return self._units[0]

    @property
    def unit_stratum(self) -> Codes:
        """Stratum of each sampling unit, shape (n_units,)."""
        return self._units[1]

    @cached_property
    def units_in_stratum(self) -> Codes:
        """Sampling units of each stratum in the sample, shape (n_strata,)."""
        return np.bincount(self.unit_stratum, minlength=1)

    @cached_property
    def sampled_fraction(self) -> Floats:
        """Sampling units over those of the population, shape (n_strata,); 0 where unknown."""
        drawn = self.units_in_stratum.astype(float)
        if self.population is None:
            return np.zeros(len(drawn))
        size = np.where(np.isnan(self.population), np.inf, self.population)
        found: Floats = np.divide(drawn, size, out=np.zeros(len(drawn)), where=drawn > 0)
        return found

    @cached_property
    def lonely_strata(self) -> NDArray[np.bool_]:
        """Strata with one sampling unit that was not the only one there is."""
        found: NDArray[np.bool_] = (self.units_in_stratum == 1) & (self.sampled_fraction < 1)
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the variance, in sentences."""
        n_lonely = int(self.lonely_strata.sum())
        if not n_lonely or self.replicate_weights is not None:
            return ()
        have = "1 stratum has" if n_lonely == 1 else f"{n_lonely} strata have"
        done = {
            "adjust": "compared with the mean of all units, which tends to widen the intervals",
            "certainty": "taken as sure to be drawn, so that it adds nothing to the variance",
            "refuse": "not enough for a standard error; merge strata",
        }
        return (f"{have} one sampling unit; it was {done[self.lonely]}",)

    def domain_degrees(self, group: Codes, n_groups: int, row: Codes | None = None) -> Floats:
        """Degrees of freedom of each group: its sampling units less its strata.

        Parameters
        ----------
        group : ndarray of int, shape (m,)
            Group of each answer; -1 for none.
        n_groups : int
            Number of groups.
        row : ndarray of int, shape (m,), optional
            The answers, where one may be in several groups; else all in their order.

        Returns
        -------
        ndarray of float, shape (n_groups,)
            As R's `degf` for a subset of a design; at most `degrees_of_freedom`, if that was
            given, and the number of replicates less one.
        """
        row = np.arange(self.n) if row is None else row
        used = (group >= 0) & (self.weights[row] > 0)
        g, u = _distinct(group[used], self.unit[row[used]], self.n_units)
        units = np.bincount(g, minlength=n_groups)
        g, _ = _distinct(g, self.unit_stratum[u], self.n_strata)
        found = (units - np.bincount(g, minlength=n_groups)).astype(float)
        if self.degrees_of_freedom is not None:
            found = np.minimum(found, self.degrees_of_freedom)
        return np.minimum(found, self.n_replicates - 1) if self.n_replicates else found

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _checked_population(self) -> Floats | None:
        if self.population is None:
            return None
        size = np.atleast_1d(np.array(self.population, dtype=float))
        drawn = self.units_in_stratum
        if size.shape != drawn.shape:
            raise ValueError(
                f"population must have one number for each of the {len(drawn)} strata; got shape "
                f"{size.shape}"
            )
        small = np.flatnonzero(size < drawn)
        if small.size:
            h = small[0]
            raise ValueError(
                f"population must be at least the sampling units in the sample; stratum {h} has "
                f"{drawn[h]} units in the sample and {size[h]:g} in the population. With clusters "
                "count clusters, not persons"
            )
        return size

    def _check_replicates(self) -> None:
        if self.replicate_weights is None:
            return
        found = np.asarray(self.replicate_weights)
        if found.dtype not in (np.float32, np.float64):
            found = found.astype(float)
        if found.ndim != 2 or found.shape[0] != self.n or found.shape[1] < 2:
            raise ValueError(
                f"replicate_weights must have shape ({self.n}, at least 2); got {found.shape}"
            )
        if not np.isfinite(found.sum(dtype=float)):
            raise ValueError("replicate_weights must be finite; at least one is not")
        if self.replicate_scale is None:
            raise ValueError(
                "replicate_scale is needed with replicate_weights, such as 1 / R for the "
                "bootstrap; see the survey's manual"
            )
        scale = np.array(self.replicate_scale, dtype=float)
        if scale.ndim > 1 or scale.size not in (1, found.shape[1]) or not (scale >= 0).all():
            raise ValueError(
                "replicate_scale must be one number, or one for each replicate, 0 or more; got "
                f"shape {scale.shape}"
            )
        self._set("replicate_weights", found)
        self._set("replicate_scale", np.broadcast_to(scale.ravel(), found.shape[1:]).copy())


def kish_effective_size(weights: ArrayLike) -> float:
    """Answers of equal weight that would tell as much, by Kish's formula.

    Parameters
    ----------
    weights : array_like of float, shape (n,)
        Survey weights, 0 or more.

    Returns
    -------
    float
        ``(sum w)^2 / sum w^2``; 0 if all weights are 0.

    Raises
    ------
    ValueError
        If a weight is negative or missing.

    Notes
    -----
    The assumption that fails most often: that weights have nothing to do with the answers.
    Where a weight was given because a group was sampled more densely, the true loss may be
    smaller, or a gain [1]_.

    References
    ----------
    .. [1] Kish, L. (1992). Weighting for unequal Pi. Journal of Official Statistics 8, 183-200.

    Examples
    --------
    >>> from commonlight.analysis.survey.design import kish_effective_size
    >>> kish_effective_size([1, 1, 1, 1]), kish_effective_size([1, 1, 4])
    (4.0, 2.0)
    """
    w = _weights(weights, needed=0)
    return float(w.sum() ** 2 / (w**2).sum()) if w.any() else 0.0


def _weights(given: ArrayLike, needed: int = 1) -> Floats:
    w = np.array(given, dtype=float)
    if w.ndim != 1 or len(w) < needed:
        raise ValueError(f"weights must be one number for each answer; got shape {w.shape}")
    wrong = np.flatnonzero(~((w >= 0) & (w < np.inf)))
    if wrong.size:
        i = wrong[0]
        raise ValueError(
            f"weights must be 0 or more and finite; got {w[i]} at answer {i} ({wrong.size} such). "
            "Leave answers without a weight out before the design is made"
        )
    if needed and not w.any():
        raise ValueError("weights must not all be 0")
    return w


def _codes(name: str, given: ArrayLike | None, n: int) -> Codes | None:
    if given is None:
        return None
    codes = np.asarray(given)
    if codes.shape != (n,) or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(
            f"{name} must be one whole number for each of the {n} answers; got shape "
            f"{codes.shape} of {codes.dtype}. SurveyDesign.from_columns takes labels"
        )
    if codes.min() < 0:
        raise ValueError(
            f"{name} must be 0 or more; got {codes.min()}. Give answers without one a code of "
            "their own, or leave them out before the design is made"
        )
    return codes.astype(np.int64)


def _length(n: int | None, strata: Any, clusters: Any) -> int:
    if strata is not None:
        return len(strata[1])
    if clusters is not None:
        return len(clusters)
    if n is None:
        raise ValueError("give weights, strata, clusters or the number of answers n")
    return n


def _population(
    given: Mapping[Hashable, float] | float | None, labels: NDArray | None
) -> Floats | float | None:
    if given is None or not isinstance(given, Mapping):
        return given
    known = [] if labels is None else labels.tolist()
    strange = [label for label in given if label not in known]
    if strange:
        raise ValueError(f"population names the stratum {strange[0]!r}, which no answer has")
    return np.array([float(given.get(label, np.nan)) for label in known])


def _distinct(a: Codes, b: Codes, n_b: int) -> tuple[Codes, Codes]:
    """Each pair of codes that occurs, once."""
    pairs = a * n_b + b
    few = pairs.size and pairs.max() < 8 * pairs.size
    pairs = np.flatnonzero(np.bincount(pairs)) if few else np.unique(pairs)
    return pairs // n_b, pairs % n_b
