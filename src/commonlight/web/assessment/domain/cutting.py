"""Cut a text into claims by the rules of `content/claims.toml`; the text itself is never changed.

The same text in the same language gives the same claims. Each claim keeps the place of its first
and last character in the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from commonlight.web.content import read_content

__all__ = ["Cut", "cut_text", "is_long", "languages"]

PACKAGE = "commonlight.web.assessment"
LOOK_BACK = 60
"""So many letters before a full stop are read; no abbreviation is longer."""

OPEN_ENDS = ':;,»”"-–('
"""Signs at the end of a line that no heading ends with."""

LONGEST_WORD = 500
"""A line with a longer run of letters is a picture or a code, and no sentence."""


@dataclass(frozen=True)
class Cut:
    """A claim as the rules cut it, its place in the text, and what stands above it."""

    text: str
    start: int
    end: int
    heading: str = ""
    lead_in: str = ""


@dataclass(frozen=True)
class Piece:
    """A part of the text as it reads, with the place of each of its characters."""

    text: str
    places: tuple[int, ...]

    def cut(self, start: int, end: int) -> Piece:
        """A part of the part, without the spaces around it."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        end = max(start, end)
        return Piece(self.text[start:end], self.places[start:end])

    def then(self, other: Piece) -> Piece:
        """Both, with a space for the line break between them."""
        between = self.places[-1] + 1 if self.places else 0
        return Piece(f"{self.text} {other.text}", (*self.places, between, *other.places))


@dataclass(frozen=True)
class Block:
    """A heading, an item of a list, or a paragraph."""

    kind: str
    piece: Piece


def languages() -> tuple[str, ...]:
    """The languages for which there are rules."""
    return tuple(_rules()["language"])


def is_long(text: str) -> bool:
    """Whether a claim is so long that it probably says more than one thing."""
    return len(text.split()) > int(_rules()["limits"]["long_words"])


def cut_text(text: str, language: str) -> list[Cut]:
    """The claims of a text, in its order."""
    return list(_claims(_blocks(_cleaned(text)), language))


def _claims(blocks: list[Block], language: str) -> Iterator[Cut]:
    heading = lead_in = ""
    above: list[tuple[int, str]] = []
    is_spent, title = True, _title(blocks)
    for block, after in zip_longest(blocks, blocks[1:]):
        if block.kind == "heading":
            above = [] if block is title else _chain(above, block, is_spent=is_spent)
            heading = " – ".join(said for _level, said in above) or _said(block)
            lead_in, is_spent = "", block is title
            continue
        is_spent = True
        alone, items = _sentences(block.piece, language), []
        if block.kind == "item":
            alone, items = [], _with_short_lead(alone)
        else:
            is_before_list = after is not None and after.kind == "item"
            lead_in, alone, items = _led(alone, is_before_list)
        for lead, pieces in (("", alone), (lead_in, items)):
            for piece in pieces:
                yield Cut(piece.text, piece.places[0], piece.places[-1] + 1, heading[:300], lead)


def _chain(above: list[tuple[int, str]], block: Block, *, is_spent: bool) -> list[tuple[int, str]]:
    """A heading after those that it stands under, so that one without a sentence stays readable.

    Where nothing tells the levels, it stands under the heading right before it.
    """
    level = _level(block)
    if level:
        kept = [one for one in above if 0 < one[0] < level]
    else:
        kept = [] if is_spent else above[-1:]
    return [*kept, (level, _said(block))]


def _title(blocks: list[Block]) -> Block | None:
    """The name of the whole text: what stands first, if no other heading is of its level."""
    first = blocks[0] if blocks and blocks[0].kind == "heading" else None
    if first is None or not _level(first):
        return first
    others = [one for one in blocks[1:] if one.kind == "heading" and _level(one) == _level(first)]
    return None if others else first


def _level(block: Block) -> int:
    """How many signs stand before a heading; none where it is a line without."""
    return len(block.piece.text) - len(block.piece.text.lstrip("#"))


def _said(block: Block) -> str:
    return block.piece.text.lstrip("# ").strip()


def _led(found: list[Piece], is_before_list: bool) -> tuple[str, list[Piece], list[Piece]]:
    """What leads a list in, the sentences before it, and a first item on the line of the lead."""
    rules = _rules()["bullets"]
    if not found:
        return "", found, []
    last = found[-1]
    if last.text.endswith(str(rules["lead_in_ends_with"])):
        return last.text, found[:-1], []
    colon = last.text.find(": ")
    if is_before_list and colon > 0 and last.text.endswith(tuple(rules["first_item_ends_with"])):
        return last.cut(0, colon + 1).text, found[:-1], [last.cut(colon + 1, len(last.text))]
    return "", found, []


def _with_short_lead(found: list[Piece]) -> list[Piece]:
    """A lead of a few words, such as “Station square.”, goes with the sentence after it."""
    most = int(_rules()["bullets"]["short_lead_words"])
    if len(found) > 1 and len(found[0].text.split()) <= most and found[0].text.endswith("."):
        return [found[0].then(found[1]), *found[2:]]
    return found


