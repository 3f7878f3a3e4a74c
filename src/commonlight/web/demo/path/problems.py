"""The three problems of the demo city, each as far on its path as its content says."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from commonlight.web.audits.models import StoredFinding
from commonlight.web.demo.path.clock import on_their_day
from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.demo.path.partners import SPEAKERS
from commonlight.web.policy import Actor
from commonlight.web.problems.domain import agreeing, board, defining, framing, stating
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.fieldwork.domain import observing, positive, scope, sessions
from commonlight.web.problems.fieldwork.enums import Nature, ObservationKind, Tone
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import join

__all__ = ["PROBLEMS", "ground", "make_problems"]

PROBLEMS = ("fuller_gardens_after_school", "tannery_green_late_evening", "weavers_gardens_units")
"""In the order in which they were signalled."""

QUESTIONS = ("what", "where", "when", "who_is_harmed", "likely_cause", "first_step", "confidence")
TOLD = frozenset({"interview", "focus_group"})


def make_problems(place: SimpleNamespace) -> None:
    """All three, from the signal to the point that each has reached."""
    place.problems, place.grounds = {}, _findings(place)
    for name in PROBLEMS:
        _make(place, name, read(f"problems/{name}"))


def ground(place: SimpleNamespace, name: str, words: str) -> Any:
    """What `finding:key` or `observation:id` stands for; nothing if this demo has none of it."""
    kind, sign, _key = words.partition(":")
    if kind in ("finding", "dataset"):
        return place.grounds.get(words)
    return place.grounds.get(f"{name}/{words}") if sign else None


def _findings(place: SimpleNamespace) -> dict[str, Any]:
    """Findings by key and data sets by name; a small city has fewer findings."""
    found = StoredFinding.objects.of(place.workspace).select_related("workspace")
    grounds: dict[str, Any] = {f"finding:{one.key}": one for one in found}
    grounds |= {f"dataset:{slug}": one for slug, one in place.datasets.items()}
    return grounds


def _make(place: SimpleNamespace, name: str, content: dict[str, Any]) -> None:
    row = content["problem"]
    problem = _signal(place, row, content)
    place.problems[name] = problem
    _rest(actor_in(place, "coordinator"), place, name, problem, content["source"])
    _ask_apart(place, problem, content)
    _like(place, problem, content["positive_lens"], at=row["created_days_ago"] - 1)
    if "joint_statement" not in row:
        return
    framing.open_due(place.workspace)
    problem.refresh_from_db()
    _listen(place, name, problem, content)
    _reframe(place, name, problem, content)
    _define(place, name, problem, content)
    _audit(place, problem, content)


def _signal(place: SimpleNamespace, row: dict[str, Any], content: dict[str, Any]) -> Problem:
    """The first words, by whoever saw it first."""
    first = content["reframing"][0]["statement"] if "reframing" in content else row["signal"]
    facts = {} if "reframing" in content else {"harm": row["harm"], "disputed": row["disputed"][0]}
    problem = stating.open_problem(
        actor_in(place, row["created_by"]),
        title=row["title"],
        focus_area=row["focus_area"],
        theme=row["themes"][0],
        at=ago(row["created_days_ago"]),
        sentence=first,
        place=row["place"],
        period=row["period"],
        **facts,
    )
    if row["owner"]:
        stating.describe(
            actor_in(place, "coordinator"),
            problem,
            title=row["title"],
            owner=place.organisations[row["owner"]],
            focus_area=row["focus_area"],
            theme=row["themes"][0],
        )
    return problem


def _rest(
    actor: Actor, place: SimpleNamespace, name: str, claim: Any, rows: Iterable[dict[str, Any]]
) -> None:
    """Let a claim rest on findings and data sets, each with what it says here."""
    for row in rows:
        for kind in ("finding", "dataset"):
            thing = ground(place, name, f"{kind}:{row[kind]}") if kind in row else None
            if thing is not None:
                join(actor, claim, thing, note=row["says"])
                break


def _ask_apart(place: SimpleNamespace, problem: Problem, content: dict[str, Any]) -> None:
    """The same questions to each partner; who has answered is in the content."""
    row = content["frame_round"]
    round = framing.open_round(
        actor_in(place, row["opened_by"]),
        problem,
        organisations=[place.organisations[one] for one in row["invited"]],
        closes_at=ago(-row.get("closes_in_days", 1)),
        at=ago(row["opened_days_ago"]),
    )
    for one in content["frame"]:
        answers = {name: one[name] for name in QUESTIONS}
        framing.send_answer(
            actor_in(place, one["actor"]), round, answers, at=ago(one["sent_days_ago"])
        )
    if "closed_days_ago" in row:
        on_their_day(round, closes_at=ago(row["closed_days_ago"]))


def _like(place: SimpleNamespace, problem: Problem, row: dict[str, Any], *, at: int) -> None:
    """What people value there and wish for."""
    actor = actor_in(place, "partner")
    for question in ("valued_uses", "desired_uses"):
        for text in row[question]:
            positive.add_use(actor, problem, question=question, text=text, at=ago(at))
    positive.add_use(actor, problem, question="who_uses_it", text=row["who_uses"], at=ago(at))


def _listen(place: SimpleNamespace, name: str, problem: Problem, content: dict[str, Any]) -> None:
    """Sessions with the note on consent, what was seen and heard, and who was not heard yet."""
    held = {}
    for row in content["session"]:
        held[row["id"]] = sessions.record_session(
            actor_in(place, SPEAKERS[row["organisation"]]),
            problem,
            method=row["method"],
            held_on=day(-row["held_days_ago"]),
            place=row["title"],
            consent=row["consent_given"],
            groups=row["voices"],
            people=row["band"],
            remarks=f"{row['people']}. {row['consent']}",
            at=ago(row["held_days_ago"] - 1),
        )
    for row in content["observation"]:
        session = held[row["session"]]
        place.grounds[f"{name}/observation:{row['id']}"] = observing.record_observation(
            actor_in(place, SPEAKERS[session.led_by.kind]),
            session,
            text=row["text"],
            tone=row.get("tone", Tone.TROUBLE),
            kind=ObservationKind.HEARD if session.method in TOLD else ObservationKind.SEEN,
            at=ago(0),
        )
    for row in content["missing_voice"]:
        board.not_heard(
            actor_in(place, "partner"),
            problem,
            row["voice"],
            reason=f"{row['group']}: {row['why']}",
        )


def _reframe(place: SimpleNamespace, name: str, problem: Problem, content: dict[str, Any]) -> None:
    """The second version, after the answers were compared."""
    row = content["reframing"][1]
    actor = actor_in(place, row["by"])
    parts = {"place": content["problem"]["place"], "period": content["problem"]["period"]}
    version = stating.state_anew(
        actor,
        problem,
        reason=row["why"],
        at=ago(row["days_ago"]),
        sentence=row["statement"],
        **parts,
    )
    _move(actor, place, name, version, row["moved_by"])


def _move(
    actor: Actor, place: SimpleNamespace, name: str, claim: Any, words: Iterable[str]
) -> None:
    """What moved a version of the statement, or shows a cause."""
    for one in words:
        thing = ground(place, name, one)
        if thing is not None:
            join(actor, claim, thing)


def _define(place: SimpleNamespace, name: str, problem: Problem, content: dict[str, Any]) -> None:
    """The joint statement with its causes and their evidence, and the mark that it is defined."""
    row, actor = content["problem"], actor_in(place, "coordinator")
    last = content["reframing"][-1]
    version = agreeing.agree(
        actor,
        problem,
        reason=last["why"],
        causes=_choices(content),
        at=ago(row["joint_statement_days_ago"]),
        sentence=row["joint_statement"],
        disputed=" ".join(row["disputed"]),
        **{part: row[part] for part in ("place", "period", "groups_harmed", "harm", "effects")},
    )
    _move(actor, place, name, version, last["moved_by"])
    rows = {one["family"]: one for one in [*row["causes_inside"], *row["causes_outside"]]}
    for cause in problem.causes.filter(left_out_reason=""):
        _move(actor, place, name, cause, rows[cause.family]["evidence"])
    defining.define(actor, problem, at=ago(row["defined_days_ago"]))


def _choices(content: dict[str, Any]) -> dict[str, agreeing.CauseChoice]:
    """What the partners did with each kind of cause that one of them named."""
    row = content["problem"]
    reached = {CauseReach.INSIDE: row["causes_inside"], CauseReach.OUTSIDE: row["causes_outside"]}
    found = {
        one["family"]: agreeing.CauseChoice(text=one["text"], reach=reach)
        for reach, rows in reached.items()
        for one in rows
    }
    for one in content["minority_cause"]:
        if one["outcome"] == "left_out":
            found[one["family"]] = agreeing.CauseChoice(left_out_reason=one["reason"])
    return found


def _audit(place: SimpleNamespace, problem: Problem, content: dict[str, Any]) -> None:
    """The six blocks of a safety audit of the place, with the findings that they rest on."""
    actor = actor_in(place, "coordinator")
    made = scope.open_audit(
        actor, title=problem.title, place=content["problem"]["place"], at=ago(60)
    )
    for row in content["scope"]:
        keys = [f"finding:{one}" for one in row["findings"]]
        things = [place.grounds[one] for one in keys if one in place.grounds]
        scope.write_entry(
            actor,
            made,
            block=row["block"],
            text=row["text"],
            nature=NATURES.get(row["block"], Nature.FACT),
            problem=problem,
            grounds=things,
            at=ago(59),
        )


NATURES = {
    "problems": Nature.RISK,
    "victims": Nature.RISK,
    "causes": Nature.RISK,
    "strengths": Nature.STRENGTH,
}
