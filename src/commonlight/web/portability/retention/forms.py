"""The forms of retention: the periods, and taking leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commonlight.web.portability.retention.periods import PERIODS, Period, days_of

__all__ = ["LeaveForm", "PeriodsForm", "RunForm"]


class PeriodsForm(forms.Form):
    """For how many days each kind of thing is kept."""

    def __init__(self, *args: Any, workspace: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for period in PERIODS:
            self.fields[period.key] = _field(period, days_of(workspace, period.key))


class RunForm(forms.Form):
    """The confirmation of a removal."""

    sure = forms.BooleanField(
        label=_("I have read what goes, and I want it removed."),
        error_messages={"required": _("Tick the box to remove.")},
    )


class LeaveForm(forms.Form):
    """The address typed once more, so that nobody leaves by accident."""

    email = forms.EmailField(
        label=_("Type your e-mail address to confirm"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, address: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.address = address

    def clean_email(self) -> str:
        """It is the address of the account."""
        given = str(self.cleaned_data["email"])
        if given.casefold() != self.address.casefold():
            raise forms.ValidationError(_("This is not the address of your account."))
        return given


def _field(period: Period, days: int) -> forms.IntegerField:
    text = period.rule
    if period.may_be_endless:
        text = _now("%(rule)s. 0 keeps it without end.") % {"rule": period.rule}
    field = forms.IntegerField(
        label=period.label,
        help_text=text,
        initial=days,
        min_value=0 if period.may_be_endless else period.least,
        max_value=period.most,
    )
    field.validators.append(_not_too_short(period))
    return field


def _not_too_short(period: Period) -> Any:
    def check(days: int) -> None:
        if 0 < days < period.least:
            raise forms.ValidationError(
                _("Keep it at least %(days)s days."), params={"days": period.least}
            )

    return check