def _cleaned(text: str) -> Piece:
    """The text without comments, with words divided at the end of a line put together."""
    kept = [True] * len(text)
    for pattern in _rules()["skip"]["blocks"]:
        for found in re.finditer(pattern, text):
            for place in range(*found.span()):
                kept[place] = False
    for found in re.finditer(_rules()["join"]["hyphen_pattern"], text):
        if found[2].islower():
            kept[found.start() + 1] = kept[found.start() + 2] = False
    places = tuple(place for place, stays in enumerate(kept) if stays)
    return Piece("".join(text[place] for place in places), places)


def _blocks(text: Piece) -> list[Block]:
    lines = _lines(text)
    free = [True, *(not one.text.strip() for one in lines), True]
    found: list[Block] = []
    more: dict[int, list[Piece]] = defaultdict(list)
    later = _later([one.text.strip() for one in lines])
    for number, line in enumerate(lines):
        alone = free[number] and free[number + 2]
        kind = _kind(line.text, alone)
        if kind in ("text", "item") and _is_pasted_heading(
            line.text.strip(), lines[number - 1].text if number else "", later[number], found
        ):
            kind = "heading"
        if kind == "item":
            line = _without_bullet(line)
        elif kind == "text" and found and _goes_on(found[-1], line.text):
            more[len(found) - 1].append(line.cut(0, len(line.text)))
            continue
        found.append(Block(kind, line.cut(0, len(line.text))))
    whole = [Block(one.kind, _joined(one.piece, more[at])) for at, one in enumerate(found)]
    return [one for one in whole if one.kind != "skip" and one.piece.text]


def _joined(first: Piece, more: list[Piece]) -> Piece:
    """Lines of one block in a row, each with a space for the line break before it."""
    if not more:
        return first
    places = list(first.places)
    for one in more:
        places.append(places[-1] + 1 if places else 0)
        places.extend(one.places)
    return Piece(" ".join([first.text, *(one.text for one in more)]), tuple(places))


def _lines(text: Piece) -> list[Piece]:
    found, start = [], 0
    for line in text.text.split("\n"):
        end = start + len(line)
        found.append(Piece(line.rstrip("\r"), text.places[start : start + len(line.rstrip("\r"))]))
        start = end + 1
    return found


def _goes_on(before: Block, line: str) -> bool:
    return before.kind == "text" or (before.kind == "item" and line.startswith("  "))


def _kind(line: str, alone: bool) -> str:
    rules = _rules()
    if any(re.match(one, line) for one in rules["skip"]["patterns"]) or _is_code(line):
        return "skip"
    if _is_heading(line, alone):
        return "heading"
    if any(re.match(one, line) for one in rules["bullets"]["patterns"]):
        return "item"
    return "text"


def _is_code(line: str) -> bool:
    return len(line) > LONGEST_WORD and max(map(len, line.split())) > LONGEST_WORD


def _is_heading(line: str, alone: bool) -> bool:
    rules = _rules()["headings"]
    for pattern, needs in zip(rules["patterns"], rules["needs_empty_lines"], strict=True):
        if (alone or not needs) and re.match(pattern, line):
            return True
    last, words = line.strip()[-1], line.split()
    is_bullet = any(re.match(one, line) for one in _rules()["bullets"]["patterns"])
    marks = "".join(_rules()["endings"]["marks"]) + ':;»”"'
    short = len(words) <= int(_rules()["limits"]["heading_words_max"])
    return alone and short and last not in marks and not is_bullet


def _later(texts: list[str]) -> list[str]:
    """For each line the next one that is not empty."""
    found, after = [], ""
    for text in reversed(texts):
        found.append(after)
        after = text or after
    return found[::-1]


def _is_pasted_heading(line: str, before: str, after: str, found: list[Block]) -> bool:
    """Whether a line is a heading by what stands before and after it, without empty lines.

    It is short, ends no sentence, and text that begins with a capital letter follows. What stands
    before it is finished, and the line is no longer than a part of the next one or has a number.
    """
    rules = _rules()["headings"]
    if len(line) > LOOK_BACK or line[-1] in "".join(_rules()["endings"]["marks"]) + OPEN_ENDS:
        return False
    if not after or not _is_finished(before, found):
        return False
    if not after.lstrip('«“„" ')[:1].isupper() or _kind(after, False) != "text":
        return False
    if any(re.match(one, line) for one in rules["pasted_patterns"]):
        return not (found and found[-1].kind == "item")
    is_item = any(re.match(one, line) for one in _rules()["bullets"]["patterns"])
    short = len(line.split()) <= int(rules["pasted_words_max"])
    share = float(rules["pasted_share_max"])
    return not is_item and short and line[0].isupper() and len(line) < share * len(after)


