"""Find practices and statements by the words of a problem, in several languages.

Letters are made small, accents are taken off, and the words are looked up in the term table: the
longest wording wins and uses up its words, so that "robatori amb força" is burglary and not
robbery. Words that the table does not know are looked for in the names and summaries, which are
English; those that only hold a sentence together, such as "from", only where nothing else was
asked. The same words give the same results in the same order, and each result says which words
led to it. A search without a result is an answer too; it then names what is nearest.

Order: first what more of the meant things find; then what is named by them, before what shares a
type of problem, of place or of outcome; then what is made for fewer problems; then the better
studied; then by name. This is an order of
fit to the words, not of what works.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from commonlight.evidence.practices import Practice, Practices
from commonlight.evidence.search_terms import Concept, SearchTerms
from commonlight.evidence.statements import Statement, Statements
from commonlight.evidence.wordings import normalise

__all__ = ["Found", "Match", "Reason", "Results", "search"]

_MOST_SHARE = 0.2
_CLOSE = 0.75
_MOST_NEAR = 5
_STRENGTH = ("high", "moderate", "low", "very_low", "none")
_WAYS = ("named", "problem_type", "place_type", "outcome_group", "word")


class _Room(Protocol):
    """What is searched."""

    @property
    def practices(self) -> Practices: ...

    @property
    def statements(self) -> Statements: ...

    @property
    def terms(self) -> SearchTerms: ...


@dataclass(frozen=True)
class Match:
    """Words of the query that mean something.

    Parameters
    ----------
    concept : str
        What they mean.
    languages : tuple of str
        In which languages.
    text : str
        The words, as they were typed.
    """

    concept: str
    languages: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Reason:
    """Why something was found.

    Parameters
    ----------
    text : str
        The words of the query.
    concept : str
        What they mean; empty for a word that stands in the text itself.
    way : str
        `named`, `problem_type`, `place_type`, `outcome_group` or `word`.
    value : str
        The type or group that is shared, or the word.
    """

    text: str
    concept: str
    way: str
    value: str = ""


@dataclass(frozen=True)
class Found:
    """A practice or statement that was found.

    Parameters
    ----------
    id : str
        Its identifier.
    reasons : tuple of Reason
        Why.
    """

    id: str
    reasons: tuple[Reason, ...]

    @property
    def meant(self) -> frozenset[str]:
        """The different words that led here."""
        return frozenset(one.concept or one.text for one in self.reasons)


@dataclass(frozen=True)
class Results:
    """What a search gives.

    Parameters
    ----------
    query : str
        What was asked.
    matches : tuple of Match
        Words that the table knows.
    not_understood : tuple of str
        Words that it does not know and that stand nowhere.
    practices, statements : tuple of Found
        In order of fit.
    near : tuple of str
        Practices nearby, where none was found.
    suggestions : tuple of str
        Words of the table that look like those of the query, where none was known.
    """

    query: str
    matches: tuple[Match, ...]
    not_understood: tuple[str, ...]
    practices: tuple[Found, ...]
    statements: tuple[Found, ...]
    near: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


def search(query: str, room: _Room) -> Results:
    """Practices and statements for the words of a problem.

    Parameters
    ----------
    query : str
        Words in any language of the table.
    room : Room
        The evidence.

    Returns
    -------
    Results
    """
    words = _as_typed(query)
    tokens = [word for word, _ in words]
    matches, free = _meant(words, room.terms)
    free = _without_function_words(free, matches, room.terms)
    practices = _practices(matches, free, room)
    statements = _statements(matches, free, room, query)
    led = {one.text for found in (*practices, *statements) for one in found.reasons}
    lost = tuple(word for word in dict.fromkeys(free) if word not in led)
    near, suggestions = ((), ()) if practices else _near(tokens, matches, room)
    return Results(query, matches, lost, practices, statements, near, suggestions)


def _as_typed(query: str) -> list[tuple[str, str]]:
    """Each word as it is compared, with the word as it was typed."""
    return [
        (word, typed.strip('.,;:!?()"“”„«»*'))
        for typed in query.split()
        for word in normalise(typed.replace("*", ""))
    ]


def _meant(
    words: Sequence[tuple[str, str]], terms: SearchTerms
) -> tuple[tuple[Match, ...], list[str]]:
    """What the words mean, and the words that are left over."""
    tokens = [word for word, _ in words]
    taken: dict[int, tuple[int, int]] = {}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for wording, start in terms.standing_in(tokens):
        size = wording.size
        span = range(start, start + len(wording.parts))
        if all(taken.get(k, size) == size for k in span):
            taken.update(dict.fromkeys(span, size))
            text = " ".join(dict.fromkeys(words[k][1] for k in span))
            found[wording.concept, text].append(wording.language)
    matches = tuple(
        Match(concept, tuple(dict.fromkeys(languages)), text)
        for (concept, text), languages in found.items()
    )
    return matches, [word for k, word in enumerate(tokens) if k not in taken]


def _without_function_words(
    free: Sequence[str], matches: Sequence[Match], terms: SearchTerms
) -> list[str]:
    """The words to look for in texts; words such as "from" only where nothing else was asked."""
    told = terms.telling(free)
    return [word for word in told if word not in terms.function_words] if matches else told


def _practices(matches: Sequence[Match], free: Sequence[str], room: _Room) -> tuple[Found, ...]:
    rows = room.practices.practices
    texts = {one.id: _words(f"{one.name} . {one.summary}") for one in rows.values()}
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for match in matches:
        concept = room.terms.concepts[match.concept]
        for practice in rows.values():
            reasons[practice.id] += _why(match, concept, practice)
        if not concept.is_tied:
            _by_english_words(match, texts, room.terms, reasons)
    for id, word in _in_texts(free, {id: set(tokens) for id, tokens in texts.items()}):
        reasons[id].append(Reason(word, "", "word", word))
    found = [Found(id, tuple(why)) for id, why in reasons.items() if why]
    return tuple(sorted(found, key=lambda one: _order(one, rows[one.id])))


def _by_english_words(
    match: Match,
    texts: dict[str, tuple[str, ...]],
    terms: SearchTerms,
    reasons: dict[str, list[Reason]],
) -> None:
    """Texts that hold an English wording of what was meant, in whatever language it was asked."""
    for id, tokens in texts.items():
        stands = terms.english_in(tokens).get(match.concept)
        if stands is not None:
            reasons[id].append(Reason(match.text, match.concept, "word", stands))


def _why(match: Match, concept: Concept, practice: Practice) -> Iterator[Reason]:
    if practice.id in concept.practices:
        yield Reason(match.text, concept.id, "named")
    for way, wanted, has in (
        ("problem_type", concept.problem_types, practice.problem_types),
        ("place_type", concept.place_types, practice.place_types),
        ("outcome_group", concept.outcome_groups, [e.outcome_group for e in practice.effects]),
    ):
        for value in wanted:
            if value in has:
                yield Reason(match.text, concept.id, way, value)


def _order(found: Found, practice: Practice) -> tuple[int, int, int, int, str]:
    nearest = min(_WAYS.index(one.way) for one in found.reasons)
    return (
        -len(found.meant),
        nearest,
        len(practice.problem_types),
        _STRENGTH.index(practice.evidence_quality.level),
        practice.name,
    )


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    return tuple(normalise(text))


def _in_texts(words: Sequence[str], texts: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Texts that hold a word; one that stands in many texts tells them not apart."""
    for word in dict.fromkeys(words):
        holding = [id for id, text in texts.items() if word in text]
        if len(holding) <= max(1, _MOST_SHARE * len(texts)):
            yield from ((id, word) for id in holding)


