"""The harm weights of one layer's kinds, and which sets of weights can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from commonlight.analysis.harm import HarmCounts, comparable_sets, harm_counts
from commonlight.audit.layers import Layer
from commonlight.evidence.harm import (
    HarmWeight,
    HarmWeightSet,
    load_weight_sets,
    matching_scheme,
)

__all__ = ["LayerWeights", "layer_weights"]

#: Sets of weights that must be comparable for a range to mean anything.
FEWEST_SETS = 2
#: Sets that must agree before an answer is called clear.
CLEAR_SETS = 3


@dataclass(frozen=True, kw_only=True)
class LayerWeights:
    """Weights of the kinds of a layer; arrays are sets by kinds, nan where a set has none.

    `sets` are all sets, `chosen` the positions of those that are compared. Kinds that every set
    names as no offence are in `no_offence`; `counts` are 0 for them.
    """

    sets: tuple[HarmWeightSet, ...]
    found: tuple[tuple[HarmWeight | None, ...], ...]
    no_offence: tuple[str, ...]
    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    chosen: tuple[int, ...]

    @property
    def compared(self) -> tuple[HarmWeightSet, ...]:
        """The sets that are compared."""
        return tuple(self.sets[s] for s in self.chosen)

    @property
    def comparable(self) -> bool:
        """Whether enough sets weight enough of the incidents."""
        return len(self.chosen) >= FEWEST_SETS

    @property
    def many(self) -> bool:
        """Whether so many sets are compared that their agreement is clear."""
        return len(self.chosen) >= CLEAR_SETS

    @property
    def covered(self) -> np.ndarray:
        """Share of the incidents that have a weight, by set."""
        known = np.isfinite(self.low).astype(float) @ self.counts
        return np.asarray(known / max(int(self.counts.sum()), 1))

    def weighted(self, counts: np.ndarray) -> HarmCounts:
        """Harm of counts by area and kind under the compared sets."""
        counts = np.where(self.counts > 0, counts, 0)
        chosen = list(self.chosen)
        return harm_counts(counts, self.low[chosen], weights_upper=self.high[chosen])

    @cached_property
    def whole(self) -> HarmCounts:
        """Harm of all incidents together under the compared sets."""
        return self.weighted(self.counts[None, :])


def layer_weights(layer: Layer) -> LayerWeights:
    """Look up the weight of each kind of a layer in every set that ships with Commonlight."""
    sets = load_weight_sets()
    scheme = matching_scheme(layer.kinds)
    found = tuple(
        tuple(
            item.weight(code, label=kind, scheme=scheme)
            for kind, code in zip(layer.kinds, layer.codes, strict=True)
        )
        for item in sets
    )
    low, high = _array(found, "low"), _array(found, "high")
    none = [i for i, kind in enumerate(layer.kinds) if _no_offence(sets, scheme, kind)]
    counts = layer.kind_counts()
    counts[none] = 0
    return LayerWeights(
        sets=sets,
        found=found,
        no_offence=tuple(layer.kinds[i] for i in none),
        counts=counts,
        low=low,
        high=high,
        chosen=comparable_sets(counts, low, weights_upper=high),
    )


def _no_offence(sets: tuple[HarmWeightSet, ...], scheme: str | None, kind: str) -> bool:
    return scheme is not None and all(item.excludes(kind, scheme=scheme) for item in sets)


def _array(found: tuple[tuple[HarmWeight | None, ...], ...], end: str) -> np.ndarray:
    return np.array([[np.nan if w is None else getattr(w, end) for w in row] for row in found])
