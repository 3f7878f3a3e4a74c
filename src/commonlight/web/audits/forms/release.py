"""Forms of releases: propose, decide, withdraw. Words that stigmatise stop a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.methods import stigma_notes
from commonlight.web.audits.models import StoredFinding

__all__ = ["DecisionForm", "ProposalForm", "WithdrawalForm"]

RELEASE, RETURN = "release", "return"


class PublicFindingsField(forms.ModelMultipleChoiceField):
    """Findings, each by the sentence that would be published."""

    def label_from_instance(self, obj: Any) -> str:
        """The public sentence, in the language of the library."""
        sentence = (obj.public_content or {}).get("sentence", "")
        return format_html('<span lang="en" dir="ltr">{}</span>', sentence)


class ProposalForm(forms.Form):
    """What is to become public, and in which words."""

    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("What residents should know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Short sentences. Figures and their certainty come from the findings."),
    )
    findings = PublicFindingsField(
        label=_("Findings"),
        queryset=StoredFinding.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one finding.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        findings: Iterable[StoredFinding],
        language: str,
        workspace: Any,
    ) -> None:
        super().__init__(data)
        self.language = language
        offered = StoredFinding.objects.of(workspace).filter(
            pk__in=[one.pk for one in findings], public_content__isnull=False
        )
        self.fields["findings"].queryset = offered.defer("content")  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """A title without words that stigmatise."""
        return self._fair("title")

    def clean_text(self) -> str:
        """A text without words that stigmatise."""
        return self._fair("text")

    def _fair(self, name: str) -> str:
        given = str(self.cleaned_data[name])
        notes = stigma_notes([given], language=self.language)
        if notes:
            raise forms.ValidationError(
                [
                    forms.ValidationError(
                        _("“%(phrase)s”: %(reason)s Instead: %(instead)s"),
                        params={
                            "phrase": note.phrase,
                            "reason": note.reason,
                            "instead": note.instead,
                        },
                    )
                    for note in notes
                ]
            )
        return given


class DecisionForm(forms.Form):
    """What the second person decides."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(RELEASE, _("Release to the public")), (RETURN, _("Return with a comment"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to release or to return.")},
    )
    tried = forms.BooleanField(
        label=_("I tried to work out what is withheld, from totals and neighbours, and could not."),
        required=False,
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when you return it: name the finding and the cell."),
    )

    def clean(self) -> dict[str, Any]:
        """A release needs the try, a return needs words."""
        given: dict[str, Any] = super().clean() or {}
        decision = given.get("decision")
        if decision == RELEASE and not given.get("tried"):
            self.add_error("tried", _("Try it first, then tick this."))
        if decision == RETURN and not given.get("comment", "").strip():
            self.add_error("comment", _("Say what must change."))
        return given


class WithdrawalForm(forms.Form):
    """Why a release is taken back."""

    comment = forms.CharField(
        label=_("Why it is withdrawn"), widget=forms.Textarea(attrs={"rows": 4})
    )
