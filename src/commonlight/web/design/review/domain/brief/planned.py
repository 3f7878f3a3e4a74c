"""What is planned, how it was tested, and why it should work."""

from __future__ import annotations

import re
from typing import Any

from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commonlight.web.design.domain.catalogue import card_fields, group_titles
from commonlight.web.design.domain.concepts import card_of
from commonlight.web.design.domain.toolkit import sections
from commonlight.web.design.engagement.domain.catalogue import short
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import (
    Concept,
    ConceptVersion,
    PrototypeTest,
    ToolkitSpecification,
)
from commonlight.web.design.review.domain.brief.blocks import (
    Block,
    facts,
    figure,
    item,
    items,
    table,
)
from commonlight.web.design.review.domain.plan_texts import concepts_of
from commonlight.web.design.review.domain.sentences import ended
from commonlight.web.design.theory.domain.picture import draw, unproven
from commonlight.web.design.theory.domain.reading import Sheet, read_theory
from commonlight.web.design.theory.papers import picture_file
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.models import Problem
from commonlight.web.ui.dates import date_format
from commonlight.web.ui.punctuation import named

__all__ = ["design", "drafted_decision", "drafted_summary", "not_known", "proposal", "theory"]

AFTER_A_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zß-ÿ])")
WIDE = 900
"""A picture wider than this is hard to read on upright paper."""


def proposal(problem: Problem, written: str) -> list[Block]:
    """The concept to decide on in two sentences, its cost and who does it, and other concepts.

    A sentence that the written summary holds already is not said twice.
    """
    found = _approved_first(problem)
    if not found:
        return []
    concept, version, _tool = found[0]
    sentences = [ended(version.in_one_sentence), ended(_first(version.why_it_should_work))]
    told = [one for one in sentences if one and one.rstrip(".") not in written]
    others = [_option(*one[:2]) for one in found[1:]]
    first = [
        (_("Proposal"), " ".join([ended(concept.name), *told])),
        (_("Rough cost"), version.cost_guess),
        (_("Who does it"), version.who_does_it),
    ]
    return [facts("", first), *([items(_("Other options"), others)] if others else [])]


def drafted_summary(problem: Problem) -> str:
    """The problem, what is planned and why it should work, as the record has them.

    Who writes the summary begins with these sentences. What is not known stays to be written.
    """
    told = [current_statement(problem).sentence]
    found = _approved_first(problem)
    if found:
        version = found[0][1]
        told += [version.in_one_sentence, _first(version.why_it_should_work)]
    return " ".join(ended(one) for one in told if one.strip())


def drafted_decision(problem: Problem) -> str:
    """The concepts as options with their cost, and to leave everything as it is.

    Who writes the question to the council begins with these lines. Empty without a concept.
    """
    with translation.override(problem.workspace.language or "en"):
        told = [_priced(*one[:2]) for one in _approved_first(problem)]
        if not told:
            return ""
        options = [*told, _("Everything stays as it is.")]
        return "\n".join(
            named(_("Option %(number)s") % {"number": place}, text)
            for place, text in enumerate(options, start=1)
        )


def _priced(concept: Concept, version: ConceptVersion) -> str:
    cost = ended(version.cost_guess) if version.cost_guess else _("not known yet.")
    return f"{ended(concept.name)} {named(_('Rough cost'), cost)}"


def _option(concept: Concept, version: ConceptVersion) -> str:
    cost = named(_("Rough cost"), ended(version.cost_guess)) if version.cost_guess else ""
    return f"{named(concept.name, ended(version.in_one_sentence))} {cost}".strip()


def _first(text: str) -> str:
    """The first sentence of a text."""
    return AFTER_A_SENTENCE.split(text.strip(), maxsplit=1)[0]


def _approved_first(
    problem: Problem,
) -> list[tuple[Concept, ConceptVersion, ToolkitSpecification | None]]:
    return sorted(concepts_of(problem), key=lambda one: one[0].state != ConceptState.APPROVED)


def design(problem: Problem, ideas: list[Block]) -> list[Block]:
    """Each concept with its card, its tests and its specification; approved ones first."""
    found = _approved_first(problem)
    tests: dict[int, list[PrototypeTest]] = {}
    rows = PrototypeTest.objects.of(problem.workspace).filter(concept__problem=problem)
    for one in rows.order_by("number"):
        tests.setdefault(one.concept_id, []).append(one)
    blocks = [
        block
        for concept, version, tool in found
        for block in _concept(concept, version, tests.get(concept.pk, []), tool)
    ]
    kept = problem.ideas.filter(is_minority=True)
    minority = [
        _("%(idea)s Needed by: %(reason)s")
        % {"idea": ended(one.text), "reason": one.minority_reason}
        for one in kept
    ]
    if minority:
        blocks.append(items(_("Minority ideas that were kept"), minority))
    return blocks or ideas


