"""A theory as plain values: boxes and arrows that checks, pictures and files work on."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Arrow", "Box", "Graph", "clean_text"]

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Box:
    """One step."""

    uid: str
    number: int
    kind: str
    text: str
    witness: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """One link; `has_evidence` says whether it rests on something that stands today."""

    uid: str
    number: int
    source: str
    target: str
    mechanism: str = ""
    assumption: str = ""
    confidence: str = "unknown"
    harm: str = ""
    is_own_judgement: bool = False
    has_evidence: bool = False


@dataclass(frozen=True)
class Graph:
    """Boxes and arrows, each in the order of their numbers."""

    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()

    @cached_property
    def box(self) -> dict[str, Box]:
        """The boxes by uid."""
        return {one.uid: one for one in self.boxes}

    @cached_property
    def out(self) -> dict[str, list[Arrow]]:
        """The arrows that leave each box."""
        found: dict[str, list[Arrow]] = defaultdict(list)
        for one in self.arrows:
            found[one.source].append(one)
        return found

    @cached_property
    def into(self) -> dict[str, list[Arrow]]:
        """The arrows that reach each box."""
        found: dict[str, list[Arrow]] = defaultdict(list)
        for one in self.arrows:
            found[one.target].append(one)
        return found

    def kind(self, uid: str) -> str:
        """The kind of a box."""
        return self.box[uid].kind

    def to_indicator(self, arrow: Arrow) -> bool:
        """Whether the arrow ends at an indicator, or starts there."""
        return "indicator" in (self.kind(arrow.source), self.kind(arrow.target))

    def has_mechanism(self, arrow: Arrow) -> bool:
        """Whether it is said how one leads to the other, on the arrow or as a box of its own."""
        ends = (self.kind(arrow.source), self.kind(arrow.target))
        return "mechanism" in ends or bool(arrow.mechanism)


def clean_text(text: str) -> str:
    """A text without the characters that files cannot hold, and without space around it."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n")).strip()
