"""The page on tables says what the schemas say."""

from __future__ import annotations

import re

import pytest

from commonlight.sources.rejects import MAX_VALUE, REJECTED_SCHEMA
from commonlight.sources.schemas import SCHEMA_VERSION, SCHEMAS, describe

PAGE = "docs/reference/sources-schemas.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+) \| (yes|no) \|$", re.MULTILINE)


def section(root, title: str) -> str:
    text = (root / PAGE).read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_columns_of_a_table(root, kind) -> None:
    rows = ROW.findall(section(root, f"`{kind}`"))
    types = [
        t if not t.startswith("dictionary") else "text, stored once per value"
        for _, t, _ in describe(kind)
    ]
    empty = ["yes" if column.nullable else "no" for column in SCHEMAS[kind]]
    assert rows == [
        (name, kept, meaning, may)
        for (name, _, meaning), kept, may in zip(describe(kind), types, empty, strict=True)
    ]


def test_the_page_has_every_table_and_no_other(root) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    assert re.findall(r"^## `(\w+)`$", text, flags=re.MULTILINE) == list(SCHEMAS)
    assert f"Version {SCHEMA_VERSION} of the schemas" in text


def test_columns_of_rejected_rows(root) -> None:
    body = section(root, "Rejected rows")
    assert [row[0] for row in ROW.findall(body)] == REJECTED_SCHEMA.names
    assert f"cut to {MAX_VALUE} characters" in body
