"""What the partners of the demo city made of research: stances, passports, gaps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from commonlight.web.demo.path.content import actor_in, ago, read
from commonlight.web.demo.path.problems import PROBLEMS
from commonlight.web.knowledge.domain import gaps, passports, profile, published, stances
from commonlight.web.knowledge.enums import CoreKept, ExpectedEffect
from commonlight.web.problems.models import Problem

__all__ = ["link_knowledge"]


def link_knowledge(place: SimpleNamespace) -> None:
    """Practices and statements beside each problem, with what the partners think of them."""
    profile.save_profile(actor_in(place, "coordinator"), read("knowledge")["profile"], at=ago(95))
    for name in PROBLEMS:
        content, problem = read(f"problems/{name}"), place.problems[name]
        _take_stances(place, problem, content)
        for row in content.get("gap", ()):
            _record_gap(place, problem, row)
        for row in content.get("passport", ()):
            _fill_passport(place, problem, row)


def _take_stances(place: SimpleNamespace, problem: Problem, content: dict[str, Any]) -> None:
    for row in content.get("practice_link", ()):
        _take(place, problem, published.practice_in(place.workspace, row["practice"]), row)
    for row in content.get("statement_link", ()):
        _take(place, problem, published.statement_in(place.workspace, row["statement"]), row)


def _take(place: SimpleNamespace, problem: Problem, thing: Any, row: dict[str, Any]) -> None:
    stances.take_stance(
        actor_in(place, row["by"]),
        problem,
        thing,
        row["stance"],
        reason=row["reason"],
        at=ago(row["days_ago"]),
    )


def _record_gap(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> None:
    gaps.record_gap(
        actor_in(place, row["recorded_by"]),
        title=row["title"],
        question=row["question"],
        problem=problem,
        at=ago(row["days_ago"]),
        words=", ".join(row["searched"]),
        why=row["found"],
        focus_area=problem.focus_area,
    )


def _fill_passport(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> None:
    """The comparison with the city, field by field, and what is changed."""
    actor = actor_in(place, row["filled_by"][0])
    practice = published.practice_in(place.workspace, row["practice"])
    when = ago(row["days_ago"])
    made = passports.open_passport(actor, problem, practice, at=when)
    other = place.members[row["filled_by"][1]].organisation
    passports.fill_passport(
        actor,
        made,
        fields={
            one["field"]: {"here": one["here"], "note": one["text"], "verdict": one["result"]}
            for one in row["fields"]
        },
        core=dict.fromkeys(range(len(passports.core_elements(practice))), CoreKept.KEPT),
        filled_with=other.name,
        at=when,
    )
    for one in row["adaptations"]:
        is_core = one["kind"] == "core"
        passports.adapt(
            actor,
            made,
            kind=one["kind"],
            text=one["text"],
            reason=one["why"],
            expected=ExpectedEffect.SMALLER if is_core else "",
            expected_reason=one["effect"] if is_core else "",
            at=when,
        )


def _core(practice: Any, row: dict[str, Any]) -> dict[int, str]:
    """Elements that a planned change touches are changed, the others kept."""
    changed = {one["element"] for one in row["adaptations"] if one["kind"] == "core"}
    return {
        index: CoreKept.CHANGED if text in changed else CoreKept.KEPT
        for index, text in enumerate(passports.core_elements(practice))
    }
