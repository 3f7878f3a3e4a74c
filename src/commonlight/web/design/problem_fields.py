"""What the design puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.enums import VoteState
from commonlight.web.design.models import PrototypeTest, ToolkitSpecification
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field
from commonlight.web.ui.dates import date_format

__all__ = ["concepts", "ideas", "prototype_tests", "toolkit_specification", "workshops"]


@record_field("workshops")
def workshops(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each workshop with its day and whether it was held."""
    if not decide(actor, "design.view"):
        return
    for one in problem.workshops.order_by("number"):
        words = {"title": one.title, "state": one.get_state_display()}
        text = _("%(title)s (%(state)s)") % words
        if one.day:
            day = date_format(one.day, "DATE_FORMAT")
            text = _("%(title)s, %(day)s (%(state)s)") % {**words, "day": day}
        yield Entry(text=text, address=_address(problem, "workshop", one.number))


@record_field("ideas")
def ideas(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """How many ideas there are, those that a minority needs, and the votes."""
    if not decide(actor, "design.view"):
        return
    number = problem.ideas.count()
    if number:
        text = ngettext("%(number)d idea", "%(number)d ideas", number) % {"number": number}
        yield Entry(text=text, address=_address(problem, "ideas"))
    for one in problem.ideas.filter(is_minority=True)[:50]:
        text = _("Kept minority idea: %(idea)s") % {"idea": one.text}
        yield Entry(text=text, address=_address(problem, "idea", one.number))
    for vote in problem.votes.order_by("number"):
        state = VoteState(vote.state).label
        text = _("%(title)s (%(state)s)") % {"title": vote.title, "state": state}
        yield Entry(text=text, address=_address(problem, "vote", vote.number))


@record_field("concepts")
def concepts(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each concept with its state."""
    if not decide(actor, "design.view"):
        return
    for one in problem.concepts.all():
        text = _("%(title)s (%(state)s)") % {"title": one.name, "state": one.get_state_display()}
        yield Entry(text=text, address=_address(problem, "concept", one.number))


@record_field("prototype_tests")
def prototype_tests(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each test with what followed, and why."""
    if not decide(actor, "design.view"):
        return
    rows = PrototypeTest.objects.of(actor.workspace).filter(concept__problem=problem)
    for one in rows.select_related("concept").order_by("concept__number", "number"):
        words = {
            "concept": one.concept.name,
            "verdict": one.get_verdict_display(),
            "because": one.because,
        }
        text = _("%(concept)s: %(verdict)s, because: %(because)s") % words
        yield Entry(text=text, address=_address(problem, "concept", one.concept.number))


@record_field("toolkit_specification")
def toolkit_specification(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each concept of which somebody has said what the tool is."""
    if not decide(actor, "design.view"):
        return
    rows = ToolkitSpecification.objects.of(actor.workspace).filter(concept__problem=problem)
    newest: dict[int, Any] = {}
    for one in rows.select_related("concept").order_by("concept__number", "-number"):
        newest.setdefault(one.concept_id, one)
    for one in newest.values():
        text = _("Toolkit specification of “%(concept)s”, version %(number)d") % {
            "concept": one.concept.name,
            "number": one.number,
        }
        yield Entry(text=text, address=_address(problem, "specification", one.concept.number))


def _address(problem: Problem, name: str, *more: Any) -> str:
    return reverse(f"design:{name}", args=[problem.workspace.slug, problem.number, *more])
