"""Recommendations: sent, accepted as an action, declined with a reason, closed with evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.actions import become_action, end_actions
from commonlight.web.assessment.domain.evidence import DIRECTIONS, link_evidence
from commonlight.web.assessment.domain.matrix import Reading, read_assessment
from commonlight.web.assessment.domain.starting import StrategyError
from commonlight.web.assessment.domain.tagging import LABELS
from commonlight.web.assessment.enums import RecommendationState
from commonlight.web.assessment.models import Assessment, Claim, Recommendation
from commonlight.web.assessment.rules import fill_mirror
from commonlight.web.assessment.words import (
    answers_kinds,
    closing_words,
    fill,
    recommendation_words,
    verdict_rows,
)
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, decide, refused
from commonlight.web.states import read_table
from commonlight.web.thread.domain import join, supports, web_of
from commonlight.web.thread.kinds import key_of
from commonlight.web.ui.punctuation import listed
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "NO_EVIDENCE",
    "Shown",
    "accept",
    "close",
    "decline",
    "may_answer",
    "recommendations_of",
    "reopen",
    "send",
    "send_and_accept",
    "write_recommendation",
]

PACKAGE = "commonlight.web.assessment"
KIND = "recommendation"
NO_EVIDENCE = ("action", KIND)
"""Kinds of things that show nothing of what was done: a tick, and what was asked for."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A recommendation as it stands today; one whose evidence was withdrawn is open again."""

    recommendation: Recommendation
    state: str
    is_reopened: bool = False
    sentence: str = ""
    answers: Any = ""
    which: str = ""

    @property
    def answered(self) -> str:
        """What it answers, with the gap, flag or difference by its name."""
        return f"{self.answers} – {self.which}" if self.which else str(self.answers)

    @property
    def label(self) -> Any:
        """The state in words."""
        return LABELS[self.state]


@transaction.atomic
def write_recommendation(
    actor: Actor,
    assessment: Assessment,
    *,
    text: str,
    answers: str,
    addressee: Organisation | None,
    claims: Iterable[Claim] = (),
    principle: str = "",
    about: str = "",
    at: Any = None,
) -> Recommendation:
    """A new draft of what should change, and what it answers.

    Raises
    ------
    StrategyError
        If it says nothing, answers nothing known, or belongs to no claim where it should.
    """
    _require_writer(actor, assessment)
    chosen = list(claims)
    if not text.strip():
        raise StrategyError(_("Write what somebody is to do, and by when."))
    if answers not in answers_kinds():
        raise StrategyError(_("Say what the recommendation answers."))
    if answers in ("claimed", "contradicted") and not chosen:
        raise StrategyError(_("Choose the claim that it answers."))
    last = assessment.recommendations.aggregate(last=Max("number"))["last"] or 0
    made: Recommendation = Recommendation.objects.create(
        workspace=assessment.workspace,
        assessment=assessment,
        number=last + 1,
        text=text.strip(),
        answers=answers,
        principle=principle,
        about=about.strip()[:300],
        addressee=addressee,
        written_by=actor.membership,
        written_at=at or timezone.now(),
    )
    made.claims.set(chosen)
    record(actor, "recommendation.write", made, number=made.number)
    return made


@transaction.atomic
def send(actor: Actor, recommendation: Recommendation, *, at: Any = None) -> None:
    """Send a draft to the partnership.

    Raises
    ------
    StrategyError
        If it is addressed to nobody.
    """
    _require_writer(actor, recommendation.assessment)
    if recommendation.addressee_id is None:
        raise StrategyError(_("Say which organisation it is for."))
    _move(actor, recommendation, "send", at)


@transaction.atomic
def accept(
    actor: Actor,
    recommendation: Recommendation,
    *,
    accountable: Organisation | None,
    due_on: date | None,
    at: Any = None,
) -> None:
    """Take it on: one accountable organisation and a day; it becomes an action.

    Raises
    ------
    StrategyError
        If there is no accountable organisation, or the day has passed.
    """
    _require_answer(actor, recommendation)
    today = timezone.localdate(at) if at is not None else timezone.localdate()
    if accountable is None or due_on is None or due_on <= today:
        raise StrategyError(str(_button("accept")["refusal"]))
    recommendation.accountable, recommendation.due_on = accountable, due_on
    _move(actor, recommendation, "accept", at)
    become_action(actor, recommendation, at=at)


