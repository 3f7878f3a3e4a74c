"""The positive lens: what a place is good for, who uses it, what must stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.fieldwork.catalogue import none_found_words, question_named
from commonlight.web.problems.fieldwork.domain.guarding import (
    FieldworkError,
    refuse_contacts,
    whole_deed,
)
from commonlight.web.problems.fieldwork.models import ValuedUse
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = ["STAYS", "add_use", "answers_of", "must_stay", "say_none_found", "take_back_use"]

STAYS = "must_stay"


@whole_deed
def add_use(
    actor: Actor,
    problem: Problem,
    *,
    question: str,
    text: str,
    told_by: str = "",
    at: datetime | None = None,
) -> ValuedUse:
    """One answer; a “none found” to the same question is taken back by it.

    Raises
    ------
    FieldworkError
        If there is no such question, no text, or a contact of a person in it.
    """
    require(actor, "problem.write", problem)
    _known(question)
    if not text.strip():
        raise FieldworkError("text", _("Write what people value, or choose “None found”."))
    refuse_contacts(text=text, told_by=told_by)
    now = at or timezone.now()
    none = _standing(problem, question).filter(is_none_found=True)
    none.update(withdrawn_at=now, withdrawal_reason=_("Something was found."))
    return _made(actor, problem, question, now, text=text.strip(), told_by=told_by.strip())


@whole_deed
def say_none_found(
    actor: Actor, problem: Problem, *, question: str, where_looked: str, at: datetime | None = None
) -> ValuedUse:
    """Nothing was found, and where one looked; it is no answer beside others.

    Raises
    ------
    FieldworkError
        If it is not said where one looked, or something was found already.
    """
    require(actor, "problem.write", problem)
    _known(question)
    if len(where_looked.split()) < 2:
        raise FieldworkError("where_looked", str(none_found_words()["refusal"]))
    refuse_contacts(where_looked=where_looked)
    if _standing(problem, question).filter(is_none_found=False).exists():
        raise FieldworkError(
            "where_looked", _("Something was found already. Take that back first, with a reason.")
        )
    now = at or timezone.now()
    _standing(problem, question).update(
        withdrawn_at=now, withdrawal_reason=_("It was looked for again.")
    )
    looked = where_looked.strip()
    return _made(actor, problem, question, now, is_none_found=True, where_looked=looked)


@whole_deed
def take_back_use(actor: Actor, use: ValuedUse, *, reason: str) -> None:
    """Take an answer back; it stays readable in the export, with the reason."""
    require(actor, "problem.write", use.problem)
    if use.withdrawn_at is not None:
        return
    if not reason.strip():
        raise FieldworkError("reason", _("Say why it is taken back."))
    refuse_contacts(reason=reason)
    use.withdrawn_at, use.withdrawal_reason = timezone.now(), reason.strip()
    use.save()
    record(actor, "fieldwork.use.withdraw", use, number=use.problem.number, question=use.question)


def answers_of(workspace: Any, problems: Iterable[Problem]) -> dict[int, list[ValuedUse]]:
    """The answers that stand, by the key of the problem, in one query."""
    return _answers_of(workspace, list(problems))


@read_once
def _answers_of(workspace: Any, asked: list[Problem]) -> dict[int, list[ValuedUse]]:
    found: dict[int, list[ValuedUse]] = defaultdict(list)
    rows = ValuedUse.objects.of(workspace).filter(problem__in=asked, withdrawn_at=None)
    for use in rows.select_related("author__organisation"):
        found[use.problem_id].append(use)
    return {one.pk: found[one.pk] for one in asked}


def must_stay(problem: Problem) -> list[ValuedUse]:
    """What must stay as it is; each becomes a check of the design."""
    return list(_standing(problem, STAYS).filter(is_none_found=False))


def _known(question: str) -> None:
    if question_named(question) is None:
        raise FieldworkError("question", _("There is no such question in the positive lens."))


def _standing(problem: Problem, question: str) -> Any:
    rows = ValuedUse.objects.of(problem.workspace)
    return rows.filter(problem=problem, question=question, withdrawn_at=None)


def _made(actor: Actor, problem: Problem, question: str, at: datetime, **answer: Any) -> ValuedUse:
    made: ValuedUse = ValuedUse.objects.create(
        workspace=actor.workspace,
        problem=problem,
        question=question,
        author=actor.membership,
        created_at=at,
        **answer,
    )
    is_none = made.is_none_found
    record(
        actor,
        "fieldwork.use.none" if is_none else "fieldwork.use.add",
        made,
        number=problem.number,
        question=question,
    )
    return made
