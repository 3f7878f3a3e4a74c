"""What the review puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.brief.life import newest_brief
from commonlight.web.design.review.domain.guards import guards_of_many
from commonlight.web.design.review.domain.principles import checks_of_many
from commonlight.web.design.review.domain.tensions import answer_titles, cards_of
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field
from commonlight.web.workspaces.reading import read_once

__all__ = ["design_brief", "guards", "principle_checks", "tensions"]


def _address(problem: Problem, name: str, *more: object) -> str:
    return reverse(f"review:{name}", args=[problem.workspace.slug, problem.number, *more])


@read_once
def _concepts(problem: Problem) -> list[Concept]:
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    found = list(rows.exclude(state=ConceptState.SET_ASIDE).order_by("number"))
    for one in found:
        one.problem, one.workspace = problem, problem.workspace
    return found


@record_field("tensions")
def tensions(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each card that fires or was answered, and where the partners stand."""
    sides = answer_titles()
    for one in cards_of(problem):
        values = {"title": one.row["title"], "side": "", "why": ""}
        if one.answer is not None:
            values |= {"side": sides.get(one.answer.side, ""), "why": one.answer.why}
            text = _("%(title)s. %(side)s: %(why)s") % values
        elif one.firings:
            text = _("%(title)s. No answer yet.") % values
        else:
            continue
        yield Entry(text=text, address=_address(problem, "tension", one.id))


@record_field("principle_checks")
def principle_checks(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """For each concept, how many checks have an answer."""
    concepts = _concepts(problem)
    checks = checks_of_many(concepts)
    for concept in concepts:
        found = checks[concept.pk]
        values = {
            "concept": concept.name,
            "answered": sum(one.answer is not None for one in found),
            "all": len(found),
        }
        if values["answered"]:
            text = _("%(concept)s: %(answered)s of %(all)s checks answered") % values
            yield Entry(text=text, address=_address(problem, "principles", concept.number))


@record_field("guards")
def guards(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each guard that applies, and whether the concept passes it."""
    concepts = _concepts(problem)
    found = guards_of_many(problem, concepts)
    for concept in concepts:
        for one in found[concept.pk]:
            if one.answer is None and not one.hits:
                continue
            said = one.answer.text if one.is_answered and one.answer else ""
            values = {"concept": concept.name, "question": one.row["question"], "said": said}
            values["said"] = said or (_("passed") if one.is_answered else one.refusal)
            text = _("%(concept)s: %(question)s %(said)s") % values
            yield Entry(text=text, address=_address(problem, "guards", concept.number))


@record_field("design_brief")
def design_brief(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """The newest version and its state."""
    found = newest_brief(problem)
    if found is not None:
        values = {"number": found.number, "state": found.get_state_display()}
        text = _("Version %(number)s: %(state)s") % values
        yield Entry(text=text, address=_address(problem, "brief"))
