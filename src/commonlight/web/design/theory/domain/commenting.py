"""What partners say about a theory, and what they are answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.changing import TheoryError, opened
from commonlight.web.design.theory.domain.graph import clean_text
from commonlight.web.design.theory.models import Comment, Link, Step, Theory
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["add_comment", "answer_comment", "comments_of"]


@transaction.atomic
def add_comment(
    actor: Actor,
    problem: Problem,
    *,
    text: str,
    step: Step | None = None,
    link: Link | None = None,
    at: datetime | None = None,
) -> Comment:
    """A comment on the whole theory, or on one step or link of it."""
    theory = opened(actor, problem, at=at)
    comment: Comment = Comment.objects.create(
        workspace=theory.workspace,
        theory=theory,
        step=step,
        link=link,
        text=clean_text(text),
        author=actor.membership,
        written_at=at or timezone.now(),
    )
    record(actor, "theory.comment", theory, problem=problem.number, comment=comment.pk)
    return comment


@transaction.atomic
def answer_comment(
    actor: Actor, comment: Comment, *, answer: str, at: datetime | None = None
) -> None:
    """Close a comment with an answer, which stays beside it.

    Raises
    ------
    TheoryError
        If it has an answer already.
    """
    theory = opened(actor, comment.theory.problem, at=at)
    now = Comment.objects.of(theory.workspace).get(pk=comment.pk)
    if now.answered_at is not None:
        raise TheoryError("answer", _("This comment has been answered already."))
    now.answer, now.answered_by = clean_text(answer), actor.membership
    now.answered_at = at or timezone.now()
    now.save()
    record(actor, "theory.answer", theory, problem=theory.problem.number, comment=now.pk)


def comments_of(theory: Theory | None) -> list[Comment]:
    """All comments with what they are about, the open ones first."""
    if theory is None:
        return []
    rows = Comment.objects.of(theory.workspace).filter(theory=theory)
    related = ("author__organisation", "answered_by__organisation", "step", "link")
    found = list(rows.select_related(*related))
    return sorted(found, key=lambda one: one.answered_at is not None)
