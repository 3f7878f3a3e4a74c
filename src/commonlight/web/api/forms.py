"""The form that makes a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.api.tokens import LONGEST_DAYS, scopes_for
from commonlight.web.api.words import scope_words
from commonlight.web.policy import Actor

__all__ = ["TokenForm"]


class TokenForm(forms.Form):
    """What a token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("For example: nightly copy of the findings."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose as little as it needs. It never may more than you."),
    )
    days = forms.IntegerField(
        label=_("How many days is it valid?"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        help_text=_("At most 365."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scopes"]
        field.choices = [(one, scope_words(one)) for one in scopes_for(actor.role or "")]
