"""Write the parts of a brief that only people can write, and decide on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.review.domain.brief.composing import brief_content

__all__ = ["DecisionForm", "TextsForm"]

APPROVE, RETURN = "approve", "return"


class TextsForm(forms.Form):
    """One field for each section that asks for words; an empty one is named in the brief.

    Those of the first page come first; the others can stay empty.
    """

    sometimes_required = ("*",)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for row in brief_content()["section"]:
            if row["asks_for"]:
                self.fields[row["id"]] = forms.CharField(
                    label=row["title"],
                    help_text=row["asks_for"],
                    required=False,
                    max_length=4000,
                    widget=forms.Textarea(attrs={"rows": 6}),
                )

    @property
    def lead_fields(self) -> list[Any]:
        """What stands on the first page, for who decides."""
        return [self[one] for one in _leading() if one in self.fields]

    @property
    def other_fields(self) -> list[Any]:
        """What the record cannot say, and who decides can do without."""
        return [self[one] for one in self.fields if one not in _leading()]

    @property
    def is_other_given(self) -> bool:
        """Whether one of the others holds words or an error."""
        return any(one.value() or one.errors for one in self.other_fields)


class DecisionForm(forms.Form):
    """Approve the brief, or send it back with what to mend."""

    sometimes_required = ("comment",)

    decision = forms.ChoiceField(
        label=_("Do you approve this brief?"),
        help_text=_("Partners and other cities build on what is approved."),
        widget=forms.RadioSelect,
        choices=[
            (APPROVE, _("Yes, approve it")),
            (RETURN, _("Not yet, send it back")),
        ],
    )
    comment = forms.CharField(
        label=_("What is decided, or what should be mended?"),
        help_text=_("If the brief offers options, name the one you choose. It is kept beside it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Who sends it back says what to mend."""
        given = super().clean() or {}
        if given.get("decision") == RETURN and not given.get("comment"):
            self.add_error("comment", _("Say what should be mended."))
        return given


def _leading() -> list[str]:
    return [one["id"] for one in brief_content()["section"] if one.get("is_lead")]
