"""The reference pages hold what the data hold."""

from __future__ import annotations

from pathlib import Path

from commonlight.evidence.harm import load_sets_without_values, load_weight_sets
from commonlight.evidence.room import FILES, load_room
from commonlight.evidence.survey_items import load_items

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference"


def sections() -> dict[str, str]:
    text = (PAGES / "harm-weights.md").read_text(encoding="utf-8")
    parts = [part.split("\n", 1) for part in text.split("\n## ")[1:]]
    return {part[0]: part[1] for part in parts}


def test_the_page_on_weights_has_every_value() -> None:
    found = sections()
    for item in load_weight_sets():
        body = found[item.title]
        for code, weight in item.weights.items():
            rows = [row for row in body.splitlines() if row.startswith(f"| {weight.source_label} ")]
            (row,) = [row for row in rows if code in row.split("|")[2].replace(",", "").split()]
            for end in (weight.low, weight.high):
                assert f"{end:,.10g}" in row, (item.name, code)
            assert row.endswith(f"| {weight.source} | {weight.confidence} |")
        for missing in item.missing:
            assert f"| {missing.source_label} |" in body
            assert "not found" in body
        for caution in item.cautions:
            assert caution in body


def test_the_page_on_weights_names_the_sets_that_were_not_found() -> None:
    body = sections()["Sets whose values we did not find"]
    assert all(item.title in body for item in load_sets_without_values())


def test_the_page_on_items_has_every_item_and_construct() -> None:
    text = (PAGES / "survey-items.md").read_text(encoding="utf-8")
    items = load_items()
    for item in items.items.values():
        assert f"| `{item.id}` | {item.construct} | {item.paraphrase} |" in text
    for construct in items.constructs.values():
        assert f"| {construct.name} | " in text
    for found in items.criticisms.values():
        assert all(point.text in text for point in found.points)


def test_the_page_on_evidence_has_every_practice_and_the_counts() -> None:
    text = (PAGES / "evidence.md").read_text(encoding="utf-8")
    room = load_room()
    effects = sum(len(one.effects) for one in room.practices.practices.values())
    counts = f"{len(room.practices.practices)} practices with {effects} effects"
    assert counts in text
    assert f"{len(room.statements.statements)} statements" in text
    assert f"{len(room.unit_costs.costs)} unit costs" in text
    label = room.vocabulary.label
    for one in room.practices.practices.values():
        row = next(
            line for line in text.splitlines() if line.startswith(f"| `{one.id}` | {one.name}")
        )
        for group, directions in one.directions().items():
            found = ", ".join(label("directions", direction).lower() for direction in directions)
            assert f"{label('outcome_groups', group).lower()}: {found}" in row
    assert all(f"`{name}`" in text for name in FILES)
