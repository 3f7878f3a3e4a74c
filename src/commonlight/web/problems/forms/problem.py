"""The forms of a problem and of its statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from commonlight.web.content import read_content
from commonlight.web.problems.domain.solutions import Reading, read_problem
from commonlight.web.problems.domain.words import contact_refusal
from commonlight.web.problems.enums import FocusArea, ProblemState, Theme
from commonlight.web.problems.methods import names_a_contact
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "DescribeForm",
    "FilterForm",
    "NewProblemForm",
    "ReasonForm",
    "StatementForm",
    "solution_refusal",
]

STATED = ("place", "period", "groups_harmed", "harm", "effects", "disputed")


def solution_refusal(found: Reading) -> str:
    """Why a text that names a measure is refused, with a better sentence."""
    words = read_content("commonlight.web.problems", "solutions")["words"]
    refusal = str(words["refusal"]).replace("{family}", str(found.family_title))
    return now_in_words("%(refusal)s %(example)s “%(sentence)s”") % {
        "refusal": refusal,
        "example": words["example"],
        "sentence": found.example,
    }


class PlainForm(forms.Form):
    """Texts about places and groups; those of `problem_fields` say what is wrong."""

    problem_fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Refuse contacts of persons, and solutions with a better sentence beside the field."""
        given = super().clean() or {}
        for name, text in list(given.items()):
            if isinstance(text, str) and names_a_contact(text):
                self.add_error(name, contact_refusal())
        for name in self.problem_fields:
            found = read_problem(given.get(name) or "")
            if found.is_refused:
                self.add_error(name, solution_refusal(found))
        return given


def _sentence(rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=_("What is wrong?"),
        help_text=_("One or two sentences: what happens, where and when, and who is harmed by it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _area() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Focus area"),
        help_text=_("If it belongs to one of these, questions that fit it are asked later."),
        required=False,
        choices=[("", _("None of these")), *FocusArea.choices],
    )


def _theme() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Theme"),
        help_text=_("Leave it open if you are not sure. You can choose it later."),
        required=False,
        choices=[("", _("None of these")), *Theme.choices],
    )


def _owner() -> Any:
    return forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Nobody yet"), to_field_name="pk"
    )


class NewProblemForm(PlainForm):
    """What is needed to begin: everything else comes with the partners."""

    problem_fields = ("title", "sentence")

    title = forms.CharField(max_length=100)
    sentence = _sentence()
    place = forms.CharField(max_length=150)
    owner: Any = _owner()
    focus_area = _area()
    theme = _theme()

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace).order_by("name")
        for name in ("title", "place", "owner"):
            _tell(self.fields[name], name)


class DescribeForm(PlainForm):
    """Title, who answers for it, and where it belongs."""

    problem_fields = ("title",)

    title = forms.CharField(max_length=100)
    owner: Any = _owner()
    focus_area = _area()
    theme = _theme()

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace).order_by("name")
        for name in ("title", "owner"):
            _tell(self.fields[name], name)


class StatementForm(PlainForm):
    """The whole statement, and why it is changed."""

    problem_fields = ("sentence", "harm")
    sometimes_required: tuple[str, ...] = ("period", "groups_harmed", "harm", "disputed")

    sentence = _sentence()
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
        for name in STATED:
            _tell(self.fields[name], name)


class ReasonForm(PlainForm):
    """Why."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The reason stays in the record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, choices=[("", _("All themes")), *Theme.choices]
    )
    owner: Any = forms.ModelChoiceField(
        label=_("Who answers for it"), queryset=None, required=False, empty_label=_("Anybody")
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace).order_by("name")


def _rules() -> dict[str, dict[str, Any]]:
    content = read_content("commonlight.web.problems", "definition")
    return {one["id"]: one for one in content["statement_field"]}


def _tell(field: Any, name: str) -> None:
    """Label, help and longest length as the content says them."""
    row = _rules()[name]
    label: str | Promise = row["label"]
    field.label, field.help_text = label, row["help"]
    if "max_length" in row:
        field.max_length = row["max_length"]
        field.widget.attrs["maxlength"] = row["max_length"]
        field.validators.append(MaxLengthValidator(row["max_length"]))
