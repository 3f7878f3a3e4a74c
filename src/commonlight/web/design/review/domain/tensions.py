"""Tension cards of a problem: which fire, what was answered, and what is watched because of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.review.domain.noticing import cards, content, noticed
from commonlight.web.design.review.domain.plan_texts import PlanText, texts_of_plan
from commonlight.web.design.review.models import TensionAnswer, UnintendedEffect
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "NOT_RELEVANT",
    "Card",
    "Firing",
    "ReviewError",
    "answer_card",
    "answer_titles",
    "cards_of",
    "effect_words",
    "waiting_cards",
    "watched_effects",
]

NOT_RELEVANT = "not_relevant"
SIDES = ("first_side", "second_side", "both", NOT_RELEVANT)


class ReviewError(ValueError):
    """Something that cannot be done, with the sentence that the person reads."""


@dataclass(frozen=True)
class Firing:
    """The words that called for a card, and where they stand."""

    words: str
    where: Any
    address: str


@dataclass(frozen=True)
class Card:
    """A tension card as it stands for one problem."""

    row: dict[str, Any]
    firings: tuple[Firing, ...]
    answer: TensionAnswer | None

    @property
    def id(self) -> str:
        """The name of the card."""
        return str(self.row["id"])

    @property
    def is_waiting(self) -> bool:
        """Whether the plan touches the tension and nobody has said where the partners stand."""
        return bool(self.firings) and self.answer is None


def answer_titles() -> dict[str, Any]:
    """The sides that one can take, in words."""
    return {one["id"]: one["title"] for one in content()["answer"]}


@read_once
def cards_of(problem: Problem) -> list[Card]:
    """Every card: what fires it today, and the newest answer."""
    answers = _newest(problem)
    fired = _fired(texts_of_plan(problem))
    return [
        Card(row, tuple(fired.get(name, ())), answers.get(name)) for name, row in cards().items()
    ]


def waiting_cards(problem: Problem) -> list[Card]:
    """The cards that fire and have no answer."""
    return [one for one in cards_of(problem) if one.is_waiting]


@transaction.atomic
def answer_card(
    actor: Actor,
    problem: Problem,
    card: str,
    *,
    side: str,
    why: str,
    who_may_lose: str = "",
    watch: str = "",
) -> TensionAnswer:
    """Say where the partners stand; what they watch becomes a possible side effect.

    Raises
    ------
    ReviewError
        If there is no such card, or a part of the answer is missing.
    """
    require(actor, "design.write", problem)
    if card not in cards() or side not in SIDES:
        raise ReviewError(_("There is no such card."))
    if not why.strip():
        raise ReviewError(_reason_needed(side))
    if side != NOT_RELEVANT and not (who_may_lose.strip() and watch.strip()):
        raise ReviewError(_("Say who may lose by it, and what you will watch."))
    Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)
    before = _newest(problem).get(card)
    made: TensionAnswer = TensionAnswer.objects.create(
        workspace=problem.workspace,
        problem=problem,
        card=card,
        number=before.number + 1 if before else 1,
        side=side,
        why=why.strip(),
        who_may_lose=who_may_lose.strip(),
        watch=watch.strip(),
        words=[one.words for one in _fired(texts_of_plan(problem)).get(card, ())][:5],
        author=actor.membership,
    )
    _watch(actor, problem, made)
    record(actor, "review.tension", problem, number=problem.number, card=card, side=side)
    return made


def watched_effects(problem: Problem) -> list[UnintendedEffect]:
    """The possible side effects that are watched."""
    rows = UnintendedEffect.objects.of(problem.workspace).filter(problem=problem)
    return list(rows.filter(withdrawn_at__isnull=True))


def effect_words(effect: UnintendedEffect) -> dict[str, Any]:
    """What the side effect is called and how one notices it, in the words of its card."""
    card = cards().get(effect.card)
    return card["indicator"] if card is not None else {"title": effect.indicator, "how": ""}


def _fired(texts: list[PlanText]) -> dict[str, list[Firing]]:
    found: dict[str, list[Firing]] = {}
    for one in texts:
        for card, words in noticed(one.text):
            found.setdefault(card, []).append(Firing(words, one.where, one.address))
    return found


def _newest(problem: Problem) -> dict[str, TensionAnswer]:
    rows = TensionAnswer.objects.of(problem.workspace).filter(problem=problem)
    return {one.card: one for one in rows.select_related("author__organisation").order_by("number")}


def _watch(actor: Actor, problem: Problem, answer: TensionAnswer) -> None:
    """An answer adds its side effect; “not relevant” takes it off the list again."""
    rows = UnintendedEffect.objects.of(problem.workspace).filter(problem=problem, card=answer.card)
    if answer.side == NOT_RELEVANT:
        rows.filter(withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now(), withdrawn_reason=answer.why
        )
        return
    UnintendedEffect.objects.of(problem.workspace).update_or_create(
        workspace=problem.workspace,
        problem=problem,
        card=answer.card,
        defaults={
            "indicator": cards()[answer.card]["indicator"]["id"],
            "who_may_lose": answer.who_may_lose,
            "watch": answer.watch,
            "added_by": actor.membership,
            "withdrawn_at": None,
            "withdrawn_reason": "",
        },
    )


def _reason_needed(side: str) -> str:
    if side == NOT_RELEVANT:
        return str(content()["words"]["reason_needed"])
    return _("Say why you stand there.")
