"""Fields that several forms of the partnership use."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.problems.models import Problem
from commonlight.web.ui.punctuation import named
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "BoxesField",
    "DayField",
    "OrganisationsField",
    "ProblemField",
    "ReasonForm",
    "longer",
    "take_error",
]

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day that a partnership can mean."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class ProblemField(forms.ModelChoiceField):
    """A problem of the workspace, or none."""

    def label_from_instance(self, obj: Any) -> str:
        """Its number and title."""
        return named(obj.number, obj.title)

    @classmethod
    def of(cls, workspace: Any) -> ProblemField:
        """All problems, or none of them."""
        return cls(
            label=_("Problem"),
            queryset=Problem.objects.of(workspace),
            required=False,
            empty_label=_("The partnership as a whole"),
        )


class BoxesField(forms.ModelMultipleChoiceField):
    """Things of the workspace, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Only keys that are offered reach the database, which knows no numbers of any length."""
        offered = {str(one.pk) for one in self.queryset or ()}
        for one in value or ():
            if str(one) not in offered:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(one)[:20]},
                )
        return super().clean(value)


class OrganisationsField(BoxesField):
    """Organisations of the workspace, as boxes to tick."""

    @classmethod
    def of(cls, workspace: Any, *, label: Any, **more: Any) -> OrganisationsField:
        """All organisations."""
        return cls(label=label, queryset=Organisation.objects.of(workspace), **more)


class ReasonForm(forms.Form):
    """Why something is done or not done."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def longer(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 3) -> Any:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def take_error(form: forms.Form, error: PartnershipError) -> None:
    """Show a refusal beside the field to which it belongs, else on top."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