def theory(actor: Actor, problem: Problem, faults: list[Block]) -> list[Block]:
    """The picture, the same as a table with evidence and confidence, and what the checks find."""
    sheet = read_theory(actor, problem)
    if not sheet.links:
        return []
    picture = draw(sheet.graph, title=problem.title)
    drawn = figure(
        _("Theory of change"),
        picture.description,
        picture_file(picture),
        is_wide=picture.width > WIDE,
    )
    heads = [
        pgettext("theory", "Link"),
        _("Mechanism"),
        _("Assumption"),
        _("What it rests on"),
        _("How sure"),
        _("Possible harm"),
    ]
    rows = [_link(sheet, one) for one in sheet.links]
    told = table(_("Every link of the theory"), heads, rows)
    return [drawn, told, *_unproven(sheet), *faults]


def not_known(problem: Problem) -> list[Block]:
    """What the toolkit specifications leave open, in the words of their authors."""
    told = [
        _("%(name)s: %(text)s") % {"name": concept.name, "text": tool.answers["not_known"]}
        for concept, _version, tool in concepts_of(problem)
        if tool is not None and tool.answers.get("not_known")
    ]
    return [items(_("What the authors of the concepts do not know"), told)] if told else []


def _concept(
    concept: Concept,
    version: ConceptVersion,
    tests: list[PrototypeTest],
    tool: ToolkitSpecification | None,
) -> list[Block]:
    label = _("Concept %(number)s: %(name)s (%(state)s, version %(version)s)") % {
        "number": concept.number,
        "name": concept.name,
        "state": concept.get_state_display(),
        "version": version.number,
    }
    return [
        facts(label, _card(version)),
        *_tests(concept, tests),
        *_specification(concept, version, tool),
    ]


def _card(version: ConceptVersion) -> list[tuple[Any, str]]:
    known = card_of(version)
    return [
        (one["title"], _said(known[name]))
        for name, one in card_fields().items()
        if name != "name" and known.get(name)
    ]


def _said(value: Any) -> str:
    """A field of the card as a sentence says it."""
    if isinstance(value, list):
        is_groups = all(isinstance(one, str) for one in value)
        names = [short(one) for one in group_titles(value)] if is_groups else value
        return get_text_list([str(one) for one in names], _("and"))
    return str(value)


def _tests(concept: Concept, tests: list[PrototypeTest]) -> list[Block]:
    rows = [
        [
            date_format(one.day, "DATE_FORMAT"),
            one.what,
            _testers(one),
            one.seen,
            _("%(verdict)s: %(because)s")
            % {"verdict": one.get_verdict_display(), "because": one.because},
        ]
        for one in tests
    ]
    heads = [_("Day"), _("What was tried"), _("Who tried it"), _("What was seen"), _("So")]
    caption = _("Tests of “%(name)s”") % {"name": concept.name}
    return [table(caption, heads, rows)] if rows else []


def _testers(test: PrototypeTest) -> str:
    people = ngettext("%(count)s person", "%(count)s people", test.people) % {"count": test.people}
    groups = ", ".join(short(one) for one in group_titles(test.testers))
    return _("%(people)s: %(groups)s") % {"people": people, "groups": groups} if groups else people


def _specification(
    concept: Concept, version: ConceptVersion, found: ToolkitSpecification | None
) -> list[Block]:
    """What the specification says beyond the card, from which it was begun."""
    if found is None:
        return []
    said = {"", *(text.strip() for _title, text in _card(version))}
    pairs = [
        (title, text)
        for _part, fields in sections(found)
        for title, text in fields
        if text.strip() not in said
    ]
    label = _("Specification of “%(name)s”") % {"name": concept.name}
    return [facts(label, pairs)] if pairs else []


def _link(sheet: Sheet, link: Any) -> list[Any]:
    rests = [item(one.title, (one.kind, one.key)) for one in sheet.grounds.get(link.pk, ())]
    own = _("our own judgement") if link.is_own_judgement else "–"
    return [
        _("%(number)s. %(start)s → %(end)s")
        % {"number": link.number, "start": link.source.text, "end": link.target.text},
        link.mechanism or "–",
        link.assumption or "–",
        rests or own,
        link.get_confidence_display(),
        link.harm or "–",
    ]


def _unproven(sheet: Sheet) -> list[Block]:
    """The links that lack their mechanism or anything that they rest on."""
    boxes = sheet.graph.box
    told = [
        _("%(start)s → %(end)s: %(lacks)s")
        % {
            "start": boxes[one.source].text,
            "end": boxes[one.target].text,
            "lacks": " ".join(lacks),
        }
        for one in sheet.graph.arrows
        if (lacks := unproven(sheet.graph, one))
    ]
    return [items(_("Unproven links"), told)] if told else []
