"""Where the pages of fieldwork lie."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commonlight.web.problems.models import Problem

__all__ = ["audit_page", "page_of"]


def page_of(problem: Problem, name: str, *more: Any) -> str:
    """The address of a page of the problem."""
    return reverse(f"fieldwork:{name}", args=[problem.workspace.slug, problem.number, *more])


def audit_page(workspace: Any, name: str, *more: Any) -> str:
    """The address of a page of the audits in six blocks."""
    return reverse(f"fieldwork:{name}", args=[workspace.slug, *more])
