"""What could go wrong: tensions, side effects, principles, guards and impact."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.engagement.domain.catalogue import filled
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.brief.blocks import Block, facts, items, note, table
from commonlight.web.design.review.domain.guards import Guard, answer_words, guards_of_many
from commonlight.web.design.review.domain.impact import (
    UNKNOWN,
    aspects_of,
    content,
    open_aspects,
)
from commonlight.web.design.review.domain.principles import Check, checks_of_many
from commonlight.web.design.review.domain.record_shows import shown_checks
from commonlight.web.design.review.domain.sentences import ended
from commonlight.web.design.review.domain.tensions import (
    answer_titles,
    cards_of,
    effect_words,
    watched_effects,
)
from commonlight.web.design.theory.domain.reading import links_of, steps_of, theory_of
from commonlight.web.design.theory.enums import StepKind
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.ui.dates import date_format
from commonlight.web.ui.punctuation import listed

__all__ = ["not_known", "side_effects"]


def side_effects(actor: Actor, problem: Problem) -> list[Block]:
    """Harms that the theory names, tensions, what is watched, and what the checks say."""
    blocks = [*_harms(problem), *_tensions(problem), *_effects(problem)]
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    concepts = list(rows.exclude(state=ConceptState.SET_ASIDE).order_by("number"))
    checks, guards = checks_of_many(concepts), guards_of_many(problem, concepts)
    for one in concepts:
        blocks += [*_principles(actor, one, checks[one.pk]), *_guards(one, guards[one.pk])]
    return [*blocks, *_impact(problem)]


def not_known(problem: Problem) -> list[Block]:
    """Impact questions to which the honest answer is “not known yet”, and those without one."""
    told = [
        _("%(aspect)s: %(text)s") % {"aspect": one.row["title"], "text": one.answer.text}
        if one.answer.text
        else str(one.row["title"])
        for one in aspects_of(problem)
        if one.answer is not None and one.answer.answer == UNKNOWN
    ]
    blocks = [items(_("Impact that nobody knows yet"), told)] if told else []
    left = ", ".join(str(one.row["title"]) for one in open_aspects(problem))
    if left:
        blocks.append(note(filled(content()["words"]["unanswered"], aspects=left)))
    return blocks


def _harms(problem: Problem) -> list[Block]:
    theory = theory_of(problem)
    if theory is None:
        return []
    told = [one.text for one in steps_of(theory) if one.kind == StepKind.HARM]
    told += [one.harm for one in links_of(theory) if one.harm]
    return [items(_("Harms that the theory names"), dict.fromkeys(told))] if told else []


def _tensions(problem: Problem) -> list[Block]:
    sides, cards = answer_titles(), cards_of(problem)
    rows = [
        [
            one.row["title"],
            sides.get(one.answer.side, one.answer.side),
            one.answer.why,
            one.answer.who_may_lose or "–",
            one.answer.watch or "–",
        ]
        for one in cards
        if one.answer is not None
    ]
    heads = [_("Tension"), _("Where we stand"), _("Why"), _("Who may lose"), _("What we watch")]
    blocks = [table(_("Tensions, and where the partners stand"), heads, rows)] if rows else []
    waiting = [str(one.row["title"]) for one in cards if one.is_waiting]
    if waiting:
        sentence = ngettext(
            "The plan touches %(count)s tension without an answer: %(titles)s.",
            "The plan touches %(count)s tensions without an answer: %(titles)s.",
            len(waiting),
        )
        blocks.append(note(sentence % {"count": len(waiting), "titles": listed(waiting)}))
    return blocks


def _effects(problem: Problem) -> list[Block]:
    rows = []
    for one in watched_effects(problem):
        words = effect_words(one)
        rows.append([words["title"], words["how"], one.watch])
    heads = [_("Side effect"), _("How one would notice it"), _("What the partners watch")]
    return [table(_("Possible side effects that are watched"), heads, rows)] if rows else []


def _principles(actor: Actor, concept: Concept, checks: list[Check]) -> list[Block]:
    """The answers; what was still to be done and now stands in the record is told as done."""
    answered = [one for one in checks if one.answer is not None]
    if not answered:
        return []
    shown = shown_checks(actor, concept) if any(map(_is_to_do, answered)) else {}
    since = {one.row["id"]: shown.get(one.row["id"], "") for one in answered if _is_to_do(one)}
    rows = []
    for one in answered:
        done = since.get(one.row["id"], "")
        said = [_("Met by now"), done] if done else [one.answer_title, _how(one)]
        rows.append([one.row["question"], *said])
    heads = [_("Principle"), _("Answer"), _("In words")]
    caption = _("“%(name)s” against the principles of the Roadmap") % {"name": concept.name}
    left = len(checks) - len(answered)
    told = ngettext(
        "%(count)s principle has no answer yet.", "%(count)s principles have no answer yet.", left
    )
    return [table(caption, heads, rows), *([note(told % {"count": left})] if left else [])]


def _is_to_do(check: Check) -> bool:
    return check.answer is not None and check.answer.answer == "will_do"


def _how(check: Check) -> str:
    found = check.answer
    if found is None:
        return "–"
    if _is_to_do(check):
        return _("%(what)s (%(owner)s, until %(day)s)") % {
            "what": found.what.strip().rstrip("."),
            "owner": found.owner.name if found.owner else "–",
            "day": date_format(found.due, "DATE_FORMAT") if found.due else "–",
        }
    return found.where or found.reason or "–"


def _guards(concept: Concept, guards: list[Guard]) -> list[Block]:
    pairs = []
    for one in guards:
        if one.answer is None:
            continue
        chosen = ", ".join(str(word) for word in answer_words(one.answer.choices))
        confirmed = _("Confirmed by the coordinator.") if one.answer.is_confirmed else ""
        told = " ".join(part for part in (ended(chosen), one.answer.text) if part)
        pairs.append((one.row["question"], told or confirmed))
    label = _("“%(name)s” and the guards of its focus area") % {"name": concept.name}
    return [facts(label, pairs)] if pairs else []


def _impact(problem: Problem) -> list[Block]:
    """What was looked at; what nobody knows yet stands in its own section."""
    rows = [
        [one.row["title"], one.answer_title, one.answer.text or "–"]
        for one in aspects_of(problem)
        if one.answer is not None and one.answer.answer != UNKNOWN
    ]
    heads = [_("Aspect"), _("Answer"), _("In words")]
    return [table(_("Impact on people and place"), heads, rows)] if rows else []
