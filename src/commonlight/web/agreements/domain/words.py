"""An agreement in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.agreements.enums import AgreementKind, PlaceDetail, SharedField, TimeDetail
from commonlight.web.agreements.models import Agreement
from commonlight.web.ui.dates import date_format

__all__ = ["field_names", "listed", "place_words", "say_date", "summary", "time_words"]

PLACE = {
    PlaceDetail.POINT: gettext_lazy("as points"),
    PlaceDetail.CELL: gettext_lazy("by grid cell"),
    PlaceDetail.STREET: gettext_lazy("by street segment"),
    PlaceDetail.AREA: gettext_lazy("by area"),
    PlaceDetail.CITY: gettext_lazy("for the city as a whole"),
}
TIME = {
    TimeDetail.HOUR: gettext_lazy("by hour"),
    TimeDetail.DAY: gettext_lazy("by day"),
    TimeDetail.WEEK: gettext_lazy("by week"),
    TimeDetail.MONTH: gettext_lazy("by month"),
    TimeDetail.YEAR: gettext_lazy("by year"),
}


def summary(agreement: Agreement) -> list[str]:
    """The agreement in a few sentences; needs its parties and data sets fetched."""
    parties = list(agreement.parties.all())
    givers = [str(one.organisation) for one in parties if one.gives]
    receivers = [str(one.organisation) for one in parties if one.receives]
    values = {
        "givers": listed(givers),
        "receivers": listed(receivers),
        "parties": listed([str(one.organisation) for one in parties]),
        "data": listed([str(one) for one in agreement.datasets.all()]),
        "place": place_words(agreement.place_detail),
        "time": time_words(agreement.time_detail),
        "purpose": agreement.purpose or _("not stated yet"),
    }
    return [
        _flow(agreement, len(givers)) % values,
        _fields(agreement),
        _("The purpose is: %(purpose)s.") % {"purpose": values["purpose"].rstrip(".")},
        *_dates(agreement),
    ]


def place_words(detail: str) -> str:
    """How fine a place may be shown."""
    return str(PLACE[PlaceDetail(detail)])


def time_words(detail: str) -> str:
    """How fine a time may be shown."""
    return str(TIME[TimeDetail(detail)])


def field_names(fields: list[str]) -> list[str]:
    """Columns in words, or by their name where they are the source's own."""
    known = dict(SharedField.choices)
    return [str(known.get(one, one)) for one in fields]


def listed(names: list[str]) -> str:
    """Names in a row, as the language joins them."""
    return get_text_list(names, _("and")) if names else _("nobody yet")


def say_date(day: date | None) -> str:
    """A date as the language writes it."""
    return date_format(day, "DATE_FORMAT") if day else _("a day not stated yet")


def _flow(agreement: Agreement, givers: int) -> Any:
    if agreement.kind == AgreementKind.ONE_WAY:
        return ngettext(
            "%(givers)s gives %(data)s, %(place)s and %(time)s, to %(receivers)s.",
            "%(givers)s give %(data)s, %(place)s and %(time)s, to %(receivers)s.",
            max(givers, 1),
        )
    if agreement.kind == AgreementKind.RECIPROCAL:
        return _("%(parties)s give each other %(data)s, %(place)s and %(time)s.")
    return _("%(parties)s decide together about %(data)s, and see them %(place)s and %(time)s.")


def _fields(agreement: Agreement) -> str:
    if not agreement.fields:
        return _("Only counts are shared, never single records.")
    names = listed(field_names(agreement.fields))
    return _("Of single records, these fields may be handed on: %(fields)s.") % {"fields": names}


def _dates(agreement: Agreement) -> list[str]:
    values = {"start": say_date(agreement.starts_on), "end": say_date(agreement.expires_on)}
    return [
        _("This holds from %(start)s until %(end)s, the last day included.") % values,
        _("From the day after, only the giving side sees the data.")
        if agreement.kind == AgreementKind.ONE_WAY
        else _("From the day after, each party sees only its own data."),
    ]
