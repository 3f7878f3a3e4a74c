"""Charts: a sentence, a picture for wide and one for narrow screens, a table, downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commonlight.web.ui.components.tables import as_table
from commonlight.web.ui.svg import inline_svg

__all__ = ["chart_context", "points_of"]

SHOWN = ("kind", "unit", "categories", "x", "x_tick_labels", "row_labels", "column_labels")


def chart_context(
    wide: str, narrow: str, sentence: Any, table: Any = None, **options: Any
) -> dict[str, Any]:
    """What the template of a chart needs; `data` is the chart's entry in findings.json."""
    data = options.pop("data", None)
    return {
        "wide": inline_svg(wide),
        "narrow": inline_svg(narrow or wide),
        "sentence": sentence,
        "table": as_table(table) if table else None,
        "points": points_of(data) if data else None,
        **options,
    }


def points_of(chart: Mapping[str, Any]) -> dict[str, Any]:
    """What the keyboard walks through: the labels and values of a chart, and no more."""
    kept = {name: chart[name] for name in SHOWN if chart.get(name)}
    series = chart.get("series") or []
    if isinstance(series, Mapping):
        series = [series]
    kept["series"] = [_series(one) for one in series]
    if not series and "values" in chart:
        kept["values"] = chart["values"]
    return kept


def _series(one: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"label": one.get("label", ""), "values": one.get("values", [])}
    for name in ("lower", "upper"):
        limits: Sequence[Any] = one.get(name) or ()
        if limits:
            kept[name] = limits
    return kept
