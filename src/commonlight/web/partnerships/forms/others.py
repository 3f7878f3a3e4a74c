"""The forms of the ladder, the templates and the council pack."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.domain.packs import sections
from commonlight.web.partnerships.enums import LadderStep
from commonlight.web.partnerships.forms.fields import DayField, longer
from commonlight.web.workspaces.models import Organisation

__all__ = ["ChooseForm", "EventForm", "LineForm", "PackForm", "StartForm", "StepForm"]


class EventForm(forms.Form):
    """Something that happened with a group."""

    step = forms.ChoiceField(
        label=_("What does it show?"), choices=LadderStep, widget=forms.RadioSelect
    )
    happened_on = DayField(label=_("On which day?"))
    text = forms.CharField(
        label=_("What happened?"),
        max_length=300,
        help_text=_("Groups and organisations only, never persons."),
    )


class StartForm(forms.Form):
    """From which day on."""

    starts_on = DayField(label=_("First day"))


class StepForm(forms.Form):
    """On which day a step was done."""

    done_on = DayField(label=_("Done on"), required=False, help_text=_("Empty: not done yet."))


class ChooseForm(StartForm):
    """Who holds each seat of a template."""

    def __init__(self, *given: Any, workspace: Any, template: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.seats = [row["id"] for row in template["organisation"]]
        known = list(Organisation.objects.of(workspace))
        self.homes = {str(one.pk): one for one in known}
        for row in template["organisation"]:
            first = sorted(known, key=lambda one: one.kind != row["kind"])
            self.fields[f"seat-{row['id']}"] = forms.ChoiceField(
                label=row["title"],
                required=False,
                choices=[
                    ("", _("Nobody yet; the seat stays open")),
                    *((str(one.pk), one.name) for one in first),
                ],
            )

    def holders(self) -> dict[str, Any]:
        """The organisation of each seat, or None."""
        return {seat: self.homes.get(self.cleaned_data[f"seat-{seat}"]) for seat in self.seats}


class PackForm(forms.Form):
    """A pack for a day of the council."""

    title = forms.CharField(label=_("Title"), max_length=200)
    for_day = DayField(label=_("Day of the council"))


class LineForm(forms.Form):
    """One line of a pack."""

    section = forms.ChoiceField(label=_("Section"), widget=forms.RadioSelect)
    text = longer(_("Text"), required=True)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        section: Any = self.fields["section"]
        section.choices = [(one["id"], one["title"]) for one in sections()]
