"""Files that persons write in TOML: read key by key, with errors that say where and what.

What a value of the right form does not say: that it is right. The import checks that.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import Any

from commonlight.sources.errors import SourceError

__all__ = [
    "KeyReader",
    "meant",
    "parse_toml",
    "read_text",
    "toml_key",
    "toml_text",
    "toml_value",
]


def read_text(path: Path, error: type[SourceError]) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise error(f"{path} is not UTF-8 text; save it as UTF-8") from None


def parse_toml(text: str, label: str, error: type[SourceError]) -> dict[str, Any]:
    """The content of a TOML text; `label` names the file in errors."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise error(f"{label} is not valid TOML: {fault}") from None


def meant(given: str, allowed: Iterable[str]) -> str:
    """A question for the name that was probably meant; empty where none is close."""
    by_case = {name.casefold(): name for name in allowed}
    close = difflib.get_close_matches(given.casefold(), list(by_case), n=1, cutoff=0.6)
    return f" (did you mean {by_case[close[0]]!r}?)" if close else ""


class KeyReader:
    """Checks the values of one file; `label` names the file in errors."""

    def __init__(self, label: str, error: type[SourceError]) -> None:
        self._label = label
        self._fault = error

    def text(self, key: str, value: Any) -> str:
        """Text that is not empty."""
        if isinstance(value, str) and value:
            return value
        raise self.error(key, value, "text in quotes")

    def flag(self, key: str, value: Any) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        raise self.error(key, value, "true or false")

    def number(self, key: str, value: Any) -> float:
        """A finite number."""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            return float(value)
        raise self.error(key, value, "a number")

    def texts(self, key: str, value: Any, *, empty: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        if isinstance(value, list) and all(isinstance(v, str) and (v or empty) for v in value):
            return tuple(value)
        raise self.error(key, value, "a list of texts, for example ['a', 'b']")

    def one_of(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        """One of the texts allowed."""
        if isinstance(value, str) and value in allowed:
            return value
        hint = meant(value, allowed) if isinstance(value, str) else ""
        raise self.error(key, value, "one of " + ", ".join(map(repr, allowed)) + hint)

    def table(self, key: str, value: Any) -> dict[str, Any]:
        """A section."""
        if isinstance(value, dict):
            return value
        raise self.error(key, value, f"a section, written as [{key}]")

    def table_of_text(self, key: str, value: Any) -> dict[str, str]:
        """A section whose values are texts."""
        table = self.table(key, value)
        return {name: self.text(f"{key}.{name}", item) for name, item in table.items()}

    def check_keys(self, given: MappingType[str, Any], allowed: Iterable[str], at: str) -> None:
        """Refuse keys that are not known."""
        allowed = list(allowed)
        for key in given:
            if key not in allowed:
                raise self._fault(
                    f"{self._label}: there is no key {at + key!r}{meant(key, allowed)}; "
                    f"allowed are {', '.join(at + name for name in allowed)}"
                )

    def error(self, key: str, given: Any, allowed: str) -> SourceError:
        """The error that says what the key must be, and what was given."""
        shown = given if given == "nothing" else repr(given)
        return self._fault(f"{self._label}: {key} must be {allowed}; got {shown}")


def toml_key(name: str) -> str:
    """A key, in quotes where it needs them."""
    bare = bool(name) and name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else toml_text(name)


def toml_text(text: str) -> str:
    """A text in quotes."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    out = []
    for char in text:
        odd = ord(char) < 32 or ord(char) == 127
        out.append(escapes.get(char) or (f"\\u{ord(char):04x}" if odd else char))
    return '"' + "".join(out) + '"'


def toml_value(value: bool | float | str | tuple[str, ...]) -> str:
    """A value of a key: true or false, a number, a text in quotes, or a list of texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_text(item) for item in value) + "]"
    return toml_text(value)
