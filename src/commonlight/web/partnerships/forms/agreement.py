"""The forms of the partnership agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.forms.fields import OrganisationsField

__all__ = ["ClauseForm", "SignForm", "SignatoriesForm", "TitleForm"]


class TitleForm(forms.Form):
    """How the agreement is called."""

    title = forms.CharField(label=_("Title"), max_length=200)


class ClauseForm(forms.Form):
    """The answer to one clause."""

    text = forms.CharField(
        label=_("Your wording"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *given: Any, clause: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["text"].label = clause.question


class SignatoriesForm(forms.Form):
    """Which organisations sign."""

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["organisations"] = OrganisationsField.of(
            workspace, label=_("Which organisations sign?")
        )


class SignForm(forms.Form):
    """The declaration of a signatory."""

    declared = forms.BooleanField(
        label=_("I have read all clauses, and I sign for my organisation.")
    )
