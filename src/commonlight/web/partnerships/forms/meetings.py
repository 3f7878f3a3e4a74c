"""The forms of meetings, decisions and actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commonlight.web.partnerships.domain.words import rows
from commonlight.web.partnerships.enums import ActionState, Presence
from commonlight.web.partnerships.forms.fields import (
    DayField,
    OrganisationsField,
    ProblemField,
    longer,
)
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "ActionForm",
    "DecisionForm",
    "FilterForm",
    "HoldForm",
    "ItemForm",
    "NotesForm",
    "OutcomeForm",
    "PlanForm",
    "SeriesForm",
]

TOGETHER = "together"


class SeriesForm(forms.Form):
    """Meetings that come back."""

    title = forms.CharField(label=_("Title"), max_length=150)
    every_days = forms.IntegerField(
        label=_("Days between meetings"), min_value=1, max_value=400, initial=30
    )
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=5, max_value=600, initial=90
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["invited"] = OrganisationsField.of(workspace, label=_("Who is invited?"))


class PlanForm(forms.Form):
    """One meeting."""

    title = forms.CharField(label=_("Title"), max_length=150)
    day = DayField(label=_("Day"))
    time = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=5, max_value=600, initial=90
    )
    place = forms.CharField(label=_("Place"), max_length=150, required=False)

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.zone = ZoneInfo(workspace.time_zone)
        self.fields["invited"] = OrganisationsField.of(workspace, label=_("Who is invited?"))

    def values(self) -> dict[str, Any]:
        """What is needed to plan it."""
        given = self.cleaned_data
        begins = datetime.combine(given["day"], given["time"], self.zone)
        names = ("title", "minutes", "place", "invited")
        return {"starts_at": begins, **{one: given[one] for one in names}}


class ItemForm(forms.Form):
    """A point for the agenda."""

    title = forms.CharField(label=_("Point"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=300, initial=10)

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        kind: Any = self.fields["kind"]
        kind.choices = [
            (one["id"], one["title"])
            for one in rows("meeting", "item_kind")
            if one["id"] != "carried_over"
        ]
        self.fields["problem"] = ProblemField.of(workspace)


class NotesForm(forms.Form):
    """What was said on a point."""

    notes = longer(
        _("What was said"),
        _("Name organisations, not persons. Differing views stand side by side."),
    )


class HoldForm(forms.Form):
    """Which organisations were in the room."""

    notes = longer(pgettext_lazy("of a meeting", "Notes"), _("Name organisations, not persons."))

    def __init__(
        self, *given: Any, organisations: Iterable[Organisation], invited: set[int], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.rows = [(f"presence-{one.pk}", one) for one in organisations]
        for name, one in self.rows:
            self.fields[name] = forms.ChoiceField(
                label=one.name,
                choices=_answers(is_invited=one.pk in invited),
                required=one.pk in invited,
                widget=forms.RadioSelect,
            )
        self.order_fields([*(name for name, _one in self.rows), "notes"])

    def presence(self) -> dict[int, str]:
        """The answer by organisation; who was neither invited nor there is left out."""
        found = {one.pk: self.cleaned_data[name] for name, one in self.rows}
        return {pk: answer for pk, answer in found.items() if answer}

    def attendance(self) -> Iterator[Any]:
        """The fields of the organisations."""
        return (self[name] for name, _one in self.rows)


def _answers(*, is_invited: bool) -> list[tuple[str, Any]]:
    """Who was not invited can still have come."""
    if is_invited:
        return list(Presence.choices)
    return [("", _("Not invited")), *Presence.choices[:2]]


class DecisionForm(forms.Form):
    """What was decided, and by whom."""

    text = longer(_("What is decided?"), required=True)
    decider = forms.ChoiceField(
        label=_("Which body decided?"),
        required=False,
        help_text=_("A decision without the body that took it is kept, and marked."),
    )
    how = forms.CharField(
        label=_("How?"),
        max_length=200,
        required=False,
        help_text=_("For example: by consent, or after hearing the others."),
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.homes = {str(one.pk): one for one in Organisation.objects.of(workspace)}
        decider: Any = self.fields["decider"]
        decider.choices = [
            (TOGETHER, _("The members together")),
            *((pk, one.name) for pk, one in self.homes.items()),
            ("", _("It was not said")),
        ]
        self.fields["problem"] = ProblemField.of(workspace)

    def values(self) -> dict[str, Any]:
        """What is needed to write it down."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "is_joint": given["decider"] == TOGETHER,
            "decided_by": self.homes.get(given["decider"]),
            "how": given["how"],
            "problem": given["problem"],
        }


class ActionForm(forms.Form):
    """Who does what until when."""

    text = forms.CharField(label=_("What will be done?"), max_length=300)
    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Which organisation does it?"), queryset=None
    )
    due_on = DayField(label=_("Until when?"))

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace)
        self.fields["problem"] = ProblemField.of(workspace)


class OutcomeForm(forms.Form):
    """What came of an action."""

    outcome = longer(_("What came of it?"), _("One sentence is enough. What stood in the way?"))


class FilterForm(forms.Form):
    """Which actions are listed."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *ActionState.choices],
    )
    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Organisation"), queryset=None, required=False
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace)
