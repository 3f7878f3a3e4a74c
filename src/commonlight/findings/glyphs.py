"""Which characters the shipped font can draw, read from its character map.

A tagged PDF must not hold a character without a glyph. What the font cannot draw is written as
its code point, ``[U+1F600]``, so that nothing is lost without a word.

It reads the two common forms of a character map (4 and 12) and shapes no text.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from importlib.resources import files

__all__ = ["drawable"]

_FONT = "fonts/SourceSans3-Regular.ttf"
_HEBREW = frozenset(range(0x05D0, 0x05EB))
"""Drawn by the serif face that the typesetter brings with it."""


def drawable(text: str) -> str:
    """Write what the fonts cannot draw as its code point.

    Examples
    --------
    >>> drawable("Łódź, Αθήνα, Київ")
    'Łódź, Αθήνα, Київ'
    >>> drawable("ok \\U0001f600")
    'ok [U+1F600]'
    """
    covered = _covered()
    return "".join(_character(c, covered) for c in unicodedata.normalize("NFC", text))


def _character(character: str, covered: frozenset[int]) -> str:
    if ord(character) in covered or character == "\n":
        return character
    if unicodedata.category(character) in {"Cc", "Cf"}:
        return " " if character in "\t\r" else ""
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    font = files("commonlight.findings").joinpath(_FONT).read_bytes()
    start = _table(font, b"cmap")
    found: set[int] = set(_HEBREW)
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        found |= _subtable(font, start + offset)
    return frozenset(found)


def _table(font: bytes, tag: bytes) -> int:
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"the shipped font {_FONT} has no {tag.decode()} table")


def _subtable(font: bytes, start: int) -> set[int]:
    form = struct.unpack_from(">H", font, start)[0]
    if form == 12:
        return _segmented(font, start)
    return _mapped_to_delta(font, start) if form == 4 else set()


def _segmented(font: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">I", font, start + 12)[0]
    found: set[int] = set()
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * number)
        found.update(range(first, last + 1))
    return found


def _mapped_to_delta(font: bytes, start: int) -> set[int]:
    doubled = struct.unpack_from(">H", font, start + 6)[0]
    count = doubled // 2
    last = struct.unpack_from(f">{count}H", font, start + 14)
    first = struct.unpack_from(f">{count}H", font, start + 16 + doubled)
    found: set[int] = set()
    for low, high in zip(first, last, strict=True):
        found.update(range(low, high + 1))
    return found - {0xFFFF}
