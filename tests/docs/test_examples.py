"""Every Python block in a page runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io

import pytest

NEEDS_REAL_DATA = "shared/data"


def test_python_blocks_run(example_page, tmp_path, monkeypatch, request) -> None:
    if any(NEEDS_REAL_DATA in block.text for block in example_page.blocks):
        request.getfixturevalue("shared_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in example_page.blocks:
        if block.language != "python":
            continue
        where = f"{example_page.name}:{block.line}"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * (block.line - 1) + block.text, where, "exec"), names)
        if block.printed is not None:
            assert printed.getvalue().rstrip() == block.printed.rstrip(), where


def test_there_are_examples_on_the_method_pages(root) -> None:
    pages = sorted((root / "docs/methods").glob("*.md"))
    without = [p.name for p in pages if "```python" not in p.read_text(encoding="utf-8")]
    assert without == ["counting.md", "index.md"]


@pytest.mark.parametrize("language", ["toml"])
def test_toml_blocks_are_valid(page, language) -> None:
    import tomllib

    for block in page.blocks:
        if block.language == language:
            tomllib.loads(block.text)
