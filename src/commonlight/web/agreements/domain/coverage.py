"""What an organisation may see on a day, from the agreements alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commonlight.web.agreements.enums import AgreementState, PlaceDetail, TimeDetail, is_finer
from commonlight.web.agreements.models import Agreement, AgreementParty
from commonlight.web.policy import Decision, allowed, refused
from commonlight.web.ui.dates import date_format

__all__ = ["FULL", "Coverage", "covering", "in_force", "same_purpose", "today_in"]

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How fine somebody may see a data set, by which agreement, or why not.

    `fields` are the columns of single records that may be handed on; None = all of them.
    """

    allowed: bool
    place_detail: str = PlaceDetail.CITY
    time_detail: str = TimeDetail.YEAR
    fields: tuple[str, ...] | None = ()
    agreement: Agreement | None = None
    reason: Text = ""
    ask: Text = ""

    def __bool__(self) -> bool:
        return self.allowed

    def reaches(self, place_detail: str, time_detail: str) -> bool:
        """Whether something that shows this place and time may be seen."""
        return (
            self.allowed
            and not is_finer(place_detail, self.place_detail, PlaceDetail)
            and not is_finer(time_detail, self.time_detail, TimeDetail)
        )

    @property
    def decision(self) -> Decision:
        """The same as an answer of the policy."""
        return allowed if self.allowed else refused(self.reason, self.ask)


FULL = Coverage(
    allowed=True, place_detail=PlaceDetail.POINT, time_detail=TimeDetail.HOUR, fields=None
)
"""What an organisation may see of its own data."""


def covering(
    agreements: Iterable[Agreement], organisation: Any, *, on: date, purpose: str | None = None
) -> Coverage:
    """What the agreements let an organisation see on a day, and for a purpose if one is named.

    `agreements` are those that name the data set, with their parties fetched. Where several are
    in force, the one with the finest place counts, then the finest time.
    """
    given = list(agreements)
    live = in_force(given, organisation, on=on)
    fitting = [one for one in live if purpose is None or same_purpose(one.purpose, purpose)]
    if fitting:
        return _covered_by(min(fitting, key=_fineness))
    if live:
        return _other_purpose(live)
    return _why_not(given, organisation, on)


def in_force(agreements: Iterable[Agreement], organisation: Any, *, on: date) -> list[Agreement]:
    """The agreements that let an organisation receive data on a day."""
    return [one for one in agreements if one.is_in_force(on) and _receives(one, organisation)]


def same_purpose(one: str, other: str) -> bool:
    """Purposes are the same when their words are, whatever the case and the spaces."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def today_in(workspace: Any) -> date:
    """The date on the workspace's own calendar."""
    return timezone.localdate(timezone=ZoneInfo(workspace.time_zone))


def _covered_by(agreement: Agreement) -> Coverage:
    return Coverage(
        allowed=True,
        place_detail=agreement.place_detail,
        time_detail=agreement.time_detail,
        fields=tuple(agreement.fields),
        agreement=agreement,
    )


def _fineness(agreement: Agreement) -> tuple[int, int, int]:
    return (
        PlaceDetail.values.index(agreement.place_detail),
        TimeDetail.values.index(agreement.time_detail),
        -agreement.number,
    )


def _receives(agreement: Agreement, organisation: Any) -> bool:
    wanted = getattr(organisation, "pk", organisation)
    return any(
        party.receives and party.organisation_id == wanted for party in agreement.parties.all()
    )


def _other_purpose(live: list[Agreement]) -> Coverage:
    purposes = get_text_list(
        [_("“%(purpose)s”") % {"purpose": one.purpose} for one in live], _("or")
    )
    return Coverage(
        allowed=False,
        agreement=live[0],
        reason=_("The agreement covers %(purposes)s only.") % {"purposes": purposes},
        ask=_ask(live[0]),
    )


def _why_not(given: list[Agreement], organisation: Any, on: date) -> Coverage:
    """The reason that lies nearest to a yes."""
    named = [one for one in given if _receives(one, organisation)]
    if not named:
        return Coverage(
            allowed=False,
            reason=_("No sharing agreement gives this to your organisation."),
            ask=_("Ask the coordinator of this workspace for an agreement."),
        )
    nearest = max(named, key=lambda one: (_rank(one, on), one.number))
    return Coverage(
        allowed=False, agreement=nearest, reason=_reason(nearest, on), ask=_ask(nearest)
    )


def _rank(agreement: Agreement, on: date) -> int:
    """How near an agreement is to being in force."""
    if agreement.state == AgreementState.SIGNED:
        return 3
    return 2 if agreement.state == AgreementState.ENDED else 1


def _reason(agreement: Agreement, on: date) -> str:
    values = {"number": agreement.number, "title": agreement.title}
    if agreement.state == AgreementState.ENDED and agreement.ended_at:
        ended = date_format(agreement.ended_at, "DATE_FORMAT")
        return _("Agreement %(number)s “%(title)s” was ended on %(date)s.") % {
            **values,
            "date": ended,
        }
    if agreement.state != AgreementState.SIGNED:
        return _("Agreement %(number)s “%(title)s” is not signed by all parties yet.") % values
    if agreement.starts_on and on < agreement.starts_on:
        starts = date_format(agreement.starts_on, "DATE_FORMAT")
        return _("Agreement %(number)s “%(title)s” starts on %(date)s.") % {
            **values,
            "date": starts,
        }
    expired = date_format(agreement.expires_on, "DATE_FORMAT") if agreement.expires_on else ""
    return _("Agreement %(number)s “%(title)s” expired on %(date)s.") % {
        **values,
        "date": expired,
    }


def _ask(agreement: Agreement) -> str:
    """Whom to ask, by office and never by name."""
    givers = [_office(party) for party in agreement.parties.all() if party.gives]
    if not givers:
        return _("Ask the coordinator of this workspace.")
    return _("Ask the signatory of %(organisations)s, and the coordinator of this workspace.") % {
        "organisations": get_text_list(givers, _("and"))
    }


def _office(party: AgreementParty) -> str:
    return str(party.organisation)
