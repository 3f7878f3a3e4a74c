"""Concepts: the card in its versions, and tests of prototypes that change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.domain.catalogue import card_fields
from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept, ConceptVersion, PrototypeTest
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.problems.models import Problem
from commonlight.web.states import read_table
from commonlight.web.thread.domain import join, part, settle
from commonlight.web.thread.kinds import key_of
from commonlight.web.thread.models import Link
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "ConceptError",
    "card_of",
    "change_concept",
    "concept_steps",
    "current_version",
    "missing_fields",
    "move_concept",
    "open_concept",
    "record_test",
    "texts_of_card",
]

TABLE = read_table("commonlight.web.design", machine="concept")
TEXTS = (
    "name",
    "in_one_sentence",
    "why_it_should_work",
    "who_does_it",
    "good_uses_kept",
    "who_may_lose",
    "cost_guess",
)
LISTS = ("sides", "users", "designed_with")
MANY = ("organisations", "ideas")


class ConceptError(ValueError):
    """What cannot be done with a concept, with the sentence that the person reads."""


@transaction.atomic
def open_concept(
    actor: Actor, problem: Problem, *, at: datetime | None = None, **card: Any
) -> Concept:
    """A concept with the first version of its card; it rests on the cause that it touches."""
    require(actor, "design.write", problem)
    refuse_contacts(**card)
    hold_problem(problem)
    made: Concept = Concept.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=next_number(problem.concepts),
        name=card["name"].strip(),
        author=actor.membership,
        created_at=at or timezone.now(),
    )
    version = _version(actor, made, 1, card, at)
    _rest_on_cause(actor, made, None, version)
    record(actor, "design.concept_opened", made, number=made.number)
    return made


@transaction.atomic
def change_concept(
    actor: Actor,
    concept: Concept,
    *,
    reason: str = "",
    test: PrototypeTest | None = None,
    at: datetime | None = None,
    **card: Any,
) -> ConceptVersion:
    """A new version of the card; an approved or submitted concept is a draft again.

    Raises
    ------
    ConceptError
        If the change cites neither a test of this concept nor a reason.
    NotNow
        If the concept was set aside.
    """
    require(actor, "design.write", concept.problem)
    refuse_contacts(reason=reason, **card)
    before = current_version(concept)
    if _is_same(before, card):
        return before
    if test is None and not reason.strip():
        raise ConceptError(_("Choose the test that led to this change, or give a reason."))
    if test is not None and test.concept_id != concept.pk:
        raise ConceptError(_("This test is of another concept."))
    _reopen(concept)
    why = reason.strip() or (test.because if test else "")
    made = _version(actor, concept, before.number + 1, card, at, reason=why, test=test)
    _rest_on_cause(actor, concept, before, made)
    concept.name = made.name
    concept.save()
    record(
        actor,
        "design.concept_changed",
        concept,
        number=concept.number,
        version=made.number,
        test=test.number if test else None,
    )
    return made


@transaction.atomic
def move_concept(
    actor: Actor, concept: Concept, step: str, *, reason: str = "", at: datetime | None = None
) -> None:
    """Submit, return, set aside or take up; approval has its own action in `approval`.

    Raises
    ------
    ConceptError
        If the card lacks something, or a step that needs a reason has none.
    NotNow
        If the step does not fit the state.
    """
    require(actor, "design.write", concept.problem)
    if step not in ("submit", "return", "set_aside", "take_up"):
        raise ValueError(f"a concept is not moved by {step!r}")
    state = TABLE.after(concept.state, step, dict(ConceptState.choices))
    if step in ("return", "set_aside") and not reason.strip():
        raise ConceptError(_("Say why; the author reads it."))
    if step == "submit" and (lacking := missing_fields(current_version(concept))):
        raise ConceptError(
            _("The card lacks: %(fields)s.") % {"fields": ", ".join(str(one) for one in lacking)}
        )
    concept.state, concept.state_reason = state, reason.strip()
    concept.approved_by = concept.approved_at = None
    concept.save()
    record(actor, "design.concept_moved", concept, number=concept.number, state=state)


@transaction.atomic
def record_test(
    actor: Actor,
    concept: Concept,
    *,
    day: date,
    what: str,
    testers: Iterable[str],
    people: int,
    seen: str,
    verdict: str,
    because: str,
    at: datetime | None = None,
) -> PrototypeTest:
    """Somebody tried the newest version; testers are told by category only."""
    require(actor, "design.write", concept.problem)
    refuse_contacts(what=what, seen=seen, because=because)
    hold_problem(concept.problem)
    made: PrototypeTest = PrototypeTest.objects.create(
        workspace=actor.workspace,
        concept=concept,
        number=next_number(concept.tests),
        version=current_version(concept),
        day=day,
        what=what.strip(),
        testers=list(testers),
        people=people,
        seen=seen.strip(),
        verdict=verdict,
        because=because.strip(),
        recorded_by=actor.membership,
        created_at=at or timezone.now(),
    )
    record(actor, "design.prototype_tested", made, number=made.number, verdict=verdict)
    return made


@read_once
def current_version(concept: Concept) -> ConceptVersion:
    """The newest version of the card."""
    found: ConceptVersion = (
        concept.versions.select_related("cause").prefetch_related("ideas").order_by("-number")[0]
    )
    return found


def missing_fields(version: ConceptVersion) -> list[Any]:
    """The titles of required fields in which nothing stands."""
    known = card_of(version)
    return [
        one["title"] for name, one in card_fields().items() if one["required"] and not known[name]
    ]


def card_of(version: ConceptVersion) -> dict[str, Any]:
    """What stands in each field of the card, by the field's name in the content."""
    return {
        **{name: getattr(version, name) for name in TEXTS if name != "who_does_it"},
        "cause": version.cause,
        **{name: getattr(version, name) for name in LISTS},
        "who_does_it": version.who_does_it,
        "from_ideas": list(version.ideas.all()),
    }


