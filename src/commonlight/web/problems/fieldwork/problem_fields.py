"""What fieldwork puts into the record: valued and desired uses, sessions, entries of audits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.problems.fieldwork.addresses import audit_page, page_of
from commonlight.web.problems.fieldwork.catalogue import block_named, card, question_named
from commonlight.web.problems.fieldwork.domain.positive import answers_of
from commonlight.web.problems.fieldwork.domain.sessions import sessions_of
from commonlight.web.problems.fieldwork.domain.sight import entries_seen
from commonlight.web.problems.fieldwork.models import ScopeEntry, ValuedUse
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, record_field

__all__ = ["audit_scope", "requirements"]

VALUED = ("valued_uses", "who_uses_it", "must_stay")
DESIRED = ("desired_uses", "missing_users")


def _uses(wanted: tuple[str, ...]) -> Callable[[Actor, Problem], Iterable[Entry]]:
    def tell(actor: Actor, problem: Problem) -> Iterable[Entry]:
        page = page_of(problem, "positive")
        answers = answers_of(problem.workspace, [problem])[problem.pk]
        for question in wanted:
            for one in answers:
                if one.question == question:
                    yield Entry(text=_said(one), address=f"{page}#use-{one.pk}")

    return tell


def _said(use: ValuedUse) -> str:
    title = (question_named(use.question) or {}).get("title", "")
    if use.is_none_found:
        return _("%(question)s None found. Where we looked: %(where)s") % {
            "question": title,
            "where": use.where_looked,
        }
    values = {"question": title, "answer": use.text, "who": use.told_by}
    if use.told_by:
        return _("%(question)s %(answer)s (told by: %(who)s)") % values
    return _("%(question)s %(answer)s") % values


record_field("valued_uses")(_uses(VALUED))
record_field("desired_uses")(_uses(DESIRED))


@record_field("requirements")
def requirements(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Each session, and each observation under it."""
    for session in sessions_of(problem):
        page = page_of(problem, "session", session.number)
        method = (card(session.method) or {}).get("title", session.method)
        values = {"number": session.number, "method": method, "place": session.place}
        text = _("Session %(number)s: %(method)s, %(place)s") % values
        yield Entry(text=text, address=page)
        for one in session.observations.all():
            if one.withdrawn_at is None:
                said = _("“%(quote)s”") % {"quote": one.text} if one.is_quote else one.text
                yield Entry(text=said, address=f"{page}#observation-{one.number}")


@record_field("audit_scope")
def audit_scope(actor: Actor, problem: Problem) -> Iterable[Entry]:
    """Entries of safety audits that speak of this problem, as far as they may be read."""
    rows = ScopeEntry.objects.of(problem.workspace).filter(problem=problem, withdrawn_at=None)
    entries = {str(one.pk): one for one in rows.select_related("audit")}
    for key, may in entries_seen(actor, entries).items():
        one = entries[key]
        if may:
            title = (block_named(one.block) or {}).get("title", one.block)
            page = audit_page(problem.workspace, "audit-block", one.audit.number, one.block)
            text = _("%(block)s: %(text)s") % {"block": title, "text": one.text}
            yield Entry(text=text, address=f"{page}#entry-{one.pk}")
