"""Small layers, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from commonlight.audit.layers import AreaLayer, Layer, make_layer
from commonlight.findings.model import SourceNote


def source_note(**changes: Any) -> SourceNote:
    values: dict[str, Any] = {
        "id": "thefts",
        "name": "Thefts",
        "kind": "incidents",
        "publisher": "Police of Testham",
        "licence": "CC0",
        "first_day": date(2023, 1, 1),
        "last_day": date(2024, 12, 31),
        "age_days": 30,
        "rows_read": 100,
        "rows_accepted": 98,
        "rows_rejected": 2,
        "digest": "sha256 0",
        "rejected_reasons": {"impossible date": 2},
    }
    return SourceNote(**(values | changes))


@pytest.fixture
def areas() -> AreaLayer:
    """Twelve squares of a kilometre, four by three, with residents."""
    squares = tuple(
        shapely.box(1000 * i, 1000 * j, 1000 * (i + 1), 1000 * (j + 1))
        for j in range(3)
        for i in range(4)
    )
    return AreaLayer(
        name="wards",
        noun="wards",
        codes=tuple(f"W{i:02d}" for i in range(12)),
        labels=tuple(f"Ward {i}" for i in range(12)),
        polygons=squares,
        population=np.full(12, 1000.0),
        population_source="residents",
        crs="EPSG:25832",
    )


@pytest.fixture
def layer_of(areas: AreaLayer) -> Callable[..., Layer]:
    """A layer from start times; other columns may be given by name."""

    def make(start: Any, **columns: Any) -> Layer:
        start = np.asarray(start, dtype="datetime64[s]")
        n = start.size
        options = {
            key: columns.pop(key)
            for key in ("period", "areas", "precision", "record_kind", "exclude_types")
            if key in columns
        }
        table = pa.table(
            {
                "start": pa.array(start),
                "end": pa.array(np.asarray(columns.pop("end", start), dtype="datetime64[s]")),
                "time_kind": pa.array(
                    columns.pop("time_kind", ["instant"] * n)
                ).dictionary_encode(),
                "x": pa.array(columns.pop("x", np.full(n, 500.0)), pa.float64()),
                "y": pa.array(columns.pop("y", np.full(n, 500.0)), pa.float64()),
                "area": pa.array(columns.pop("area", [None] * n), pa.string()).dictionary_encode(),
                "type": pa.array(columns.pop("type", ["theft"] * n)).dictionary_encode(),
                "iccs": pa.array(columns.pop("iccs", ["0502"] * n)).dictionary_encode(),
                "count": pa.array(columns.pop("count", [1] * n), pa.int32()),
                **columns,
            }
        )
        return make_layer(
            table,
            name="thefts",
            noun="thefts",
            record_kind=options.pop("record_kind", "incidents"),
            source=source_note(),
            period=options.pop("period", (date(2023, 1, 1), date(2024, 12, 31))),
            areas=options.pop("areas", areas),
            crs="EPSG:25832",
            precision=options.pop("precision", None),
            **options,
        )

    return make
