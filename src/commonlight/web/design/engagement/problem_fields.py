"""What engagement puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import (
    filled,
    gates,
    group_titles,
    listing,
    methods,
    phases,
    short,
)
from commonlight.web.design.engagement.domain.planning import engagement_of
from commonlight.web.design.engagement.domain.register import answer_titles
from commonlight.web.design.engagement.models import Contribution, Engagement, EngagementPlan
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field
from commonlight.web.ui.dates import date_format

__all__ = ["engagement_plan", "replies"]


def _address(problem: Problem, name: str, *more: int) -> str:
    return reverse(f"engagement:{name}", args=[problem.workspace.slug, problem.number, *more])


@record_field("engagement_plan")
def engagement_plan(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Why people are engaged, the decision at stake, and each plan with its methods."""
    found = engagement_of(problem)
    why = {one["id"]: one["title"] for one in gates()["rationale"]}.get(found.rationale)
    if why:
        yield Entry(
            text=f"{why}. {found.rationale_text}".strip(), address=_address(problem, "engagement")
        )
    if found.decision:
        yield Entry(text=_decision(found))
    rows = EngagementPlan.objects.of(problem.workspace).filter(problem=problem)
    for plan in rows.prefetch_related("chosen"):
        yield Entry(text=_plan(plan), address=_address(problem, "plan", plan.number))


@record_field("replies")
def replies(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each contribution with what became of it."""
    known, words = group_titles(), answer_titles()
    rows = Contribution.objects.of(problem.workspace).filter(problem=problem)
    for one in rows.prefetch_related("replies"):
        given = [each for each in one.replies.all() if each.withdrawn_at is None]
        text = _("“%(text)s” (%(group)s). %(answer)s.") % {
            "text": one.text,
            "group": short(known.get(one.group, one.group)),
            "answer": words[one.state],
        }
        reason = f" {given[-1].text}" if given else ""
        yield Entry(text=text + reason, address=_address(problem, "contribution", one.number))


def _decision(found: Engagement) -> str:
    day = found.decided_on
    return _("Decision at stake: %(decision)s Taken by: %(body)s, %(day)s.") % {
        "decision": found.decision,
        "body": found.decided_by or "–",
        "day": date_format(day, "DATE_FORMAT") if day else "–",
    }


def _plan(plan: EngagementPlan) -> str:
    titles = {name: one["title"] for name, one in methods().items()}
    chosen = listing([one.method for one in plan.chosen.all()], titles, in_sentence=False)
    return filled(
        _("{phase}: reach {groups}. Methods: {methods}."),
        phase=phases().get(plan.phase, plan.phase),
        groups=listing(plan.reach, group_titles()),
        methods=chosen or _("none chosen yet"),
    )
