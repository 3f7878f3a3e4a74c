"""Concepts as claims of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["CONCEPT"]


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    return {key: decide(actor, "design.view", one) for key, one in things.items()}


def _live(things: Mapping[str, Any]) -> dict[str, Decision]:
    return {
        key: refused(_("This concept was set aside."))
        for key, one in things.items()
        if one.state == ConceptState.SET_ASIDE
    }


def _offer(actor: Actor, words: str) -> Iterable[Concept]:
    found = Concept.objects.of(actor.workspace).select_related("workspace", "problem")
    found = with_words(found, words, "name")
    live: Iterable[Concept] = found.exclude(state=ConceptState.SET_ASIDE)
    return live


def _address(concept: Concept) -> str:
    place = [concept.workspace.slug, concept.problem.number, concept.number]
    return reverse("design:concept", args=place)


CONCEPT = register(
    NodeKind(
        name="concept",
        label=_("concept"),
        model=Concept,
        find=finder(Concept, "workspace", "problem"),
        title=lambda one: str(one.name),
        address=_address,
        see=_see,
        live=_live,
        change=lambda actor, one: decide(actor, "design.write", one.problem),
        offer=_offer,
    )
)