def _statements(
    matches: Sequence[Match], free: Sequence[str], room: _Room, query: str
) -> tuple[Found, ...]:
    rows = room.statements.statements
    texts = {id: _words(f"{one.title} . {one.statement}") for id, one in rows.items()}
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for match in matches:
        _by_english_words(match, texts, room.terms, reasons)
    for id, word in _in_texts(free, {id: set(tokens) for id, tokens in texts.items()}):
        reasons[id].append(Reason(word, "", "word", word))
    asked = query.strip().upper()
    if asked in rows:
        reasons[asked].append(Reason(asked.lower(), "", "named"))
    found = [Found(id, tuple(why)) for id, why in reasons.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.meant), _place(rows[one.id], one))))


def _place(statement: Statement, found: Found) -> tuple[int, str]:
    """Those first whose title holds the word."""
    title = " ".join(normalise(statement.title))
    in_title = any(" ".join(normalise(one.value)) in title for one in found.reasons if one.value)
    return (0 if in_title else 1), statement.id


def _near(
    tokens: Sequence[str], matches: Sequence[Match], room: _Room
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Practices nearby, and words that look like those of the query."""
    concepts = [near for one in matches for near in room.terms.concepts[one.concept].near]
    suggestions: list[str] = []
    if not matches and tokens:
        by_text = {" ".join(one.parts).replace("*", ""): one for one in room.terms.wordings}
        alike = difflib.get_close_matches(" ".join(tokens), list(by_text), n=3, cutoff=_CLOSE)
        suggestions = [by_text[text].text.replace("*", "") for text in alike]
        concepts = [by_text[text].concept for text in alike]
    asked = [Match(concept, (), "") for concept in dict.fromkeys(concepts)]
    near = [one.id for one in _practices(asked, (), room)]
    return tuple(near[:_MOST_NEAR]), tuple(dict.fromkeys(suggestions))
