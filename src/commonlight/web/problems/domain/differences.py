"""Where the answers of partners agree and where they differ: the same answers, the same table.

Causes are compared by their family. Texts stand side by side; words that several use are named,
no more is read into them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import override

from commonlight.web.content import read_content
from commonlight.web.ui.punctuation import listed

__all__ = [
    "WORD",
    "CauseRow",
    "Difference",
    "Row",
    "difference_of",
    "ignored_words",
    "is_sealed_by",
    "table_digest",
]

WORD = re.compile(r"[^\W\d_]{4,}")
HALF = 0.5

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question with what each organisation answered, and the words that several use."""

    question: str
    cells: tuple[str, ...]
    shared: tuple[str, ...]
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class CauseRow:
    """One family of causes: by whom it was named, and in which words."""

    family: str
    cells: tuple[str, ...]
    count: int
    is_agreed: bool
    is_minority: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """The words in which it was named, each once."""
        return tuple(dict.fromkeys(one for one in self.cells if one))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The table: organisations by name, a row a question, a row a family of causes."""

    organisations: tuple[str, ...]
    rows: tuple[Row, ...]
    causes: tuple[CauseRow, ...]

    @property
    def agreed(self) -> tuple[CauseRow, ...]:
        """Causes that everybody named."""
        return tuple(one for one in self.causes if one.is_agreed)

    @property
    def differing(self) -> tuple[CauseRow, ...]:
        """Causes that some named and others did not."""
        return tuple(one for one in self.causes if not one.is_agreed)


def difference_of(answers: Iterable[Answers]) -> Difference:
    """The table of the answers, the organisations in the order of their names."""
    given = sorted(
        (one for one in answers if not one.get("is_lost")), key=lambda one: one["organisation"]
    )
    questions = read_content("commonlight.web.problems", "frames")["question"]
    families = read_content("commonlight.web.problems", "frames")["cause_family"]
    rows = [_row(one, given) for one in questions if one["kind"] != "causes"]
    causes = [_causes(one["id"], given) for one in families]
    return Difference(
        organisations=tuple(one["organisation"] for one in given),
        rows=tuple(rows),
        causes=tuple(sorted((one for one in causes if one.count), key=lambda row: -row.count)),
    )


def table_digest(answers: Iterable[Answers]) -> str:
    """SHA-256 of the table, so that anybody can check that it is still the same.

    The signs between causes are those of English, whatever the language of the reader.
    """
    return _digest(answers, "en")


def is_sealed_by(answers: Iterable[Answers], digest: str) -> bool:
    """Whether the answers are those of which the digest was taken.

    Earlier digests hold the signs of the language of whoever opened the answers.
    """
    given = list(answers)
    return any(_digest(given, code) == digest for code, _name in settings.LANGUAGES)


def _digest(answers: Iterable[Answers], language: str) -> str:
    with override(language):
        table = asdict(difference_of(answers))
    text = json.dumps(table, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _row(question: Mapping[str, Any], given: list[Answers]) -> Row:
    cells = tuple(str(one.get(question["id"]) or "") for one in given)
    is_choice = question["kind"] == "choice"
    return Row(
        question=question["id"],
        cells=cells,
        shared=() if is_choice else _shared(cells),
        is_same=len(cells) > 1 and len({one.casefold().strip() for one in cells}) == 1,
    )


def _shared(cells: Iterable[str]) -> tuple[str, ...]:
    """Words of at least four letters that two or more organisations use, the commonest first."""
    ignored = ignored_words()
    counts = Counter(
        word for one in cells for word in {*WORD.findall(one.casefold())} if word not in ignored
    )
    return tuple(
        sorted((word for word, n in counts.items() if n > 1), key=lambda w: (-counts[w], w))
    )


def _causes(family: str, given: list[Answers]) -> CauseRow:
    cells = tuple(
        listed(c["text"] for c in one.get("likely_cause") or () if c["family"] == family)
        for one in given
    )
    count = sum(bool(one) for one in cells)
    return CauseRow(
        family=family,
        cells=cells,
        count=count,
        is_agreed=len(cells) > 1 and count == len(cells),
        is_minority=0 < count < len(cells) * HALF,
    )


def ignored_words() -> frozenset[str]:
    """Words that hold a sentence together and tell nothing of what it is about."""
    words = read_content("commonlight.web.problems", "frames")["comparison"]["ignored_words"]
    return frozenset(word for rows in words.values() for word in rows)
