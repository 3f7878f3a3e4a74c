"""Who was heard, what became of it, and what is to be decided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.engagement.domain.catalogue import (
    gates,
    group_titles,
    methods,
    replies,
    short,
)
from commonlight.web.design.engagement.domain.planning import engagement_of
from commonlight.web.design.engagement.domain.register import answer_titles, tallies
from commonlight.web.design.engagement.models import Contribution, Hearing
from commonlight.web.design.review.domain.brief.blocks import Block, facts, items, note, table
from commonlight.web.design.review.domain.impact import open_aspects
from commonlight.web.design.review.domain.sentences import ended
from commonlight.web.problems.models import Problem
from commonlight.web.ui.dates import date_format

__all__ = ["FEWEST", "decision", "engagement"]

FEWEST = 5
"""Smaller numbers of people are not told: single voices could be recognised."""


def engagement(problem: Problem, workshops: list[Block]) -> list[Block]:
    """Why, who was heard by category, every contribution with its reply, and who is missing."""
    blocks = [*_why(problem), *_hearings(problem), *workshops, *_register(problem)]
    known, unheard = group_titles(), engagement_of(problem).unheard
    if unheard:
        told = [
            _("%(group)s: %(reason)s") % {"group": known.get(name, name), "reason": reason}
            for name, reason in unheard.items()
        ]
        blocks.append(items(_("Harmed, and not heard"), told))
    return blocks


def decision(problem: Problem) -> list[Block]:
    """The decision at stake, who takes it and when, and what is not answered."""
    found = engagement_of(problem)
    told = facts(
        "",
        [
            (_("Decision at stake"), found.decision),
            (_("Who takes it"), found.decided_by),
            (_("When"), date_format(found.decided_on, "DATE_FORMAT") if found.decided_on else ""),
        ],
    )
    blocks = [told] if told["pairs"] else []
    return [*blocks, *_unanswered(problem)]


def _why(problem: Problem) -> list[Block]:
    found = engagement_of(problem)
    why = {one["id"]: one["title"] for one in gates()["rationale"]}.get(found.rationale)
    if not why:
        return []
    told = f"{ended(why)} {found.rationale_text}".strip()
    return [facts("", [(_("Why people were asked"), told)])]


def _hearings(problem: Problem) -> list[Block]:
    known, catalogue = group_titles(), methods()
    rows = [
        [
            date_format(one.held_on, "DATE_FORMAT"),
            catalogue.get(one.method, {}).get("title", one.method),
            [_counted(known.get(name, name), count) for name, count in one.groups.items()],
            one.said,
        ]
        for one in Hearing.objects.of(problem.workspace).filter(problem=problem)
    ]
    heads = [_("Day"), _("Method"), _("Who took part"), _("What was said")]
    return [table(_("Occasions on which people were heard"), heads, rows)] if rows else []


def _counted(group: Any, count: int) -> str:
    if count < FEWEST:
        return _("%(group)s: under %(fewest)s") % {"group": short(group), "fewest": FEWEST}
    return _("%(group)s: %(count)s") % {"group": short(group), "count": count}


def _register(problem: Problem) -> list[Block]:
    """Each contribution with what became of it, and the tally above."""
    tally = tallies([problem])[problem.pk]
    if not tally.given:
        return []
    known, answers = group_titles(), answer_titles()
    grounds = {one["id"]: one["title"] for one in replies()["reason"]}
    found = Contribution.objects.of(problem.workspace).filter(problem=problem)
    rows = []
    for one in found.prefetch_related("replies"):
        given = [each for each in one.replies.all() if each.withdrawn_at is None]
        ground = grounds.get(given[-1].ground, "") if given else ""
        reason = given[-1].text if given else "–"
        told = f"{ended(ground)} {reason}" if ground else reason
        rows.append([one.text, short(known.get(one.group, one.group)), answers[one.state], told])
    sentence = ngettext(
        "%(given)s contribution; %(replied)s has a reply.",
        "%(given)s contributions; %(replied)s have a reply.",
        tally.given,
    ) % {"given": tally.given, "replied": tally.replied}
    heads = [_("What people said"), _("Who"), _("What became of it"), _("Reason")]
    return [note(sentence), table(str(replies()["words"]["sheet"]), heads, rows)]


def _unanswered(problem: Problem) -> list[Block]:
    """How many impact questions have no answer; they are named among what is not known."""
    left = len(open_aspects(problem))
    told = ngettext(
        "%(count)s impact question has no answer.",
        "%(count)s impact questions have no answer.",
        left,
    )
    return [note(told % {"count": left})] if left else []
