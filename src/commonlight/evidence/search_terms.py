"""Words of ten languages that lead to the same practices, as a table.

Each concept ties its words to types of problems, types of places, groups of outcomes and practices.
There is no model behind it: a word that is not in the table is not understood, and the search says
so. The table was put together by us, and not by native readers of each language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from commonlight.evidence.data_file import DataFile, Place, Word, open_text, read_rows
from commonlight.evidence.practices import Practices
from commonlight.evidence.vocabulary import Vocabulary
from commonlight.evidence.wordings import Wording, normalise

__all__ = ["LEAST_LETTERS", "Concept", "SearchTerms", "read_search_terms"]

LEAST_LETTERS = 4
"""Shorter words are not looked for in texts."""

BEGINNING = 3
"""By so many letters wordings are laid ready."""


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One meaning and its words.

    Parameters
    ----------
    id, kind : str
        What it is.
    words : mapping of str to tuple of str
        Wordings by language; the first is the label. A star stands for any letters.
    problem_types, place_types, outcome_groups, practices : tuple of str
        What it finds.
    near : tuple of str
        Concepts nearby, where this one finds no practice.
    """

    id: str
    kind: str
    words: Mapping[str, tuple[str, ...]]
    problem_types: tuple[Annotated[str, Word("problem_types")], ...] = ()
    place_types: tuple[Annotated[str, Word("place_types")], ...] = ()
    outcome_groups: tuple[Annotated[str, Word("outcome_groups")], ...] = ()
    practices: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """Its name in a language, or in English."""
        return self.words.get(language, self.words["en"])[0].replace("*", "")

    @property
    def is_tied(self) -> bool:
        """Whether it leads to practices by itself, and not by its words alone."""
        return bool(self.problem_types or self.place_types or self.outcome_groups or self.practices)


@dataclass(frozen=True, kw_only=True)
class SearchTerms:
    """The whole table.

    Parameters
    ----------
    version : int
        Version of the file.
    languages : tuple of str
        Codes of its languages.
    concepts : mapping of str to Concept
        By id, in the order of the file.
    function_words : frozenset of str
        Words that only hold a sentence together, as they are compared.
    """

    version: int
    languages: tuple[str, ...]
    concepts: Mapping[str, Concept]
    function_words: frozenset[str] = frozenset()

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Every wording of every concept, ready to be looked for."""
        return tuple(
            Wording(concept.id, language, text)
            for concept in self.concepts.values()
            for language, texts in concept.words.items()
            for text in texts
        )

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[int]]:
        """Places of wordings by the first letters of a word; under "" those that any may begin."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self.wordings):
            known, star, _rest = one.parts[0].partition("*")
            found["" if star and len(known) < BEGINNING else known[:BEGINNING]].append(place)
        return dict(found)

    def _places(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Which wordings stand in some words, by their place in the table, and where."""
        return sorted(
            (place, start)
            for start, word in enumerate(tokens)
            for beginning in (word[:BEGINNING], "")
            for place in self._by_beginning.get(beginning, ())
            if self.wordings[place].begins(tokens, start)
        )

    def standing_in(self, tokens: Sequence[str]) -> list[tuple[Wording, int]]:
        """Every wording that stands in some words and where, the longest first.

        Parameters
        ----------
        tokens : sequence of str
            Words, as they are compared.

        Returns
        -------
        list of tuple of Wording and int
            With the position of its first word; of equal length in the order of the table.
        """
        rows = [(self.wordings[place], start) for place, start in self._places(tokens)]
        return sorted(rows, key=lambda row: (-row[0].size[0], -row[0].size[1]))

    def english_in(self, tokens: tuple[str, ...]) -> Mapping[str, str]:
        """The concepts that stand in an English text, each with the first wording that does.

        Parameters
        ----------
        tokens : tuple of str
            The words of a text of the evidence room, as they are compared. What stands in it is
            looked for once.

        Returns
        -------
        mapping of str to str
            Wordings by concept.
        """
        known = self._english_in_texts.get(tokens)
        if known is None:
            found = [self.wordings[place] for place, _start in self._places(tokens)]
            known = {one.concept: one.text for one in reversed(found) if one.language == "en"}
            self._english_in_texts[tokens] = known
        return known

    @cached_property
    def _english_in_texts(self) -> dict[tuple[str, ...], Mapping[str, str]]:
        return {}

    def telling(self, words: Sequence[str]) -> list[str]:
        """The words that may tell texts apart: long enough, and function words only alone.

        Parameters
        ----------
        words : sequence of str
            Words, as they are compared.

        Returns
        -------
        list of str
            In the same order.
        """
        long = [word for word in words if len(word) >= LEAST_LETTERS]
        return [word for word in long if word not in self.function_words] or long


def read_search_terms(
    text: str, vocabulary: Vocabulary, practices: Practices, *, name: str = "search_terms.yaml"
) -> SearchTerms:
    """Check and read the table.

    Parameters
    ----------
    text : str
        The YAML.
    vocabulary : Vocabulary
        The words that it may use.
    practices : Practices
        What concepts refer to.
    name : str
        Its name, for errors.

    Returns
    -------
    SearchTerms

    Raises
    ------
    EvidenceError
        At the first place that breaks a rule, with file, line and field.
    """
    file = open_text(text, name, {"languages", "kinds", "concepts", "function_words"})
    found = SearchTerms(
        version=int(file.data["version"]),
        languages=tuple(file.data["languages"]),
        concepts=read_rows(Concept, file.whole.at("concepts"), key="id", words=vocabulary.ids),
        function_words=frozenset(
            part
            for words in file.data["function_words"].values()
            for word in words
            for part in normalise(word)
        ),
    )
    _check(found, file, practices)
    return found


def _check(found: SearchTerms, file: DataFile, practices: Practices) -> None:
    rows = zip(file.whole.at("concepts").rows(), found.concepts.values(), strict=True)
    for place, one in rows:
        if one.kind not in file.data["kinds"]:
            raise place.at("kind").refuse(f"{one.kind!r} is not among the kinds of the file")
        missing = [code for code in found.languages if not one.words.get(code)]
        if missing or set(one.words) - set(found.languages):
            raise place.at("words").refuse(f"needs words in {', '.join(found.languages)} alone")
        for code, wordings in one.words.items():
            if len({each.lower() for each in wordings}) < len(wordings):
                raise place.at("words").at(code).refuse("a word stands twice")
        if not set(one.practices) <= set(practices.practices):
            raise place.at("practices").refuse("names a practice that does not exist")
        if not set(one.near) <= set(found.concepts):
            raise place.at("near").refuse("names a concept that does not exist")
    for place in _function_words(found, file):
        parts = normalise(place.value)
        if len(parts) != 1 or len(parts[0]) < LEAST_LETTERS:
            raise place.refuse(f"must be one word of {LEAST_LETTERS} letters or more")
        if any(len(one.parts) == 1 and one.begins(parts, 0) for one in found.wordings):
            raise place.refuse("is a word of a concept")


def _function_words(found: SearchTerms, file: DataFile) -> Iterator[Place]:
    whole = file.whole.at("function_words")
    for code in whole.value:
        if code not in found.languages:
            raise whole.at(code).refuse("is not among the languages of the file")
        yield from whole.at(code).rows()
