"""The joint statement: a version on which the partners agree after each has framed apart.

Each kind of cause that a partner named is either taken up or left out with a reason that stays in
the record, so that a minority is outvoted but never lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, decide, refused, require
from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.problems.domain.differences import CauseRow, Difference, difference_of
from commonlight.web.problems.domain.framing import FEWEST
from commonlight.web.problems.domain.sentences import bare, in_a_row
from commonlight.web.problems.domain.stating import add_version, check_parts
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.enums import CauseReach, ProblemState
from commonlight.web.problems.models import Cause, FrameRound, Problem, Statement
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "LONGEST",
    "CauseChoice",
    "JointError",
    "agree",
    "last_opened",
    "may_agree",
    "named_causes",
]

LONGEST = 300
"""So long may a cause be."""


@dataclass(frozen=True, kw_only=True)
class CauseChoice:
    """What the joint statement does with one kind of cause: words and reach, or why not."""

    text: str = ""
    reach: str = CauseReach.INSIDE
    left_out_reason: str = ""


class JointError(ValueError):
    """A joint statement that cannot be; `family` is the kind of cause that it is about."""

    def __init__(self, family: str, text: str) -> None:
        super().__init__(text)
        self.family = family


def last_opened(problem: Problem) -> FrameRound | None:
    """The newest round whose answers are open."""
    found: FrameRound | None = problem.rounds.exclude(opened_at=None).order_by("-number").first()
    return found


def named_causes(round: FrameRound) -> Difference:
    """The table of differences of a round."""
    return difference_of(round.opened_answers())


def may_agree(actor: Actor, problem: Problem) -> Decision:
    """Whether a joint statement can be written now: at least two have answered apart."""
    may = decide(actor, "problem.move", problem)
    if not may:
        return may
    if problem.state == ProblemState.SET_ASIDE:
        return decide(actor, "problem.write", problem)
    round = last_opened(problem)
    if round is None or len(round.opened_answers()) < FEWEST:
        return refused(
            _("A joint statement needs the separate answers of at least two partners."),
            _("Ask the partners apart first."),
        )
    return allowed


@transaction.atomic
def agree(
    actor: Actor,
    problem: Problem,
    *,
    reason: str,
    causes: Mapping[str, CauseChoice],
    at: datetime | None = None,
    **parts: str,
) -> Statement:
    """A version that the partners agreed on together; `causes` by kind, for each kind named.

    Raises
    ------
    JointError
        If a kind of cause that a partner named is neither taken up nor left out with a reason.
    SolutionError
        If a part names a solution only.
    Refused
        If the actor may not, or fewer than two partners have answered apart.
    """
    require(actor, "problem.write", problem)
    decision = may_agree(actor, problem)
    if not decision:
        raise Refused("problem.move", decision)
    check_parts(**parts, reason=reason)
    round = last_opened(problem)
    assert round is not None
    table = named_causes(round)
    for row in table.causes:
        _settle(actor, problem, round, row, causes.get(row.family, CauseChoice()), at)
    made = add_version(actor, problem, parts, reason=reason, is_joint=True, at=at)
    record(actor, "problem.agree", problem, number=problem.number, version=made.number)
    return made


def _settle(
    actor: Actor,
    problem: Problem,
    round: FrameRound,
    row: CauseRow,
    choice: CauseChoice,
    at: datetime | None,
) -> None:
    """Take the kind of cause up, or keep the reason why it is left out."""
    reason = choice.left_out_reason.strip()
    if not choice.text.strip() and not reason:
        words = read_content("commonlight.web.problems", "frames")["words"]
        named = in_a_row(row.texts)
        raise JointError(row.family, str(words["minority_reason"]).replace("{cause}", named))
    refuse_contacts(left_out_reason=reason)
    is_taken = bool(choice.text.strip())
    text = (choice.text.strip() or "; ".join(map(bare, row.texts)))[:LONGEST]
    known = list(problem.causes.filter(family=row.family, withdrawn_at=None))
    if not known:
        reach = choice.reach if is_taken else ""
        known = [_new(actor, problem, text=text, family=row.family, reach=reach, at=at)]
    elif is_taken and len(known) == 1:
        known[0].text, known[0].reach = text, choice.reach
    for cause in known:
        cause.left_out_reason = "" if is_taken else reason
        cause.save(update_fields=["text", "reach", "left_out_reason"])
        cause.seen_by.add(*_namers(round, row.family))


def _new(actor: Actor, problem: Problem, **words: Any) -> Cause:
    """A cause that comes out of the answers; it still needs evidence, or the mark “presumed”."""
    cause = add_cause(actor, problem, **words)
    cause.seen_by.clear()
    return cause


def _namers(round: FrameRound, family: str) -> list[Organisation]:
    """The organisations that named a cause of this kind."""
    return [
        one.organisation
        for one in round.frames.filter(answers__isnull=False).select_related("organisation")
        if any(c["family"] == family for c in (one.answers or {}).get("likely_cause") or ())
    ]