def _is_finished(before: str, found: list[Block]) -> bool:
    """Whether nothing goes on from the line before."""
    said = before.strip()
    if not said or (found and found[-1].kind == "heading"):
        return True
    marks = "".join(_rules()["endings"]["marks"])
    return said.rstrip("".join(_rules()["endings"]["closing"]))[-1:] in tuple(marks)


def _without_bullet(line: Piece) -> Piece:
    for pattern in _rules()["bullets"]["patterns"]:
        found = re.match(pattern, line.text)
        if found:
            line = Piece(line.text[found.end() :], line.places[found.end() :])
    return line


def _sentences(piece: Piece, language: str) -> list[Piece]:
    """One paragraph, sentence by sentence."""
    text, kept = piece.text, _protected(piece.text, language)
    marks, tail = "".join(_rules()["endings"]["marks"]), _tail()
    found, start, here = [], 0, 0
    while here < len(text):
        if text[here] not in marks or here in kept:
            here += 1
            continue
        match = tail.match(text, here)
        stop = match.end() if match else here + 1
        inside = stop < len(text) and not text[stop].isspace()
        quoted = set(text[here:stop]) & set(_rules()["quotes"]["closing"])
        if quoted and text[stop:].lstrip()[:1].islower():
            here += 1
            continue
        if inside or (text[here] == "." and not _ends(text, here, stop, language)):
            here += 1
            continue
        found.append(piece.cut(start, stop))
        start = here = stop
    found.append(piece.cut(start, len(text)))
    return [one for one in found if one.text]


def _protected(text: str, language: str) -> set[int]:
    """Places of full stops that do not end a sentence."""
    rules = _rules()
    kept: set[int] = set()
    patterns = [*rules["no_end"]["patterns"], rules["no_end"]["initial"]]
    for pattern in patterns:
        for found in re.finditer(pattern, text):
            kept.update(range(*found.span()))
    words = _words(language)
    for found in re.finditer(words["ordinal"], text):
        if not _starts(text[found.end() : found.end() + LOOK_BACK].lstrip(), words):
            kept.update(range(*found.span()))
    for found in re.finditer(rules["quotes"]["pattern"], text):
        inside = found[0][:-1].rstrip()
        last = len(inside.rstrip("".join(rules["endings"]["marks"])))
        kept.update(range(found.start(), found.start() + last))
    return kept


@lru_cache
def _tail() -> re.Pattern[str]:
    """Marks and closing signs that still belong to a sentence."""
    endings = _rules()["endings"]
    marks = re.escape("".join(endings["marks"]))
    closing = "".join(re.escape(one) for one in endings["closing"])
    later = "".join(re.escape(one) for one in endings["closing_after_space"])
    return re.compile(rf"(?:[{marks}]|[{closing}]|[\s\u00a0\u202f](?=[{later}]))*")


def _ends(text: str, here: int, stop: int, language: str) -> bool:
    """Whether the full stop at this place ends a sentence."""
    words = _words(language)
    after = text[stop : stop + LOOK_BACK].lstrip()
    if not after:
        return True
    before, two = _before(text, here, words)
    if {before, two} & words["may_end"]:
        return _starts(after, words)
    if {before, two} & words["never"]:
        unsure = before in words["ambiguous"]
        return unsure and not re.match(r"[\d§(\[]|[A-ZÀ-Ý]\.|[a-zß-ÿ]", after)
    return True


def _before(text: str, here: int, words: dict[str, Any]) -> tuple[str, str]:
    """The word before the full stop, and the last two words."""
    back = text[max(0, here - LOOK_BACK) : here]
    one = re.search(r"[^\s(\[«“\"„]*$", back)
    two = re.search(r"([^\s(\[«“\"„]+\s+)?[^\s(\[«“\"„]*$", back)
    found = (one[0] if one else "", (two[0] if two else "").replace("\u00a0", " "))
    if words["elision"]:
        found = (re.sub(words["elision"], "", found[0]), re.sub(words["elision"], "", found[1]))
    return found[0].lower(), found[1].lower()


def _starts(after: str, words: dict[str, Any]) -> bool:
    """Whether the next word begins a sentence: with a capital letter, and known to begin one."""
    found = re.match(r"[«“\"„(]*\s*([^\s,;:.!?]*)", after)
    word = found[1] if found else ""
    is_known = word.lower() in words["starters"] or word.lower().split("’")[0] in words["starters"]
    return word[:1].isupper() and is_known


@lru_cache
def _words(language: str) -> dict[str, Any]:
    """The word lists of a language."""
    rows = _rules()["language"]
    found = rows.get(language) or rows["en"]
    return {
        "never": frozenset(found["never"]),
        "may_end": frozenset(found["may_end"]),
        "starters": frozenset(found["starters"]),
        "ambiguous": frozenset(found["ambiguous_words"]),
        "ordinal": found["ordinal"],
        "elision": found.get("elision", ""),
    }


def _rules() -> dict[str, Any]:
    return read_content(PACKAGE, "claims")
