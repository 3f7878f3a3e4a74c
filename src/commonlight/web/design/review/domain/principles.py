"""The principles of the Roadmap as checks on a concept: each has an answer before approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.design.domain.concepts import current_version
from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.models import PrincipleAnswer
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.workspaces.models import Organisation, Workspace
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Check",
    "answer_check",
    "checks_of",
    "checks_of_many",
    "content",
    "needs_of",
    "open_checks",
]


@dataclass(frozen=True)
class Check:
    """One check with its answer, and whether the concept has changed since."""

    row: dict[str, Any]
    answer: PrincipleAnswer | None
    is_older: bool

    @property
    def answer_title(self) -> Any:
        """Met, will do or not applicable, in words."""
        rows = {one["id"]: one["title"] for one in content()["answer"]}
        return rows[self.answer.answer] if self.answer else ""


def content() -> dict[str, Any]:
    """The content file of the checks."""
    return read_content("commonlight.web.design.review", "principle_checks")


def checks_of(concept: Concept) -> list[Check]:
    """Every check of a concept, in the order of the pillars."""
    return checks_of_many([concept])[concept.pk]


def checks_of_many(concepts: list[Concept]) -> dict[int, list[Check]]:
    """The checks of several concepts of a workspace, in two queries."""
    if not concepts:
        return {}
    answers, newest = _given(concepts[0].workspace, sorted({one.problem_id for one in concepts}))
    return {
        one.pk: [
            _check(row, answers.get((one.pk, row["id"])), newest.get(one.pk, 1))
            for row in content()["check"]
        ]
        for one in concepts
    }


@read_once
def _given(
    place: Workspace, problems: list[int]
) -> tuple[dict[tuple[int, str], PrincipleAnswer], dict[int, int]]:
    """What all concepts of these problems answer, and their newest versions.

    All of them, so that a page reads it once for whichever concept it asks about.
    """
    rows = PrincipleAnswer.objects.of(place).filter(concept__problem__in=problems)
    answers = {
        (one.concept_id, one.check_id): one
        for one in rows.select_related("owner", "author__organisation")
    }
    versions = ConceptVersion.objects.of(place).filter(concept__problem__in=problems)
    counted = versions.order_by("concept").values_list("concept").annotate(newest=Max("number"))
    return answers, dict(counted)


def open_checks(concept: Concept) -> list[Check]:
    """The checks that have no answer yet."""
    return [one for one in checks_of(concept) if one.answer is None]


@transaction.atomic
def answer_check(
    actor: Actor,
    concept: Concept,
    check: str,
    *,
    answer: str,
    where: str = "",
    what: str = "",
    owner: Organisation | None = None,
    due: date | None = None,
    reason: str = "",
) -> PrincipleAnswer:
    """Met, will do with owner and date, or not applicable with the reason.

    “Met” needs its sentence only where the question asks what or which.

    Raises
    ------
    ReviewError
        If the answer lacks what it needs.
    """
    require(actor, "design.write", concept.problem)
    given = {"where": where.strip(), "what": what.strip(), "owner": owner, "date": due}
    given["reason"] = reason.strip()
    _require_whole(check, answer, given)
    made, _is_new = PrincipleAnswer.objects.of(concept.workspace).update_or_create(
        workspace=concept.workspace,
        concept=concept,
        check_id=check,
        defaults={
            "answer": answer,
            "where": given["where"] if answer == "met" else "",
            "what": given["what"] if answer == "will_do" else "",
            "owner": owner if answer == "will_do" else None,
            "due": due if answer == "will_do" else None,
            "reason": given["reason"] if answer == "not_applicable" else "",
            "concept_version": current_version(concept).number,
            "author": actor.membership,
            "answered_at": timezone.now(),
        },
    )
    found: PrincipleAnswer = made
    record(actor, "review.principle", concept.problem, concept=concept.number, check=check)
    return found


def needs_of(check: str, answer: str) -> list[str]:
    """What must be given with an answer to a check.

    Raises
    ------
    ReviewError
        If there is no such check or no such answer.
    """
    rows = {one["id"]: one for one in content()["check"]}
    needs = {one["id"]: one["needs"] for one in content()["answer"]}
    if check not in rows or answer not in needs:
        raise ReviewError(_("There is no such check, or no such answer."))
    told = ["where"] if answer == "met" and rows[check].get("is_told") else []
    return [*needs[answer], *told]


def _require_whole(check: str, answer: str, given: dict[str, Any]) -> None:
    words = content()["words"]
    lacking = [name for name in needs_of(check, answer) if not given[name]]
    if lacking:
        told = {
            "met": words["show_where"],
            "will_do": words["date_missing"] if given["what"] else words["will_do_help"],
            "not_applicable": words["reason_missing"],
        }
        raise ReviewError(str(told[answer]))


def _check(row: dict[str, Any], answer: PrincipleAnswer | None, version: int) -> Check:
    return Check(row, answer, answer is not None and answer.concept_version < version)
