"""Numbers that count up within a problem, a workshop or a concept."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from commonlight.web.problems.models import Problem

__all__ = ["hold_problem", "next_number"]


def hold_problem(problem: Problem) -> None:
    """Whoever else numbers things of this problem waits until this transaction is over."""
    Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)


def next_number(rows: Any) -> int:
    """The number after the last one of these rows."""
    last: int | None = rows.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
