"""Codebook files: read, checked key by key, and written so that a person can correct them.

What a valid codebook does not say: that it fits a given file; reading the answers checks that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from commonlight.sources.codebook import (
    HIGH_IS,
    KINDS,
    Codebook,
    CodebookGroup,
    CodebookItem,
    Construct,
    list_codebooks,
)
from commonlight.sources.errors import CodebookError
from commonlight.sources.toml_keys import (
    KeyReader,
    meant,
    parse_toml,
    read_text,
    toml_key,
    toml_text,
    toml_value,
)

__all__ = ["codebook_text", "dump_codebook", "parse_codebook"]

_CONSTRUCTS = tuple(construct.value for construct in Construct)


def codebook_text(source: Path | str) -> tuple[str, str]:
    """The text of a codebook file, or of one that ships, and what to call it in errors.

    Raises
    ------
    CodebookError
        If there is no such file or name.
    """
    name, path = str(source), Path(source)
    if path.is_file():
        return read_text(path, CodebookError), f"codebook {path}"
    if name in list_codebooks():
        shipped = files("commonlight.sources") / "codebooks" / f"{name}.toml"
        return shipped.read_text(encoding="utf-8"), f"codebook {name}"
    if path.suffix or path.parent != Path():
        raise CodebookError(f"there is no codebook file {path}; put it beside the mapping")
    known = list_codebooks()
    raise CodebookError(
        f"there is no codebook file and none that ships as {name!r}{meant(name, known)}; "
        f"those that ship are {', '.join(known)}"
    )


def parse_codebook(text: str, label: str) -> Codebook:
    """Read the text of a codebook.

    Parameters
    ----------
    text : str
        TOML.
    label : str
        Names the codebook in errors.

    Raises
    ------
    CodebookError
        With the codebook, the item, the key, what was given and what is allowed.
    """
    content = parse_toml(text, label, CodebookError)
    return _Reader(label, CodebookError).codebook(content)


class _Reader(KeyReader):
    """Turns the tables of one file into a codebook."""

    def codebook(self, content: dict[str, Any]) -> Codebook:
        plain = ("name", "wave", "language", "mode", "source")
        self.check_keys(content, [*plain, "ordered", "missing", "groups", "item"], "")
        for key in ("name", "wave", "item"):
            if key not in content:
                raise self.error(key, "nothing", "it is required")
        values: dict[str, Any] = {k: self.text(k, content[k]) for k in plain if k in content}
        if "ordered" in content:
            values["ordered"] = self.flag("ordered", content["ordered"])
        missing = self._labels("missing", content.get("missing", {}))
        groups = self.table("groups", content.get("groups", {}))
        codebook = Codebook(
            items=self._items(content["item"], missing, values.get("language")),
            groups=tuple(self._group(name, table, missing) for name, table in groups.items()),
            **values,
        )
        self._check_names(codebook)
        return codebook

    def _items(
        self, given: Any, missing: dict[str, str], language: str | None
    ) -> tuple[CodebookItem, ...]:
        if not isinstance(given, list) or not given:
            raise self.error("item", given, "sections, each written as [[item]]")
        label = self._label
        items = []
        for k, table in enumerate(given, start=1):
            name = table.get("name") if isinstance(table, dict) else None
            self._label = f"{label}: item {k}" + (f" {name!r}" if isinstance(name, str) else "")
            items.append(self._item(self.table("item", table), missing, language))
        self._label = label
        return tuple(items)

    def _item(
        self, table: dict[str, Any], missing: dict[str, str], language: str | None
    ) -> CodebookItem:
        known = [field.name for field in fields(CodebookItem)]
        self.check_keys(table, known, "")
        for key in ("name", "construct", "wording"):
            if key not in table:
                raise self.error(key, "nothing", "it is required")
        values = {key: self._value(key, value) for key, value in table.items()}
        values["construct"] = Construct(values["construct"])
        values["missing"] = self._missing(missing, values)
        values.setdefault("language", language)
        item = CodebookItem(**values)
        self._check_item(item)
        return item

    def _missing(self, usual: dict[str, str], values: dict[str, Any]) -> dict[str, str]:
        """The codes of the survey, and of the item; a code with a label of its own is valid."""
        labels = values.get("labels", {})
        own = values.get("missing", {})
        return {
            code: m for code, m in {**usual, **own}.items() if code in own or code not in labels
        }

    def _value(self, key: str, value: Any) -> Any:
        if key in ("labels", "missing"):
            return self._labels(key, value)
        if key in ("lowest", "highest"):
            return self.number(key, value)
        if key == "construct":
            return self.one_of(key, value, _CONSTRUCTS)
        if key == "kind":
            return self.one_of(key, value, KINDS)
        if key == "high_is":
            return self.one_of(key, value, HIGH_IS)
        if key == "exact":
            return self.flag(key, value)
        if key in ("share_of", "chosen", "not_chosen"):
            return self._codes(key, value)
        if key == "columns":
            return self.table_of_text(key, value)
        if key == "name":
            return self._name(value)
        return self.text(key, value)

    def _name(self, value: Any) -> str:
        text = self.text("name", value)
        if "/" in text:
            raise self.error("name", value, "a short name without '/'")
        return text

    def _labels(self, key: str, value: Any) -> dict[str, str]:
        return {code: self.text(f"{key}.{code}", v) for code, v in self.table(key, value).items()}

    def _codes(self, key: str, value: Any) -> tuple[str, ...]:
        """Codes, as text or as whole numbers."""
        if isinstance(value, list):
            whole = [isinstance(v, int) and not isinstance(v, bool) for v in value]
            value = [str(v) if w else v for v, w in zip(value, whole, strict=True)]
        return self.texts(key, value)

    def _group(self, name: str, given: Any, missing: dict[str, str]) -> CodebookGroup:
        at = f"groups.{name}"
        table = self.table(at, given)
        self.check_keys(table, ("column", "labels", "missing"), f"{at}.")
        if "column" not in table:
            raise self.error(f"{at}.column", "nothing", "the column with the group")
        labels = self._labels(f"{at}.labels", table.get("labels", {}))
        own = self._labels(f"{at}.missing", table.get("missing", {}))
        usual = {code: m for code, m in missing.items() if code not in labels}
        column = self.text(f"{at}.column", table["column"])
        return CodebookGroup(name=name, column=column, labels=labels, missing={**usual, **own})

    def _check_item(self, item: CodebookItem) -> None:
        """Rules between the keys of one item."""
        both = [code for code in item.labels if code in item.missing]
        if both:
            raise self.error("missing", both[0], "codes that are not under labels as well")
        unknown = [code for code in item.share_of if code not in item.labels]
        if unknown and item.kind != "number":
            raise self.error(
                "share_of", unknown[0], f"codes of {', '.join(item.labels) or 'labels'}"
            )
        if item.lowest is not None and item.highest is not None and item.lowest >= item.highest:
            raise self.error("lowest", item.lowest, f"below highest, {item.highest:g}")
        if item.kind == "number" and not all(map(_is_number, item.labels)):
            raise self.error("labels", list(item.labels), "numbers as codes where kind is 'number'")
        if item.kind == "multiple":
            self._check_multiple(item)
        elif item.columns or item.separator:
            raise self.error("kind", item.kind, "'multiple' where there are columns or a separator")
        elif item.column is None:
            raise self.error("column", "nothing", "the column with the answers")
        if item.kind == "category" and not item.labels:
            raise self.error("labels", "nothing", 'given for a category: code = "answer"')

    def _check_multiple(self, item: CodebookItem) -> None:
        if bool(item.columns) == bool(item.column):
            raise self.error(
                "columns",
                "both column and columns" if item.column else "nothing",
                'given for a multiple answer (code = "column"), or column with a separator',
            )
        if item.column and not item.separator:
            raise self.error("separator", "nothing", "what stands between the codes in one column")
        strange = [code for code in item.columns if code not in item.labels]
        if strange or not item.labels:
            raise self.error("labels", strange or "nothing", "given for every choice of columns")

    def _check_names(self, codebook: Codebook) -> None:
        names = [group.name for group in codebook.groups] + [item.name for item in codebook.items]
        for name in names:
            if names.count(name) > 1:
                raise self.error("name", name, "given once only")
        seen: dict[str, str] = {}
        for name, column in codebook.columns().items():
            if column in seen:
                raise self.error(
                    "column", column, f"used once; {seen[column]!r} and {name!r} both name it"
                )
            seen[column] = name


def _is_number(code: str) -> bool:
    try:
        float(code)
    except ValueError:
        return False
    return True


def dump_codebook(codebook: Codebook) -> str:
    """Write a codebook as TOML, for a person to correct.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.

    Returns
    -------
    str
        TOML that reads back to the same codebook. Keys that have their usual value are left
        out.
    """
    lines = _plain(codebook, ("name", "wave", "language", "mode", "ordered", "source"))
    for group in codebook.groups:
        head = f"groups.{toml_key(group.name)}"
        lines += ["", f"[{head}]", f"column = {toml_text(group.column)}"]
        lines += _tables(head, {"labels": group.labels, "missing": group.missing})
    skipped = ("labels", "missing", "columns")
    for item in codebook.items:
        names = [field.name for field in fields(item) if field.name not in skipped]
        lines += ["", "[[item]]"]
        if item.language == codebook.language:
            names.remove("language")
        lines += _plain(item, names)
        tables = {"labels": item.labels, "missing": item.missing, "columns": item.columns}
        lines += _tables("item", tables)
    return "\n".join(lines) + "\n"


def _plain(part: Any, names: Any) -> list[str]:
    usual = {field.name: field.default for field in fields(part)}
    given = {name: getattr(part, name) for name in names}
    return [
        f"{name} = {toml_value(value)}"
        for name, value in given.items()
        if value is not None and value != usual[name]
    ]


def _tables(at: str, tables: Mapping[str, Mapping[str, str]]) -> list[str]:
    lines: list[str] = []
    for name, table in tables.items():
        if table:
            lines.append(f"[{at}.{name}]")
            lines += [f"{toml_key(code)} = {toml_text(text)}" for code, text in table.items()]
    return lines
