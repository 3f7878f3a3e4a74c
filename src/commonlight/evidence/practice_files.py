"""Read the files of practices, and refuse what contradicts itself.

Beside types and words, a record must keep these rules: sources exist and are listed; a figure says
what it is and lies in its range; a text says what it rests on; a figure that was read in a text
that quotes the source is never rated above low.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from commonlight.evidence.data_file import DataFile, Place, open_text, read_rows
from commonlight.evidence.practices import (
    CONTEXT_FIELDS,
    DIMENSIONS,
    Context,
    CrossFinding,
    Effect,
    Practice,
    Practices,
    PracticeSource,
)
from commonlight.evidence.vocabulary import Vocabulary

__all__ = ["read_practices"]

MOST_OF_SECONDARY = frozenset({"low", "very_low", "none"})


def read_practices(
    text: str,
    sources_text: str,
    vocabulary: Vocabulary,
    *,
    name: str = "practices.yaml",
    sources_name: str = "practice_sources.yaml",
) -> Practices:
    """Check and read practices with their texts.

    Parameters
    ----------
    text, sources_text : str
        The YAML of both files.
    vocabulary : Vocabulary
        The words that they may use.
    name, sources_name : str
        Their names, for errors.

    Returns
    -------
    Practices

    Raises
    ------
    EvidenceError
        At the first place that breaks a rule, with file, line and field.
    """
    file = open_text(text, name, {"practices", "cross_findings"})
    texts = open_text(sources_text, sources_name, {"sources"})
    whole = file.whole
    found = Practices(
        version=int(file.data["version"]),
        checked=file.data["checked"],
        practices=read_rows(Practice, whole.at("practices"), key="id", words=vocabulary.ids),
        sources=read_rows(
            PracticeSource, texts.whole.at("sources"), key="ref", words=vocabulary.ids
        ),
        cross_findings=read_rows(
            CrossFinding, whole.at("cross_findings"), key="id", words=vocabulary.ids
        ),
    )
    _check(found, file, texts)
    return found


def _check(found: Practices, file: DataFile, texts: DataFile) -> None:
    for place, practice in zip(
        file.whole.at("practices").rows(), found.practices.values(), strict=True
    ):
        for where, message in _faults(found, practice, place):
            raise where.refuse(message)
    for place, across in zip(
        file.whole.at("cross_findings").rows(), found.cross_findings.values(), strict=True
    ):
        if across.source not in found.sources:
            raise place.at("source").refuse(f"no source {across.source!r}")
    _unique_effects(file)
    _all_used(found, texts)


def _faults(found: Practices, practice: Practice, place: Place) -> Iterator[tuple[Place, str]]:
    for name in ("focus_areas", "effects", "sources"):
        if not getattr(practice, name):
            yield place.at(name), "must name at least one"
    for k, ref in enumerate(practice.sources):
        if ref not in found.sources:
            yield place.at("sources").at(k), f"no source {ref!r} in the file of sources"
    for k, other in enumerate(practice.see_also):
        if other not in found.practices or other == practice.id:
            yield place.at("see_also").at(k), f"no other practice {other!r}"
    if practice.superseded_by is not None and practice.superseded_by not in found.practices:
        yield place.at("superseded_by"), f"no practice {practice.superseded_by!r}"
    if practice.check_again_on <= practice.checked_on:
        yield place.at("check_again_on"), "must be after the day on which it was checked"
    if (practice.prevention_level is None) != (practice.prevention_level_basis is None):
        yield place.at("prevention_level"), "a level needs its basis, and a basis its level"
    if bool(practice.core_elements) != (practice.core_elements_basis is not None):
        yield place.at("core_elements"), "core elements need their basis"
    for name in DIMENSIONS:
        yield from _dimension_faults(practice, name, place.at(name))
    for k, effect in enumerate(practice.effects):
        where = place.at("effects").at(k)
        if not effect.id.startswith(f"{practice.id}__"):
            yield where.at("id"), f"must begin with {practice.id}__"
        if effect.source not in practice.sources:
            yield where.at("source"), f"{effect.source!r} is not among the sources of the practice"
        for field, message in _effect_faults(effect):
            yield where.at(field), message


def _dimension_faults(practice: Practice, name: str, place: Place) -> Iterator[tuple[Place, str]]:
    one = practice.dimension(name)
    if (one.text is None) != (one.basis is None):
        yield place, "a text needs its basis, and a basis its text"
    if one.basis == "sourced" and not one.sources:
        yield place.at("sources"), "a text that stands in sources must name them"
    if not set(one.sources) <= set(practice.sources):
        yield place.at("sources"), "names a source that the practice does not list"


def _effect_faults(effect: Effect) -> Iterator[tuple[str, str]]:
    """Each rule that an effect breaks, with the field that breaks it."""
    for field, is_broken, message in _EFFECT_RULES:
        if is_broken(effect):
            yield field, message


def _half_a_range(one: Effect) -> bool:
    ends = {one.ci_low is None, one.ci_high is None, one.range_is is None}
    return len(ends) > 1


def _outside(one: Effect) -> bool:
    if one.value is None or one.ci_low is None or one.ci_high is None:
        return False
    return not one.ci_low <= one.value <= one.ci_high


def _not_the_middle(one: Effect) -> bool:
    if one.value_is != "midpoint":
        return False
    if one.value is None or one.ci_low is None or one.ci_high is None:
        return True
    return abs(one.value - (one.ci_low + one.ci_high) / 2) > 1e-9


_EFFECT_RULES: tuple[tuple[str, Callable[[Effect], bool], str], ...] = (
    (
        "value_is",
        lambda one: (one.value is None) != (one.value_is is None),
        "must say what the figure is, and be null where there is none",
    ),
    ("range_is", _half_a_range, "a range needs both ends and what it is"),
    ("value", _outside, "lies outside its range"),
    ("value", _not_the_middle, "is not the middle of its range"),
    (
        "metric",
        lambda one: (
            one.metric == "direction_only" and (one.value is not None or one.range_is is not None)
        ),
        "is direction only, yet there is a figure",
    ),
    (
        "confidence",
        lambda one: one.confidence == "not_found",
        "an effect that was not found is none",
    ),
    (
        "rating",
        lambda one: one.is_secondary and one.rating.level not in MOST_OF_SECONDARY,
        "a figure read in a text that quotes the source is rated low at most",
    ),
)


def _unique_effects(file: DataFile) -> None:
    seen: set[str] = set()
    for practice in file.whole.at("practices").rows():
        for effect in practice.at("effects").rows():
            if effect.value["id"] in seen:
                raise effect.at("id").refuse(f"the effect {effect.value['id']!r} stands twice")
            seen.add(effect.value["id"])


def _all_used(found: Practices, texts: DataFile) -> None:
    used = {ref for one in found.practices.values() for ref in one.sources}
    used |= {one.source for one in found.cross_findings.values()}
    for place in texts.whole.at("sources").rows():
        if place.value["ref"] not in used:
            raise place.refuse(f"no practice rests on {place.value['ref']!r}")


assert tuple(one.name for one in fields(Context)) == CONTEXT_FIELDS