@transaction.atomic
def send_and_accept(
    actor: Actor,
    recommendation: Recommendation,
    *,
    accountable: Organisation | None,
    due_on: date | None,
) -> None:
    """Send a draft that is for the actor's own organisation and take it on at once."""
    send(actor, recommendation)
    accept(actor, recommendation, accountable=accountable, due_on=due_on)


@transaction.atomic
def decline(actor: Actor, recommendation: Recommendation, *, reason: str, at: Any = None) -> None:
    """Say no, with the reason, which is printed with it.

    Raises
    ------
    StrategyError
        If there is no reason.
    """
    _require_answer(actor, recommendation)
    if not reason.strip():
        raise StrategyError(str(_button("decline")["refusal"]))
    recommendation.reason = reason.strip()
    _move(actor, recommendation, "decline", at)
    end_actions(actor, recommendation, outcome=recommendation.reason, done=False, at=at)


@transaction.atomic
def close(
    actor: Actor,
    recommendation: Recommendation,
    *,
    ground: Any,
    what_changed: str,
    side_effect: str,
    opens_claims: bool,
    direction: str = "for",
    note: str = "",
    at: Any = None,
) -> None:
    """Close it with a record that shows it is done; the claims are looked at again.

    Raises
    ------
    StrategyError
        If there is no record, or a question was left out.
    """
    _require_answer(actor, recommendation)
    if ground is None or direction not in DIRECTIONS or key_of(ground)[0] in NO_EVIDENCE:
        raise StrategyError(str(_button("close")["refusal"]))
    if not what_changed.strip() or not side_effect.strip():
        raise StrategyError(_("Say what is different now, and whether it made anything worse."))
    now = at or timezone.now()
    reading = read_assessment(actor, recommendation.assessment)
    recommendation.verdicts_before = _verdicts(reading, recommendation)
    recommendation.what_changed = what_changed.strip()
    recommendation.side_effect = side_effect.strip()
    recommendation.opens_claims = opens_claims
    join(actor, recommendation, ground, note=note)
    for claim in recommendation.claims.select_related("assessment__strategy"):
        link_evidence(actor, claim, ground, direction=direction, note=note)
        if opens_claims:
            Claim.objects.of(actor.workspace).filter(pk=claim.pk).update(opened_again_at=now)
    _move(actor, recommendation, "close", at)
    end_actions(actor, recommendation, outcome=recommendation.what_changed, done=True, at=at)


@transaction.atomic
def reopen(actor: Actor, recommendation: Recommendation, *, reason: str, at: Any = None) -> None:
    """Open a closed one again, with what has come to light.

    Raises
    ------
    StrategyError
        If there is no reason.
    """
    _require_answer(actor, recommendation)
    if not reason.strip():
        raise StrategyError(str(_button("reopen")["refusal"]))
    recommendation.reason = reason.strip()
    is_declined = recommendation.state == RecommendationState.DECLINED
    _move(actor, recommendation, "take_up" if is_declined else "reopen", at)
    if not is_declined:
        become_action(actor, recommendation, at=at)


def may_answer(actor: Actor, recommendation: Recommendation) -> Decision:
    """The organisation that is asked, the one that took it on, and who manages may answer."""
    if decide(actor, "assessment.manage", recommendation):
        return allowed
    decision = decide(actor, "assessment.assess", recommendation)
    named = (recommendation.addressee_id, recommendation.accountable_id)
    if not decision or actor.organisation_id in named:
        return decision
    return refused(
        _("Only the organisation that is asked, and the coordinator, may do this."),
        _("Ask the coordinator of this workspace."),
    )


