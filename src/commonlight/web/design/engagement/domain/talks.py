"""Talks with people that stand as sessions of fieldwork, and not yet as an engagement record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import ngettext

from commonlight.web.design.engagement.domain.catalogue import gates, group_titles
from commonlight.web.design.engagement.domain.register import points_at_a_person
from commonlight.web.design.engagement.models import Hearing
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import card, voice_titles
from commonlight.web.problems.fieldwork.enums import Consent, ObservationKind, PeopleBand
from commonlight.web.problems.fieldwork.models import CaptureSession
from commonlight.web.problems.models import Problem

__all__ = ["LONGEST", "Talk", "take_over", "talks_of", "waiting_talks"]

LONGEST = 2000
"""A text of engagement has at most so many characters."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A session as an engagement record would tell it; the person reads it before it is saved.

    A session knows bands and groups and no number of people of each category. Quotes stay with the
    session, because they are erased there when somebody no longer agrees.
    """

    session: CaptureSession
    title: Any
    address: str
    method: str
    groups: tuple[str, ...]
    who: tuple[Any, ...]
    said: str
    is_cut: bool

    @property
    def people(self) -> str:
        """How many took part, as the session says it; empty where it says nothing."""
        is_told = self.session.people != PeopleBand.NOBODY
        return str(self.session.get_people_display()) if is_told else ""

    @property
    def initial(self) -> dict[str, Any]:
        """What the form of a record begins with."""
        return {"held_on": self.session.held_on, "method": self.method, "said": self.said}


def talks_of(actor: Actor, problem: Problem) -> list[Talk]:
    """The talks of a problem that are not on record yet, for whoever may read its sessions."""
    found = waiting_talks(actor, [problem])[problem.pk]
    prefetch_related_objects(found, "observations")
    return [_talk(problem, one) for one in found]


def waiting_talks(actor: Actor, problems: Iterable[Problem]) -> dict[int, list[CaptureSession]]:
    """The sessions of each problem that are talks and not on record yet, the newest first.

    A session without consent cannot be used, and who may not read a problem is told of none. The
    queries do not grow with the problems.
    """
    asked = list(problems)
    known: dict[int, list[CaptureSession]] = {one.pk: [] for one in asked}
    open_ones = [one for one in asked if decide(actor, "problem.view", one)]
    rows = CaptureSession.objects.of(actor.workspace).filter(
        problem__in=open_ones, withdrawn_at=None, method__in=gates()["method_of_session"]
    )
    for session in rows.exclude(consent=Consent.NOT_GIVEN).select_related("led_by"):
        known[session.problem_id].append(session)
    spoken = [key for key, found in known.items() if found]
    hearings: dict[int, list[Hearing]] = defaultdict(list)
    recorded = Hearing.objects.of(actor.workspace).filter(problem__in=spoken).order_by("number")
    for hearing in recorded if spoken else ():
        hearings[hearing.problem_id].append(hearing)
    return {key: _not_recorded(found, hearings[key]) for key, found in known.items()}


def take_over(count: int) -> str:
    """What is said where talks are on record as sessions only."""
    return ngettext(
        "%(count)d talk is on record as a session. Take it over as who was heard.",
        "%(count)d talks are on record as sessions. Take them over as who was heard.",
        count,
    ) % {"count": count}


def _not_recorded(
    sessions: list[CaptureSession], hearings: Iterable[Hearing]
) -> list[CaptureSession]:
    """Each record of the same day and method stands for the session that shares most groups."""
    known, left = gates()["method_of_session"], list(sessions)
    for hearing in hearings:
        same = [
            one
            for one in left
            if one.held_on == hearing.held_on and known[one.method] == hearing.method
        ]
        if same:
            left.remove(max(same, key=lambda one: len(set(_groups(one)) & set(hearing.groups))))
    return left


def _talk(problem: Problem, session: CaptureSession) -> Talk:
    titles = voice_titles()
    said, is_cut = _said(session)
    return Talk(
        session=session,
        title=(card(session.method) or {}).get("title", session.method),
        address=page_of(problem, "session", session.number),
        method=gates()["method_of_session"][session.method],
        groups=tuple(_groups(session)),
        who=tuple(titles[one] for one in session.groups if one in titles),
        said=said,
        is_cut=is_cut,
    )


def _groups(session: CaptureSession) -> list[str]:
    pairs, known = gates()["groups_of_voice"], group_titles()
    found = [group for voice in session.groups for group in pairs.get(voice, ())]
    return [one for one in dict.fromkeys(found) if one in known]


def _said(session: CaptureSession) -> tuple[str, bool]:
    """What was heard, in the words of those who wrote it down, and whether some did not fit."""
    texts = [
        one.text.strip()
        for one in session.observations.all()
        if one.withdrawn_at is None and one.kind == ObservationKind.HEARD
    ]
    kept: list[str] = []
    for text in texts:
        if not text or points_at_a_person(text):
            continue
        if len("\r\n".join([*kept, text])) > LONGEST:
            return "\n".join(kept), True
        kept.append(text)
    return "\n".join(kept), False
