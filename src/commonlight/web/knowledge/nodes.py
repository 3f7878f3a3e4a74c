"""Practices, statements, local entries and gaps as things of the thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.knowledge.domain.published import (
    PublishedPractice,
    PublishedStatement,
    practices_in,
    statements_in,
)
from commonlight.web.knowledge.enums import EntryKind, EntryState, GapState
from commonlight.web.knowledge.methods import found
from commonlight.web.knowledge.models import Gap, LocalPractice, LocalStatement
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["GAP", "LOCAL_PRACTICE", "LOCAL_STATEMENT", "PRACTICE", "STATEMENT"]

Things = Mapping[str, Any]


def _see_published(actor: Actor, things: Things) -> dict[str, Decision]:
    decision = decide(actor, "knowledge.view")
    return dict.fromkeys(things, decision)


def _see(actor: Actor, things: Things) -> dict[str, Decision]:
    return {key: decide(actor, "knowledge.view", one) for key, one in things.items()}


def _not_superseded(things: Things) -> dict[str, Decision]:
    return {
        key: refused(_("It was superseded by “%(title)s”.") % {"title": one.successor})
        for key, one in things.items()
        if one.successor
    }


def _offer_practices(actor: Actor, words: str) -> Iterable[PublishedPractice]:
    if not words.strip():
        return practices_in(actor.workspace)
    return practices_in(actor.workspace, [one.id for one in found(words).practices])


def _offer_statements(actor: Actor, words: str) -> Iterable[PublishedStatement]:
    if not words.strip():
        return statements_in(actor.workspace)
    return statements_in(actor.workspace, [one.id for one in found(words).statements])


PRACTICE = register(
    NodeKind(
        name="practice",
        label=gettext_lazy("practice"),
        model=PublishedPractice,
        find=lambda workspace, keys: {one.pk: one for one in practices_in(workspace, keys)},
        title=lambda one: str(one.title),
        address=lambda one: reverse("knowledge:practice", args=[one.workspace.slug, one.pk]),
        see=_see_published,
        live=_not_superseded,
        offer=_offer_practices,
        must_rest=False,
    )
)

STATEMENT = register(
    NodeKind(
        name="statement",
        label=gettext_lazy("statement"),
        model=PublishedStatement,
        find=lambda workspace, keys: {one.pk: one for one in statements_in(workspace, keys)},
        title=lambda one: str(one.title),
        address=lambda one: reverse("knowledge:statement", args=[one.workspace.slug, one.pk]),
        see=_see_published,
        live=_not_superseded,
        offer=_offer_statements,
        must_rest=False,
    )
)


def _reviewed(things: Things) -> dict[str, Decision]:
    """An entry stands as long as somebody else has approved it."""
    why = {
        EntryState.DRAFT: _("It is a draft; nobody has reviewed it."),
        EntryState.OFFERED: _("It waits for review."),
        EntryState.RETURNED: _("Its reviewer returned it."),
    }
    return {
        key: refused(
            _("It was withdrawn: %(reason)s") % {"reason": one.withdrawn_reason}
            if one.state == EntryState.WITHDRAWN
            else why[one.state]
        )
        for key, one in things.items()
        if one.state != EntryState.REVIEWED
    }


def _offer_entries(model: Any) -> Callable[[Actor, str], Iterable[Any]]:
    def offer(actor: Actor, words: str) -> Iterable[Any]:
        rows = model.objects.of(actor.workspace).filter(state=EntryState.REVIEWED)
        rows = with_words(rows, words, "title")
        found: Iterable[Any] = rows.select_related("workspace", "organisation")
        return found

    return offer


def _entry_address(kind: EntryKind) -> Callable[[Any], str]:
    return lambda one: reverse("knowledge:entry", args=[one.workspace.slug, kind, one.number])


LOCAL_PRACTICE = register(
    NodeKind(
        name="local_practice",
        label=gettext_lazy("local practice"),
        model=LocalPractice,
        find=finder(LocalPractice, "workspace", "organisation"),
        title=lambda one: str(one.title),
        address=_entry_address(EntryKind.PRACTICE),
        see=_see,
        live=_reviewed,
        offer=_offer_entries(LocalPractice),
        must_rest=False,
    )
)

LOCAL_STATEMENT = register(
    NodeKind(
        name="local_statement",
        label=gettext_lazy("local statement"),
        model=LocalStatement,
        find=finder(LocalStatement, "workspace", "organisation"),
        title=lambda one: str(one.title),
        address=_entry_address(EntryKind.STATEMENT),
        see=_see,
        live=_reviewed,
        offer=_offer_entries(LocalStatement),
        must_rest=False,
    )
)


def _open_gap(things: Things) -> dict[str, Decision]:
    return {
        key: refused(
            _("The gap is closed (%(state)s): %(reason)s")
            % {"state": one.get_state_display(), "reason": one.state_reason}
        )
        for key, one in things.items()
        if one.state != GapState.OPEN
    }


GAP = register(
    NodeKind(
        name="gap",
        label=gettext_lazy("gap"),
        model=Gap,
        find=finder(Gap, "workspace"),
        title=lambda one: str(one.title),
        address=lambda one: reverse("knowledge:gap", args=[one.workspace.slug, one.number]),
        see=lambda actor, things: dict.fromkeys(things, decide(actor, "knowledge.view")),
        live=_open_gap,
        must_rest=False,
    )
)
