"""Partners frame a problem apart: the same questions, sealed until the closing time.

Until then nobody reads another organisation's answer: it lies encrypted in the database, and only
how many have answered is known. Answers are opened by the first who reads anything of problems
after the closing time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.differences import table_digest
from commonlight.web.problems.domain.moving import take
from commonlight.web.problems.domain.seals import open_seal, sealed_answers
from commonlight.web.problems.domain.solutions import read_problem
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Frame, FrameRound, Problem
from commonlight.web.states import NotNow
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "FEWEST",
    "FramingError",
    "close_early",
    "open_due",
    "open_round",
    "own_answers",
    "own_frame",
    "put_off",
    "save_draft",
    "send_answer",
]

FEWEST = 2
"""So many organisations are asked at least; one alone is no comparison."""


class FramingError(ValueError):
    """A step of a separate framing that cannot be, with its field and its sentence."""

    def __init__(self, part: str, text: Any) -> None:
        super().__init__(str(text))
        self.part = part


@transaction.atomic
def open_round(
    actor: Actor,
    problem: Problem,
    *,
    organisations: Iterable[Organisation],
    closes_at: datetime,
    at: datetime | None = None,
) -> FrameRound:
    """Ask several organisations the same questions until a closing time.

    Raises
    ------
    FramingError
        If the closing time is past, or fewer than two organisations are asked.
    NotNow
        If the problem is at another point of its path.
    Refused
        If the actor may not move the problem.
    """
    require(actor, "problem.move", problem)
    now, asked = at or timezone.now(), list(organisations)
    if closes_at <= now:
        raise FramingError("closes_at", _words()["closing_past"])
    if len({one.pk for one in asked}) < FEWEST:
        raise FramingError("organisations", _words()["two_needed"])
    take(actor, problem, "open_framing", at=at)
    made: FrameRound = FrameRound.objects.create(
        workspace=problem.workspace,
        problem=problem,
        number=problem.rounds.count() + 1,
        asked_by=actor.membership,
        asked_at=now,
        closes_at=closes_at,
        questions_version=_content()["version"],
    )
    made.organisations.set(asked)
    record(actor, "problem.ask_apart", made, number=problem.number, asked=len(asked))
    return made


@transaction.atomic
def put_off(
    actor: Actor, round: FrameRound, *, closes_at: datetime, reason: str, at: datetime | None = None
) -> FrameRound:
    """Put the closing time off, once and before it has come; it is never made earlier."""
    require(actor, "problem.move", round.problem)
    held = _held(round)
    if held.is_open or held.is_due(at):
        raise FramingError(
            "closes_at", _("The closing time has come; it cannot be moved any more.")
        )
    if held.first_closes_at is not None:
        raise FramingError("closes_at", _("The closing time was put off once; that is final."))
    if closes_at <= held.closes_at:
        raise FramingError("closes_at", _("Choose a time after the closing time that stands now."))
    if not reason.strip():
        raise FramingError("reason", _("Say why it is put off. Everybody who was asked reads it."))
    held.first_closes_at, held.closes_at = held.closes_at, closes_at
    held.put_off_reason = reason.strip()
    held.save()
    record(actor, "problem.put_off", held, number=held.problem.number)
    return held


@transaction.atomic
def close_early(actor: Actor, round: FrameRound, *, at: datetime | None = None) -> FrameRound:
    """Open the answers before the closing time, which needs the answer of everybody asked."""
    require(actor, "problem.move", round.problem)
    held = _held(round)
    if held.is_open:
        return held
    if held.answered < held.organisations.count():
        raise FramingError(
            "",
            _("Not everybody has answered. The answers stay closed until the closing time."),
        )
    held.closes_at = at or timezone.now()
    held.save(update_fields=["closes_at"])
    record(actor, "problem.close_framing_early", held, number=held.problem.number)
    return _opened(held)


def own_answers(actor: Actor, round: FrameRound) -> dict[str, Any]:
    """What the actor's own organisation wrote last, sent or not; empty if nothing."""
    frame = own_frame(actor, round)
    if frame is None:
        return {}
    if frame.answers is not None:
        opened: dict[str, Any] = frame.answers
        return opened
    return open_seal(frame.draft or frame.sealed) or {}


@transaction.atomic
def save_draft(actor: Actor, round: FrameRound, answers: dict[str, Any]) -> Frame:
    """Keep what was typed, sealed; it counts only when it is sent."""
    require(actor, "problem.frame", round)
    _held(round)
    frame = _mine(actor, round)
    frame.draft, frame.changed_at = sealed_answers(answers), timezone.now()
    frame.author = actor.membership
    frame.save()
    return frame


