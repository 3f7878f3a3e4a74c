"""A search in the evidence room and in what the partnership wrote itself, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from commonlight.web.knowledge.domain.entries import Entry, entries_of
from commonlight.web.knowledge.enums import EntryKind, EntryState
from commonlight.web.knowledge.labels import practice_name, statement_title
from commonlight.web.knowledge.methods import Results, evidence, found, words_of
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.telling import is_group_word, is_time_word

__all__ = ["Hit", "Search", "search"]

MEANT = frozenset({"named", "problem_type", "outcome_group"})

BARE = frozenset({"group", "place"})
"""Words of these kinds say of whom or where one speaks, and nothing of what happens."""

WHEN = frozenset({"night"})
"""Concepts that say when."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that was found, and the words that led to it."""

    id: str
    title: Any
    record: Any
    words: tuple[str, ...]
    is_meant: bool = False
    """Whether the problem or the outcome that was asked for led to it, and no place or word."""
    is_telling: bool = False
    """Whether a word led to it that says more than who, where and when."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a search gives."""

    query: str
    understood: tuple[tuple[str, str], ...]
    not_understood: tuple[str, ...]
    practices: tuple[Hit, ...]
    statements: tuple[Hit, ...]
    entries: tuple[Hit, ...]
    near: tuple[Hit, ...]
    suggestions: tuple[str, ...]

    @property
    def found_anything(self) -> bool:
        """Whether there is any practice, statement or local entry."""
        return bool(self.practices or self.statements or self.entries)


def search(actor: Actor, query: str) -> Search:
    """Published practices and statements, and local entries beside them, never over them."""
    results = found(query)
    room = evidence()
    language = (get_language() or "en").split("-")[0]
    return Search(
        query=query,
        understood=tuple(
            (one.text, room.terms.concepts[one.concept].label(language)) for one in results.matches
        ),
        not_understood=results.not_understood,
        practices=_hits(results.practices, room.practices.practices, practice_name),
        statements=_hits(results.statements, room.statements.statements, statement_title),
        entries=tuple(_local(actor, query, results)),
        near=tuple(
            Hit(id=id, title=practice_name(id), record=room.practice(id), words=())
            for id in results.near
        ),
        suggestions=results.suggestions,
    )


def _hits(rows: Iterable[Any], records: Any, name: Any) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            id=one.id,
            title=name(one.id),
            record=records[one.id],
            words=tuple({reason.text.casefold(): reason.text for reason in one.reasons}.values()),
            is_meant=any(reason.way in MEANT for reason in one.reasons),
            is_telling=any(map(_tells, one.reasons)),
        )
        for one in rows
    )


def _tells(reason: Any) -> bool:
    """Whether it leads there by what happens, and not by a group, a place or a time alone."""
    if reason.concept:
        kind = evidence().terms.concepts[reason.concept].kind
        return kind not in BARE and reason.concept not in WHEN
    return not (is_time_word(reason.text) or is_group_word(reason.text))


def _local(actor: Actor, query: str, results: Results) -> Iterable[Hit]:
    """Entries that hold a word of the query, or another word of the same meaning."""
    terms = evidence().terms
    wanted = terms.telling(words_of(query))
    meant = {one.concept: one.text for one in results.matches}
    wordings = [one for one in terms.wordings if one.concept in meant]
    for entry in _open_entries(actor):
        tokens = words_of(" . ".join([entry.title, *(getattr(entry, one) for one in entry.parts)]))
        led = [meant[one.concept] for one in wordings if one.stands_in(tokens)]
        led += [word for word in wanted if word in tokens]
        if led:
            yield Hit(
                id=str(entry.number),
                title=entry.title,
                record=entry,
                words=tuple(dict.fromkeys(led)),
            )


def _open_entries(actor: Actor) -> Iterable[Entry]:
    for kind in EntryKind:
        for one in entries_of(actor, kind):
            if one.state != EntryState.WITHDRAWN:
                yield one
