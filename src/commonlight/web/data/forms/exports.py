"""Forms for taking data out, for asking for more, and for answering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.enums import PlaceDetail, TimeDetail
from commonlight.web.data.domain.exports import whole_file_order
from commonlight.web.data.enums import RequestState
from commonlight.web.data.models import DataSet
from commonlight.web.data.rules import ExportOrder

__all__ = ["AnswerForm", "ExportForm", "RequestForm"]


class ExportForm(forms.Form):
    """How fine, which fields, and what for."""

    purpose = forms.ChoiceField(label=_("What is it for?"), required=False)
    place_detail = forms.ChoiceField(label=_("Place"), choices=PlaceDetail.choices)
    time_detail = forms.ChoiceField(label=_("Time"), choices=TimeDetail.choices)

    def __init__(
        self,
        *args: Any,
        purposes: list[str],
        names: list[str],
        with_detail: bool = True,
        places: list[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"] = forms.ChoiceField(
            label=_("What is it for?"),
            required=bool(purposes),
            choices=[(one, one) for one in purposes] or [("", _("Own work of the organisation"))],
        )
        if not with_detail:
            del self.fields["place_detail"], self.fields["time_detail"]
        elif places:
            self.fields["place_detail"] = forms.ChoiceField(label=_("Place"), choices=places)
        if names:
            self.fields["fields_wanted"] = forms.MultipleChoiceField(
                label=_("Fields"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(name, name) for name in names],
                help_text=_(
                    "Areas and the city give counts, split by these fields; small counts are "
                    "withheld. Anything finer gives single records with these fields."
                ),
            )

    def order(self, dataset: DataSet) -> ExportOrder:
        """What was asked for."""
        if "place_detail" not in self.fields:
            return whole_file_order(dataset, self.cleaned_data["purpose"])
        return ExportOrder(
            dataset=dataset,
            place_detail=self.cleaned_data["place_detail"],
            time_detail=self.cleaned_data["time_detail"],
            fields=tuple(self.cleaned_data.get("fields_wanted", ())),
            purpose=self.cleaned_data["purpose"],
        )


class RequestForm(forms.Form):
    """Why more is needed than was agreed."""

    place_detail = forms.ChoiceField(choices=PlaceDetail.choices, widget=forms.HiddenInput)
    time_detail = forms.ChoiceField(choices=TimeDetail.choices, widget=forms.HiddenInput)
    fields_wanted = forms.CharField(required=False, widget=forms.HiddenInput)
    purpose = forms.CharField(
        label=_("What you need it for"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label=_("Why what was agreed is not enough"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def order(self, dataset: DataSet) -> ExportOrder:
        """What is asked for."""
        wanted = self.cleaned_data["fields_wanted"]
        return ExportOrder(
            dataset=dataset,
            place_detail=self.cleaned_data["place_detail"],
            time_detail=self.cleaned_data["time_detail"],
            fields=tuple(one for one in wanted.split(",") if one),
            purpose=self.cleaned_data["purpose"],
        )


class AnswerForm(forms.Form):
    """The owner's answer to a request."""

    state = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (RequestState.GRANTED, _("Grant it: you will draft an agreement")),
            (RequestState.REFUSED, _("Refuse it")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
