"""Frozen content of a public version in the words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from commonlight.web.problems.fieldwork.catalogue import blocks, voice_titles
from commonlight.web.problems.fieldwork.enums import Nature
from commonlight.web.thread.kinds import kinds

__all__ = ["Face", "face_of"]

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Line:
    """A sentence for everybody, and on what kind of source it rests."""

    text: str
    nature: Text
    sources: tuple[Text, ...]
    oldest: date | None
    is_shaken: bool


@dataclass(frozen=True, kw_only=True)
class Face:
    """A public version as a page shows it."""

    title: str
    place: str
    first_day: date | None
    last_day: date | None
    blocks: tuple[tuple[Text, tuple[Line, ...]], ...]
    none_found: bool
    missing_groups: tuple[Text, ...]

    @property
    def empty(self) -> tuple[Text, ...]:
        """The blocks in which nothing stands for everybody."""
        return tuple(title for title, lines in self.blocks if not lines)

    @property
    def has_lines(self) -> bool:
        """Whether anything stands in it."""
        return any(lines for _title, lines in self.blocks)


def face_of(content: Mapping[str, Any], shaken: set[str] = frozenset()) -> Face:  # type: ignore[assignment]
    """The frozen content, with titles in the reader's language."""
    titles = {one["id"]: one["title"] for one in blocks()}
    natures, labels = dict(Nature.choices), {one.name: one.label for one in kinds()}
    voices = voice_titles()
    return Face(
        title=content["title"],
        place=content["place"],
        first_day=_day(content["first_day"]),
        last_day=_day(content["last_day"]),
        blocks=tuple(
            (
                titles.get(block["id"], block["id"]),
                tuple(
                    Line(
                        text=line["text"],
                        nature=natures.get(line["nature"], ""),
                        sources=tuple(labels[one] for one in line["sources"] if one in labels),
                        oldest=_day(line["oldest"]),
                        is_shaken=line["text"] in shaken,
                    )
                    for line in block["entries"]
                ),
            )
            for block in content["blocks"]
        ),
        none_found=content["none_found"],
        missing_groups=tuple(voices[one] for one in content["missing_groups"] if one in voices),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
