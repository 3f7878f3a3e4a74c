"""What a gate needs, told by the apps that know: each need of the content has one teller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import autodiscover_modules

from commonlight.web.content import read_content
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["Missing", "load_needs", "missing_need", "need_of_gate", "told_needs"]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """That a need is not met, the values of its sentence, and the page where it is mended.

    With a `count` of one the sentence is that of the singular; a `sentence` stands instead of that
    of the content.
    """

    address: str = ""
    count: int | None = None
    sentence: str = ""
    values: dict[str, Any] = field(default_factory=dict)


Teller = Callable[[Actor, Problem], Missing | None]
_tellers: dict[str, Teller] = {}


def need_of_gate(name: str) -> Callable[[Teller], Teller]:
    """Register what tells whether a need is met; it answers None when it is.

    Raises
    ------
    ValueError
        If no gate knows such a need.
    """
    if name not in {one["id"] for one in _content()["need"]}:
        raise ValueError(f"no gate knows the need {name!r}")

    def register(tell: Teller) -> Teller:
        _tellers[name] = tell
        return tell

    return register


def missing_need(name: str, actor: Actor, problem: Problem) -> Missing | None:
    """What is missing of a need; one that no app tells of counts as missing."""
    tell = _tellers.get(name)
    return tell(actor, problem) if tell is not None else Missing()


def told_needs() -> frozenset[str]:
    """The needs that some app tells."""
    return frozenset(_tellers)


def load_needs() -> None:
    """Load the `gate_needs.py` of every app."""
    autodiscover_modules("gate_needs")


def _content() -> dict[str, Any]:
    return read_content("commonlight.web.design.engagement", "stage_gates")
