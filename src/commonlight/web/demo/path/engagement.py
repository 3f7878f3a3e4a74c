"""Who was asked about the design of the demo city, what they said, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from commonlight.web.demo.path.clock import on_their_day
from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.demo.path.design import DESIGNED
from commonlight.web.design.engagement.domain import gates, planning, register
from commonlight.web.design.engagement.domain.ranking import Answers
from commonlight.web.problems.models import Problem

__all__ = ["ask_people", "pass_gates"]


def ask_people(place: SimpleNamespace) -> None:
    """Why people are asked, by which methods, what they said, and the replies."""
    content, problem = read(f"problems/{DESIGNED}"), place.problems[DESIGNED]
    _plan(place, problem, content["engagement_plan"])
    answered = [row for row in content["contribution"] if row["reply"] != "open"]
    for days, method in sorted({(row["days_ago"], row["method"]) for row in answered})[::-1]:
        rows = [row for row in answered if (row["days_ago"], row["method"]) == (days, method)]
        _hear(place, problem, rows)


def pass_gates(place: SimpleNamespace) -> None:
    """Four gates are behind the design; the last is shut by one contribution without a reply."""
    content, problem = read(f"problems/{DESIGNED}"), place.problems[DESIGNED]
    actor = actor_in(place, "coordinator")
    gates.confirm_problem(actor, problem, note=content["workshop"]["problem_confirmed"])
    for row in content["gate"]:
        if row["state"] == "open":
            passage = gates.pass_gate(actor, problem, row["gate"])
            on_their_day(passage, passed_at=ago(row["passed_days_ago"]))
    waiting = [row for row in content["contribution"] if row["reply"] == "open"]
    _add(place, problem, waiting, None)


def _plan(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> None:
    actor = actor_in(place, "coordinator")
    planning.say_why(
        actor,
        problem,
        rationale=row["why"],
        rationale_text=" ".join(row["rationale"].values()),
        decision=f"{row['decision_at_stake']}. {row['what_is_open']}",
        decided_by=row["decided_by"],
        decided_on=day(row["decided_in_days"]),
        harmed_groups=row["harmed"],
    )
    for group, reason in row["unheard"].items():
        planning.say_not_heard(actor, problem, group=group, reason=reason)
    plan = planning.make_plan(actor, problem, Answers(**row["answers"]))
    for method in row["methods"]:
        planning.choose(actor, plan, method, reason=row["method_reason"])


def _hear(place: SimpleNamespace, problem: Problem, rows: list[dict[str, Any]]) -> None:
    """One occasion with what was said on it, and the reply to each."""
    first = rows[0]
    hearing = register.record_hearing(
        actor_in(place, "partner"),
        problem,
        held_on=day(-first["days_ago"]),
        method=first["method"],
        groups=first["people"],
        said=first["said"],
    )
    for made, row in zip(_add(place, problem, rows, hearing), rows, strict=True):
        reply = register.reply(
            actor_in(place, "coordinator"),
            made,
            answer=row["reply"],
            text=row["reason"],
            ground=row.get("ground", ""),
        )
        on_their_day(reply, replied_at=ago(row["answered_days_ago"]))


def _add(
    place: SimpleNamespace, problem: Problem, rows: Iterable[dict[str, Any]], hearing: Any
) -> list[Any]:
    given = list(rows)
    made = register.add_contributions(
        actor_in(place, "partner"),
        problem,
        [(row["group"], row["text"]) for row in given],
        received_on=ago(given[0]["days_ago"]).date(),
        hearing=hearing,
    )
    for one in made:
        on_their_day(one, recorded_at=ago(given[0]["days_ago"]) + timedelta(hours=1))
    return made
