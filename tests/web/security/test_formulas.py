"""No CSV that leaves the workbench holds a cell that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import commonlight
from commonlight.web.agreements.models import Agreement
from commonlight.web.eventlog.record import record

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")')
STARTS = ("=", "+", "-", "@", "\t", "\r")
NOT_FROM_OUTSIDE = ("simulate/", "web/demo/", "web/data/methods/rows.py", "benchmark")
"""Invented data, and the file that stays inside and is written anew when it leaves."""


def is_plain(cell: str) -> bool:
    """Whether a cell computes nothing: text, or a number."""
    return not cell.startswith(STARTS) or re.fullmatch(r"[+-]?[0-9.eE+-]+", cell) is not None


def cells(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row]


def test_each_module_that_writes_csv_guards_its_cells() -> None:
    root = Path(commonlight.__file__).parent
    wrong = []
    for path in root.rglob("*.py"):
        text, name = path.read_text("utf-8"), path.relative_to(root).as_posix()
        writes = re.search(r"csv\.writer\(|DictWriter\(|\.write_csv\(|to_csv\(", text)
        if writes and "safe_cell" not in text and not name.startswith(NOT_FROM_OUTSIDE):
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_guards_mark_a_formula_as_text(formula: str) -> None:
    from commonlight.findings.folder import csv_bytes
    from commonlight.sources.rejected_file import safe_cell
    from commonlight.web.eventlog.csv_export import safe_cell as logged

    assert str(safe_cell(formula)).startswith("'")
    assert str(logged(formula)).startswith("'")
    assert all(is_plain(cell) for cell in cells(csv_bytes([formula], [[formula]])))
    assert safe_cell("-5.25") == "-5.25"


def test_the_event_log_computes_nothing(city: Any, client_of: Any, people: Any) -> None:
    for formula in FORMULAS:
        record(None, formula, workspace=city.workspace, note=formula)
    answer = client_of("coordinator").get("/w/lakeside/log/export.csv")
    found = cells(answer.getvalue())
    assert any("HYPERLINK" in cell for cell in found)
    assert [cell for cell in found if not is_plain(cell)] == []


def test_the_public_register_computes_nothing(
    city: Any, client_of: Any, people: Any, signed_agreement: Any, dataset: Any
) -> None:
    for formula in FORMULAS[:4]:
        signed_agreement(
            dataset(f"d{ord(formula[0])}", name=formula),
            receivers=(city.municipality,),
            title=formula,
            purpose=formula,
            legal_basis=formula,
            signed_at=timezone.now(),
        )
    assert Agreement.objects.of(city.workspace).count() == 4
    answer = client_of("anonymous").get("/public/lakeside/agreements.csv")
    assert answer.status_code == 200
    found = cells(answer.getvalue())
    assert {f"'{formula}" for formula in FORMULAS[:4]} <= set(found)
    assert [cell for cell in found if not is_plain(cell)] == []


@pytest.mark.parametrize("name", ["measures.csv", "measures.tsv"])
def test_a_table_that_was_brought_leaves_without_formulas(name: str, tmp_path: Path) -> None:
    from commonlight.web.data.methods.extracts import write_export

    files, folder = tmp_path / "files", tmp_path / "out"
    files.mkdir()
    folder.mkdir()
    mark = "\t" if name.endswith("tsv") else ";"
    rows = [["=name", "x"], *([formula.replace("\t", ""), "-5.25"] for formula in FORMULAS[:5])]
    text = "\n".join(mark.join(row) for row in rows) + "\n"
    (files / f"0123-{name}").write_text(text, "utf-8")
    given = {
        "lake_version": "",
        "file": f"0123-{name}",
        "slug": "measures",
        "name": "Measures",
        "owner": "City",
        "publisher": "",
        "licence": "",
        "purpose": "",
        "place_detail": "point",
        "time_detail": "day",
    }
    told = write_export(given, lake=tmp_path, files=files, folder=folder)
    assert {"measures.csv", "measures.zip"} <= {one["name"] for one in told["files"]}
    found = cells((folder / "measures.csv").read_bytes())
    assert len(found) == 12
    assert "-5.25" in found
    assert [cell for cell in found if not is_plain(cell)] == []
