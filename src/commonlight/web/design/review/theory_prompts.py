"""Tension cards that the texts of a theory call for, shown on its page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from commonlight.web.design.engagement.domain.catalogue import filled
from commonlight.web.design.review.domain.noticing import content, noticed
from commonlight.web.design.review.domain.tensions import cards_of
from commonlight.web.design.theory.domain.reading import texts_of
from commonlight.web.design.theory.models import Theory
from commonlight.web.design.theory.prompts import Prompt, prompt_of_theory
from commonlight.web.policy import Actor

__all__ = ["tension_prompts"]


@prompt_of_theory("design.view")
def tension_prompts(actor: Actor, theory: Theory) -> Iterable[Prompt]:
    """A card for each tension that the theory itself touches."""
    called = {card: words for text in texts_of(theory) for card, words in noticed(text)}
    problem = theory.problem
    for card in cards_of(problem) if called else ():
        if card.id in called:
            yield Prompt(
                title=card.row["title"],
                reason=filled(content()["words"]["because"], words=called[card.id]),
                address=reverse(
                    "review:tension", args=[problem.workspace.slug, problem.number, card.id]
                ),
                is_answered=card.answer is not None,
            )
