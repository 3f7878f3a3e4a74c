"""Sessions, observations, valued uses and entries of an audit in the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import card, people_speak_in
from commonlight.web.problems.fieldwork.domain.scope import may_write_entry
from commonlight.web.problems.fieldwork.domain.sight import entries_seen
from commonlight.web.problems.fieldwork.enums import ObservationKind
from commonlight.web.problems.fieldwork.models import (
    CaptureSession,
    Observation,
    ScopeEntry,
    ValuedUse,
)
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["OBSERVATION", "SCOPE_ENTRY", "SESSION", "VALUED_USE"]


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    """Every member whose role includes problems reads what was seen and heard."""
    return {key: decide(actor, "problem.view", one) for key, one in things.items()}


def _offer(model: Any, words: str, *related: str, **only: Any) -> Any:
    def offer(actor: Actor, wanted: str) -> Iterable[Any]:
        rows = model.objects.of(actor.workspace).filter(withdrawn_at=None, **only)
        rows = with_words(rows, wanted, words)
        found: Iterable[Any] = rows.select_related(*related).order_by("-created_at")
        return found

    return offer


def _taken_back(things: Mapping[str, Any]) -> dict[str, Decision]:
    return {
        key: refused(_("It was taken back: %(reason)s") % {"reason": one.withdrawal_reason})
        for key, one in things.items()
        if one.withdrawn_at is not None
    }


def _session_live(things: Mapping[str, CaptureSession]) -> dict[str, Decision]:
    """A session without consent note is no source."""
    silent = refused(_("The consent note was not given, so nothing can rest on this session."))
    found = {key: silent for key, one in things.items() if not one.has_consent}
    return found | _taken_back(things)


def _session_title(one: CaptureSession) -> str:
    known = card(one.method)
    return _("%(method)s, %(place)s, session %(number)s") % {
        "method": known["title"] if known else one.method,
        "place": one.place,
        "number": one.number,
    }


def _observation_title(one: Observation) -> str:
    """What was seen or said, and where, so that it is not taken for another place."""
    text = str(one.text or _("A quote that was erased"))
    return f"{text.rstrip('.')} ({one.session.place})" if one.session.place else text


def _groups_seen(one: CaptureSession) -> list[str]:
    """Groups of a session in which nobody was asked to speak."""
    return [] if people_speak_in(one.method) else list(one.groups)


def _change(actor: Actor, thing: Any) -> Decision:
    return decide(actor, "problem.write", thing.problem)


SESSION = register(
    NodeKind(
        name="session",
        label=gettext_lazy("session"),
        model=CaptureSession,
        find=finder(CaptureSession, "workspace", "problem__workspace"),
        title=_session_title,
        address=lambda one: page_of(one.problem, "session", one.number),
        see=_see,
        live=_session_live,
        offer=_offer(CaptureSession, "place", "workspace", "problem__workspace"),
        nature=lambda one: "qualitative",
        organisations=lambda things: {
            key: frozenset({one.led_by_id}) for key, one in things.items()
        },
        lets_speak=lambda one: people_speak_in(one.method),
        groups_seen=_groups_seen,
        must_rest=False,
    )
)

OBSERVATION = register(
    NodeKind(
        name="observation",
        label=gettext_lazy("observation"),
        model=Observation,
        find=finder(Observation, "workspace", "session__problem__workspace"),
        title=_observation_title,
        address=lambda one: (
            f"{page_of(one.session.problem, 'session', one.session.number)}"
            f"#observation-{one.number}"
        ),
        see=_see,
        live=_taken_back,
        change=lambda actor, one: decide(actor, "problem.write", one.session.problem),
        offer=_offer(
            Observation,
            "text",
            "workspace",
            "session__problem__workspace",
            session__withdrawn_at=None,
        ),
        nature=lambda one: "qualitative",
        organisations=lambda things: {
            key: frozenset({one.session.led_by_id}) for key, one in things.items()
        },
        lets_speak=lambda one: one.kind != ObservationKind.SEEN,
    )
)

VALUED_USE = register(
    NodeKind(
        name="valued_use",
        label=gettext_lazy("valued use"),
        model=ValuedUse,
        find=finder(ValuedUse, "workspace", "problem__workspace"),
        title=lambda one: str(one),
        address=lambda one: f"{page_of(one.problem, 'positive')}#use-{one.pk}",
        see=_see,
        live=_taken_back,
        change=_change,
        offer=_offer(ValuedUse, "text", "workspace", "problem__workspace", is_none_found=False),
    )
)

SCOPE_ENTRY = register(
    NodeKind(
        name="scope_entry",
        label=gettext_lazy("entry of an audit"),
        model=ScopeEntry,
        find=finder(ScopeEntry, "workspace", "audit", "organisation", "problem"),
        title=lambda one: str(one.text),
        address=lambda one: (
            reverse("fieldwork:audit-block", args=[one.workspace.slug, one.audit.number, one.block])
            + f"#entry-{one.pk}"
        ),
        see=lambda actor, things: entries_seen(actor, things),
        live=_taken_back,
        change=lambda actor, one: may_write_entry(actor, one),
        organisations=lambda things: {
            key: frozenset({one.organisation_id}) for key, one in things.items()
        },
    )
)
