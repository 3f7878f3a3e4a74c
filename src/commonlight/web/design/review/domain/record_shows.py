"""What the record of a problem already shows, so that nobody is asked for it a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.data.enums import DataKind
from commonlight.web.data.models import DataSet
from commonlight.web.design.domain.concepts import current_version
from commonlight.web.design.engagement.domain.catalogue import gates, group_titles, listing
from commonlight.web.design.engagement.domain.hearing import heard_groups
from commonlight.web.design.engagement.models import Hearing
from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.design.review.domain.guards import Guard, guards_of
from commonlight.web.design.review.domain.impact import UNKNOWN, aspects_of
from commonlight.web.design.review.domain.sentences import ended
from commonlight.web.design.review.domain.tensions import watched_effects
from commonlight.web.design.theory.domain.reading import links_of, theory_of
from commonlight.web.knowledge.domain.passports import passports_of
from commonlight.web.knowledge.domain.stances import linked_of
from commonlight.web.knowledge.enums import Position, SourceKind
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.board import Voice, voices_of
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Known, known_of
from commonlight.web.ui.punctuation import listed, named
from commonlight.web.workspaces.reading import read_once

__all__ = ["open_text", "shown_checks", "shown_guards", "taken_from_guards"]

NAMED = 3
"""So many entries of research are named."""
PRACTICES = (SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE)


@dataclass(frozen=True)
class Seen:
    """What the tellers below look at."""

    actor: Actor
    concept: Concept
    card: ConceptVersion
    known: Known
    guards: dict[str, Guard]


def shown_checks(actor: Actor, concept: Concept) -> dict[str, str]:
    """The checks that the record shows as met, each with the sentence that says why."""
    known = known_of(actor, [concept.problem])
    seen = Seen(actor, concept, current_version(concept), known, _guards(concept))
    told = {name: tell(seen) for name, tell in TELLERS.items()}
    return {name: sentence for name, sentence in told.items() if sentence}


def taken_from_guards(concept: Concept, shown: dict[str, str]) -> dict[str, Guard]:
    """The checks that are answered with the words of a guard, each with that guard."""
    own = _guards(concept)
    return {
        check: own[name]
        for check, name in FROM_GUARDS.items()
        if name in own and own[name].said and shown.get(check) == _quoted(own[name])
    }


def shown_guards(actor: Actor, concept: Concept) -> dict[str, str]:
    """What the record says to a guard; an empty sentence where the record has nothing of it."""
    return {name: tell(actor, concept) for name, tell in FROM_THE_RECORD.items()}


def open_text(actor: Actor, concept: Concept, guard: Guard) -> str:
    """The question of an open guard, or its refusal where an answer or the record says so."""
    tell = OF_GUARDS.get(guard.row["id"])
    if guard.answer is None and tell is not None and not tell(actor, concept):
        return str(guard.row["refusal"])
    return guard.open_text


def _supported_cause(actor: Actor, concept: Concept) -> str:
    cause = current_version(concept).cause
    known = known_of(actor, [concept.problem]).evidence[concept.problem_id].causes
    if cause is None or not known.get(cause.pk):
        return ""
    told = _("The card acts on this cause, which is supported: %(cause)s")
    return told % {"cause": ended(cause.text)}


def _kept_uses(actor: Actor, concept: Concept) -> str:
    kept = current_version(concept).good_uses_kept
    return _("These uses stay: %(text)s") % {"text": ended(kept)} if kept else ""


def _upkeep(actor: Actor, concept: Concept) -> str:
    """Who does it and looks after it, as the card says it, with the cost."""
    card = current_version(concept)
    if not card.who_does_it:
        return ""
    cost = named(_("Rough cost"), ended(card.cost_guess)) if card.cost_guess else ""
    return f"{ended(card.who_does_it)} {cost}".strip()


def _felt_and_recorded(actor: Actor, concept: Concept) -> str:
    """One source of each, where the problem has both."""
    standing = known_of(actor, [concept.problem]).evidence[concept.problem_id].standing
    titles: dict[str, list[str]] = {kind: [] for kind in (DataKind.ANSWERS, DataKind.INCIDENTS)}
    keys = {one.key[1]: one.title for one in standing if one.key[0] == "dataset" and one.title}
    rows = DataSet.objects.of(concept.workspace).filter(pk__in=keys, kind__in=titles)
    for key, kind in rows.order_by("name").values_list("pk", "kind"):
        titles[kind].append(keys[str(key)])
    felt, recorded = (titles[kind] for kind in (DataKind.ANSWERS, DataKind.INCIDENTS))
    if not felt or not recorded:
        return ""
    told = _("Felt: %(felt)s. Recorded: %(recorded)s. Each is a source of its own here.")
    return told % {"felt": felt[0], "recorded": recorded[0]}


def _heard(voices: frozenset[str], groups: frozenset[str]) -> Callable[[Actor, Concept], str]:
    def tell(actor: Actor, concept: Concept) -> str:
        heard = [
            one for one in _voices(actor, concept.problem) if one.id in voices and one.is_heard
        ]
        pairs = gates()["groups_of_voice"]
        named = {group for one in heard for group in pairs.get(one.id, ())}
        present = sorted(groups & heard_groups(concept.problem) - named)
        told = []
        if heard:
            who = listed(f"{one.title} ({', '.join(one.through)})" for one in heard)
            told.append(_("These groups are heard through sources here: %(who)s.") % {"who": who})
        if present:
            who = listing(present, group_titles())
            told.append(
                _("These groups took part in sessions or workshops: %(who)s.") % {"who": who}
            )
        told += _said_by(concept.problem, groups)
        return " ".join(told)

    return tell


def _said_by(problem: Problem, groups: frozenset[str]) -> list[str]:
    """What was said where such people were, as the newest record of engagement has it."""
    rows = Hearing.objects.of(problem.workspace).filter(problem=problem).exclude(said="")
    for one in rows.order_by("-held_on", "-number"):
        if groups & set(one.groups):
            return [_("There it was said: “%(text)s”") % {"text": ended(one.said)}]
    return []


@read_once
def _voices(actor: Actor, problem: Problem) -> list[Voice]:
    return voices_of(actor, [problem])[problem.pk]


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
    told = _("The card says what must not be lost: %(text)s")
    return told % {"text": ended(kept)} if kept else _guard("positive_uses_kept")(seen)


def _early(seen: Seen) -> str:
    """Before anything is built; at a later stage it is for people to say what can still change."""
    guard = seen.guards.get("planning_stage")
    is_early = guard is not None and guard.answer and EARLY & set(guard.answer.choices)
    return _guard("design_stage")(seen) if is_early else ""


def _watched(seen: Seen) -> str:
    watched = [one.watch for one in watched_effects(seen.concept.problem) if one.watch]
    told = _("A tension card says what is watched: %(text)s")
    return told % {"text": ended(watched[0])} if watched else ""


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


def _research_weighed(seen: Seen) -> str:
    """Research with a stance and its reason; a practice that is taken over has its passport."""
    problem = seen.concept.problem
    weighed = [
        one
        for one in linked_of(seen.actor, problem)
        if one.address and one.stands and one.stance.reason.strip()
    ]
    weighed = [one for one in weighed if one.stance.position != Position.CONSIDERED]
    taken = {
        one.source
        for one in problem.stances.filter(position=Position.APPLIED, replaced_at=None)
        if one.source_kind in PRACTICES
    }
    if not weighed or taken - {one.source for one in passports_of(seen.actor, problem)}:
        return ""
    told = [f"{one.title} ({one.stance.get_position_display()})" for one in weighed[:NAMED]]
    sentence = _("The record says with a reason what was made of research: %(entries)s.")
    return sentence % {"entries": listed(told)}


def _technology(seen: Seen) -> str:
    """What the impact screen says of technology; what nobody knows yet answers nothing."""
    for one in aspects_of(seen.concept.problem):
        if one.row["id"] == "technology" and one.answer and one.answer.answer != UNKNOWN:
            return _("We said of its impact: “%(text)s”") % {"text": ended(one.answer.text)}
    return ""


def _guard(check: str) -> Callable[[Seen], str]:
    def tell(seen: Seen) -> str:
        guard = seen.guards.get(FROM_GUARDS[check])
        if guard is None or not guard.said or _is_of_the_record(seen, guard):
            return ""
        return _quoted(guard)

    return tell


def _is_of_the_record(seen: Seen, guard: Guard) -> bool:
    """Whether a guard says no more than the record: that a group was heard does not serve it."""
    tell = FROM_THE_RECORD.get(guard.row["id"])
    return tell is not None and ended(guard.said) == ended(tell(seen.actor, seen.concept))


def _quoted(guard: Guard) -> str:
    return _("Our answer: “%(text)s”") % {"text": ended(guard.said)}


def _guards(concept: Concept) -> dict[str, Guard]:
    return {one.row["id"]: one for one in guards_of(concept)}


EARLY = {"before_planning", "concept", "detailed_design"}
"""Stages at which nothing is built yet."""

FROM_GUARDS = {
    "design_stage": "planning_stage",
    "positive_uses_kept": "other_functions",
    "gender_and_vulnerable": "gender",
    "least_coercive": "non_coercive_option",
    "upkeep_funded": "upkeep",
    "felt_safety_apart": "felt_and_recorded_apart",
}
"""The checks that ask again what a guard of a focus area asks."""


TELLERS: dict[str, Callable[[Seen], Any]] = {
    "problem_defined_jointly": _jointly,
    "more_than_police_data": _both_kinds,
    "design_stage": _early,
    "end_users_design": _tried_by_users,
    "positive_uses_kept": _uses_kept,
    "gender_and_vulnerable": _guard("gender_and_vulnerable"),
    "technology_serves": _technology,
    "side_effects_watched": _watched,
    "least_coercive": _guard("least_coercive"),
    "evidence_considered": _research_weighed,
    "upkeep_funded": _guard("upkeep_funded"),
    "mechanism_stated": _mechanisms,
    "felt_safety_apart": _guard("felt_safety_apart"),
}
"""The checks of the content that a part of the record can answer."""

LESS_SAFE = frozenset(
    "women_and_girls older_people people_with_disabilities other_languages people_without_home "
    "lgbtiq minorities victims".split()
)
"""Groups on the board of voices who often feel less safe."""
LESS_SAFE_PRESENT = frozenset(
    "women other_gender older_people people_with_disabilities newcomers people_without_home".split()
)
"""The same as engagement and workshops name them."""

OF_GUARDS: dict[str, Callable[[Actor, Concept], str]] = {
    "gender": _heard(LESS_SAFE, LESS_SAFE_PRESENT),
    "young_people_heard": _heard(frozenset({"children_and_youth"}), frozenset({"youth"})),
    "cause_before_measure": _supported_cause,
}
"""The guards whose refusal is a fact that the record knows, or knows better."""

FROM_THE_RECORD: dict[str, Callable[[Actor, Concept], str]] = {
    **OF_GUARDS,
    "other_functions": _kept_uses,
    "upkeep": _upkeep,
    "felt_and_recorded_apart": _felt_and_recorded,
}
"""All guards whose answer the record begins; people say the rest."""
