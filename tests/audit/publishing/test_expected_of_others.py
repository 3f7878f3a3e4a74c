"""What is expected of an area from others must not tell a count that is withheld of those."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.publishing.public import public_report
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.questions.similar import AreaVariables, similar_findings
from commonlight.findings.model import WITHHELD

Make = dict[str, Callable[..., Any]]
N = 24


@pytest.fixture
def towns(areas: AreaLayer) -> AreaLayer:
    """Two dozen areas of 100 residents, in two groups that are unlike each other."""
    return replace(
        areas,
        codes=tuple(f"W{i:02d}" for i in range(N)),
        labels=tuple(f"Ward {i}" for i in range(N)),
        polygons=(),
        population=np.full(N, 100.0),
    )


def similar(layer_of: Callable[..., Layer], towns: AreaLayer, counts: list[int]) -> Any:
    layer = layer_of(
        np.full(N, np.datetime64("2023-07-10T12:00:00")),
        area=list(towns.codes),
        count=counts,
        x=np.full(N, np.nan),
        y=np.full(N, np.nan),
        areas=towns,
    )
    place = np.arange(N) / 100 + 10.0 * (np.arange(N) >= N // 2)
    variables = AreaVariables(
        names=("flats", "shops"), values=np.column_stack([place, place**2]), source=""
    )
    return similar_findings(layer, variables)[0]


def test_a_row_goes_whose_like_areas_hold_a_withheld_one(
    layer_of: Callable[..., Layer], towns: AreaLayer, make: Make
) -> None:
    """With the residents known to all, eight such rows gave the count exactly."""
    counts = [30 + i for i in range(N)]
    counts[2] = 3
    found = similar(layer_of, towns, counts)
    public = public_report(make["report"](found), rules=PublicationRules()).findings[0]
    columns = [column.name for column in public.table.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in public.table.rows]
    withheld = {row["code"] for row in rows if not isinstance(row["count"], int)}
    assert "W02" in withheld
    told = [row for row in rows if isinstance(row["expected"], float)]
    assert told
    for row in told:
        named = set(row["like"].split())
        assert not named & withheld
    near = [row for row in rows if "W02" in row["like"].split()]
    assert near
    assert all(row["expected"] == row["verdict"] == WITHHELD for row in near)


def test_all_rows_are_told_where_no_count_is_withheld(
    layer_of: Callable[..., Layer], towns: AreaLayer, make: Make
) -> None:
    found = similar(layer_of, towns, [30 + i for i in range(N)])
    public = public_report(make["report"](found), rules=PublicationRules()).findings[0]
    assert all(isinstance(row[4], float) for row in public.table.rows)