def recommendations_of(
    actor: Actor, assessment: Assessment, reading: Reading | None = None
) -> list[Shown]:
    """All recommendations as they stand today; closed ones hold as long as their evidence does."""
    rows = list(
        assessment.recommendations.select_related(
            "addressee", "accountable", "written_by__organisation"
        ).prefetch_related("claims")
    )
    held = _held(actor, rows)
    now = reading or read_assessment(actor, assessment)
    for one in rows:
        one.assessment = assessment
    return [_shown(one, now, holds=one.pk in held) for one in rows]


def _held(actor: Actor, rows: Iterable[Recommendation]) -> set[int]:
    """Closed recommendations of which at least one record still stands."""
    closed = [one for one in rows if one.state == RecommendationState.CLOSED]
    if not closed:
        return set()
    web = web_of(actor.workspace)
    grounds = {one.pk: [link.ground for link in web.grounds[KIND, str(one.pk)]] for one in closed}
    stands = supports(actor.workspace, [key for keys in grounds.values() for key in keys], web=web)
    return {pk for pk, keys in grounds.items() if any(stands[key] for key in keys)}


def _shown(one: Recommendation, reading: Reading, *, holds: bool) -> Shown:
    answers = answers_kinds()[one.answers]["title"]
    item = reading.model.by_id.get(one.principle)
    which = listed(text for text in (item.title if item else "", one.about) if text)
    if one.state != RecommendationState.CLOSED:
        return Shown(recommendation=one, state=one.state, answers=answers, which=which)
    day = timezone.localtime(one.state_since).date()
    words = closing_words()
    if not holds:
        return Shown(
            recommendation=one,
            state=RecommendationState.ACCEPTED,
            is_reopened=True,
            sentence=_("The record that closed this does not stand any more. It is open again."),
            answers=answers,
            which=which,
        )
    changes = [
        fill(
            words["updated"],
            date=day,
            principle=_claim_name(reading, key),
            before=_verdict_name(before),
            after=_verdict_name(after),
        )
        for key, before, after in _changes(one, reading)
        if before != after
    ]
    sentence = " ".join(changes) or fill(words["unchanged"], date=day)
    return Shown(
        recommendation=one, state=one.state, sentence=sentence, answers=answers, which=which
    )


def _changes(one: Recommendation, reading: Reading) -> Iterable[tuple[str, str, str]]:
    now = _verdicts(reading, one)
    return [(key, before, now.get(key, before)) for key, before in one.verdicts_before.items()]


def _verdicts(reading: Reading, recommendation: Recommendation) -> dict[str, str]:
    """What holds of each claim that the recommendation answers, by its number."""
    keys = {one.pk for one in recommendation.claims.all()}
    return {str(one.claim.number): one.now for one in reading.claims if one.claim.pk in keys}


def _claim_name(reading: Reading, number: str) -> str:
    found = next((one for one in reading.claims if str(one.claim.number) == number), None)
    names = ", ".join(one.title for one in found.items) if found else ""
    return _("claim %(number)s (%(principles)s)") % {"number": number, "principles": names}


def _verdict_name(name: str) -> str:
    rows = verdict_rows()
    if name in rows:
        return str(rows[name]["title"])
    return _("the assessors differ") if name == "differ" else _("not judged")


def _button(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in recommendation_words()["button"] if one["id"] == name
    )
    return found


def _require_writer(actor: Actor, assessment: Assessment) -> None:
    decision = fill_mirror(actor, assessment)
    if not decision:
        raise Refused("assessment.assess", decision)


def _require_answer(actor: Actor, recommendation: Recommendation) -> None:
    decision = may_answer(actor, recommendation)
    if not decision:
        raise Refused("assessment.assess", decision)


def _move(actor: Actor, recommendation: Recommendation, step: str, at: Any) -> None:
    """Take a step of the table of states."""
    locked = (
        Recommendation.objects.of(actor.workspace).select_for_update().get(pk=recommendation.pk)
    )
    table = read_table(PACKAGE, machine="recommendation")
    recommendation.state = table.after(locked.state, step, LABELS)
    recommendation.state_since = at or timezone.now()
    recommendation.save()
    record(actor, f"recommendation.{step}", recommendation, number=recommendation.number)
