"""Two sheets as a tagged PDF that claims PDF/UA-1; heavy, so only the worker loads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

__all__ = ["write_sheets"]


def write_sheets(content: Mapping[str, Any], path: Path, *, language: str, made_on: date) -> None:
    """Write the sheets; every text is set as a string, never as markup."""
    import typst

    from commonlight.findings.glyphs import drawable

    made_at = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    words = json.dumps(_each(content, drawable), ensure_ascii=False, sort_keys=True)
    inputs = {"sheet": words, "language": language}
    with (
        as_file(files("commonlight.findings").joinpath("fonts")) as fonts,
        as_file(files("commonlight.web.assessment.methods").joinpath("sheets.typ")) as template,
    ):
        made: bytes = typst.compile(
            str(template),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            timestamp=made_at,
            format="pdf",
        )
    path.write_bytes(made)


def _each(value: Any, draw: Any) -> Any:
    """Every text with what the font cannot draw written as code points."""
    if isinstance(value, Mapping):
        return {key: _each(one, draw) for key, one in value.items()}
    if isinstance(value, list):
        return [_each(one, draw) for one in value]
    return draw(value) if isinstance(value, str) else value