@transaction.atomic
def send_answer(
    actor: Actor, round: FrameRound, answers: dict[str, Any], *, at: datetime | None = None
) -> Frame:
    """Seal and count the answer of the actor's organisation; to send again replaces it.

    The event names neither the person nor the organisation: until the closing time nobody is
    told who has answered.

    Raises
    ------
    FramingError
        If an answer is missing, names a measure only, or holds how to reach a person.
    Refused
        If the organisation was not asked, or the closing time has come.
    """
    require(actor, "problem.frame", round)
    _check(answers)
    held = _held(round)
    if held.is_open or held.is_due(at):
        raise FramingError("", _("The closing time has come. Answers cannot be changed any more."))
    frame = _mine(actor, held)
    is_first = frame.sent_at is None
    frame.sealed, frame.draft = sealed_answers(answers), ""
    frame.author, frame.changed_at = actor.membership, at or timezone.now()
    frame.sent_at = frame.sent_at or frame.changed_at
    frame.save()
    if is_first:
        held.answered += 1
        held.save(update_fields=["answered"])
        record(
            None, "problem.answer_sealed", held, workspace=held.workspace, answered=held.answered
        )
    round.answered = held.answered
    return frame


def open_due(workspace: Any, *, at: datetime | None = None) -> int:
    """Open the answers of every round whose closing time has come; returns how many rounds."""
    due = FrameRound.objects.of(workspace).filter(
        opened_at=None, closes_at__lte=at or timezone.now()
    )
    rounds = list(due)
    for one in rounds:
        with transaction.atomic():
            _opened(_held(one))
    return len(rounds)


def _opened(round: FrameRound) -> FrameRound:
    """Read the sealed answers, keep them in the clear, and say so in the log."""
    if round.is_open:
        return round
    frames = list(round.frames.select_related("organisation"))
    for frame in frames:
        if frame.sent_at is not None:
            found = open_seal(frame.sealed) or {"is_lost": True}
            frame.answers = {**found, "organisation": frame.organisation.name}
        frame.draft = frame.sealed = ""
        frame.save()
    sent = [one for one in frames if one.answers is not None]
    round.opened_at = round.closes_at
    round.digest = table_digest([one.answers for one in sent if one.answers is not None])
    round.save()
    _framed(round, sent)
    record(
        None,
        "problem.answers_opened",
        round,
        workspace=round.workspace,
        number=round.problem.number,
        answered=len(sent),
        organisations=sorted(one.organisation_id for one in sent),
        digest=round.digest,
    )
    return round


def _framed(round: FrameRound, sent: list[Frame]) -> None:
    """The problem moves on; where only one has answered, it was framed by that one alone."""
    problem = round.problem
    if len(sent) == 1 and problem.first_framed_by_id is None:
        problem.first_framed_by = sent[0].organisation
        problem.save(update_fields=["first_framed_by"])
    try:
        take(None, problem, "close_framing", at=round.closes_at)
    except NotNow:  # it was set aside while the answers were sealed
        return


def _held(round: FrameRound) -> FrameRound:
    rows = FrameRound.objects.of(round.workspace).select_for_update(of=("self",))
    held: FrameRound = rows.select_related("problem__workspace").get(pk=round.pk)
    return held


def own_frame(actor: Actor, round: FrameRound) -> Frame | None:
    """The frame of the actor's own organisation, if it has begun one."""
    home: Any = actor.organisation_id
    found: Frame | None = round.frames.filter(organisation=home).first()
    return found


def _mine(actor: Actor, round: FrameRound) -> Frame:
    home: Any = actor.organisation_id
    found, _is_new = Frame.objects.of(actor.workspace).get_or_create(
        round=round,
        organisation_id=home,
        defaults={"workspace": actor.workspace, "author": actor.membership},
    )
    frame: Frame = found
    return frame


def _check(answers: dict[str, Any]) -> None:
    for question in _content()["question"]:
        name, given = question["id"], answers.get(question["id"])
        if question["required"] and not given:
            raise FramingError(
                name, _("“%(question)s” is empty.") % {"question": question["title"]}
            )
        texts = [one["text"] for one in given or ()] if question["kind"] == "causes" else [given]
        for text in texts:
            refuse_contacts(**{name: text})
        if question.get("refuses_solutions"):
            _refuse_solution(name, str(given))


def _refuse_solution(name: str, text: str) -> None:
    found = read_problem(text)
    if found.is_refused:
        words = read_content("commonlight.web.problems", "solutions")["words"]
        refusal = str(words["refusal"]).replace("{family}", str(found.family_title))
        raise FramingError(name, f"{refusal} {words['example']} “{found.example}”")


def _content() -> dict[str, Any]:
    return read_content("commonlight.web.problems", "frames")


def _words() -> dict[str, Any]:
    words: dict[str, Any] = _content()["words"]
    return words
