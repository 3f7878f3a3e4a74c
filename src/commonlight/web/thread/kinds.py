"""The kinds of things that the thread joins; each app tells of its own in its `nodes.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, refused

__all__ = ["Key", "NodeKind", "key_of", "kind_named", "kinds", "load_kinds", "register"]

Key = tuple[str, str]
"""The name of a kind, and the key of a thing of that kind in its workspace."""


def _is_no_claim(actor: Actor, thing: Any) -> Decision:
    return refused(_("This rests on nothing; it is a source itself."))


@dataclass(frozen=True, kw_only=True)
class NodeKind:
    """How the thread finds, names, opens and weighs things of one kind.

    `find` reads things by key, and `see` weighs them for an actor, each in a constant number of
    queries. `live` says of a thing whether it still stands (not withdrawn, not expired), and why
    not; a thing that it does not name stands. A kind with `must_rest` is a claim: it holds only
    as long as it rests on something, and `change` says who may alter what it rests on.

    `offer` gives the things that an actor may cite, the nearest to a few words first; a kind
    without it is cited from its own pages only. `nature` is quantitative, qualitative or empty,
    and `organisations` gives the organisations whose account each thing is. A kind with
    `rests_on_sources` is offered what is counted or told before anything else.

    `about` gives the words that say what a claim is about, by which what it can rest on is ranked;
    what `says_little` of anything that a claim could mean comes last.
    `lets_speak` says whether people speak for themselves in a thing, so that somebody can be heard
    through it, and `groups_seen` names the groups that it shows without letting them speak.
    """

    name: str
    label: str | Promise
    model: type[Any]
    find: Callable[[Any, Iterable[str]], Mapping[str, Any]]
    title: Callable[[Any], str]
    address: Callable[[Any], str]
    see: Callable[[Actor, Mapping[str, Any]], Mapping[str, Decision]]
    about: Callable[[Any], str] = str
    says_little: Callable[[Any], bool] = lambda thing: False
    key: Callable[[Any], str] = lambda thing: str(thing.pk)
    live: Callable[[Mapping[str, Any]], Mapping[str, Decision]] = lambda things: {}
    change: Callable[[Actor, Any], Decision] = _is_no_claim
    offer: Callable[[Actor, str], Iterable[Any]] | None = None
    nature: Callable[[Any], str] = lambda thing: ""
    organisations: Callable[[Mapping[str, Any]], Mapping[str, frozenset[int]]] = lambda things: {}
    lets_speak: Callable[[Any], bool] = lambda thing: True
    groups_seen: Callable[[Any], Iterable[str]] | None = None
    must_rest: bool = True
    rests_on_sources: bool = False
    may_ground: bool = True


_kinds: dict[str, NodeKind] = {}


def register(kind: NodeKind) -> NodeKind:
    """Make a kind known.

    Raises
    ------
    ValueError
        If another kind has the name or the model.
    """
    for known in _kinds.values():
        if known.name != kind.name and known.model is kind.model:
            raise ValueError(f"{kind.model.__name__} is already the kind {known.name!r}")
    _kinds[kind.name] = kind
    return kind


def kinds() -> tuple[NodeKind, ...]:
    """All kinds, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))


def kind_named(name: str) -> NodeKind:
    """The kind of this name; a name that no app told of is a mistake of ours."""
    return _kinds[name]


def key_of(thing: Any) -> Key:
    """The kind and the key of a thing.

    Raises
    ------
    LookupError
        If no app told of things of its type.
    """
    for kind in _kinds.values():
        if isinstance(thing, kind.model):
            return kind.name, kind.key(thing)
    raise LookupError(f"the thread knows no things of the type {type(thing).__name__}")


def load_kinds() -> None:
    """Load the `nodes.py` of every app."""
    autodiscover_modules("nodes")
