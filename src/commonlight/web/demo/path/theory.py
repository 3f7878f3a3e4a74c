"""Why the design of the demo city should work, and what its partners checked before deciding."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from commonlight.web.demo.path.clock import on_their_day
from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.demo.path.design import DESIGNED
from commonlight.web.demo.path.problems import ground
from commonlight.web.design.models import Concept, PrototypeTest
from commonlight.web.design.review.domain import guards, impact, principles, tensions
from commonlight.web.design.review.domain.brief import life
from commonlight.web.design.theory.domain import changing, keeping
from commonlight.web.design.theory.models import Link, Step
from commonlight.web.knowledge.domain import published
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import join

__all__ = ["make_review", "make_theory"]

MEASURED = ("n10", "n11", "n12", "n13", "n14")
"""Outcomes, each of which has an indicator as a step of its own."""


def make_theory(place: SimpleNamespace) -> None:
    """Steps, links with their evidence, and indicators; two links are unproven on purpose."""
    content, problem = read(f"problems/{DESIGNED}"), place.problems[DESIGNED]
    actor, when = actor_in(place, "evaluator"), ago(16)
    steps = {
        row["id"]: changing.add_step(actor, problem, kind=row["kind"], text=row["title"], at=when)
        for row in content["node"]
    }
    place.theory_links = {row["id"]: _link(place, steps, row) for row in content["link"]}
    for row in content["node"]:
        if row["id"] in MEASURED:
            _measure(place, problem, steps[row["id"]], row["indicator"])
        if "second_indicator" in row:
            _measure(place, problem, steps[row["id"]], row["second_indicator"])
    keeping.keep_version(actor, problem, note=content["theory"]["version_note"], at=when)


def _link(place: SimpleNamespace, steps: dict[str, Step], row: dict[str, Any]) -> Link:
    actor = actor_in(place, "evaluator")
    made = changing.add_link(
        actor,
        steps[row["from"]],
        steps[row["to"]],
        mechanism=row["mechanism"],
        assumption=row["assumption"],
        confidence=row["confidence"],
        harm=row["possible_harm"],
        at=ago(16),
    )
    for words in row["evidence"]:
        thing = _evidence(place, words)
        if isinstance(thing, PrototypeTest):
            join(actor, made, thing.concept, note=thing.seen)
        elif thing is not None:
            join(actor, made, thing)
    return made


def _evidence(place: SimpleNamespace, words: str) -> Any:
    kind, _sign, key = words.partition(":")
    if kind == "practice":
        return published.practice_in(place.workspace, key)
    if kind == "statement":
        return published.statement_in(place.workspace, key)
    return ground(place, DESIGNED, words)


def _measure(place: SimpleNamespace, problem: Problem, outcome: Step, row: dict[str, Any]) -> None:
    """The indicator of an outcome as a step of its own."""
    changing.add_step(
        actor_in(place, "evaluator"),
        problem,
        kind="indicator",
        text=row["text"],
        witness=row["source"],
        after=outcome,
        at=ago(16),
    )


def make_review(place: SimpleNamespace) -> None:
    """Guards, principles, impact and tensions of both concepts, and the brief in its draft."""
    content, problem = read(f"problems/{DESIGNED}"), place.problems[DESIGNED]
    for concept in place.concepts.values():
        _answer_for(place, concept, content)
    for row in content["impact"]:
        answer = impact.answer_aspect(
            actor_in(place, "coordinator"),
            problem,
            row["aspect"],
            answer=row["answer"],
            text=row["text"],
        )
        on_their_day(answer, answered_at=ago(35))
    for row in content["tension"]:
        taken = tensions.answer_card(
            actor_in(place, row["by"]),
            problem,
            row["card"],
            side=row["answer"],
            why=row["why"],
            who_may_lose=row["who_may_lose"],
            watch=row["watch"],
        )
        on_their_day(taken, answered_at=ago(row["days_ago"]))
    _write_brief(place, problem, content["design_brief"])


def _answer_for(place: SimpleNamespace, concept: Concept, content: dict[str, Any]) -> None:
    for row in content["guard"]:
        passed = guards.answer_guard(
            actor_in(place, row["by"]),
            concept,
            row["area"],
            row["guard"],
            choices=[row["choice"]] if "choice" in row else (),
            text=row["answer"],
        )
        on_their_day(passed, answered_at=ago(row["days_ago"]))
    for row in content["principle_check"]:
        told = {"met": "where", "will_do": "what", "not_applicable": "reason"}[row["answer"]]
        given: dict[str, Any] = {told: row["text"]}
        if "owner" in row:
            given |= {"owner": place.organisations[row["owner"]], "due": day(row["in_days"])}
        checked = principles.answer_check(
            actor_in(place, row["by"]),
            concept,
            row["check"],
            answer=row["answer"],
            **given,
        )
        on_their_day(checked, answered_at=ago(row["days_ago"]))


def _write_brief(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> None:
    actor = actor_in(place, row["written_by"])
    brief = life.begin_brief(actor, problem, at=ago(row["days_ago"]))
    life.write_brief(actor, brief, {one["section"]: one["text"] for one in row["section"]})
