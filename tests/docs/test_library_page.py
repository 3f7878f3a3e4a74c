"""The page on the library names modules and functions that exist, and all that have a page."""

from __future__ import annotations

import importlib
import re

import pytest

PAGE = "docs/reference/library.md"
ROW = re.compile(r"^\| (`.+?) \| (.+?) \|(?: (.+?) \|)?$", re.MULTILINE)
CODE = re.compile(r"`([\w.]+)[^`]*`")


def rows(root) -> list[tuple[str, list[str], list[str], str]]:
    """Room, modules, names and the cell of method pages of each row."""
    text = (root / PAGE).read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^## `commonlight\.", text, flags=re.MULTILINE)[1:]:
        room = part.split("`")[0]
        for modules, names, page in ROW.findall(part):
            found.append((room, CODE.findall(modules), CODE.findall(names), page))
    return found


def test_modules_and_functions_exist(root) -> None:
    for room, modules, names, _ in rows(root):
        loaded = [importlib.import_module(f"commonlight.{room}.{module}") for module in modules]
        for name in names:
            assert any(hasattr(module, name) for module in loaded), (modules, name)


def test_there_are_rows_of_every_room_that_is_called_from_outside(root) -> None:
    assert {room for room, *_ in rows(root)} == {"analysis", "sources", "evidence"}


NOT_ANALYSIS = {
    "counting",
    "import",
    "index",
    "offence-classes",
    "persons-guard",
    "simulation",
    "source-quality",
    "stigma-guard",
    "wording",
}


def test_every_method_page_of_analysis_is_named(root) -> None:
    named = {name for *_, page in rows(root) for name in re.findall(r"methods/([\w-]+)\.md", page)}
    pages = {page.stem for page in (root / "docs/methods").glob("*.md")}
    assert named == pages - NOT_ANALYSIS


@pytest.mark.parametrize("name", ["publish", "run_audit", "load_config", "divergence_city"])
def test_functions_named_in_the_text_exist(root, name) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    (path,) = re.findall(rf"`([\w.]+)\.{name}[`(]", text)
    assert hasattr(importlib.import_module(f"commonlight.{path}"), name)
