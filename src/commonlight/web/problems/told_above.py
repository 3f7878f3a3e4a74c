"""What an app above this one tells of problems: a need that it knows to be met, and voices heard.

`content/definition.toml` names what a problem needs before it counts as defined, and the groups
whose voice may be missing. Apps that import this one register what they know of either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["Told", "need_told_by", "told_needs", "voices_heard", "voices_told_by"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Whether a need is met, the sentence that says what is missing, and where it is mended."""

    is_met: bool
    address: str
    missing: str | Promise = ""


NeedTeller = Callable[[Actor, list[Problem]], Mapping[int, Told]]
VoiceTeller = Callable[[Actor, list[Problem]], Mapping[int, frozenset[str]]]

_needs: dict[str, NeedTeller] = {}
_voices: dict[str, VoiceTeller] = {}


def need_told_by(name: str) -> Callable[[NeedTeller], NeedTeller]:
    """Register what tells of one `needed` of the definition, for many problems at once."""

    def register(tell: NeedTeller) -> NeedTeller:
        _needs[name] = tell
        return tell

    return register


def voices_told_by(tell: VoiceTeller) -> VoiceTeller:
    """Register what tells which groups (ids of `voice` in the definition) were heard."""
    _voices[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


def told_needs(actor: Actor, problems: Iterable[Problem]) -> dict[int, dict[str, Told]]:
    """What is told of each problem's needs, by the key of the problem and the id of the need."""
    asked = list(problems)
    found: dict[int, dict[str, Told]] = {one.pk: {} for one in asked}
    for name, tell in _needs.items():
        for key, told in tell(actor, asked).items():
            found[key][name] = told
    return found


def voices_heard(actor: Actor, problems: Iterable[Problem]) -> dict[int, frozenset[str]]:
    """The groups whose voice stands in the sources of each problem."""
    asked = list(problems)
    heard: dict[int, frozenset[str]] = defaultdict(frozenset)
    for tell in _voices.values():
        for key, groups in tell(actor, asked).items():
            heard[key] |= groups
    return {one.pk: heard[one.pk] for one in asked}
