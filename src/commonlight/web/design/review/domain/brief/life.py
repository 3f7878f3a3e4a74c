"""A brief from its draft to its approval by another person than those who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.design.review.domain.brief.composing import (
    brief_content,
    compose,
    digest_of,
)
from commonlight.web.design.review.domain.tensions import ReviewError, waiting_cards
from commonlight.web.design.review.enums import BriefState
from commonlight.web.design.review.models import Brief
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, decide, refused, require
from commonlight.web.problems.domain.moving import take
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem
from commonlight.web.states import read_table

__all__ = [
    "LABELS",
    "TABLE",
    "approve_brief",
    "begin_brief",
    "decide_approval",
    "decide_proposal",
    "newest_brief",
    "propose_brief",
    "return_brief",
    "standing_brief",
    "write_brief",
]

TABLE = read_table("commonlight.web.design.review", machine="brief")
LABELS = dict(BriefState.choices)


def newest_brief(problem: Problem) -> Brief | None:
    """The version that was begun last."""
    found: Brief | None = _briefs(problem).first()
    return found


def standing_brief(problem: Problem) -> Brief | None:
    """The version that was approved and not replaced."""
    found: Brief | None = _briefs(problem).filter(state=BriefState.APPROVED).first()
    return found


@transaction.atomic
def begin_brief(actor: Actor, problem: Problem, *, at: datetime | None = None) -> Brief:
    """A new draft, with the texts of the version before; one that is under way is given back."""
    require(actor, "design.write", problem)
    Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)
    before = newest_brief(problem)
    if before is not None and before.state in (BriefState.DRAFT, BriefState.PROPOSED):
        return before
    if problem.state == ProblemState.BRIEFED:
        take(actor, problem, "redesign", reason=_("A new version of the design brief."), at=at)
    made: Brief = Brief.objects.create(
        workspace=problem.workspace,
        problem=problem,
        number=before.number + 1 if before else 1,
        texts=before.texts if before else {},
        author=actor.membership,
        begun_at=at or timezone.now(),
    )
    record(actor, "brief.begin", problem, number=problem.number, brief=made.number)
    return made


@transaction.atomic
def write_brief(actor: Actor, brief: Brief, texts: Mapping[str, str]) -> Brief:
    """Write the parts that only people can write; who writes does not approve.

    Raises
    ------
    ReviewError
        If the brief is no draft any more.
    """
    require(actor, "design.write", brief.problem)
    held = _held(brief)
    if held.state != BriefState.DRAFT:
        raise ReviewError(_("This brief was proposed. Only a draft is written in."))
    asked = {one["id"] for one in brief_content()["section"] if one["asks_for"]}
    told = {name: text.strip() for name, text in texts.items() if name in asked}
    held.texts = {name: text for name, text in {**held.texts, **told}.items() if text}
    held.save(update_fields=["texts"])
    if actor.membership is not None:
        held.writers.add(actor.membership)
    brief.texts = held.texts
    record(actor, "brief.write", held.problem, brief=held.number)
    return held


def decide_proposal(actor: Actor, brief: Brief) -> Decision:
    """Whether the brief can be proposed now."""
    may = decide(actor, "design.write", brief.problem)
    if not may:
        return may
    if brief.problem.state != ProblemState.DESIGNING:
        return refused(
            _("The problem is “%(state)s”. A brief is proposed while it is in design.")
            % {"state": brief.problem.get_state_display()},
            _("Open the problem and take the step that comes first."),
        )
    return TABLE.decide(brief.state, "propose", LABELS)


@transaction.atomic
def propose_brief(actor: Actor, brief: Brief, *, at: datetime | None = None) -> Brief:
    """Freeze the brief as its author sees it, and ask another person to approve it.

    Raises
    ------
    Refused
        If the problem is not in design, or the brief was proposed before.
    """
    held = _held(brief)
    _require(decide_proposal(actor, held))
    held.content = compose(actor, held.problem, held.texts, number=held.number)
    held.digest = digest_of(held.content)
    held.state = TABLE.after(held.state, "propose", LABELS)
    held.proposed_by, held.proposed_at = actor.membership, at or timezone.now()
    held.decided_by, held.decided_at, held.comment = None, None, ""
    held.save()
    record(actor, "brief.propose", held.problem, brief=held.number, digest=held.digest)
    return held


def decide_approval(actor: Actor, brief: Brief) -> Decision:
    """Whether the actor may decide on the brief now; nobody approves what she wrote."""
    may = decide(actor, "brief.approve", brief.problem)
    if not may:
        return may
    fits = TABLE.decide(brief.state, "approve", LABELS)
    if not fits:
        return fits
    if actor.membership is None or actor.membership.pk in _writers(brief):
        return refused(
            _("You wrote or proposed this brief. Somebody else approves it."),
            _("Ask another partner to read it."),
        )
    return allowed


@transaction.atomic
def approve_brief(
    actor: Actor, brief: Brief, *, comment: str = "", at: datetime | None = None
) -> Brief:
    """Others may rely on the brief; the problem ends this half of its path with it.

    Raises
    ------
    Refused
        If the actor wrote it, or a reply or a tension card is still open.
    """
    held = _held(brief)
    _require(decide_approval(actor, held))
    _require(_nothing_open(held.problem))
    for one in _briefs(held.problem).filter(state=BriefState.APPROVED):
        one.state = TABLE.after(one.state, "replace", LABELS)
        one.save(update_fields=["state"])
    held.state = TABLE.after(held.state, "approve", LABELS)
    _decided(actor, held, comment, at)
    take(actor, held.problem, "brief", at=at)
    record(actor, "brief.approve", held.problem, brief=held.number, digest=held.digest)
    return held


@transaction.atomic
def return_brief(actor: Actor, brief: Brief, *, comment: str, at: datetime | None = None) -> Brief:
    """Send the brief back to its authors, with what to mend."""
    held = _held(brief)
    _require(decide_approval(actor, held))
    if not comment.strip():
        raise ReviewError(_("Say what should be mended."))
    held.state = TABLE.after(held.state, "return", LABELS)
    held.content, held.digest = None, ""
    _decided(actor, held, comment, at)
    record(actor, "brief.return", held.problem, brief=held.number)
    return held


def _nothing_open(problem: Problem) -> Decision:
    """People who were asked have their reply, and tensions that fire have their answer."""
    waiting = tallies([problem])[problem.pk].open
    if waiting:
        told = ngettext(
            "%(count)s contribution has no reply yet.",
            "%(count)s contributions have no reply yet.",
            waiting,
        )
        return refused(told % {"count": waiting}, _("Reply first; then the brief can be approved."))
    cards = len(waiting_cards(problem))
    if cards:
        told = ngettext(
            "%(count)s tension card waits for an answer.",
            "%(count)s tension cards wait for an answer.",
            cards,
        )
        return refused(told % {"count": cards}, _("Answer first; then the brief can be approved."))
    return allowed


def _decided(actor: Actor, brief: Brief, comment: str, at: datetime | None) -> None:
    brief.decided_by, brief.decided_at = actor.membership, at or timezone.now()
    brief.comment = comment.strip()
    brief.save()


def _writers(brief: Brief) -> set[Any]:
    written = set(brief.writers.values_list("pk", flat=True))
    return written | {brief.author_id, brief.proposed_by_id}


def _briefs(problem: Problem) -> Any:
    rows = Brief.objects.of(problem.workspace).filter(problem=problem)
    return rows.select_related(
        "problem__workspace",
        "problem__owner",
        "proposed_by__organisation",
        "decided_by__organisation",
    ).order_by("-number")


def _held(brief: Brief) -> Brief:
    rows = Brief.objects.of(brief.workspace).select_for_update(of=("self",))
    found: Brief = rows.select_related("problem__workspace", "problem__owner").get(pk=brief.pk)
    return found


def _require(decision: Decision) -> None:
    if not decision:
        raise Refused("design.write", decision)
