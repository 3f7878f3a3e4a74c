"""Tag claims, judge them, link evidence: ten claims on a page, each with a small form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.domain.grounds import Choices
from commonlight.web.assessment.domain.judging import BY_ITSELF, Given, the_records
from commonlight.web.assessment.domain.security_model import SecurityModel
from commonlight.web.assessment.domain.tagging import Tags
from commonlight.web.assessment.enums import ClaimState
from commonlight.web.assessment.models import Claim, Verdict
from commonlight.web.assessment.words import verdict_rows, verdict_words
from commonlight.web.thread.forms import SearchForm

__all__ = [
    "AbsenceForm",
    "EvidenceForm",
    "JudgeForm",
    "ReasonForm",
    "RecordSearchForm",
    "RetagForm",
    "SendForm",
    "TagForm",
]

NONE = "none"


class TagForm(forms.Form):
    """The principles and values of one claim."""

    principles = forms.MultipleChoiceField(
        label=_("Which principles does it touch?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    values = forms.MultipleChoiceField(
        label=_("Which values does it touch?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, sent: Any = None, *, claim: Claim, model: SecurityModel) -> None:
        chosen = [NONE] if claim.state == ClaimState.NO_PRINCIPLE else list(claim.principles)
        initial = {"principles": chosen, "values": claim.values}
        super().__init__(sent, prefix=f"c{claim.pk}", initial=initial)
        self.claim = claim
        principles = [(one.id, one.title) for one in model.principles]
        fields: Any = self.fields
        fields["principles"].choices = [*principles, (NONE, _("No principle"))]
        fields["values"].choices = [(one.id, one.title) for one in model.values]

    def clean_principles(self) -> list[str]:
        """Principles, or none of them."""
        found: list[str] = self.cleaned_data["principles"]
        if NONE in found and len(found) > 1:
            raise forms.ValidationError(
                _("Claim %(number)d: choose principles, or “no principle”, and not both.")
                % {"number": self.claim.number}
            )
        return found

    def tags(self, *, rest_is_none: bool = False) -> Tags:
        """What was chosen; where nothing was, it stays unread or touches none."""
        chosen = [one for one in self.cleaned_data["principles"] if one != NONE]
        values = self.cleaned_data["values"]
        is_empty = rest_is_none and not chosen and not values
        is_none = NONE in self.cleaned_data["principles"] or is_empty
        return Tags(tuple(chosen), tuple(values), is_none=is_none)


class RetagForm(forms.Form):
    """Why tags change that all assessors have judged by."""

    reason = forms.CharField(
        label=_("Why do you change tags?"),
        help_text=_("All have sent their verdicts. A claim that was tagged before needs a reason."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JudgeForm(forms.Form):
    """One verdict and its reason."""

    verdict = forms.ChoiceField(label=_("Your verdict"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Reason, or where you looked"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": " "}),
    )

    looked = forms.BooleanField(label=_("I looked for a record and found none"), required=False)
    by_itself = forms.BooleanField(
        label=BY_ITSELF,
        required=False,
    )

    def __init__(
        self,
        sent: Any = None,
        *,
        claim: Claim,
        known: Verdict | None,
        draft: dict[str, Any] | None = None,
        has_looked: bool = False,
    ) -> None:
        is_absent = known is not None and known.verdict == "absent"
        self.has_looked = has_looked
        self.where = known.where_looked if known is not None and not is_absent else ""
        self.saved = {
            "verdict": known.verdict if known else "claimed",
            "note": (known.where_looked if is_absent else known.note) if known else "",
            "looked": bool(self.where),
            "by_itself": False,
        }
        super().__init__(sent, prefix=f"c{claim.pk}", initial=self.saved | (draft or {}))
        self.claim, self.known, self.is_draft = claim, known, bool(draft)
        verdict: Any = self.fields["verdict"]
        verdict.choices = [(name, row["title"]) for name, row in verdict_rows().items()]

    @property
    def typed(self) -> dict[str, Any]:
        """What was chosen and typed, whether it can be saved or not."""
        return {
            "verdict": self["verdict"].value() or self.saved["verdict"],
            "note": self["note"].value() or "",
            "looked": bool(self["looked"].value()),
            "by_itself": bool(self["by_itself"].value()),
        }

    @property
    def is_changed(self) -> bool:
        """Whether that is more than what is saved."""
        return self.typed != self.saved

    def given(self) -> Given:
        """The verdict; for “absent”, the text says where one looked, for “claimed” the tick."""
        verdict, note = self.cleaned_data["verdict"], self.cleaned_data["note"]
        by_itself = self.cleaned_data["by_itself"]
        if verdict == "absent":
            return Given(verdict, "", note, by_itself)
        is_found_empty = verdict == "claimed" and self.cleaned_data["looked"]
        return Given(
            verdict, note, self.where or the_records() if is_found_empty else "", by_itself
        )


class EvidenceForm(forms.Form):
    """Records, which way they point, and what they show."""

    ground = forms.MultipleChoiceField(
        label=_("Choose one or more records"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose a record.")},
    )
    note = forms.CharField(
        label=_("What does it show?"),
        help_text=_("One sentence. It is read beside the record. “Contradicted” needs it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    direction = forms.ChoiceField(
        label=_("Which way does it point?"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *given: Any, offered: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self.offered = offered
        fields: Any = self.fields
        fields["ground"].choices = [(one.key, one.title) for one in offered.all]
        rows = verdict_words()["direction"]
        fields["direction"].choices = [(one["id"], one["title"]) for one in rows]
        fields["direction"].initial = "for"

    @property
    def ticked(self) -> list[str]:
        """The records that are ticked, also where the form has errors."""
        return list(self["ground"].value() or ())


class RecordSearchForm(SearchForm):
    """A search among the records."""

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for, as `choices_for` reads it; empty where nothing was."""
        given = self.cleaned_data if self.is_valid() else {}
        named = {"words": "q", "only": "kind", "nature": "nature"}
        return {name: given[key] for name, key in named.items() if given.get(key)}


class AbsenceForm(forms.Form):
    """Where one looked and found nothing."""

    where_looked = forms.CharField(
        label=_("Where did you look?"),
        help_text=_("Which parts of the strategy, which records."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SendForm(forms.Form):
    """What binds the assessor to those who wrote the strategy."""

    interest = forms.CharField(
        label=_("Does anything bind you to those who wrote the strategy?"),
        help_text=_("For example a grant or a contract. It is printed beside your verdicts."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
