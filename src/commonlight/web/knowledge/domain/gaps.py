"""Gaps: what nobody knows, as far as was looked, and what research should find out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.enums import GapState
from commonlight.web.knowledge.labels import label, language_of
from commonlight.web.knowledge.models import Gap
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import StateTable, read_table
from commonlight.web.workspaces.models import Workspace

__all__ = [
    "SCHEMA",
    "GapError",
    "close_gap",
    "gap_states",
    "gaps_of",
    "need_of",
    "needs_markdown",
    "record_gap",
]

SCHEMA = "commonlight.research-needs/1"
LABELS = dict(GapState.choices)


class GapError(ValueError):
    """A step that cannot be taken, with the sentence that the person reads."""


def gap_states() -> StateTable:
    """The table of the states of a gap."""
    return read_table("commonlight.web.knowledge", machine="gap")


def gaps_of(actor: Actor, *, state: str = "") -> list[Gap]:
    """Gaps of the workspace, the newest first."""
    rows = Gap.objects.of(actor.workspace).select_related(
        "workspace", "problem__workspace", "author__organisation"
    )
    return list(rows.filter(state=state) if state else rows)


@transaction.atomic
def record_gap(
    actor: Actor,
    *,
    title: str,
    question: str,
    problem: Problem | None = None,
    at: datetime | None = None,
    **fields: str,
) -> Gap:
    """Write down what was not found."""
    require(actor, "knowledge.add")
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = Gap.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    moment = at or timezone.now()
    made: Gap = Gap.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        question=question.strip(),
        problem=problem,
        author=actor.membership,
        created_at=moment,
        state_since=moment,
        **{name: one.strip() for name, one in fields.items()},
    )
    record(actor, "knowledge.gap", made, number=made.number)
    return made


@transaction.atomic
def close_gap(actor: Actor, gap: Gap, step: str, *, reason: str, at: datetime | None = None) -> Gap:
    """Answer, drop or reopen a gap, with the reason.

    Raises
    ------
    NotNow
        If the step does not fit the state.
    GapError
        If a reason is missing.
    """
    require(actor, "knowledge.add")
    locked: Gap = Gap.objects.of(actor.workspace).select_for_update().get(pk=gap.pk)
    locked.state = gap_states().after(locked.state, step, LABELS)
    if not reason.strip():
        raise GapError(_("Say what answers it, or why it is dropped or opened again."))
    locked.state_since, locked.state_reason = at or timezone.now(), reason.strip()
    locked.save()
    record(actor, f"knowledge.gap_{step}", locked, number=locked.number)
    return locked


def need_of(gap: Gap) -> dict[str, Any]:
    """A gap as a research need, for other programs."""
    return {
        "number": gap.number,
        "title": gap.title,
        "question": gap.question,
        "why": gap.why or None,
        "searched_for": gap.words or None,
        "focus_area": gap.focus_area or None,
        "language": gap.language,
        "problem": gap.problem.title if gap.problem else None,
        "asked_by": gap.author.organisation.name if gap.author else None,
        "recorded_on": gap.created_at.date().isoformat(),
        "state": gap.state,
        "city": gap.workspace.city,
    }


def needs_markdown(gaps: Iterable[Gap], *, city: str) -> str:
    """Gaps as research needs, for people: a text that a university can be sent."""
    title = _("Research needs of %(city)s") % {"city": city}
    lines = [f"# {title}", ""]
    for gap in gaps:
        lines += _told(gap)
    if len(lines) == 2:
        lines.append(_("No gap is open."))
    return "\n".join(lines).rstrip() + "\n"


def _told(gap: Gap) -> list[str]:
    asked = gap.author.organisation.name if gap.author else ""
    rows = [
        (_("Why it matters"), gap.why),
        (_("Words that were looked for"), gap.words),
        (_("Focus area"), str(label("focus_areas", gap.focus_area))),
        (_("Problem for which it matters"), gap.problem.title if gap.problem else ""),
        (_("Asked by"), asked),
        (_("Recorded on"), gap.created_at.date().isoformat()),
        (_("Language of this entry"), language_of(gap.language)),
        (_("State"), str(gap.get_state_display())),
    ]
    facts = [
        _("- %(label)s: %(text)s") % {"label": one, "text": _line(text)}
        for one, text in rows
        if text
    ]
    heading = f"## {gap.number}. {_line(gap.title)}"
    return [heading, "", gap.question.strip(), "", *facts, ""]


def _line(text: str) -> str:
    return " ".join(text.split())
