"""What knowledge puts into the record of a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.knowledge.domain.passports import passports_of
from commonlight.web.knowledge.domain.stances import Linked, linked_of, named
from commonlight.web.knowledge.enums import SourceKind
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field

__all__ = ["passports"]

PRACTICES = frozenset({SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE})
Teller = Callable[[Actor, Problem], Iterable[Entry]]


def _linked(*, practices: bool) -> Teller:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        if not decide(actor, "knowledge.view"):
            return []
        rows = linked_of(actor, problem)
        return [_told(one) for one in rows if (one.stance.source_kind in PRACTICES) == practices]

    return tell


def _told(one: Linked) -> Entry:
    values = {
        "title": one.title,
        "stance": one.stance.get_position_display(),
        "reason": one.stance.reason,
    }
    if one.stance.reason:
        return Entry(text=_("%(title)s: %(stance)s. %(reason)s") % values, address=one.address)
    return Entry(text=_("%(title)s: %(stance)s") % values, address=one.address)


record_field("statements_considered")(_linked(practices=False))
record_field("practices_considered")(_linked(practices=True))


@record_field("passports")
def passports(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each passport with the practice and the effect that is expected here."""
    if not decide(actor, "knowledge.view"):
        return []
    rows = passports_of(actor, problem)
    about = named(actor, (one.source for one in rows))
    return [
        Entry(
            text=_("%(practice)s. Expected effect: %(effect)s")
            % {
                "practice": about[one.source]["title"],
                "effect": one.get_expected_display(),
            },
            address=reverse(
                "knowledge:passport", args=[actor.workspace.slug, problem.number, one.number]
            ),
        )
        for one in rows
    ]
