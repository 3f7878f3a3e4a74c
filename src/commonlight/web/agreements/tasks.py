"""The parts of a draft as a list of tasks."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.clauses import Clause
from commonlight.web.agreements.domain.drafting import Open
from commonlight.web.agreements.enums import Part
from commonlight.web.agreements.models import Agreement
from commonlight.web.ui.components.rows import Task

__all__ = ["tasks"]


def tasks(
    agreement: Agreement, left: Iterable[Open], clauses: Iterable[Clause] | None = None
) -> list[Task]:
    """Each part with what it still needs; with `clauses`, each clause instead."""
    open_points = list(left)
    if clauses is not None:
        return [_clause(agreement, one) for one in clauses]
    return [_part(agreement, part, open_points) for part in Part if part != Part.CLAUSES]


def _part(agreement: Agreement, part: Part, left: list[Open]) -> Task:
    needs = [one.text for one in left if one.part == part]
    return Task(
        label=part.label,
        status=_("To do") if needs else _("Done"),
        url=reverse(f"agreements:{part.value}", args=[agreement.workspace.slug, agreement.number]),
        kind="warning" if needs else "success",
        hint=" ".join(needs),
    )


def _clause(agreement: Agreement, clause: Clause) -> Task:
    done = bool(agreement.clauses.get(clause.id))
    return Task(
        label=clause.title,
        status=_state(done, clause),
        url=reverse(
            "agreements:clause", args=[agreement.workspace.slug, agreement.number, clause.id]
        ),
        kind="success" if done else "warning" if clause.is_required else "",
    )


def _state(done: bool, clause: Clause) -> str:
    if done:
        return _("Done")
    return _("Unanswered") if clause.is_required else _("Optional")
