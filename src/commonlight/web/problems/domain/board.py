"""The board of sources: what the problem rests on, who is heard through it, and who is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Problem, VoiceNote
from commonlight.web.thread.domain import join, web_of
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.kinds import Key, key_of, kind_named

__all__ = ["Voice", "VoiceError", "hear", "not_heard", "voice_titles", "voices_of"]


class VoiceError(ValueError):
    """A note on a group that cannot be kept, with the sentence that people read."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One group: through which sources it is heard, where it was only seen, or why neither."""

    id: str
    title: Any
    through: tuple[str, ...]
    reason: str = ""
    seen_in: tuple[str, ...] = ()

    @property
    def is_heard(self) -> bool:
        """Whether a source that still stands lets this group speak."""
        return bool(self.through)

    @property
    def is_only_seen(self) -> bool:
        """Whether sources show this group, and none lets it speak."""
        return bool(self.seen_in) and not self.through

    @property
    def told(self) -> Any:
        """The group, with why it is not heard if that is known."""
        reason = self.reason or (_("seen, not heard") if self.is_only_seen else "")
        values = {"group": self.title, "reason": reason}
        return _("%(group)s: %(reason)s") % values if reason else self.title


def voice_titles() -> dict[str, Any]:
    """The groups of the board, by name."""
    rows = read_content("commonlight.web.problems", "definition")["voice"]
    return {one["id"]: one["title"] for one in rows}


def voices_of(actor: Actor, problems: Iterable[Problem]) -> dict[int, list[Voice]]:
    """The groups of each problem, in a constant number of queries."""
    keys = [one.pk for one in problems]
    notes = VoiceNote.objects.of(actor.workspace).filter(problem__in=keys)
    known = {(one.problem_id, one.voice): one for one in notes}
    web = web_of(actor.workspace)
    grounds = {
        one.pk: [link.ground for link in web.grounds.get(("voice", str(one.pk)), ())]
        for one in known.values()
    }
    shows = {
        key: _showing_groups(link.ground for link in web.grounds.get(("problem", str(key)), ()))
        for key in keys
    }
    asked = [key for rows in (*grounds.values(), *shows.values()) for key in rows]
    nodes = Nodes(actor.workspace, asked, actor=actor)

    def voice(key: int, name: str, title: Any) -> Voice:
        note = known.get((key, name))
        seen_in = tuple(nodes.title(one) for one in shows[key] if name in nodes.groups_seen(one))
        if note is None:
            return Voice(id=name, title=title, through=(), seen_in=seen_in)
        through = tuple(nodes.title(one) for one in grounds[note.pk] if nodes.lets_speak(one))
        return Voice(id=name, title=title, through=through, reason=note.reason, seen_in=seen_in)

    return {key: [voice(key, *row) for row in voice_titles().items()] for key in keys}


def _showing_groups(grounds: Iterable[Key]) -> list[Key]:
    """Those of a kind that can show groups without letting them speak."""
    return [one for one in grounds if kind_named(one[0]).groups_seen is not None]


@transaction.atomic
def hear(actor: Actor, problem: Problem, voice: str, source: Any, *, note: str = "") -> VoiceNote:
    """Say through which source of the thread a group is heard.

    Raises
    ------
    VoiceError
        If nobody speaks in the source: who was only seen was not heard.
    """
    require(actor, "problem.write", problem)
    if not kind_named(key_of(source)[0]).lets_speak(source):
        raise VoiceError(_("Nobody speaks in this source. Who was only seen was not heard."))
    found = _note(actor, problem, voice)
    join(actor, found, source, note=note)
    record(actor, "problem.hear_voice", found, number=problem.number, voice=voice)
    return found


@transaction.atomic
def not_heard(actor: Actor, problem: Problem, voice: str, *, reason: str) -> VoiceNote:
    """Say why a group is not heard yet, and what will be done about it."""
    require(actor, "problem.write", problem)
    refuse_contacts(reason=reason)
    if not reason.strip():
        raise VoiceError(_("Say why this group is not heard yet."))
    found = _note(actor, problem, voice)
    found.reason, found.noted_by, found.noted_at = reason.strip(), actor.membership, timezone.now()
    found.save()
    record(actor, "problem.note_voice", found, number=problem.number, voice=voice)
    return found


def _note(actor: Actor, problem: Problem, voice: str) -> VoiceNote:
    if voice not in voice_titles():
        raise VoiceError(_("There is no such group on the board."))
    found, _is_new = VoiceNote.objects.of(actor.workspace).get_or_create(
        problem=problem,
        voice=voice,
        defaults={"workspace": problem.workspace, "noted_by": actor.membership},
    )
    note: VoiceNote = found
    return note
