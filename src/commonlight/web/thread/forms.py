"""What is asked when the thread is changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = ["JoinForm", "ReasonForm", "SearchForm"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SearchForm(forms.Form):
    """What the claim could rest on; the list is long, so the search stands open."""

    is_open = True
    nature = forms.ChoiceField(
        label=_("What it gives"),
        choices=[
            ("", _("Numbers and voices")),
            ("quantitative", _("Numbers")),
            ("qualitative", _("Voices")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    q = forms.CharField(label=_("Words in its title"), required=False, max_length=200)
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *given: Any, kinds: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """The thing that was chosen, and what it shows."""

    ground = forms.ChoiceField(
        label=_("What does it rest on?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it rests on.")},
    )
    note = forms.CharField(
        label=_("What does it show?"),
        help_text=_("One sentence. It is read beside the link."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *given: Any, offered: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["ground"].choices = offered  # type: ignore[attr-defined]
