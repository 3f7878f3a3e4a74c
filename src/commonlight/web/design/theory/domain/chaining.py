"""A whole chain at once: what is done, what that changes, what is hoped for, what would show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import ConceptVersion
from commonlight.web.design.theory.domain.changing import add_link, add_step
from commonlight.web.design.theory.domain.graph import clean_text
from commonlight.web.design.theory.domain.reading import links_of, steps_of, theory_of
from commonlight.web.design.theory.models import STEP_LENGTH, Step
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["Chain", "add_chain", "begun_by_concept", "newest_card"]


@dataclass(frozen=True, kw_only=True)
class Chain:
    """One line of a theory in the words of whoever writes it; `harm` stands on the first link."""

    activity: str
    change: str
    outcome: str
    first_assumption: str = ""
    second_assumption: str = ""
    indicator: str = ""
    witness: str = ""
    harm: str = ""
    is_own_judgement: bool = False


@transaction.atomic
def add_chain(
    actor: Actor, problem: Problem, chain: Chain, *, at: datetime | None = None
) -> list[Step]:
    """The steps of the chain; a step that the theory has in the same words is used again."""
    theory = theory_of(problem)
    known = {(one.kind, one.text): one for one in steps_of(theory)} if theory else {}
    pairs = {(one.source_id, one.target_id) for one in links_of(theory)} if theory else set()

    def step(kind: str, text: str, witness: str = "") -> Step:
        found = known.get((kind, clean_text(text)))
        return found or add_step(actor, problem, kind=kind, text=text, witness=witness, at=at)

    made = [
        step("activity", chain.activity),
        step("mechanism", chain.change),
        step("outcome", chain.outcome),
    ]
    if chain.indicator:
        made.append(step("indicator", chain.indicator, chain.witness))
    judged = {"is_own_judgement": chain.is_own_judgement}
    said: tuple[dict[str, Any], ...] = (
        {"assumption": chain.first_assumption, "harm": chain.harm, **judged},
        {"assumption": chain.second_assumption, **judged},
        {},
    )
    for source, target, words in zip(made, made[1:], said, strict=False):
        if (source.pk, target.pk) not in pairs:
            add_link(actor, source, target, at=at, **words)
    return made


def newest_card(problem: Problem) -> ConceptVersion | None:
    """The card of the concept that was written last and is not set aside."""
    rows = ConceptVersion.objects.of(problem.workspace).filter(concept__problem=problem)
    rows = rows.exclude(concept__state=ConceptState.SET_ASIDE)
    found: ConceptVersion | None = rows.order_by("concept__number", "number").last()
    return found


def begun_by_concept(card: ConceptVersion | None) -> dict[str, str]:
    """What a card already says of a chain; what is too long for a step is left to be shortened."""
    if card is None:
        return {}
    sentence, why = clean_text(card.in_one_sentence), clean_text(card.why_it_should_work)
    return {
        "activity": sentence if len(sentence) <= STEP_LENGTH else card.name,
        "change": why if len(why) <= STEP_LENGTH else "",
        "harm": clean_text(card.who_may_lose),
    }
