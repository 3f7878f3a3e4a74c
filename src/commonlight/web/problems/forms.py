"""The forms of a problem and of its statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.content import read_content
from commonlight.web.problems.domain.solutions import read_problem
from commonlight.web.problems.enums import FocusArea, ProblemState, Theme

__all__ = ["FilterForm", "NewProblemForm", "StatementForm"]


def _rules() -> dict[str, dict[str, Any]]:
    content = read_content("commonlight.web.problems", "definition")
    return {one["id"]: one for one in content["statement_field"]}


class RefusesSolutions(forms.Form):
    """Fields that must say what is wrong, and not what to do."""

    problem_fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Refuse a solution, with a better sentence beside the field."""
        given = super().clean() or {}
        for name in self.problem_fields:
            found = read_problem(given.get(name) or "")
            if found.is_refused:
                words = read_content("commonlight.web.problems", "solutions")["words"]
                refusal = str(words["refusal"]).replace("{family}", str(found.family_title))
                self.add_error(name, f"{refusal} {words['example']} “{found.example}”")
        return given


class NewProblemForm(RefusesSolutions):
    """What is needed to begin: everything else comes with the partners."""

    problem_fields = ("title", "sentence")

    title = forms.CharField(max_length=100)
    sentence = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("One or two sentences: what happens, where and when, and who is harmed by it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField(max_length=150)
    focus_area = forms.ChoiceField(
        label=_("Focus area"),
        required=False,
        choices=[("", _("None of these")), *FocusArea.choices],
    )
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, choices=[("", _("None of these")), *Theme.choices]
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("title", "place"):
            _tell(self.fields[name], _rules()[name])


class StatementForm(RefusesSolutions):
    """The whole statement, and why it is changed."""

    problem_fields = ("sentence", "harm")

    sentence = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("One or two sentences: what happens, where and when, and who is harmed by it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField()
    period = forms.CharField(required=False)
    groups_harmed = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    harm = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    effects = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    disputed = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(
        label=_("What moved you to change it?"),
        help_text=_("The reason stands in the reframing log, beside the evidence that you link."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("place", "period", "groups_harmed", "harm", "effects", "disputed"):
            _tell(self.fields[name], _rules()[name])


class FilterForm(forms.Form):
    """Which problems are listed."""

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *ProblemState.choices]
    )
    focus_area = forms.ChoiceField(
        label=_("Focus area"),
        required=False,
        choices=[("", _("All focus areas")), *FocusArea.choices],
    )


def _tell(field: Any, row: dict[str, Any]) -> None:
    """Label, help and longest length as the content says them."""
    field.label, field.help_text = row["label"], row["help"]
    longest = row["max_length"]
    field.max_length = longest
    field.validators.append(forms.fields.validators.MaxLengthValidator(longest))
