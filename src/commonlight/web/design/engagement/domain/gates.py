"""The gates between the stages: what is missing at each, and the way through or back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import filled, gates, stage_titles
from commonlight.web.design.engagement.domain.planning import EngagementError, engagement_of
from commonlight.web.design.engagement.models import Engagement, GatePassage
from commonlight.web.design.engagement.needs import Missing, missing_need
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, allowed, refused, require
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Lack, sharing
from commonlight.web.states import StateTable, read_table
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "BACK",
    "Gate",
    "confirm_problem",
    "decide_gate",
    "gates_of",
    "go_back",
    "pass_gate",
    "stage_of",
    "stage_table",
]

BACK = "back"


@dataclass(frozen=True)
class Gate:
    """A gate as it stands today."""

    id: str
    title: Any
    source: str
    target: str
    needs: tuple[Any, ...]
    missing: tuple[Lack, ...]
    is_passed: bool
    is_next: bool
    proof: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everything is there."""
        return not self.missing

    @property
    def is_shut_again(self) -> bool:
        """Whether something was withdrawn after the gate was passed."""
        return self.is_passed and bool(self.missing) and not self.proof


def stage_table() -> StateTable:
    """The stages and the gates between them."""
    return read_table("commonlight.web.design.engagement", machine="stage")


def stage_of(problem: Problem, engagement: Engagement | None = None) -> str:
    """The stage that was reached, or that the state of the problem proves by itself.

    Whoever went back stays there until somebody goes on.
    """
    stage: str = (engagement or engagement_of(problem)).stage
    if _went_back(problem):
        return stage
    states = stage_table().states
    proven = [row["to"] for row in gates()["gate"] if _proof(problem, row)]
    found: str = max([stage, *proven], key=states.index)
    return found


def gates_of(actor: Actor, problem: Problem, engagement: Engagement | None = None) -> list[Gate]:
    """All gates of a problem; each need is asked once."""
    here = stage_table().states.index(stage_of(problem, engagement))
    titles = {one["id"]: one for one in gates()["need"]}
    lacks = _lacks(actor, problem)
    return [
        Gate(
            id=row["id"],
            title=row["title"],
            source=row["from"],
            target=row["to"],
            needs=tuple((titles[name]["title"], lacks[name] is None) for name in row["needs"]),
            missing=tuple(
                _lack(titles[name], lack)
                for name in row["needs"]
                if (lack := lacks[name]) is not None
            ),
            is_passed=place < here,
            is_next=place == here,
            proof=_proof(problem, row) if place < here else "",
        )
        for place, row in enumerate(gates()["gate"])
    ]


@kept_until_a_change
def _lacks(actor: Actor, problem: Problem) -> dict[str, Missing | None]:
    """What is missing of each need that some gate asks for."""
    asked = dict.fromkeys(name for one in gates()["gate"] for name in one["needs"])
    with sharing():
        return {name: missing_need(name, actor, problem) for name in asked}


def decide_gate(gate: Gate) -> Decision:
    """Whether one may go through the gate now; all that is missing is said at once."""
    if not gate.is_next:
        return refused(_("This is not the next phase."))
    if gate.is_open:
        return allowed
    words = str(gates()["words"]["shut"])
    return refused(" ".join([words, *(str(one.text) for one in gate.missing)]))


@transaction.atomic
def pass_gate(actor: Actor, problem: Problem, name: str) -> GatePassage:
    """Go on to the next stage; a gate that the state proves may be put on record as well.

    Raises
    ------
    EngagementError
        If something is missing, or it is not the next gate.
    """
    require(actor, "engagement.manage", problem)
    held = _held(problem)
    gate = next((one for one in gates_of(actor, problem, held) if one.id == name), None)
    if gate is not None and gate.proof and held.stage == gate.source:
        return _move(actor, held, name)
    decision = refused(_("There is no such phase.")) if gate is None else decide_gate(gate)
    if not decision:
        raise EngagementError(str(decision.reason))
    held.stage = stage_of(problem, held)
    return _move(actor, held, name)


@transaction.atomic
def go_back(actor: Actor, problem: Problem, *, reason: str) -> GatePassage:
    """Go back one stage; nothing is lost."""
    require(actor, "engagement.manage", problem)
    if not reason.strip():
        raise EngagementError(_("Say why you go back."))
    held = _held(problem)
    held.stage = stage_of(problem, held)
    return _move(actor, held, BACK, reason.strip())


@transaction.atomic
def confirm_problem(actor: Actor, problem: Problem, *, note: str) -> Engagement:
    """After the ideas: the problem is still what the statement says. A new version asks anew."""
    require(actor, "engagement.manage", problem)
    if not note.strip():
        raise EngagementError(_("Say what makes you sure that the problem is still the same."))
    found = engagement_of(problem)
    found.confirmed_version = current_statement(problem).number
    found.confirmed_note = note.strip()
    found.confirmed_by, found.confirmed_at = actor.membership, timezone.now()
    found.save()
    record(actor, "engagement.confirm", problem, version=found.confirmed_version)
    return found


def _proof(problem: Problem, row: dict[str, Any]) -> str:
    """The state of the problem by which a gate counts as passed; empty where it proves nothing."""
    is_proven = problem.state in row.get("proven_by", ())
    return str(problem.get_state_display()) if is_proven else ""


@read_once
def _went_back(problem: Problem) -> bool:
    rows = GatePassage.objects.of(problem.workspace).filter(problem=problem)
    return bool(rows.order_by("pk").values_list("step", flat=True).last() == BACK)


def _held(problem: Problem) -> Engagement:
    """The stored engagement, held until the end of the transaction."""
    Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)
    found = engagement_of(problem)
    if found._state.adding:
        found.save()
    return found


def _move(actor: Actor, held: Engagement, step: str, reason: str = "") -> GatePassage:
    source = held.stage
    held.stage = stage_table().after(source, step, stage_titles())
    held.save(update_fields=["stage"])
    made: GatePassage = GatePassage.objects.create(
        workspace=held.workspace,
        problem=held.problem,
        step=step,
        source=source,
        target=held.stage,
        reason=reason,
        passed_by=actor.membership,
    )
    record(actor, "engagement.gate", held.problem, step=step, source=source, target=held.stage)
    return made


def _lack(row: dict[str, Any], lack: Missing) -> Lack:
    single = lack.count == 1 and "refusal_one" in row
    sentence = lack.sentence or (row["refusal_one"] if single else row["refusal"])
    text = filled(sentence, count=lack.count or 0, **lack.values)
    return Lack(need=row["id"], text=text, address=lack.address)
