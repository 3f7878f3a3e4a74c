"""A share of harm, with the known weights and the other shares, must not tell a withheld count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.publishing.public import public_report
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.questions.harm import harm_findings

Make = dict[str, Callable[..., Any]]
CLASSES = {"burglary": "05012", "theft": "0502", "damage": "0504", "robbery": "0401"}


def harm_by_kind(layer: Layer, make: Make) -> Any:
    found = next(item for item in harm_findings(layer) if item.id.endswith("harm-kinds"))
    whole = public_report(make["report"](found), rules=PublicationRules())
    return whole.findings[0]


def a_layer(layer_of: Callable[..., Layer], **counts: int) -> Layer:
    return layer_of(
        np.full(len(counts), np.datetime64("2023-07-10T12:00:00")),
        type=list(counts),
        iccs=[CLASSES[kind] for kind in counts],
        area=["W00"] * len(counts),
        count=list(counts.values()),
        x=np.full(len(counts), np.nan),
        y=np.full(len(counts), np.nan),
    )


def test_no_share_of_harm_is_told_where_one_weighted_kind_is_withheld(
    layer_of: Callable[..., Layer], make: Make
) -> None:
    """Three robberies of 365 days: 100 % less the shares of the others, over the weight, is 3."""
    found = harm_by_kind(a_layer(layer_of, burglary=29, theft=300, damage=60, robbery=3), make)
    assert found.table is None
    assert found.chart is None
    assert not any("In money" in text or "harm, with" in text for text in found.details)


def test_shares_of_harm_are_told_where_nothing_is_withheld(
    layer_of: Callable[..., Layer], make: Make
) -> None:
    found = harm_by_kind(a_layer(layer_of, burglary=29, theft=300, damage=60, robbery=8), make)
    assert len(found.table.rows) == 4
    assert any("In money" in text for text in found.details)
