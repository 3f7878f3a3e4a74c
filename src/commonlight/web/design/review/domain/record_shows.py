"""What the record of a problem already shows, so that nobody is asked for it a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.domain.concepts import current_version
from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.design.review.domain.guards import guards_of
from commonlight.web.design.review.domain.tensions import watched_effects
from commonlight.web.design.theory.domain.reading import links_of, theory_of
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.needs import Known, known_of

__all__ = ["shown_checks"]


@dataclass(frozen=True)
class Seen:
    """What the tellers below look at."""

    concept: Concept
    card: ConceptVersion
    known: Known
    guards: dict[str, str]


def shown_checks(actor: Actor, concept: Concept) -> dict[str, str]:
    """The checks that the record shows as met, each with the sentence that says why."""
    known = known_of(actor, [concept.problem])
    answered = {one.row["id"]: one.said for one in guards_of(concept)}
    seen = Seen(concept, current_version(concept), known, answered)
    told = {name: tell(seen) for name, tell in TELLERS.items()}
    return {name: sentence for name, sentence in told.items() if sentence}


def _jointly(seen: Seen) -> str:
    now = current_statement(seen.concept.problem)
    if not now.is_joint:
        return ""
    told = _("Version %(number)s of the statement was agreed by the partners together.")
    return told % {"number": now.number}


def _both_kinds(seen: Seen) -> str:
    sources = seen.known.evidence[seen.concept.problem_id].standing
    counted = [one.title for one in sources if one.is_quantitative]
    voiced = [one.title for one in sources if one.is_qualitative]
    accounts = {each.kind for one in sources for each in one.organisations}
    if not counted or not voiced or accounts <= {"police"}:
        return ""
    told = _("The problem rests on numbers (%(counted)s) and on voices (%(voiced)s).")
    return told % {"counted": counted[0], "voiced": voiced[0]}


def _tried_by_users(seen: Seen) -> str:
    if not set(seen.card.users) & set(seen.card.designed_with):
        return ""
    tests = seen.concept.tests.count()
    if not tests:
        return ""
    return ngettext(
        "The card names those who use it among those who designed it, and %(count)s test is on "
        "record.",
        "The card names those who use it among those who designed it, and %(count)s tests are on "
        "record.",
        tests,
    ) % {"count": tests}


def _uses_kept(seen: Seen) -> str:
    kept = seen.card.good_uses_kept
    return _("The card says what must not be lost: %(text)s") % {"text": kept} if kept else ""


def _watched(seen: Seen) -> str:
    watched = [one.watch for one in watched_effects(seen.concept.problem) if one.watch]
    told = _("A tension card says what is watched: %(text)s")
    return told % {"text": watched[0]} if watched else ""


def _mechanisms(seen: Seen) -> str:
    theory = theory_of(seen.concept.problem)
    links = links_of(theory) if theory is not None else []
    if not links or not all(one.mechanism for one in links):
        return ""
    return ngettext(
        "%(count)s link of the theory has a mechanism, and no link is without one.",
        "All %(count)s links of the theory have a mechanism.",
        len(links),
    ) % {"count": len(links)}


def _guard(name: str) -> Callable[[Seen], str]:
    def tell(seen: Seen) -> str:
        said = seen.guards.get(name, "")
        told = _("The guard of the focus area is answered: %(text)s")
        return told % {"text": said} if said else ""

    return tell


TELLERS: dict[str, Callable[[Seen], Any]] = {
    "problem_defined_jointly": _jointly,
    "more_than_police_data": _both_kinds,
    "end_users_design": _tried_by_users,
    "positive_uses_kept": _uses_kept,
    "gender_and_vulnerable": _guard("gender"),
    "side_effects_watched": _watched,
    "least_coercive": _guard("non_coercive_option"),
    "upkeep_funded": _guard("upkeep"),
    "mechanism_stated": _mechanisms,
    "felt_safety_apart": _guard("felt_and_recorded_apart"),
}
"""The checks of the content that a part of the record can answer."""
