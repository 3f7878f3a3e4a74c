"""The lists of words that the evidence uses, each with its label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from commonlight.evidence.data_file import open_text, read_rows

__all__ = ["LISTS", "Label", "Vocabulary", "read_vocabulary"]

LISTS = (
    "focus_areas",
    "themes",
    "kinds",
    "prevention_levels",
    "outcome_groups",
    "directions",
    "ratings",
    "confidences",
    "range_kinds",
    "value_kinds",
    "metrics",
    "bases",
    "dimensions",
    "context_fields",
    "core_bases",
    "problem_types",
    "place_types",
)
"""Lists that a vocabulary has."""


@dataclass(frozen=True)
class Label:
    """A word of a list, and what people read."""

    id: str
    label: str


@dataclass(frozen=True)
class Vocabulary:
    """All lists.

    Parameters
    ----------
    version : int
        Version of the file.
    lists : mapping of str to mapping of str to str
        Label by id, for each list of :data:`LISTS`.
    """

    version: int
    lists: Mapping[str, Mapping[str, str]]

    @cached_property
    def ids(self) -> dict[str, frozenset[str]]:
        """The ids of each list."""
        return {name: frozenset(words) for name, words in self.lists.items()}

    def label(self, list: str, id: str) -> str:
        """What people read for a word of a list."""
        return self.lists[list][id]


def read_vocabulary(text: str, name: str = "vocabulary.yaml") -> Vocabulary:
    """Check and read the lists.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        Its name, for errors.

    Returns
    -------
    Vocabulary

    Raises
    ------
    EvidenceError
        If a list is missing or unknown, or a word has no label or stands twice.
    """
    file = open_text(text, name, set(LISTS))
    unknown = sorted(set(file.data) - {*LISTS, "version", "checked"})
    if unknown:
        raise file.whole.at(unknown[0]).refuse(f"unknown list {unknown[0]}")
    lists = {}
    for one in LISTS:
        rows = read_rows(Label, file.whole.at(one), key="id")
        lists[one] = {word.id: word.label for word in rows.values()}
    return Vocabulary(int(file.data["version"]), lists)
