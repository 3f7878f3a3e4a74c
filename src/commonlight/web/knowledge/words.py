"""Figures of the evidence in words, with what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commonlight.web.knowledge.labels import label

__all__ = ["DIRECTION_TAGS", "EffectRow", "effect_row", "figure", "number"]

DIRECTION_TAGS = {
    "improves": "success",
    "worsens": "error",
    "no_clear_change": "warning",
    "mixed": "warning",
    "unknown": "",
}
MINUS = "−"


@dataclass(frozen=True, kw_only=True)
class EffectRow:
    """One effect as it is shown: words first, then the figure and what it is."""

    effect: Any
    group: Any
    direction: Any
    direction_tag: str
    figure: str
    range: str
    marks: tuple[Any, ...]
    strength: Any
    confidence: Any
    source: Any


def number(value: float) -> str:
    """A figure with the decimals that it has, in the manner of the reader's language."""
    places = 0 if value == int(value) else len(f"{abs(value):.10g}".partition(".")[2])
    text = str(number_format(abs(value), places, force_grouping=True))
    return f"{MINUS}{text}" if value < 0 else text


def figure(effect: Any) -> str:
    """The figure in a sentence; where none was read, that is said."""
    if effect.value is None:
        return "" if effect.range_is else _("Only the direction was read, no figure.")
    size = number(abs(effect.value))
    values = {"size": size, "value": number(effect.value)}
    if effect.metric in ("percent_change", "percent_odds_change"):
        return _change(effect, values)
    if effect.metric == "percent_level" and effect.comparison_value is not None:
        values["other"] = number(effect.comparison_value)
        return _("%(value)s per cent, against %(other)s per cent without it") % values
    if effect.metric == "percent_level":
        return _("%(value)s per cent") % values
    return str(values["value"])


def _change(effect: Any, values: dict[str, str]) -> str:
    less = effect.value < 0
    if effect.metric == "percent_odds_change":
        odds = _("odds %(size)s per cent lower") if less else _("odds %(size)s per cent higher")
        return odds % values
    return (_("%(size)s per cent less") if less else _("%(size)s per cent more")) % values


def spread(effect: Any) -> str:
    """Both ends of the range, and what kind of range it is."""
    if effect.range_is is None:
        return ""
    ends = _("%(low)s to %(high)s") % {
        "low": number(effect.ci_low),
        "high": number(effect.ci_high),
    }
    values = {"kind": label("range_kinds", effect.range_is), "ends": ends}
    return _("%(kind)s: %(ends)s") % values


def effect_row(effect: Any, source: Any) -> EffectRow:
    """An effect with everything that a reader must see beside its figure."""
    marks = [label("metrics", effect.metric)] if effect.value is not None else []
    marks += [label("value_kinds", effect.value_is)] if effect.value_is else []
    return EffectRow(
        effect=effect,
        group=label("outcome_groups", effect.outcome_group),
        direction=label("directions", effect.direction),
        direction_tag=DIRECTION_TAGS[effect.direction],
        figure=figure(effect),
        range=spread(effect),
        marks=tuple(marks),
        strength=label("ratings", effect.rating.level),
        confidence=label("confidences", effect.confidence),
        source=source,
    )
