"""Forms of a workshop: its facts, its plan, the people in the room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.domain.catalogue import groups, methods, plans, roles
from commonlight.web.design.domain.room import GroupSeats
from commonlight.web.design.domain.workshops import PartPlan
from commonlight.web.design.forms.contacts import RefusesContacts
from commonlight.web.design.models import Part, Workshop

__all__ = [
    "GroupRow",
    "LengthForm",
    "PartFormSet",
    "PresentForm",
    "ReasonForm",
    "SeatsForm",
    "WorkshopForm",
    "WorkshopPlanForm",
    "part_rows",
    "plan_of",
]

MOST_PEOPLE = 500


def _day(**more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, **more)


def _clock(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **more)


class WorkshopPlanForm(RefusesContacts):
    """What is needed to begin: a plan whose minutes add up."""

    template = forms.ChoiceField(
        label=_("Plan"),
        help_text=_("You can change every part afterwards."),
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Empty: the title of the plan."),
        max_length=150,
        required=False,
    )
    day = _day(label=_("Day"), required=False)
    begins = _clock(label=_("Begins at"), required=False)
    room = forms.CharField(
        label=_("Where"),
        help_text=_("Can everybody reach it: with a wheelchair, after work, without a car?"),
        max_length=200,
        required=False,
    )
    aim = forms.CharField(
        label=_("What do you want to know at the end?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["template"]
        field.choices = [
            (
                name,
                _("%(title)s, for %(least)d to %(most)d people")
                % {"title": one["title"], "least": one["group_min"], "most": one["group_max"]},
            )
            for name, one in plans().items()
        ]


class WorkshopForm(RefusesContacts):
    """When and where, with what, and who takes which role."""

    title = forms.CharField(label=_("Title"), max_length=150)
    day = _day(label=_("Day"), required=False)
    begins = _clock(label=_("Begins at"), required=False)
    room = forms.CharField(label=_("Where"), max_length=200, required=False)
    aim = forms.CharField(
        label=_("What do you want to know at the end?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    materials = forms.CharField(
        label=_("Materials, one on each line"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    def __init__(self, *given: Any, workshop: Workshop, **more: Any) -> None:
        super().__init__(*given, **more)
        self._roles = list(workshop.roles)
        for name in self._roles:
            role = roles().get(name, {"title": name, "task": ""})
            self.fields[f"role_{name}"] = forms.CharField(
                label=role["title"],
                help_text=role["task"],
                max_length=120,
                required=False,
                initial=workshop.roles[name],
            )

    def facts(self) -> dict[str, Any]:
        """The answers, the roles together."""
        given = dict(self.cleaned_data)
        given["roles"] = {name: given.pop(f"role_{name}").strip() for name in self._roles}
        return given


class LengthForm(forms.Form):
    """How long the workshop is."""

    minutes = forms.IntegerField(
        label=_("Length of the workshop in minutes"), min_value=10, max_value=960
    )


class PartForm(forms.Form):
    """One part of the plan; a row without a title is left out."""

    place = forms.IntegerField(label=_("Place"), required=False, min_value=1, max_value=200)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=480)
    title = forms.CharField(label=_("What happens"), required=False, max_length=150)
    lead = forms.ChoiceField(label=_("Who leads"), required=False)
    method = forms.ChoiceField(label=_("Method"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        leads, ways = self.fields["lead"], self.fields["method"]
        leads.choices = [(name, one["title"]) for name, one in roles().items()]  # type: ignore[attr-defined]
        ways.choices = [  # type: ignore[attr-defined]
            ("", _("No method")),
            *((name, one["title"]) for name, one in methods().items()),
        ]

    def clean(self) -> dict[str, Any]:
        """A part has minutes and a title, or neither."""
        given = super().clean() or {}
        if given.get("title") and not given.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Say how many minutes this part takes."))
        if given.get("minutes") and not given.get("title") and "title" not in self.errors:
            chosen = methods().get(given.get("method") or "")
            if chosen is None:
                self.add_error("title", _("Say what happens in this part."))
            else:
                given["title"] = str(chosen["title"])
        return given


PartFormSet = forms.formset_factory(PartForm, extra=3, max_num=60)


def plan_of(rows: Any) -> list[PartPlan]:
    """The parts that were filled in, in the order of their places; those without come last."""
    parts = [one.cleaned_data for one in rows.forms if one.cleaned_data.get("title")]
    parts.sort(key=lambda one: (one.get("place") is None, one.get("place") or 0))
    return [PartPlan(one["minutes"], one["title"], one["lead"], one["method"]) for one in parts]


def part_rows(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """What the rows of the plan hold before they are changed."""
    return [
        {
            "place": one.order,
            "minutes": one.minutes,
            "title": one.title,
            "lead": one.lead,
            "method": one.method,
        }
        for one in parts
    ]


class GroupRow:
    """The fields of one group, for the table."""

    def __init__(self, title: Any, *fields: Any) -> None:
        self.title, self.fields = title, fields


class SeatsForm(forms.Form):
    """How many of each group should be there, and which groups the problem harms."""

    def __init__(self, *given: Any, workshop: Workshop, **more: Any) -> None:
        super().__init__(*given, **more)
        known = {one.group: one for one in workshop.seats.all()}
        for name, group in groups().items():
            seat = known.get(name)
            self.fields[f"planned_{name}"] = _count(
                _("Should be there: %(group)s") % {"group": group["title"]},
                seat.planned if seat else None,
            )
            self.fields[f"harmed_{name}"] = forms.BooleanField(
                label=_("Harmed by the problem: %(group)s") % {"group": group["title"]},
                required=False,
                initial=bool(seat and seat.is_harmed),
            )

    def rows(self) -> list[GroupRow]:
        """The groups in the order of the content."""
        return [
            GroupRow(one["title"], self[f"planned_{name}"], self[f"harmed_{name}"])
            for name, one in groups().items()
        ]

    def seats(self) -> list[GroupSeats]:
        """What was said of each group."""
        return [
            GroupSeats(
                name,
                planned=self.cleaned_data[f"planned_{name}"] or 0,
                is_harmed=self.cleaned_data[f"harmed_{name}"],
            )
            for name in groups()
        ]


class PresentForm(forms.Form):
    """How many of each group were there."""

    def __init__(self, *given: Any, workshop: Workshop, **more: Any) -> None:
        super().__init__(*given, **more)
        self._planned = {one.group: one.planned for one in workshop.seats.all()}
        known = {one.group: one.present for one in workshop.seats.all()}
        for name, group in groups().items():
            self.fields[f"present_{name}"] = _count(
                _("Was there: %(group)s") % {"group": group["title"]}, known.get(name)
            )

    def rows(self) -> list[GroupRow]:
        """The groups in the order of the content, with how many should be there."""
        return [
            GroupRow(one["title"], self[f"present_{name}"], self._planned.get(name, 0))
            for name, one in groups().items()
        ]

    def present(self) -> dict[str, int]:
        """How many of each group were there."""
        return {name: self.cleaned_data[f"present_{name}"] or 0 for name in groups()}


class ReasonForm(RefusesContacts):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _count(label: Any, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, initial=initial or None
    )
