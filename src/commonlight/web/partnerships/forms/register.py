"""The forms of the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.forms.fields import DayField, longer
from commonlight.web.workspaces.enums import OrganisationKind
from commonlight.web.workspaces.models import Organisation

__all__ = ["NewPartnerForm", "PartnerForm", "SeatForm"]


def _choices(name: str, key: str) -> list[tuple[str, Any]]:
    return [(one["id"], one["title"]) for one in rows(name, key)]


class NewPartnerForm(forms.Form):
    """An organisation of the workspace, or a seat or group by its name."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Organisation"), queryset=None, required=False
    )
    seat = forms.CharField(
        label=_("Seat or group"),
        max_length=120,
        required=False,
        help_text=_("For somebody who is missing, or a group without an account here."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the seat or group"),
        required=False,
        choices=[("", _("Not said")), *OrganisationKind.choices],
    )
    role = forms.ChoiceField(label=_("Role in the partnership"), initial="member")

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.of(workspace)
        field.empty_label = _now("A seat or a group, named below")
        role: Any = self.fields["role"]
        role.choices = _choices("raci", "partner_role")


class SeatForm(forms.Form):
    """Which organisation takes an open seat."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Organisation"), queryset=None
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.of(workspace)


class PartnerForm(forms.Form):
    """What a row of the register says."""

    role = forms.ChoiceField(label=_("Role in the partnership"))
    mandate = forms.ChoiceField(label=_("Mandate"), required=False, widget=forms.RadioSelect)
    mandate_text = longer(_("Where the mandate comes from"), _("The law, decision or vote."))
    powers = forms.MultipleChoiceField(
        label=_("Kinds of powers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    powers_text = longer(_("What it decides alone"))
    cannot = longer(_("What it cannot do"), _("So that nobody expects it."))
    contributes = longer(_("What it brings"))
    expects = longer(_("What it expects of the others"))
    contact_function = forms.CharField(label=_("Contact function"), max_length=150, required=False)
    deputy_function = forms.CharField(
        label=_("Deputy function"),
        max_length=150,
        required=False,
        help_text=_("Who answers when the first does not."),
    )
    review_on = DayField(
        label=_("Review date"),
        required=False,
        help_text=_("After this day, every task of this partner is marked until the row is read."),
    )

    def __init__(self, *given: Any, hint: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        role: Any = self.fields["role"]
        role.choices = _choices("raci", "partner_role")
        mandate: Any = self.fields["mandate"]
        mandate.choices = [*_choices("powers", "mandate"), ("", _("Not said yet"))]
        powers: Any = self.fields["powers"]
        powers.choices = _choices("powers", "power")
        powers.help_text = words("powers")["no_power"]
        contact = self.fields["contact_function"]
        contact.help_text = words("powers")["contact_function"]
        if hint:
            contact.help_text = _now("%(rule)s The template suggests: %(hint)s.") % {
                "rule": words("powers")["contact_function"],
                "hint": hint,
            }
