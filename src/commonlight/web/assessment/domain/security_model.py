"""A model as data: its values, principles and questions, read from a text that never changes."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext

from commonlight.web.content import read_content

__all__ = [
    "BUILT_IN",
    "MOST_CHARACTERS",
    "Item",
    "ModelError",
    "SecurityModel",
    "built_in_text",
    "digest_of",
    "read_model",
]

PACKAGE = "commonlight.web.assessment"
BUILT_IN = ("european_security_model",)
"""Models that come with the workbench, by the names of their files."""

MOST_CHARACTERS = 200_000
MOST_PRINCIPLES = 12
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class ModelError(ValueError):
    """A model that cannot be used, with what is wrong and where."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A value or a principle, with what an assessor asks about it."""

    id: str
    title: str
    meaning: str = ""
    question: str = ""
    values: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    empty_claims: tuple[tuple[str, str], ...] = ()
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SecurityModel:
    """A model in the language of the reader, as far as it was translated."""

    id: str
    version: int
    title: str
    short_title: str
    facts: dict[str, str]
    values: tuple[Item, ...]
    principles: tuple[Item, ...]
    emphases: tuple[tuple[str, str], ...] = ()
    functions: tuple[tuple[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    for_tests_only: bool = False
    by_id: dict[str, Item] = field(default_factory=dict)

    def title_of(self, name: str) -> str:
        """What a principle or value is called; a name that the model lacks stands for itself."""
        return self.by_id[name].title if name in self.by_id else name


def built_in_text(name: str) -> str:
    """The text of a model that comes with the workbench."""
    return files(PACKAGE).joinpath("content", f"{name}.toml").read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_model(text: str, *, translated: bool = True) -> SecurityModel:
    """The model that a text holds, in the language of the page where there is a translation.

    Raises
    ------
    ModelError
        If something is missing, stands twice, or refers to what is not there.
    """
    content = _checked(text)
    say = gettext if translated else str
    return _made(content, lambda words: say(words) if words else "")


@lru_cache(maxsize=64)
def _checked(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise ModelError(
            gettext("The file has %(count)d characters; a model has at most %(most)d.")
            % {"count": len(text), "most": MOST_CHARACTERS}
        )
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError(gettext("This is no TOML file: %(error)s.") % {"error": error}) from error
    faults = list(_faults(content))
    if faults:
        raise ModelError(" ".join(faults))
    return content


def _faults(content: dict[str, Any]) -> Iterator[str]:
    """Everything that keeps the content from being a model."""
    model = content.get("model")
    if not isinstance(model, dict) or not all(
        isinstance(model.get(key), str) and model[key].strip() for key in ("id", "title")
    ):
        yield gettext("The part [model] with id and title is missing.")
        return
    if not isinstance(content.get("version"), int) or content["version"] < 1:
        yield gettext("“version” must be a whole number from 1 on.")
    if not NAME.fullmatch(model["id"]):
        yield gettext("The id “%(id)s” must be small letters, digits and underscores.") % {
            "id": model["id"]
        }
    for part in ("value", "principle"):
        yield from _faults_of_part(content, part)
    yield from _lost_names(content)


def _faults_of_part(content: dict[str, Any], part: str) -> Iterator[str]:
    rows = content.get(part)
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        yield gettext("There is no [[%(part)s]].") % {"part": part}
        return
    if part == "principle" and len(rows) > MOST_PRINCIPLES:
        yield gettext("There are %(count)d principles; a page holds at most %(most)d.") % {
            "count": len(rows),
            "most": MOST_PRINCIPLES,
        }
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        name, title = row.get("id"), row.get("title")
        if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(title, str):
            yield gettext("[[%(part)s]] number %(number)d lacks a usable id or title.") % {
                "part": part,
                "number": number,
            }
        elif name in seen:
            yield gettext("The id “%(id)s” stands twice.") % {"id": name}
        else:
            seen.add(name)


def _lost_names(content: dict[str, Any]) -> Iterator[str]:
    """Values and kinds of evidence that a principle names and nobody knows."""
    values = {one.get("id") for one in _rows(content.get("value"))}
    kinds = {one["id"] for one in read_content(PACKAGE, "verdicts")["evidence_kind"]}
    for row in _rows(content.get("principle")):
        named = {one for one in row.get("values", ()) if isinstance(one, str)}
        asked = {one.get("kind") for one in _rows(row.get("evidence", []))}
        for lost in sorted(named - values) + sorted(str(one) for one in asked - kinds):
            yield gettext("The principle “%(id)s” names “%(lost)s”, which is not there.") % {
                "id": row.get("id"),
                "lost": lost,
            }


def _rows(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _made(content: dict[str, Any], say: Any) -> SecurityModel:
    model = content["model"]
    values = tuple(_item(one, say) for one in content["value"])
    principles = tuple(_item(one, say) for one in content["principle"])
    facts = {
        key: say(text)
        for key, text in model.items()
        if isinstance(text, str) and key not in ("id", "title", "short_title")
    }
    return SecurityModel(
        id=model["id"],
        version=content["version"],
        title=say(model["title"]),
        short_title=say(str(model.get("short_title", ""))) or say(model["title"]),
        facts=facts,
        values=values,
        principles=principles,
        emphases=tuple(
            (say(str(one.get("title", ""))), str(one.get("principle", "")))
            for one in _rows(content.get("emphasis", []))
        ),
        functions=tuple(
            (say(str(one.get("title", ""))), say(str(one.get("text", ""))))
            for one in _rows(content.get("function", []))
        ),
        sources=tuple(
            {key: str(one.get(key, "")) for key in ("title", "url", "read")}
            for one in _rows(content.get("source", []))
        ),
        for_tests_only=bool(model.get("for_tests_only", False)),
        by_id={one.id: one for one in (*values, *principles)},
    )


def _item(row: dict[str, Any], say: Any) -> Item:
    return Item(
        id=row["id"],
        title=say(row["title"]),
        meaning=say(str(row.get("meaning", ""))),
        question=say(str(row.get("question", ""))),
        values=tuple(one for one in row.get("values", ()) if isinstance(one, str)),
        questions=tuple(say(str(one.get("text", ""))) for one in _rows(row.get("questions", []))),
        evidence=tuple(
            (str(one.get("kind", "")), say(str(one.get("text", ""))))
            for one in _rows(row.get("evidence", []))
        ),
        empty_claims=tuple(
            (say(str(one.get("text", ""))), say(str(one.get("better", ""))))
            for one in _rows(row.get("empty_claims", []))
        ),
        contested=tuple(say(one) for one in row.get("contested", ()) if isinstance(one, str)),
    )
