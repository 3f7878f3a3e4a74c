"""Problems, their statements, causes and voices as claims of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.board import voice_titles
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.domain.telling import telling_words
from commonlight.web.problems.models import Cause, Problem, Statement, VoiceNote
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["CAUSE", "PROBLEM", "STATEMENT", "VOICE"]


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    """Every member whose role includes problems reads all of them."""
    return {key: decide(actor, "problem.view", one) for key, one in things.items()}


def _offer(actor: Actor, words: str) -> Iterable[Problem]:
    found: Any = Problem.objects.of(actor.workspace).select_related("workspace")
    yield from with_words(found, words, "title")


def _withdrawn(things: Mapping[str, Cause]) -> dict[str, Decision]:
    return {
        key: refused(
            now_in_words("It was withdrawn: %(reason)s") % {"reason": one.withdrawn_reason}
        )
        for key, one in things.items()
        if one.withdrawn_at is not None
    }


def _statement_title(one: Statement) -> str:
    return now_in_words("Problem %(number)s, version %(version)s: %(sentence)s") % {
        "number": one.problem.number,
        "version": one.number,
        "sentence": one.sentence,
    }


def _voice_title(one: VoiceNote) -> str:
    return now_in_words("%(group)s are heard on “%(problem)s”") % {
        "group": voice_titles().get(one.voice, one.voice),
        "problem": one.problem.title,
    }


def _about_problem(one: Problem) -> str:
    """Title, place and statement, without words that say nothing of what is meant."""
    now = current_statement(one)
    return f"{one.title} {now.place} {' '.join(telling_words(now.sentence))}"


def _about_statement(one: Statement) -> str:
    return f"{one.place} {' '.join(telling_words(one.sentence))}"


def _change_part(actor: Actor, one: Any) -> Decision:
    """Who may write in the record says what its parts rest on."""
    return decide(actor, "problem.write", one.problem)


PROBLEM = register(
    NodeKind(
        name="problem",
        label=_("problem"),
        model=Problem,
        find=finder(Problem, "workspace"),
        title=lambda one: str(one.title),
        about=_about_problem,
        address=address,
        see=_see,
        change=lambda actor, one: decide(actor, "problem.write", one),
        offer=_offer,
        rests_on_sources=True,
    )
)

CAUSE = register(
    NodeKind(
        name="cause",
        label=_("cause"),
        model=Cause,
        find=finder(Cause, "workspace", "problem__workspace"),
        title=lambda one: str(one.text),
        address=lambda one: f"{address(one.problem, 'causes')}#cause-{one.pk}",
        see=_see,
        live=_withdrawn,
        change=_change_part,
        rests_on_sources=True,
    )
)

STATEMENT = register(
    NodeKind(
        name="statement_of_problem",
        label=_("statement of a problem"),
        model=Statement,
        find=finder(Statement, "workspace", "problem__workspace"),
        title=_statement_title,
        about=_about_statement,
        address=lambda one: address(one.problem, "version", one.number),
        see=_see,
        change=_change_part,
        rests_on_sources=True,
    )
)

VOICE = register(
    NodeKind(
        name="voice",
        label=_("voice"),
        model=VoiceNote,
        find=finder(VoiceNote, "workspace", "problem__workspace"),
        title=_voice_title,
        address=lambda one: f"{address(one.problem, 'sources')}#voice-{one.voice}",
        see=_see,
        change=_change_part,
        may_ground=False,
        rests_on_sources=True,
    )
)
