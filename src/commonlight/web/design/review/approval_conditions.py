"""What the review asks of a concept before it is approved: principles, guards and tensions."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commonlight.web.design.domain.approval import Answers, OpenPoint, condition, to_be_read
from commonlight.web.design.engagement.domain.catalogue import filled
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.guards import open_guards, open_parameters
from commonlight.web.design.review.domain.principles import content, open_checks
from commonlight.web.design.review.domain.record_shows import open_text
from commonlight.web.policy import Actor

__all__ = ["answered_checks", "answered_guards", "guards_are_passed", "principles_are_answered"]

NAMED = 3
"""So many open checks are named; more are counted."""


def _page(concept: Concept, name: str) -> str:
    problem = concept.problem
    return reverse(f"review:{name}", args=[problem.workspace.slug, problem.number, concept.number])


@condition
def principles_are_answered(actor: Actor, concept: Concept) -> Iterable[OpenPoint]:
    """Each principle is met, will be met, or it is said why it does not apply."""
    left = [str(one.row["question"]) for one in open_checks(concept)]
    if not left:
        return
    sentence = filled(content()["words"]["refusal"], checks=" ".join(left))
    if len(left) > NAMED:
        told = ngettext(
            "%(count)s principle check has no answer.",
            "%(count)s principle checks have no answer.",
            len(left),
        )
        sentence = told % {"count": len(left)}
    yield OpenPoint(text=sentence, address=_page(concept, "principles"))


@condition
def guards_are_passed(actor: Actor, concept: Concept) -> Iterable[OpenPoint]:
    """Each guard of the focus area is answered, and nothing stands in the design that must not."""
    address = _page(concept, "guards")
    for one in open_parameters(concept):
        yield OpenPoint(text=one["title"], address=f"{address}#parameter-{one['id']}")
    for guard in open_guards(concept):
        yield OpenPoint(
            text=open_text(actor, concept, guard), address=f"{address}#guard-{guard.key}"
        )


@to_be_read
def answered_guards(concept: Concept) -> Answers:
    """What the design says to the guards of its focus area."""
    return Answers(title=_("Guards of the focus area"), address=_page(concept, "guards"))


@to_be_read
def answered_checks(concept: Concept) -> Answers:
    """What the authors answered to each principle."""
    return Answers(title=content()["words"]["title"], address=_page(concept, "principles"))
