from __future__ import annotations

import re
from pathlib import Path

import pytest

from commonlight.audit.methods import method, method_keys

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "commonlight" / "audit"


def used_keys() -> set[str]:
    """Every text in the room's modules that names a method of the inventory."""
    text = " ".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    return set(re.findall(r'"([a-z][a-z-]+)"', text))


@pytest.mark.parametrize("key", method_keys())
def test_every_method_has_a_page_and_is_used(key: str) -> None:
    note = method(key)
    assert (ROOT / "docs" / f"{note.page}.md").is_file()
    assert note.name
    assert note.summary.endswith(".")
    assert key in used_keys()


@pytest.mark.parametrize("key", method_keys())
def test_every_reference_has_a_place_to_look_it_up(key: str) -> None:
    for reference in method(key).references:
        assert re.search(r"doi:10\.\d{4,}/\S+|version \d", reference), reference


def test_settings_stand_beside_the_method() -> None:
    note = method("near-repeat", incidents=120, distance_bands="100 m")
    assert note.parameters == {"incidents": "120", "distance bands": "100 m"}


def test_a_method_that_is_not_listed_has_no_note() -> None:
    with pytest.raises(KeyError):
        method("astrology")
