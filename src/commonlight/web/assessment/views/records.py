"""Which records of the workbench are offered as evidence: those of this city first."""

from __future__ import annotations

from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.thread.forms import SearchForm
from commonlight.web.thread.offers import Offers, offers_for

__all__ = ["records_for"]

FAR = ("practice", "statement", "gap", "cause")
"""Kinds that tell of other cities, or of guesses: they come last."""


def records_for(
    actor: Actor, claim: Any, search: SearchForm, *, without: tuple[str, ...] = ()
) -> Offers:
    """The records that fit the search; without one, a few of each kind."""
    return offers_for(actor, claim, search, without=without, last=FAR)
