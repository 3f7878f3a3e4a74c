"""What a page offers as that on which a claim can rest: searched, narrowed, a few of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.thread.domain.offering import offered, offering_kinds
from commonlight.web.thread.forms import SearchForm
from commonlight.web.thread.kinds import NodeKind, kinds
from commonlight.web.thread.nearness import stems

__all__ = ["Offers", "offers_for", "search_form"]

FEW = 3
"""So many of each kind are shown before anybody has searched."""

Things = list[tuple[str, Any]]


class Offers:
    """Things by kind, with what a form needs to offer them."""

    def __init__(self, groups: list[tuple[NodeKind, Things]], *, is_cut: bool) -> None:
        self.groups, self.is_cut = groups, is_cut
        self.choices = [
            (kind.label, [(f"{kind.name}:{key}", kind.title(thing)) for key, thing in things])
            for kind, things in groups
        ]

    def chosen(self, value: str) -> Any:
        """The thing that a form names."""
        name, _colon, key = value.partition(":")
        return dict(next(things for kind, things in self.groups if kind.name == name))[key]


def search_form(given: Any) -> SearchForm:
    """Words, a kind, and what it gives."""
    return SearchForm(given, kinds=[(one.name, one.label) for one in offering_kinds()])


def offers_for(
    actor: Actor,
    claim: Any,
    search: SearchForm,
    *,
    without: tuple[str, ...] = (),
    last: tuple[str, ...] = (),
    sources: bool = False,
) -> Offers:
    """The things that fit the search, sources first; without a search, a few of each kind.

    Kinds of the names in `without` are left out, those in `last` come at the end. With `sources`,
    only what is counted or told is offered until somebody searches.
    """
    wanted = search.cleaned_data if search.is_valid() else {}
    words, only, nature = (wanted.get(name, "") for name in ("q", "kind", "nature"))
    is_searched = bool(words or only)
    found = []
    order = partial(_nearest_first, about=stems(_about(claim)))
    for kind, things in offered(actor, claim, words=words, only=only, order=order):
        fitting = [one for one in things if not nature or kind.nature(one[1]) == nature]
        if sources and not nature and not is_searched:
            fitting = [one for one in fitting if kind.nature(one[1])]
        if fitting and kind.name not in without:
            found.append((kind, fitting))
    found = sorted(found, key=lambda one: (one[0].name in last, not _is_source(*one)))
    if is_searched:
        return Offers(found, is_cut=False)
    is_cut = sources or any(len(things) > FEW for _kind, things in found)
    return Offers([(kind, things[:FEW]) for kind, things in found], is_cut=is_cut)


def _is_source(kind: NodeKind, things: Things) -> bool:
    return any(kind.nature(thing) for _key, thing in things)


def _about(claim: Any) -> str:
    """The words that say what a claim is about."""
    kind = next((one for one in kinds() if isinstance(claim, one.model)), None)
    return kind.about(claim) if kind is not None else str(claim)


def _nearest_first(kind: NodeKind, things: Iterable[Any], *, about: set[str]) -> list[Any]:
    """Those first whose titles share most words with the claim, what says little of it last."""
    return sorted(
        things, key=lambda one: (kind.says_little(one), -len(about & stems(str(kind.title(one)))))
    )
