"""Practices and statements told in lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonlight.evidence.practices import Effect, Practice
    from commonlight.evidence.room import Room
    from commonlight.evidence.statements import Statement

__all__ = ["told_figure", "told_practice", "told_statement"]

_UNITS = {"percent_change": " %", "percent_level": " %", "percent_odds_change": " % (odds)"}


def told_practice(practice: Practice, room: Room) -> Iterator[str]:
    """A practice, outcome by outcome; what is not known is said."""
    from commonlight.evidence.practices import CONTEXT_FIELDS, DIMENSIONS

    label = room.vocabulary.label
    yield practice.name
    yield from _wrapped(practice.summary)
    yield ""
    yield "What changed, outcome by outcome"
    for effect in practice.effects:
        yield from _effect(effect, room)
    for name in DIMENSIONS:
        one = practice.dimension(name)
        yield ""
        yield label("dimensions", name)
        yield from _wrapped(one.text or label("dimensions", "not_studied"))
        if one.basis:
            yield from _wrapped(f"({label('bases', one.basis)})")
        if one.note:
            yield from _wrapped(f"({one.note})")
    yield ""
    yield "Where it was studied"
    for name in CONTEXT_FIELDS:
        value = getattr(practice.context, name) or "unknown"
        yield from _wrapped(f"{label('context_fields', name)}: {value}")
    yield ""
    quality = practice.evidence_quality
    yield from _wrapped(f"Evidence: {label('ratings', quality.level)}. {quality.reasons}")
    yield f"Read on {practice.checked_on}, to be read again by {practice.check_again_on}."
    if practice.superseded_by:
        yield f"Superseded by {practice.superseded_by}."
    yield ""
    yield "Sources"
    for ref in practice.sources:
        yield from _wrapped(_source(ref, room))


def told_statement(statement: Statement, room: Room) -> Iterator[str]:
    """A statement with its source, and whose inference follows."""
    label = room.vocabulary.label
    areas = ", ".join(label("focus_areas", area) for area in statement.focus_areas)
    yield f"{statement.id}  {label('kinds', statement.kind)}: {statement.title}"
    yield areas
    yield from _wrapped(statement.statement)
    if statement.implication:
        yield from _wrapped(f"What follows, our inference: {statement.implication}")
    yield from _wrapped(f"Source: {statement.source_title}. {statement.source_url or ''}")
    if statement.superseded_by:
        yield f"Superseded by {statement.superseded_by}."


def told_figure(effect: Effect) -> str:
    """The figure with its range; words where there is none."""
    if effect.value is None and effect.ci_low is None:
        return "direction only, no figure read"
    unit = _UNITS.get(effect.metric, f" {effect.metric}")
    parts = [] if effect.value is None else [f"{effect.value:g}{unit}"]
    if effect.ci_low is not None and effect.ci_high is not None:
        parts.append(f"{effect.ci_low:g} to {effect.ci_high:g}{'' if parts else unit}")
    return ", ".join(parts)


def _effect(effect: Effect, room: Room) -> Iterator[str]:
    label = room.vocabulary.label
    group, direction = (
        label("outcome_groups", effect.outcome_group),
        label("directions", effect.direction),
    )
    yield from _wrapped(f"{group}: {direction}. {effect.outcome}: {told_figure(effect)}", "  - ")
    marks = [
        *([label("value_kinds", effect.value_is)] if effect.value_is else []),
        *([label("range_kinds", effect.range_is)] if effect.range_is else []),
        label("confidences", effect.confidence),
        f"evidence {label('ratings', effect.rating.level).lower()}: {effect.rating.reasons}",
    ]
    yield from _wrapped(f"({'; '.join(marks)})", "    ")
    if effect.note:
        yield from _wrapped(f"Note: {effect.note}", "    ")


def _source(ref: str, room: Room) -> str:
    one = room.practices.sources[ref]
    read = room.vocabulary.label("confidences", one.confidence)
    parts: list[Any] = [one.authors, f"({one.year})" if one.year else None, f"{one.title}."]
    told = " ".join(str(part) for part in parts if part)
    return f"- {told} {one.address or ''} [{read}]"


def _wrapped(text: str, before: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        100,
        initial_indent=before,
        subsequent_indent=" " * len(before),
        break_long_words=False,
        break_on_hyphens=False,
    )
