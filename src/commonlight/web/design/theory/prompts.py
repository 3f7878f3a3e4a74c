"""Questions that apps above ask where the texts of a theory touch something, such as a tension.

An app tells of its own in its `theory_prompts.py`, with a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.design.theory.models import Theory
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, decide

__all__ = ["Prompt", "load_prompts", "prompt_of_theory", "prompts_for"]

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One question: why it is asked, where it is answered, and whether it was."""

    title: Text
    reason: Text
    address: str
    is_answered: bool = False


Teller = Callable[[Actor, Theory], Iterable[Prompt]]
_tellers: dict[str, tuple[str, Teller]] = {}


def prompt_of_theory(action: str) -> Callable[[Teller], Teller]:
    """Register what asks, for those whose role includes the action."""

    def register(tell: Teller) -> Teller:
        _tellers[f"{tell.__module__}.{tell.__qualname__}"] = (action, tell)
        return tell

    return register


@kept_until_a_change
def prompts_for(actor: Actor, theory: Theory) -> list[Prompt]:
    """All questions, those without an answer first."""
    found = [
        one
        for action, tell in _tellers.values()
        if decide(actor, action)
        for one in tell(actor, theory)
    ]
    return sorted(found, key=lambda one: one.is_answered)


def load_prompts() -> None:
    """Load the `theory_prompts.py` of every app."""
    autodiscover_modules("theory_prompts")
