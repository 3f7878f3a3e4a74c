"""Statements: sixteen cells, and an empty one that says so."""

from __future__ import annotations

from commonlight.evidence.room import load_room
from commonlight.evidence.statements import CELL_AREAS, KINDS


def test_there_are_sixteen_cells_and_one_is_empty() -> None:
    cells = load_room().statements.cells()
    assert [(one.kind, one.focus_area) for one in cells] == [
        (kind, area) for kind in KINDS for area in CELL_AREAS
    ]
    assert len(cells) == 16
    assert [(one.kind, one.focus_area) for one in cells if not one.count] == [
        ("gap", "public_spaces")
    ]


def test_a_cell_counts_what_it_holds() -> None:
    statements = load_room().statements
    for cell in statements.cells():
        assert len(statements.cell(cell.kind, cell.focus_area)) == cell.count
    assert len(statements.cell("lesson", "public_spaces")) == 11


def test_what_follows_is_marked_as_ours() -> None:
    for one in load_room().statements.statements.values():
        assert one.implication is None or one.implication_is == "ours"
        assert one.source_title
