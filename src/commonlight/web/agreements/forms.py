"""The forms of an agreement: one for each part, and those of its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain.clauses import Clause
from commonlight.web.agreements.domain.drafting import dataset_label, datasets_of_givers
from commonlight.web.agreements.enums import AgreementKind, SharedField
from commonlight.web.agreements.models import Agreement
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "ChangeForm",
    "ClauseForm",
    "DataForm",
    "DatesForm",
    "DetailForm",
    "EndForm",
    "NewForm",
    "PartiesForm",
    "PurposeForm",
    "SignForm",
]


class NewForm(forms.Form):
    """The kind comes first: it decides which clauses there are."""

    kind = forms.ChoiceField(
        label=_("Who gives to whom?"), choices=AgreementKind, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("For example: Burglary counts for prevention work."),
    )


class PartiesForm(forms.Form):
    """Who gives and who receives; in all but one-way agreements every party does both."""

    givers: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Who gives?"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    receivers: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Who receives?"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, agreement: Agreement, **kw: Any) -> None:
        super().__init__(*args, **kw)
        partners = Organisation.objects.of(agreement.workspace)
        for name in ("givers", "receivers"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = partners
        self.is_one_way = agreement.kind == AgreementKind.ONE_WAY
        if not self.is_one_way:
            del self.fields["receivers"]
            self.fields["givers"].label = _("Which organisations are parties?")

    def clean(self) -> dict[str, Any]:
        """Nobody gives to itself, and nobody shares alone."""
        given = super().clean() or {}
        givers = list(given.get("givers") or [])
        if not self.is_one_way:
            given["receivers"] = givers
            if givers and len(givers) < 2:
                self.add_error("givers", _("Choose at least two organisations."))
            return given
        both = [one.name for one in given.get("receivers") or [] if one in givers]
        if both:
            self.add_error(
                "receivers",
                _(
                    "%(organisation)s gives already. Who gives and receives needs a reciprocal "
                    "agreement."
                )
                % {"organisation": both[0]},
            )
        return given


class PurposeForm(forms.Form):
    """What the data are used for, and the law that allows it."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_(
            "One purpose in a few words. Who exports data must choose it, and nothing outside it "
            "is allowed."
        ),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The law and the section, for the giving and for the receiving."),
    )


class DataSetsField(forms.ModelMultipleChoiceField):
    """Data sets with their owners."""

    def label_from_instance(self, obj: Any) -> str:
        """The name and the owner."""
        return dataset_label(obj)


class DataForm(forms.Form):
    """Which data sets, and which fields of single records."""

    datasets: forms.ModelMultipleChoiceField[Any] = DataSetsField(
        label=_("Data sets"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You can choose from the data sets of the organisations that give."),
    )
    fields_shared = forms.MultipleChoiceField(
        label=_("Fields of single records"),
        choices=SharedField,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none, and only counts are shared."),
    )
    other_fields = forms.CharField(
        label=_("Further columns, one on a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Columns that the mapping of the data set keeps, by their name there."),
    )

    def __init__(self, *args: Any, agreement: Agreement, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field = self.fields["datasets"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = datasets_of_givers(agreement)

    def shared(self) -> list[str]:
        """All fields, those of the list first."""
        other = [line.strip() for line in self.cleaned_data["other_fields"].splitlines()]
        chosen = list(self.cleaned_data["fields_shared"])
        return chosen + [one for one in dict.fromkeys(other) if one and one not in chosen]


class DetailForm(forms.ModelForm):
    """How fine places and times may be shown."""

    class Meta:
        model = Agreement
        fields = ("place_detail", "time_detail")
        widgets = {"place_detail": forms.RadioSelect, "time_detail": forms.RadioSelect}


class DatesForm(forms.Form):
    """The first and the last day."""

    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From the day after, the receivers see nothing more."),
    )

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", _("The last day lies before the first day."))
        return given


class ClauseForm(forms.Form):
    """The wording of one clause."""

    text = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, clause: Clause, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["text"].label = clause.question
        self.fields["text"].required = clause.is_required


class SignForm(forms.Form):
    """The declaration of the one who signs."""

    agreed = forms.BooleanField(
        label=_("I have read every part, and I sign for my organisation."),
        error_messages={"required": _("Tick the declaration to sign.")},
    )


class EndForm(forms.Form):
    """Why an agreement is ended early."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members of this workspace can read it. Name no persons."),
    )


class ChangeForm(forms.Form):
    """What a party would like changed."""

    text = forms.CharField(
        label=_("What should change?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the part and the new wording. The other parties can read this."),
    )
