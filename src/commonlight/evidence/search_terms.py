"""Words of ten languages that lead to the same practices, as a table.

Each concept ties its words to types of problems, types of places, groups of outcomes and practices.
There is no model behind it: a word that is not in the table is not understood, and the search says
so. The table was put together by us, and not by native readers of each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from commonlight.evidence.data_file import DataFile, Word, open_text, read_rows
from commonlight.evidence.practices import Practices
from commonlight.evidence.vocabulary import Vocabulary
from commonlight.evidence.wordings import Wording

__all__ = ["Concept", "SearchTerms", "read_search_terms"]


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
    """

    version: int
    languages: tuple[str, ...]
    concepts: Mapping[str, Concept]

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Every wording of every concept, ready to be looked for."""
        return tuple(
            Wording(concept.id, language, text)
            for concept in self.concepts.values()
            for language, texts in concept.words.items()
            for text in texts
        )


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
    file = open_text(text, name, {"languages", "kinds", "concepts"})
    found = SearchTerms(
        version=int(file.data["version"]),
        languages=tuple(file.data["languages"]),
        concepts=read_rows(Concept, file.whole.at("concepts"), key="id", words=vocabulary.ids),
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
