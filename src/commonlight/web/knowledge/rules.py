"""Who may read, write and review local entries, and link evidence to a problem."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.knowledge.enums import EntryState, GapState
from commonlight.web.knowledge.models import Gap, LocalPractice, LocalStatement, Passport, Stance
from commonlight.web.policy import Actor, Decision, allowed, decide, refused, rule

__all__ = ["add_entry", "link_evidence", "review_entry", "view_entry"]

Entry = LocalPractice | LocalStatement
OWN_ONLY = frozenset({EntryState.DRAFT, EntryState.RETURNED})


@rule("knowledge.view")
def view_entry(actor: Actor, thing: Any) -> Decision:
    """A draft is read by the organisation that writes it; everything else by all members."""
    if not isinstance(thing, Entry) or thing.state not in OWN_ONLY:
        return allowed
    if thing.organisation_id == actor.organisation_id:
        return allowed
    return refused(
        _("This entry is still a draft of %(organisation)s.")
        % {"organisation": thing.organisation.name},
        _("Ask %(organisation)s to offer it for review.")
        % {"organisation": thing.organisation.name},
    )


@rule("knowledge.add")
def add_entry(actor: Actor, thing: Any) -> Decision:
    """An entry is changed by the organisation that wrote it, a gap by everybody who may add."""
    if isinstance(thing, Gap):
        if thing.state == GapState.OPEN:
            return allowed
        return refused(_("This gap is closed."), _("Open it again first."))
    if isinstance(thing, Entry) and thing.organisation_id != actor.organisation_id:
        return refused(
            _("Only %(organisation)s may change this entry.")
            % {"organisation": thing.organisation.name},
            _("Ask a colleague of that organisation."),
        )
    return allowed


@rule("knowledge.review")
def review_entry(actor: Actor, entry: Entry) -> Decision:
    """Nobody reviews what she or her own organisation wrote."""
    wrote = {one.user_id for one in (entry.author, entry.changed_by) if one is not None}
    if actor.user_id in wrote:
        return refused(
            _("You wrote this entry, so somebody else must review it."),
            _("Ask a member of another organisation."),
        )
    if entry.organisation_id == actor.organisation_id:
        return refused(
            _("Your organisation wrote this entry, so another one must review it."),
            _("Ask a member of another organisation."),
        )
    return allowed


@rule("knowledge.link")
def link_evidence(actor: Actor, thing: Any) -> Decision:
    """Evidence is linked by those who may write in the record of the problem."""
    problem = thing.problem if isinstance(thing, Passport | Stance) else thing
    return decide(actor, "problem.write", problem)
