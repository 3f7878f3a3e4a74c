"""Which records of the workbench are offered as evidence: those of this city first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.thread.domain.offering import offered, offering_kinds
from commonlight.web.thread.forms import SearchForm

__all__ = ["Records", "records_for", "search_form"]

FAR = ("practice", "statement", "gap", "cause")
"""Kinds that tell of other cities, or of guesses: they come last."""

FEW = 6
"""So many of each kind are shown before anybody has searched."""


class Records:
    """Records by kind, with what a form needs to offer them."""

    def __init__(self, groups: list[tuple[Any, list[tuple[str, Any]]]], *, is_cut: bool) -> None:
        self.groups, self.is_cut = groups, is_cut
        self.choices = [
            (kind.label, [(f"{kind.name}:{key}", kind.title(thing)) for key, thing in things])
            for kind, things in groups
        ]

    def chosen(self, value: str) -> Any:
        """The record that a form names."""
        name, _colon, key = value.partition(":")
        return dict(next(things for kind, things in self.groups if kind.name == name))[key]


def search_form(given: Any) -> SearchForm:
    """Words and a kind."""
    return SearchForm(given, kinds=[(one.name, one.label) for one in offering_kinds()])


def records_for(
    actor: Actor, claim: Any, search: SearchForm, *, without: tuple[str, ...] = ()
) -> Records:
    """The records that fit the search; without one, a few of each kind."""
    wanted: Mapping[str, str] = search.cleaned_data if search.is_valid() else {}
    words, only = wanted.get("q", ""), wanted.get("kind", "")
    found = [
        (kind, things)
        for kind, things in offered(actor, claim, words=words, only=only)
        if kind.name not in without
    ]
    found.sort(key=lambda one: one[0].name in FAR)
    if words or only:
        return Records(found, is_cut=False)
    is_cut = any(len(things) > FEW for _kind, things in found)
    return Records([(kind, things[:FEW]) for kind, things in found], is_cut=is_cut)
