"""A view of an audit: some offence classes, types or areas instead of all.

A view is cut before the questions are asked, so that each test, rate and interval is that of the
view. Two views that overlap give their difference away, so that a view is for the inside of a
partnership; see `PublicationRules` for what may leave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonlight.evidence.offences import EvidenceError, load_iccs
from commonlight.findings import words

if TYPE_CHECKING:
    from commonlight.audit.layers import AreaLayer

__all__ = ["AreaView", "Selection", "areas_in_view", "cautions_of", "short_words", "view_noun"]

#: More things than this are counted in a sentence, not listed.
LISTED = 2


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What incidents and reports of an audit are in view; empty means all.

    Attributes
    ----------
    iccs : tuple of str
        Codes of the UN classification of crime. A code takes in all below it: ``05`` holds
        ``0501`` and ``050221``.
    types : tuple of str
        Types in the words of the source. With `iccs` too, a record is in view by either.
    areas : tuple of str
        Codes of areas, of the areas that each source is counted in.
    main_view : bool
        Whether this is the only view of the plan that is ever published. Any other view stays
        inside.
    """

    iccs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    main_view: bool = False

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.iccs or self.types or self.areas)

    @property
    def kinds(self) -> bool:
        """Whether some offence classes or types are left out."""
        return bool(self.iccs or self.types)

    @property
    def publishable(self) -> bool:
        """Whether a public version may be made."""
        return self.main_view or not self

    def kinds_in_view(
        self, columns: Mapping[str, np.ndarray], texts: Mapping[str, Sequence[str]]
    ) -> np.ndarray:
        """Whether each record is in view by its class or type, shape (n,).

        `columns` holds the numbers of each record's texts (-1 = none) and `texts` the texts.
        """
        n = columns["start"].size
        if not self.kinds:
            return np.ones(n, dtype=bool)
        found = np.zeros(n, dtype=bool)
        if self.iccs and "iccs" in columns:
            found |= _any_of(columns["iccs"], [t.startswith(self.iccs) for t in texts["iccs"]])
        if self.types and "type" in columns:
            found |= _any_of(columns["type"], [t in self.types for t in texts["type"]])
        return found


def _any_of(codes: np.ndarray, chosen: list[bool]) -> np.ndarray:
    known: np.ndarray = np.array([*chosen, False], dtype=bool)
    return np.asarray(known[codes])


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaView:
    """The areas in view, and for each area (and last for none) its number among them or -1.

    Areas that the selection does not speak of, because none of its codes is theirs, stay whole,
    and `holds` is false.
    """

    areas: AreaLayer
    number: np.ndarray
    holds: bool


def areas_in_view(areas: AreaLayer, selection: Selection) -> AreaView:
    """The part of a set of areas that a selection names."""
    chosen = [i for i, code in enumerate(areas.codes) if code in selection.areas]
    n = len(areas.codes)
    if not chosen:
        whole = np.append(np.arange(n), -1).astype(np.int32)
        return AreaView(areas=areas, number=whole, holds=not selection.areas)
    number = np.full(n + 1, -1, dtype=np.int32)
    number[chosen] = np.arange(len(chosen))
    cut = replace(
        areas,
        codes=tuple(areas.codes[i] for i in chosen),
        labels=tuple(areas.labels[i] for i in chosen),
        polygons=tuple(areas.polygons[i] for i in chosen) if areas.polygons else (),
        population=None if areas.population is None else areas.population[chosen],
        groups={
            name: {label: counts[chosen] for label, counts in labels.items()}
            for name, labels in areas.groups.items()
        },
        without_population=tuple(c for c in areas.without_population if c in selection.areas),
    )
    return AreaView(areas=cut, number=number, holds=True)


def view_noun(noun: str, selection: Selection, areas: AreaLayer | None) -> str:
    """What the records in view are called, as a plural: ``thefts in Dockside and Hill``."""
    kinds = _kinds_phrase(selection)
    where = _areas_phrase(selection, areas) if selection.areas else ""
    return " ".join(part for part in (noun, kinds, where) if part)


def _kinds_phrase(selection: Selection) -> str:
    named = [
        *(_class_name(code) for code in selection.iccs),
        *(f"\u2018{name}\u2019" for name in selection.types),
    ]
    if not named:
        return ""
    if len(named) > LISTED:
        return f"of {words.number(len(named))} chosen kinds"
    return f"of {'kind' if len(named) == 1 else 'kinds'} {words.listing(named)}"


def _areas_phrase(selection: Selection, areas: AreaLayer | None) -> str:
    names = _area_names(selection, [areas] if areas is not None else [])
    if 0 < len(names) <= LISTED:
        return f"in {words.listing(names)}"
    noun = areas.noun if areas is not None else "areas"
    return f"in {words.number(len(selection.areas))} chosen {noun}"


def _area_names(selection: Selection, areas: Sequence[AreaLayer]) -> list[str]:
    """Names of the chosen areas that are known, in the order of the selection."""
    known = {
        code: label for item in areas for code, label in zip(item.codes, item.labels, strict=True)
    }
    return [known[code] for code in selection.areas if code in known]


def _class_name(code: str) -> str:
    try:
        return f"{load_iccs().name(code)} (ICCS {code})"
    except EvidenceError:
        return f"ICCS {code}"


def short_words(selection: Selection) -> str:
    """The view in the few words of a title."""
    parts = []
    if selection.iccs:
        parts.append(f"offence classes {words.listing([*selection.iccs], limit=6)}")
    if selection.types:
        parts.append(words.counted(len(selection.types), "chosen type"))
    if selection.areas:
        parts.append(words.counted(len(selection.areas), "chosen area"))
    return f"only {words.listing(parts)}"


def cautions_of(selection: Selection, areas: Sequence[AreaLayer]) -> tuple[str, ...]:
    """What a reader of a view must know before the first sentence."""
    cautions = []
    if selection.iccs:
        named = [_class_name(code) for code in selection.iccs]
        cautions.append(f"Only the offence classes {_all(named)} are in this view.")
    if selection.types:
        named = [f"\u2018{name}\u2019" for name in selection.types]
        cautions.append(f"Only records of the types {_all(named)} are in this view.")
    if selection.areas:
        cautions += _area_cautions(selection, areas)
    return tuple(cautions)


def _all(items: Sequence[str]) -> str:
    """A list that leaves nothing out: it says what a view holds."""
    return words.listing(items, limit=max(len(items), 1))


def _area_cautions(selection: Selection, areas: Sequence[AreaLayer]) -> list[str]:
    names = _area_names(selection, areas)
    known = {code for item in areas for code in item.codes}
    unknown = [code for code in selection.areas if code not in known]
    cautions = []
    if names:
        cautions.append(
            f"Only records in {_all(names)} are in this view. Tests and rates compare "
            "these areas with each other, not with the whole city. What residents say of the city "
            "as a whole rests on all answers."
        )
    if unknown:
        cautions.append(
            f"No area has the code {_all(list(map(repr, unknown)))}: nothing of it is in this view."
        )
    return cautions
