"""Where the pages of a problem are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commonlight.web.problems.models import Problem

__all__ = ["address"]


def address(problem: Problem, name: str = "problem", *more: Any) -> str:
    """The address of a page of the problem."""
    return reverse(f"problems:{name}", args=[problem.workspace.slug, problem.number, *more])
