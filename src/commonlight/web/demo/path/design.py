"""What the partners of the demo city design together: workshop, ideas, concepts, tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import time
from types import SimpleNamespace
from typing import Any

from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.design.domain import concepts, ideas, notes, room, toolkit, voting, workshops
from commonlight.web.design.enums import VoteKind
from commonlight.web.design.models import Concept, Idea, Workshop
from commonlight.web.problems.domain.moving import move
from commonlight.web.problems.models import Problem

__all__ = ["DESIGNED", "make_design"]

DESIGNED = "tannery_green_late_evening"
"""The problem that is near the end of its design."""

TEXTS = (
    "name",
    "in_one_sentence",
    "why_it_should_work",
    "who_does_it",
    "good_uses_kept",
    "who_may_lose",
    "cost_guess",
)


def make_design(place: SimpleNamespace) -> None:
    """From the workshop to concepts that were tried."""
    content, problem = read(f"problems/{DESIGNED}"), place.problems[DESIGNED]
    move(actor_in(place, "coordinator"), problem, "start_design", at=ago(60))
    workshop = _hold(place, problem, content["workshop"])
    _enter_notes(place, workshop, content)
    place.ideas = _ideas(place, problem, content)
    _vote(place, problem, workshop, content)
    for row in content["concept"]:
        _open(place, problem, row, content)
    toolkit.save_specification(
        actor_in(place, "coordinator"),
        place.concepts["c1"],
        _specification(place, content["toolkit_specification"]),
        at=ago(18),
    )


def _hold(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> Workshop:
    """Planned, held, and counted by category."""
    actor = actor_in(place, "coordinator")
    made = workshops.plan_workshop(
        actor,
        problem,
        template=row["plan"],
        title=row["title"],
        day=day(-row["held_days_ago"]),
        begins=time.fromisoformat(row["begins"]),
        room=row["place"],
        aim=row["aim"],
        at=ago(row["held_days_ago"] + 14),
    )
    workshops.change_workshop(actor, made, roles=row["roles"])
    seats = [
        room.GroupSeats(group, planned, is_harmed=group in row["harmed"])
        for group, planned in row["planned"].items()
    ]
    room.set_seats(actor, made, seats)
    workshops.move_workshop(actor, made, "hold")
    room.set_present(actor, made, row["present"])
    for warning in room.open_warnings(made):
        room.give_reason(actor, made, warning.rule, text=row["note_on_attendance"])
    return made


def _enter_notes(place: SimpleNamespace, workshop: Workshop, content: dict[str, Any]) -> None:
    actor, when = actor_in(place, content["workshop"]["entered_by"]), ago(49)
    written = [(row["kind"], row["text"]) for row in content["note"]]
    notes.add_notes(actor, workshop, written, at=when)
    batch = notes.draft_of(actor, workshop)
    assert batch is not None
    notes.finish_batch(actor, batch, at=when)


def _ideas(place: SimpleNamespace, problem: Problem, content: dict[str, Any]) -> dict[str, Idea]:
    """Ideas by their key in the content; one that stood on no note as an idea is added."""
    actor, found = actor_in(place, "coordinator"), {}
    rows = problem.ideas.select_related("note", "workspace")
    by_note = {one.note.number: one for one in rows if one.note is not None}
    workshop = problem.workshops.get()
    for row in content["idea"]:
        known = by_note.get(row["from_notes"][0])
        found[row["id"]] = known or ideas.add_idea(
            actor, problem, text=row["title"], workshop=workshop, at=ago(49)
        )
    for cluster in content["cluster"]:
        laid = [found[one["id"]] for one in content["idea"] if one["cluster"] == cluster["id"]]
        ideas.cluster_ideas(actor, problem, laid, name=cluster["title"])
    for row in content["minority_idea"]:
        ideas.keep_idea(actor, found[row["idea"]], reason=row["reason_kept"])
    return found


def _vote(
    place: SimpleNamespace, problem: Problem, workshop: Workshop, content: dict[str, Any]
) -> None:
    """Three dots each on the wall, counted by group."""
    actor, row = actor_in(place, "coordinator"), content["vote"]
    vote = voting.open_vote(
        actor,
        problem,
        title=content["workshop"]["title"],
        kind=VoteKind.COUNTED,
        dots=3,
        most_on_one=1,
        workshop=workshop,
        at=ago(row["held_days_ago"]),
    )
    groups = Counter(one["group"] for one in row["ballots"])
    for group, people in groups.items():
        chosen = (one["ideas"] for one in row["ballots"] if one["group"] == group)
        dots = Counter(place.ideas[key].pk for keys in chosen for key in keys)
        voting.count_group(actor, vote, group=group, people=people, dots=dots)
    voting.close_vote(actor, vote, at=ago(row["held_days_ago"]))


def _open(
    place: SimpleNamespace, problem: Problem, row: dict[str, Any], content: dict[str, Any]
) -> None:
    """A concept with its tests, and each change with the test that led to it."""
    actor = actor_in(place, row["opened_by"])
    card = _card(place, problem, row)
    made = concepts.open_concept(actor, problem, at=ago(37), **_before(card, row["changes"]))
    vars(place).setdefault("concepts", {})[row["id"]] = made
    tests = {}
    for one in content["prototype_test"]:
        if one["concept"] == row["id"]:
            tests[one["id"]] = _test(place, made, one)
            place.grounds[f"{DESIGNED}/test:{one['id']}"] = tests[one["id"]]
    for index, change in enumerate(row["changes"], start=1):
        concepts.change_concept(
            actor,
            made,
            reason=change["text"],
            test=tests[change["because"].partition(":")[2]],
            at=ago(change["days_ago"]),
            **_before(card, row["changes"][index:]),
        )
    if row["state"] == "keep":
        concepts.move_concept(actor, made, "submit", at=ago(20))


def _card(place: SimpleNamespace, problem: Problem, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in TEXTS},
        "cause": problem.causes.get(text=row["cause"][0]),
        "users": row["user_groups"],
        "designed_with": row["designer_groups"],
        "organisations": [place.organisations[one] for one in row["organisations"]],
        "ideas": [place.ideas[one] for one in row["from_ideas"]],
    }


def _before(card: dict[str, Any], changes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The card as it was before these changes."""
    sentence = card["in_one_sentence"]
    for one in changes:
        sentence = sentence.replace(one["now"], one["was"])
    return {**card, "in_one_sentence": sentence}


def _test(place: SimpleNamespace, concept: Concept, row: dict[str, Any]) -> Any:
    return concepts.record_test(
        actor_in(place, "coordinator"),
        concept,
        day=day(-row["held_days_ago"]),
        what=f"{row['title']}: {row['task']}",
        testers=row["testers"],
        people=row["people"],
        seen=row["observed"],
        verdict=row["decision"],
        because=f"{row['decided']}. {row['limits']}",
        at=ago(row["held_days_ago"] - 1),
    )


def _specification(place: SimpleNamespace, row: dict[str, Any]) -> dict[str, str]:
    """The specification as text; lists become lines."""
    return {name: _lines(place, value) for name, value in row.items() if name != "title"}


def _lines(place: SimpleNamespace, value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(one if isinstance(one, str) else _told(place, one) for one in value)


def _told(place: SimpleNamespace, row: dict[str, Any]) -> str:
    """What is to be built or tested, with who answers for it."""
    if "accountable" not in row:
        return str(row["text"])
    return f"{row['text']} ({place.organisations[row['accountable']].name})"
