"""What a city has decided to publish: the smallest count, the method and the smallest cell.

The rules say what is done. They do not say that the result is anonymous in the sense of the law:
that judgement stays with the controller of the data.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from commonlight.findings.model import Block

__all__ = ["KEY_VARIABLE", "METHODS", "PublicationRules", "PublishingError"]

METHODS = ("suppress", "round")

KEY_VARIABLE = "COMMONLIGHT_ROUNDING_KEY"
"""The environment variable that holds the secret of rounding, where no file is named."""

SHORTEST_KEY = 16

REASON = (
    "Behind one to four records a person, a household or a shop can often be recognised by those "
    "who live nearby. Statistical offices commonly publish no count below 3 to 10; this audit "
    "takes 5."
)


class PublishingError(ValueError):
    """The public version cannot be made; the message says what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class PublicationRules:
    """How the public version of an audit is made.

    Attributes
    ----------
    minimum_count : int
        A count of 1 to `minimum_count - 1` is not published, nor any other number from which it
        could be worked out. 0 is published.
    reason : str
        Why this minimum, as the public version prints it.
    method : {"suppress", "round"}
        Withhold small counts and others that would give them away; or publish every count
        rounded at random to a multiple of `base`, the same everywhere for the same records.
    base : int
        Step of rounding; at least `minimum_count`.
    smallest_cell : float
        Side in metres of the smallest grid cell that a public map may show.
    blocks : tuple of Block
        Parts of the audit that are public.
    allow : tuple of str
        Official names (of areas, streets, offences in law) that the guard against stigma lets
        pass although they hold one of its phrases.
    contact : str
        Whom to ask for what was withheld.
    key_file : Path, optional
        File with the secret of rounding; without it, the environment variable
        ``COMMONLIGHT_ROUNDING_KEY``. The secret itself never stands in a configuration.
    """

    minimum_count: int = 5
    reason: str = REASON
    method: str = "suppress"
    base: int = 5
    smallest_cell: float = 200.0
    blocks: tuple[Block, ...] = tuple(Block)
    allow: tuple[str, ...] = ()
    contact: str = ""
    key_file: Path | None = None

    def __post_init__(self) -> None:
        if not (2 <= self.minimum_count <= 1000 and int(self.minimum_count) == self.minimum_count):
            raise PublishingError(
                f"minimum_count must be a whole number from 2 to 1000; got {self.minimum_count}"
            )
        if self.method not in METHODS:
            raise PublishingError(
                f"method must be one of {', '.join(METHODS)}; got {self.method!r}"
            )
        if self.method == "round" and self.base < self.minimum_count:
            raise PublishingError(
                f"base must be at least minimum_count ({self.minimum_count}), or a rounded count "
                f"would show a small one; got {self.base}"
            )
        if not (isfinite(self.smallest_cell) and self.smallest_cell >= 50):
            raise PublishingError(
                "smallest_cell must be at least 50, in metres: smaller cells are single houses; "
                f"got {self.smallest_cell}"
            )
        if not self.reason.strip():
            raise PublishingError("reason must say why this minimum was chosen; it is empty")

    def secret(self) -> bytes:
        """The secret of rounding.

        Raises
        ------
        PublishingError
            There is none, or it is too short to keep anything secret.
        """
        text = self._secret_text().strip()
        if len(text) < SHORTEST_KEY:
            raise PublishingError(
                f"the secret of rounding must have at least {SHORTEST_KEY} letters or digits; "
                f"got {len(text)}. Write a long random text and keep it: with another secret the "
                "same counts are rounded differently, and two versions together say more than one"
            )
        return text.encode()

    def _secret_text(self) -> str:
        if self.key_file is None:
            return os.environ.get(KEY_VARIABLE, "")
        try:
            return self.key_file.read_text(encoding="utf-8")
        except OSError as error:
            raise PublishingError(
                f"{self.key_file}: the secret of rounding cannot be read: {error.strerror}"
            ) from error
