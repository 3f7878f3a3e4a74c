"""The filters of the event log."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonlight.web.eventlog.models import Event, EventKind
from commonlight.web.eventlog.words import action_name

__all__ = ["LogFilter"]

ANY = ("", _("All"))


class LogFilter(forms.Form):
    """Which events are shown."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To, this day included"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actions: list[str], people: dict[int, str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        _offer(self.fields["kind"], EventKind.choices)
        named = sorted(((one, action_name(one)) for one in actions), key=lambda one: one[1])
        _offer(self.fields["action"], named)
        by_name = sorted(people.items(), key=lambda one: one[1])
        _offer(self.fields["person"], [(str(number), name) for number, name in by_name])

    def clean(self) -> dict[str, Any]:
        """The first day lies before the last one."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first day."))
        return given

    def narrowed(self, events: QuerySet[Event], time_zone: str) -> QuerySet[Event]:
        """The events that pass all filters; days are those of the workspace."""
        given = self.cleaned_data
        zone = ZoneInfo(time_zone)
        chosen = {
            "kind": given.get("kind"),
            "action": given.get("action"),
            "actor_id": given.get("person"),
        }
        events = events.filter(**{name: value for name, value in chosen.items() if value})
        if given.get("since"):
            events = events.filter(at__gte=datetime.combine(given["since"], time.min, zone))
        if given.get("until"):
            after = given["until"] + timedelta(days=1)
            events = events.filter(at__lt=datetime.combine(after, time.min, zone))
        return events


def _offer(field: forms.Field, choices: list[Any]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [ANY, *choices]
