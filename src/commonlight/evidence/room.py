"""The evidence as a whole: read once, checked as a whole, looked up by id.

Reading and checking all files takes about a quarter of a second; it happens once in a process, at
the first question, so no second, compiled form of the files is kept that could differ from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from commonlight.evidence.offences import EvidenceError, load_iccs
from commonlight.evidence.practice_files import read_practices
from commonlight.evidence.practices import Practice, Practices
from commonlight.evidence.search_terms import SearchTerms, read_search_terms
from commonlight.evidence.statements import Statement, Statements, read_statements
from commonlight.evidence.unit_costs import UnitCosts, read_unit_costs
from commonlight.evidence.vocabulary import Vocabulary, read_vocabulary

__all__ = ["FILES", "Room", "load_room", "read_room"]

FILES = (
    "vocabulary.yaml",
    "practices.yaml",
    "practice_sources.yaml",
    "statements.yaml",
    "unit_costs.yaml",
    "search_terms.yaml",
)
"""Files that belong together."""


@dataclass(frozen=True)
class Room:
    """Everything that was read.

    Parameters
    ----------
    vocabulary : Vocabulary
        Words and labels.
    practices : Practices
        Practices and their texts.
    statements : Statements
        Trends, tensions, lessons and gaps.
    unit_costs : UnitCosts
        What one crime costs.
    terms : SearchTerms
        Words of several languages.
    """

    vocabulary: Vocabulary
    practices: Practices
    statements: Statements
    unit_costs: UnitCosts
    terms: SearchTerms

    def practice(self, id: str) -> Practice:
        """A practice by its id."""
        if id not in self.practices.practices:
            raise EvidenceError(f"no practice {id!r}; commonlight evidence search finds them")
        return self.practices.practices[id]

    def statement(self, id: str) -> Statement:
        """A statement by its id."""
        if id not in self.statements.statements:
            raise EvidenceError(f"no statement {id!r}; commonlight evidence search finds them")
        return self.statements.statements[id]

    def thing(self, id: str) -> Practice | Statement:
        """A practice or a statement by its id."""
        found: dict[str, Any] = {**self.practices.practices, **self.statements.statements}
        if id not in found:
            raise EvidenceError(
                f"no practice and no statement {id!r}; commonlight evidence search finds them"
            )
        thing: Practice | Statement = found[id]
        return thing


def read_room(folder: Traversable) -> Room:
    """Check and read all files of a folder.

    Parameters
    ----------
    folder : Traversable
        A folder with every file of :data:`FILES`.

    Returns
    -------
    Room

    Raises
    ------
    EvidenceError
        At the first place that breaks a rule, with file, line and field.
    """
    missing = [name for name in FILES if not folder.joinpath(name).is_file()]
    if missing:
        raise EvidenceError(f"{folder} lacks {', '.join(missing)}")
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in FILES}
    vocabulary = read_vocabulary(texts["vocabulary.yaml"])
    practices = read_practices(texts["practices.yaml"], texts["practice_sources.yaml"], vocabulary)
    return Room(
        vocabulary,
        practices,
        read_statements(texts["statements.yaml"], vocabulary),
        read_unit_costs(texts["unit_costs.yaml"], vocabulary, practices, load_iccs()),
        read_search_terms(texts["search_terms.yaml"], vocabulary, practices),
    )


@lru_cache
def load_room() -> Room:
    """The evidence that comes with the package.

    Returns
    -------
    Room
    """
    return read_room(files("commonlight.evidence").joinpath("data"))
