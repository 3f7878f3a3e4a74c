"""Claims, recommendations, documents and the mirror in the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.domain.finding import assessments_of
from commonlight.web.assessment.domain.mirror import why_not_evidence
from commonlight.web.assessment.domain.recommending import may_answer
from commonlight.web.assessment.models import Assessment, Claim, Document, Recommendation
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words
from commonlight.web.ui.punctuation import named

__all__ = ["BALANCE", "CLAIM", "DOCUMENT", "RECOMMENDATION"]

OF_ASSESSMENT = ("workspace", "assessment__workspace", "assessment__strategy__workspace")


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    """Who may open the assessment sees what belongs to it."""
    return {
        key: decide(actor, "assessment.view", getattr(one, "assessment", one))
        for key, one in things.items()
    }


def _place(assessment: Assessment) -> list[Any]:
    strategy = assessment.strategy
    return [strategy.workspace.slug, strategy.number, assessment.number]


def _claim_title(claim: Claim) -> str:
    text = claim.text if len(claim.text) <= 120 else f"{claim.text[:117]}…"
    return named(f"{claim.assessment.strategy.title} {claim.number}", text)


def _documents(actor: Actor, words: str) -> Iterable[Document]:
    found = Document.objects.of(actor.workspace).filter(withdrawn_at=None)
    found = with_words(found, words, "title")
    return list(found.select_related("strategy__workspace", "workspace"))


def _document_lives(things: Mapping[str, Document]) -> dict[str, Decision]:
    return {
        key: refused(_("It was withdrawn."))
        for key, one in things.items()
        if one.withdrawn_at is not None
    }


def _recommendation_lives(things: Mapping[str, Recommendation]) -> dict[str, Decision]:
    return {
        key: refused(_("It was declined or dropped."))
        for key, one in things.items()
        if one.state in ("declined", "dropped")
    }


def _balances(actor: Actor, words: str) -> Iterable[Assessment]:
    found = assessments_of(actor).filter(rows__isnull=False).distinct()
    found = with_words(found, words, "strategy__title")
    return [one for one in found if decide(actor, "assessment.view", one)]


def _balance_lives(things: Mapping[str, Assessment]) -> dict[str, Decision]:
    """A mirror counts while its totals agree and each figure has a source."""
    found = why_not_evidence(things.values())
    return {key: refused(found[one.pk]) for key, one in things.items() if one.pk in found}


CLAIM = register(
    NodeKind(
        name="claim_of_strategy",
        label=_("claim of a strategy"),
        model=Claim,
        find=finder(Claim, *OF_ASSESSMENT),
        title=_claim_title,
        address=lambda one: reverse("assessment:claim", args=[*_place(one.assessment), one.pk]),
        see=_see,
        change=lambda actor, one: decide(actor, "assessment.assess", one),
        may_ground=False,
    )
)

RECOMMENDATION = register(
    NodeKind(
        name="recommendation",
        label=_("recommendation"),
        model=Recommendation,
        find=finder(Recommendation, *OF_ASSESSMENT),
        title=lambda one: str(one.text),
        address=lambda one: reverse(
            "assessment:recommendation", args=[*_place(one.assessment), one.number]
        ),
        see=_see,
        change=may_answer,
        live=_recommendation_lives,
        must_rest=False,
    )
)

DOCUMENT = register(
    NodeKind(
        name="document",
        label=_("document elsewhere"),
        model=Document,
        find=finder(Document, "workspace", "strategy__workspace"),
        title=lambda one: str(one.title),
        address=lambda one: (
            reverse("assessment:strategy", args=[one.workspace.slug, one.strategy.number])
            + f"#document-{one.pk}"
        ),
        see=lambda actor, things: {key: decide(actor, "assessment.view") for key in things},
        live=_document_lives,
        offer=_documents,
        nature=lambda one: "qualitative",
        must_rest=False,
    )
)

BALANCE = register(
    NodeKind(
        name="balance",
        label=_("balance mirror"),
        model=Assessment,
        find=finder(Assessment, "workspace", "strategy__workspace"),
        title=lambda one: str(one.strategy.title),
        address=lambda one: reverse("assessment:mirror", args=_place(one)),
        see=_see,
        live=_balance_lives,
        offer=_balances,
        nature=lambda one: "quantitative",
        must_rest=False,
    )
)
