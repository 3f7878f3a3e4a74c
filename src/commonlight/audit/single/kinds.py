"""Methods on kinds of offence: shares of harm."""

from __future__ import annotations

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.single.results import MethodResult, Settings
from commonlight.findings import words

__all__ = ["harm_result"]


def harm_result(layer: Layer, settings: Settings) -> MethodResult:
    """Shares of all harm by kind, as a range over sets of weights."""
    from commonlight.audit.harm_layer import layer_weights

    weights = layer_weights(layer)
    if not weights.comparable:
        raise ValueError(
            "too few sets of harm weights cover these kinds of offence; map the kinds to ICCS first"
        )
    low, high = weights.whole.kind_share_range()
    order = np.argsort(-np.nan_to_num(high.ravel(), nan=-1.0), kind="stable")
    sets = words.listing([item.short for item in weights.compared], limit=12)
    shares = {layer.kinds[i]: [float(low.ravel()[i]), float(high.ravel()[i])] for i in order}
    return MethodResult(
        result={"sets": [item.name for item in weights.compared], "share_of_harm": shares},
        sentence=f"Shares of all harm by kind, as a range over {sets}",
        columns=("kind", "count", "at least %", "at most %"),
        rows=tuple(
            (
                layer.kinds[i],
                int(weights.counts[i]),
                100 * float(low.ravel()[i]),
                100 * float(high.ravel()[i]),
            )
            for i in order[:25]
        ),
    )
