"""Agreement, pulse and meeting as grounds of the thread; decisions and lines of packs as claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.partnerships.enums import AgreementState, MeetingState, ResultShape
from commonlight.web.partnerships.models import (
    Action,
    Decision,
    Meeting,
    PackLine,
    PartnershipAgreement,
    PulseRound,
)
from commonlight.web.policy import Actor, decide, refused
from commonlight.web.policy import Decision as Answer
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["ACTION", "AGREEMENT", "DECISION", "MEETING", "PACK_LINE", "PULSE"]


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Answer]:
    """Every member whose role includes the partnership reads all of it."""
    sight = decide(actor, "partnership.view")
    return dict.fromkeys(things, sight)


def _offer(model: Any, field: str, **only: Any) -> Callable[[Actor, str], Iterable[Any]]:
    def offer(actor: Actor, words: str) -> Iterable[Any]:
        found = model.objects.of(actor.workspace).filter(**only).select_related("workspace")
        return list(with_words(found, words, field))

    return offer


def _offer_rounds(actor: Actor, words: str) -> Iterable[PulseRound]:
    """Rounds whose result is shown; they have a number and no title."""
    found = PulseRound.objects.of(actor.workspace).filter(shape=ResultShape.SHOWN)
    wanted = words.casefold().split()
    return [
        one
        for one in found.select_related("workspace")
        if all(word in _round(one).casefold() for word in wanted)
    ]


def _address(name: str) -> Callable[[Any], str]:
    return lambda one: reverse(f"partnerships:{name}", args=[one.workspace.slug, one.number])


def _round(one: PulseRound) -> str:
    return _("Partnership pulse, round %(number)s") % {"number": one.number}


def _not_in_force(things: Mapping[str, PartnershipAgreement]) -> dict[str, Answer]:
    gone = refused(gettext_lazy("It is not in force."))
    return {key: gone for key, one in things.items() if one.state != AgreementState.SIGNED}


def _not_shown(things: Mapping[str, PulseRound]) -> dict[str, Answer]:
    gone = refused(gettext_lazy("Its result is not shown."))
    return {key: gone for key, one in things.items() if one.shape != ResultShape.SHOWN}


def _called_off(things: Mapping[str, Meeting]) -> dict[str, Answer]:
    gone = refused(gettext_lazy("It was called off."))
    return {key: gone for key, one in things.items() if one.state == MeetingState.CALLED_OFF}


AGREEMENT = register(
    NodeKind(
        name="partnership_agreement",
        label=gettext_lazy("partnership agreement"),
        model=PartnershipAgreement,
        find=finder(PartnershipAgreement, "workspace"),
        title=lambda one: str(one.title),
        address=_address("agreement"),
        see=_see,
        live=_not_in_force,
        offer=_offer(PartnershipAgreement, "title", state=AgreementState.SIGNED),
        must_rest=False,
    )
)

PULSE = register(
    NodeKind(
        name="pulse",
        label=gettext_lazy("partnership pulse"),
        model=PulseRound,
        find=finder(PulseRound, "workspace"),
        title=_round,
        address=_address("round"),
        see=_see,
        live=_not_shown,
        offer=_offer_rounds,
        nature=lambda one: "quantitative",
        must_rest=False,
    )
)

MEETING = register(
    NodeKind(
        name="meeting",
        label=gettext_lazy("meeting"),
        model=Meeting,
        find=finder(Meeting, "workspace"),
        title=lambda one: str(one.title),
        address=_address("meeting"),
        see=_see,
        live=_called_off,
        offer=_offer(Meeting, "title", state=MeetingState.HELD),
        nature=lambda one: "qualitative",
        must_rest=False,
    )
)

DECISION = register(
    NodeKind(
        name="decision",
        label=gettext_lazy("decision"),
        model=Decision,
        find=finder(Decision, "workspace", "meeting"),
        title=lambda one: str(one.text),
        address=lambda one: (
            reverse("partnerships:meeting", args=[one.workspace.slug, one.meeting.number])
            + f"#decision-{one.number}"
        ),
        see=_see,
        change=lambda actor, one: decide(actor, "meeting.write", one),
        offer=_offer(Decision, "text"),
    )
)

ACTION = register(
    NodeKind(
        name="action",
        label=gettext_lazy("action"),
        model=Action,
        find=finder(Action, "workspace"),
        title=lambda one: str(one.text),
        address=lambda one: reverse("partnerships:action", args=[one.workspace.slug, one.pk]),
        see=_see,
        change=lambda actor, one: decide(actor, "meeting.write"),
        offer=_offer(Action, "text"),
        organisations=lambda things: {
            key: frozenset({one.owner_id}) for key, one in things.items()
        },
        must_rest=False,
    )
)

PACK_LINE = register(
    NodeKind(
        name="pack_line",
        label=gettext_lazy("line of a council pack"),
        model=PackLine,
        find=finder(PackLine, "workspace", "pack"),
        title=lambda one: str(one.text),
        address=lambda one: (
            reverse("partnerships:pack", args=[one.workspace.slug, one.pack.number])
            + f"#line-{one.pk}"
        ),
        see=_see,
        change=lambda actor, one: decide(actor, "meeting.write", one),
        may_ground=False,
    )
)