def texts_of_card(version: ConceptVersion) -> dict[str, str]:
    """The texts of the plan, field by field, for whoever reads them for tensions and guards."""
    return {name: getattr(version, name) for name in TEXTS if getattr(version, name)}


def concept_steps(concept: Concept) -> tuple[str, ...]:
    """What may be done to the concept now."""
    return TABLE.actions(concept.state)


def _reopen(concept: Concept) -> None:
    if concept.state == ConceptState.DRAFT:
        return
    concept.state = TABLE.after(concept.state, "change", dict(ConceptState.choices))
    concept.state_reason, concept.approved_by, concept.approved_at = "", None, None


def _version(
    actor: Actor,
    concept: Concept,
    number: int,
    card: dict[str, Any],
    at: datetime | None,
    **more: Any,
) -> ConceptVersion:
    made: ConceptVersion = ConceptVersion.objects.create(
        workspace=actor.workspace,
        concept=concept,
        number=number,
        author=actor.membership,
        created_at=at or timezone.now(),
        cause=card.get("cause"),
        **{name: list(card.get(name) or ()) for name in LISTS},
        **{name: (card.get(name) or "").strip() for name in TEXTS},
        **more,
    )
    for name in MANY:
        getattr(made, name).set(card.get(name) or ())
    return made


def _is_same(before: ConceptVersion, card: dict[str, Any]) -> bool:
    texts = all(getattr(before, name) == (card.get(name) or "").strip() for name in TEXTS)
    lists = all(list(getattr(before, name)) == list(card.get(name) or ()) for name in LISTS)
    many = all(set(getattr(before, name).all()) == set(card.get(name) or ()) for name in MANY)
    return texts and lists and many and before.cause == card.get("cause")


def _rest_on_cause(
    actor: Actor, concept: Concept, before: ConceptVersion | None, now: ConceptVersion
) -> None:
    """The thread follows the card: the concept rests on the cause that it touches now."""
    old = before.cause if before else None
    if old == now.cause:
        return
    if old is not None:
        _let_go(actor, concept, old, now)
    if now.cause is not None:
        join(actor, concept, now.cause, note=now.in_one_sentence)


def _let_go(actor: Actor, concept: Concept, cause: Any, now: ConceptVersion) -> None:
    claim, ground = key_of(concept), key_of(cause)
    links = Link.objects.of(actor.workspace).filter(
        claim_kind=claim[0],
        claim_key=claim[1],
        ground_kind=ground[0],
        ground_key=ground[1],
        removed_at__isnull=True,
    )
    for link in links:
        part(actor, concept, link, reason=now.reason)
        settle(actor, concept, link, reason=now.reason)
