"""Every data file of the room: numbers have a source and a mark, sources and codes exist."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from commonlight.evidence.harm import CONFIDENCE
from commonlight.evidence.offences import load_iccs
from commonlight.evidence.room import FILES as ROOM_FILES
from commonlight.evidence.survey_items import BENCHMARK_CONFIDENCE

DATA = Path(str(files("commonlight.evidence"))) / "data"
#: Files with a schema of their own, which `test_room.py` and its neighbours check.
FILES = sorted(path for path in DATA.rglob("*.yaml") if path.name not in ROOM_FILES)
#: Keys of figures that were read somewhere.
FIGURES = {"value", "low", "high", "percent", "weight", "unit_cost", "cost"}
MARKS = {*CONFIDENCE, *BENCHMARK_CONFIDENCE}
named = pytest.mark.parametrize("path", FILES, ids=[p.stem for p in FILES])


def tables(item: Any) -> Iterator[dict[str, Any]]:
    """All tables in a file, however deep."""
    if isinstance(item, dict):
        yield item
        for below in item.values():
            yield from tables(below)
    elif isinstance(item, list):
        for below in item:
            yield from tables(below)


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_there_are_files() -> None:
    assert len(FILES) >= 18


@named
def test_every_figure_has_a_source_and_a_mark(path: Path) -> None:
    data = load(path)
    for row in tables(data):
        if not any(isinstance(row.get(key), int | float) for key in FIGURES):
            continue
        assert row.get("source") in data["sources"], row
        assert row.get("confidence") in MARKS - {"not found"}, row


@named
def test_every_source_is_listed_and_used(path: Path) -> None:
    data = load(path)
    listed = set(data.get("sources") or {})
    if not listed:
        return
    used: set[str] = set()
    for row in tables({key: value for key, value in data.items() if key != "sources"}):
        used |= {row["source"]} if isinstance(row.get("source"), str) else set()
        used |= set(row["sources"]) if isinstance(row.get("sources"), list) else set()
    assert used <= listed
    notes = path.read_text(encoding="utf-8")
    assert not [key for key in listed - used if notes.count(key) < 2]


@named
def test_every_code_is_in_the_classification(path: Path) -> None:
    known = set(load_iccs().codes)
    for row in tables(load(path)):
        codes = row.get("iccs")
        codes = codes if isinstance(codes, list) else [codes] if isinstance(codes, str) else []
        assert set(codes) | set(row.get("also") or []) <= known, row


@named
def test_no_figure_that_was_not_found(path: Path) -> None:
    for row in tables(load(path)):
        if row.get("confidence") == "not found":
            assert not [key for key in FIGURES if row.get(key) is not None], row


@named
def test_a_file_says_when_it_was_checked(path: Path) -> None:
    assert str(load(path)["checked"]) >= "2026"


@named
def test_addresses_are_whole(path: Path) -> None:
    for row in tables(load(path)):
        url, doi = row.get("url"), row.get("doi")
        assert url is None or url.startswith(("http://", "https://"))
        assert doi is None or str(doi).startswith("10.")
