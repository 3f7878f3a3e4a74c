"""What the content says of phases, methods, plans, groups, cards and specifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from commonlight.web.content import read_content

__all__ = [
    "card_fields",
    "group_titles",
    "groups",
    "methods",
    "phases",
    "plans",
    "roles",
    "room_rules",
    "sides",
    "specification_fields",
    "specification_parts",
    "words",
    "worksheets",
]

PACKAGE = "commonlight.web.design"


def phases() -> Mapping[str, dict[str, Any]]:
    """The phases of the design, in their order."""
    return _by_id("workshop_phases", "phase")


def methods() -> Mapping[str, dict[str, Any]]:
    """What can be done together in a workshop, each with minutes, materials and steps."""
    return _by_id("workshop_phases", "method")


def roles() -> Mapping[str, dict[str, Any]]:
    """Who does what in a workshop."""
    return _by_id("workshop_phases", "role")


def plans() -> Mapping[str, dict[str, Any]]:
    """Plans whose minutes add up."""
    return _by_id("workshop_plans", "plan")


def worksheets(chosen: Iterable[str]) -> list[dict[str, Any]]:
    """The cards of these phases, in the order of the phases."""
    wanted = set(chosen)
    return [one for one in _rows("workshop_phases", "worksheet") if one["phase"] in wanted]


def groups() -> Mapping[str, dict[str, Any]]:
    """Categories of people who take part; nobody is ever kept by name."""
    return _by_id("groups", "group")


def group_titles(chosen: Iterable[str]) -> list[Any]:
    """What these groups are called, in the order of the content."""
    wanted = set(chosen)
    return [one["title"] for name, one in groups().items() if name in wanted]


def room_rules() -> Mapping[str, dict[str, Any]]:
    """What is asked of the people in the room."""
    return _by_id("groups", "rule")


def sides() -> Mapping[str, Any]:
    """The sides of a problem that a measure can address, with their titles."""
    rows = read_content("commonlight.web.problems", "readings")["coverage"]
    return {one["id"]: one["title"] for one in rows}


def card_fields() -> Mapping[str, dict[str, Any]]:
    """The fields of a concept card."""
    return _by_id("concept_card", "field")


def specification_parts() -> Mapping[str, dict[str, Any]]:
    """The parts of a toolkit specification."""
    return _by_id("toolkit_specification", "part")


def specification_fields() -> Mapping[str, dict[str, Any]]:
    """The fields of a toolkit specification."""
    return _by_id("toolkit_specification", "field")


def words(name: str) -> Mapping[str, Any]:
    """The sentences of a content file."""
    found: Mapping[str, Any] = read_content(PACKAGE, name)["words"]
    return found


def _by_id(name: str, key: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in _rows(name, key)}


def _rows(name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_content(PACKAGE, name)[key]
    return found
