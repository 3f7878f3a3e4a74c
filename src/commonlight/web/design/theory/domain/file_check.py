"""Check a theory that comes from a file, place by place, before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.graph import clean_text
from commonlight.web.design.theory.enums import Confidence, StepKind, Witness
from commonlight.web.design.theory.models import LINK_LENGTH, STEP_LENGTH

__all__ = ["EVIDENCE", "FileError", "checked"]

UID = re.compile(r"[a-z0-9]{1,12}")
MOST_STEPS, MOST_LINKS, MOST_EVIDENCE = 500, 1500, 50
LARGEST_NUMBER = 1_000_000
EVIDENCE = {"kind": 40, "key": 120, "title": 500, "note": 500}
"""What a file says of a piece of evidence, in this order, each with its longest length."""


class FileError(ValueError):
    """A file that is no theory, with the place in it and the next step."""


def checked(found: Any, *, schema: str) -> dict[str, Any]:
    """The theory of a file with nothing in it but what is known.

    Raises
    ------
    FileError
        At the first fault.
    """
    if not isinstance(found, dict) or found.get("schema") != schema:
        raise FileError(
            _("The file is no theory of change: “schema” must be “%(schema)s”.")
            % {"schema": schema}
        )
    steps = [_step(one, f"steps[{at}]") for at, one in enumerate(_list(found, "steps", MOST_STEPS))]
    known = {one["id"] for one in steps}
    links = [
        _link(one, f"links[{at}]", known)
        for at, one in enumerate(_list(found, "links", MOST_LINKS))
    ]
    for name, rows in (("steps", steps), ("links", links)):
        for key in ("id", "number"):
            _once((one[key] for one in rows), f"{name}.{key}")
    _once(((one["from"], one["to"]) for one in links), "links")
    return {"steps": steps, "links": links}


def _step(row: Any, place: str) -> dict[str, Any]:
    given = _table(row, place)
    kind = _choice(given, "kind", StepKind.values, place)
    witness = _choice(given, "witness", ["", *Witness.values], place, default="")
    text = _text(given, "text", STEP_LENGTH, place)
    if not text:
        raise FileError(_("%(place)s: the text is empty.") % {"place": place})
    return {
        "id": _uid(given, "id", place),
        "number": _number(given, place),
        "kind": kind,
        "text": text,
        "witness": witness if kind == StepKind.INDICATOR else "",
    }


def _link(row: Any, place: str, known: set[str]) -> dict[str, Any]:
    given = _table(row, place)
    ends = {name: _uid(given, name, place) for name in ("from", "to")}
    for name, uid in ends.items():
        if uid not in known:
            raise FileError(
                _("%(place)s.%(name)s: there is no step “%(id)s” in the file.")
                % {"place": place, "name": name, "id": uid}
            )
    if ends["from"] == ends["to"]:
        raise FileError(_("%(place)s: a step cannot lead to itself.") % {"place": place})
    texts = {
        name: _text(given, name, LINK_LENGTH, place) for name in ("mechanism", "assumption", "harm")
    }
    evidence = given.get("evidence", [])
    if not isinstance(evidence, list) or len(evidence) > MOST_EVIDENCE:
        raise FileError(_("%(place)s: “evidence” must be a short list.") % {"place": place})
    return {
        "id": _uid(given, "id", place),
        "number": _number(given, place),
        **ends,
        **texts,
        "confidence": _choice(given, "confidence", Confidence.values, place, default="unknown"),
        "own_judgement": given.get("own_judgement") is True,
        "evidence": [_named(one, f"{place}.evidence[{at}]") for at, one in enumerate(evidence)],
    }


def _named(row: Any, place: str) -> dict[str, str]:
    given = _table(row, place)
    return {name: _text(given, name, longest, place) for name, longest in EVIDENCE.items()}


def _list(found: Mapping[str, Any], name: str, most: int) -> list[Any]:
    rows = found.get(name)
    if not isinstance(rows, list) or len(rows) > most:
        raise FileError(
            _("“%(name)s” must be a list of at most %(most)s.") % {"name": name, "most": most}
        )
    return rows


def _table(row: Any, place: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise FileError(_("%(place)s must be an object in braces.") % {"place": place})
    return row


def _text(row: Mapping[str, Any], name: str, longest: int, place: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise FileError(
            _("%(place)s.%(name)s must be text of at most %(longest)s characters.")
            % {"place": place, "name": name, "longest": longest}
        )
    return clean_text(value)


def _uid(row: Mapping[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not UID.fullmatch(value):
        raise FileError(
            _("%(place)s.%(name)s must be one to twelve small letters and figures.")
            % {"place": place, "name": name}
        )
    return value


def _number(row: Mapping[str, Any], place: str) -> int:
    value = row.get("number")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LARGEST_NUMBER:
        raise FileError(_("%(place)s.number must be a whole number above 0.") % {"place": place})
    return value


def _choice(
    row: Mapping[str, Any], name: str, known: Iterable[str], place: str, default: str | None = None
) -> str:
    value = row.get(name, default)
    if value not in list(known):
        raise FileError(
            _("%(place)s.%(name)s must be one of: %(known)s.")
            % {"place": place, "name": name, "known": ", ".join(one or "–" for one in known)}
        )
    return str(value)


def _once(values: Iterable[Any], place: str) -> None:
    seen = set()
    for one in values:
        if one in seen:
            raise FileError(
                _("%(place)s: “%(value)s” stands there twice.") % {"place": place, "value": one}
            )
        seen.add(one)
