"""The forms of engagement: why, whom, how, what was said, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.engagement.domain.catalogue import (
    contents,
    gates,
    group_titles,
    methods,
    phases,
    replies,
    rules,
    titles,
)
from commonlight.web.design.engagement.domain.ranking import Answers
from commonlight.web.design.engagement.domain.register import points_at_a_person
from commonlight.web.design.engagement.domain.talks import LONGEST

__all__ = [
    "ChoiceForm",
    "ContributionRows",
    "HearingForm",
    "PlanForm",
    "PurposeForm",
    "ReasonForm",
    "RegisterFilter",
    "ReplyForm",
    "UnheardForm",
]

ROWS = 5
"""So many contributions can be entered at once."""

FIRST_ROWS = 2
"""So many are shown; the others wait behind a heading."""

PERSON = _(
    "This text holds an e-mail address or a telephone number. Contributions are kept by category, "
    "without anything that points at a person."
)
Choices = Iterable[tuple[str, Any]]


def _groups() -> Choices:
    return [*group_titles().items()]


def _no_person(text: str) -> str:
    """A text in which nothing points at a person."""
    if points_at_a_person(text):
        raise forms.ValidationError(PERSON)
    return text


def _text(label: Any, help_text: Any = "", *, rows: int = 3, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, widget=area, max_length=LONGEST, **more
    )


class PurposeForm(forms.Form):
    """Why people are engaged, and the decision at stake."""

    sometimes_required = ("decision", "decided_by", "decided_on", "harmed_groups")
    """Nobody must know them on the first day, but gates need them."""

    rationale = forms.ChoiceField(label=_("Why do you engage people?"), widget=forms.RadioSelect)
    rationale_text = _text(_("Say it in your own words"), rows=2, required=False)
    decision = _text(
        _("Which decision can still change?"),
        _("If none can, say so and only inform."),
        rows=2,
        required=False,
    )
    decided_by = forms.CharField(
        label=_("Who takes it?"),
        help_text=_("A body or a function, no name of a person."),
        max_length=150,
        required=False,
    )
    decided_on = forms.DateField(
        label=_("When?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    harmed_groups = forms.MultipleChoiceField(
        label=_("Whom does the problem harm?"),
        help_text=_("Each group that you name must be heard before the prototype."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, likely: Collection[str] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        chosen: Any = self.fields["rationale"]
        chosen.choices = [
            (one["id"], _with_note(one["title"], one["meaning"], one["beware"]))
            for one in gates()["rationale"]
        ]
        harmed: Any = self.fields["harmed_groups"]
        harmed.choices = _groups()
        self.likely_choices = {"harmed_groups": likely}


class PlanForm(forms.Form):
    """The questions of the planner, as the content asks them."""

    phase = forms.ChoiceField(widget=forms.RadioSelect)
    purpose = forms.ChoiceField(widget=forms.RadioSelect)
    reach = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Name at least one group that you must reach.")},
    )
    size = forms.IntegerField(min_value=1, max_value=1_000_000)
    days = forms.IntegerField(min_value=1, max_value=3650)
    cost = forms.ChoiceField(widget=forms.RadioSelect)
    skills = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    offers = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sensitive = forms.TypedChoiceField(
        widget=forms.RadioSelect, coerce=lambda value: value == "yes"
    )
    conflict = forms.TypedChoiceField(widget=forms.RadioSelect, coerce=lambda value: value == "yes")

    def __init__(self, *given: Any, likely: Collection[str] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        choices: dict[str, Choices] = {
            "phase": [*phases().items()],
            "purpose": [
                (one["id"], _with_note(one["title"], one["promise"]))
                for one in contents()["purpose"]
            ],
            "reach": _groups(),
            "cost": [*titles("cost").items()],
            "skills": [*titles("skill").items()],
            "offers": [*titles("need").items()],
            "sensitive": [("no", _("No")), ("yes", _("Yes"))],
            "conflict": [("no", _("No")), ("yes", _("Yes"))],
        }
        for row in rules()["question"]:
            field: Any = self.fields[row["id"]]
            field.label, field.help_text = row["title"], row["help"]
            if row["id"] in choices:
                field.choices = choices[row["id"]]
        self.order_fields([one["id"] for one in rules()["question"]])
        self.likely_choices = {"reach": likely}

    def first_fields(self) -> list[Any]:
        """What every plan must say."""
        return [one for one in self if one.name not in rules()["means"]["questions"]]

    def means_fields(self) -> list[Any]:
        """Time, money, skills and what can be offered: proposed, and open to change."""
        return [self[name] for name in rules()["means"]["questions"]]

    def has_means_error(self) -> bool:
        """Whether one of the means was not understood."""
        return any(one.errors for one in self.means_fields())

    def answers(self) -> Answers:
        """What was answered, for the planner."""
        given = self.cleaned_data
        return Answers(
            phase=given["phase"],
            purpose=given["purpose"],
            reach=tuple(given["reach"]),
            size=given["size"],
            days=given["days"],
            cost=given["cost"],
            skills=tuple(given["skills"]),
            offers=tuple(given["offers"]),
            is_sensitive=given["sensitive"],
            is_conflict=given["conflict"],
        )


class ChoiceForm(forms.Form):
    """Why a method is chosen; a reason is needed where the planner put others first."""

    reason = _text(_("Why this method?"), rows=2)

    def __init__(self, *given: Any, needs_reason: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["reason"]
        field.required = needs_reason
        if needs_reason:
            field.help_text = rules()["words"]["same"]


class HearingForm(forms.Form):
    """One occasion: day, method, who by category, what was said."""

    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    method = forms.ChoiceField(label=_("Method"))
    said = _text(
        _("What was said?"),
        _(
            "In a few sentences, without names. Single contributions get their reply in the "
            "register."
        ),
        rows=5,
    )

    def __init__(self, *given: Any, likely: Collection[str] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self._likely = likely
        method: Any = self.fields["method"]
        method.choices = [(name, one["title"]) for name, one in methods().items()]
        for name, title in group_titles().items():
            self.fields[f"group_{name}"] = forms.IntegerField(
                label=str(title), required=False, min_value=0, max_value=100_000
            )

    def clean_said(self) -> str:
        """Nothing in it points at a person."""
        return _no_person(self.cleaned_data["said"])

    def clean(self) -> dict[str, Any]:
        """Somebody was there."""
        given = super().clean() or {}
        if not self.has_error("said") and not self.counts():
            self.add_error(None, _("Enter how many people of at least one category took part."))
        return given

    def counts(self) -> dict[str, int]:
        """How many of each category took part."""
        found = {name: self.cleaned_data.get(f"group_{name}") for name in group_titles()}
        return {name: count for name, count in found.items() if count}

    def likely_fields(self) -> list[Any]:
        """The categories whom the problem concerns, or all where nobody knows."""
        names = [one for one in group_titles() if one in self._likely]
        return [self[f"group_{name}"] for name in names or group_titles()]

    def other_fields(self) -> list[Any]:
        """The categories behind a heading."""
        shown = {one.name for one in self.likely_fields()}
        fields = [self[f"group_{name}"] for name in group_titles()]
        return [one for one in fields if one.name not in shown]

    def is_other_given(self) -> bool:
        """Whether something stands in a category behind the heading."""
        return any(one.errors or one.value() for one in self.other_fields())


class ContributionRows(forms.Form):
    """Several contributions of one day, each with its category.

    `group` is proposed in each row; a row that says no more than that is empty.
    """

    received_on = forms.DateField(
        label=_("On which day were they made?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    hearing = forms.ChoiceField(label=_("At which engagement?"), required=False)

    def __init__(self, *given: Any, hearings: Choices = (), group: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        hearing: Any = self.fields["hearing"]
        hearing.choices = [("", _("None of these, for example by letter")), *hearings]
        for place in range(1, ROWS + 1):
            self.fields[f"group_{place}"] = forms.ChoiceField(
                label=_("Who said it?"),
                required=False,
                choices=[("", _("Choose")), *_groups()],
                initial=group,
            )
            self.fields[f"text_{place}"] = _text(_("What was said?"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """Each text has its category, and at least one is there."""
        given = super().clean() or {}
        for place in range(1, ROWS + 1):
            self._check(place, given)
        if not self.errors and not self.rows():
            self.add_error("text_1", _("Enter at least one contribution."))
        return given

    def _check(self, place: int, given: Mapping[str, Any]) -> None:
        text, group = given.get(f"text_{place}", ""), given.get(f"group_{place}", "")
        if text and not group:
            self.add_error(f"group_{place}", _("Say which category of people said this."))
        if group and not text and self[f"group_{place}"].initial != group:
            self.add_error(f"text_{place}", _("Write down what was said."))
        if points_at_a_person(text):
            self.add_error(f"text_{place}", PERSON)

    def rows(self) -> list[tuple[str, str]]:
        """The contributions that were entered."""
        given = self.cleaned_data
        found = [
            (given.get(f"group_{place}", ""), given.get(f"text_{place}", ""))
            for place in range(1, ROWS + 1)
        ]
        return [(group, text) for group, text in found if text]

    def first_rows(self) -> list[tuple[int, Any, Any]]:
        """The fields of the rows that are shown, for the page."""
        return self._fields_of(range(1, FIRST_ROWS + 1))

    def more_rows(self) -> list[tuple[int, Any, Any]]:
        """The fields of the rows behind a heading."""
        return self._fields_of(range(FIRST_ROWS + 1, ROWS + 1))

    def is_more_given(self) -> bool:
        """Whether something stands in a row behind the heading."""
        return any(
            text.value() or text.errors or group.errors or (group.value() or "") != group.initial
            for _place, group, text in self.more_rows()
        )

    def _fields_of(self, places: Iterable[int]) -> list[tuple[int, Any, Any]]:
        return [(place, self[f"group_{place}"], self[f"text_{place}"]) for place in places]


class ReplyForm(forms.Form):
    """Adopted, partly or not, with the reason."""

    answer = forms.ChoiceField(label=_("What becomes of it?"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Kind of reason"), required=False)
    text = _text(_("Reason, as people will read it"), rows=4)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        answers = [one for one in replies()["state"] if one["counts_as_replied"]]
        answer: Any = self.fields["answer"]
        answer.choices = [
            (one["id"], _with_note(one["title"], one["help"], one["example"])) for one in answers
        ]
        ground: Any = self.fields["ground"]
        ground.choices = [
            ("", _("None of these")),
            *((one["id"], one["title"]) for one in replies()["reason"]),
        ]
        self.fields["text"].help_text = replies()["words"]["no_stock_answers"]

    def clean_text(self) -> str:
        """At least one full sentence, in which nothing points at a person."""
        text = str(self.cleaned_data["text"]).strip()
        if len(text) < replies()["reason_min_characters"]:
            raise forms.ValidationError(replies()["words"]["reason_needed"])
        return _no_person(text)

    def clean(self) -> dict[str, Any]:
        """The kind of reason fits the answer."""
        given = super().clean() or {}
        row = next((one for one in replies()["reason"] if one["id"] == given.get("ground")), None)
        if row is not None and given.get("answer") and given["answer"] not in row["for"]:
            self.add_error("ground", _("This kind of reason does not go with your answer."))
        return given


class ReasonForm(forms.Form):
    """A step that needs a reason."""

    reason = _text(_("Why?"), rows=3)

    def __init__(self, *given: Any, label: Any = "", **more: Any) -> None:
        super().__init__(*given, **more)
        if label:
            self.fields["reason"].label = label


class UnheardForm(forms.Form):
    """Why each group that is harmed was not heard."""

    sometimes_required = ("*",)
    """A group that is heard later needs no reason, but the gate needs one of the two."""

    def __init__(self, *given: Any, groups: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        known = group_titles()
        for name in groups:
            self.fields[name] = _text(known.get(name, name), rows=2, required=False)


class RegisterFilter(forms.Form):
    """Which contributions are listed."""

    state = forms.ChoiceField(label=_("Reply"), required=False)
    group = forms.ChoiceField(label=_("Who said it"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        state: Any = self.fields["state"]
        state.choices = [
            ("", _("All")),
            *((one["id"], one["title"]) for one in replies()["state"]),
        ]
        group: Any = self.fields["group"]
        group.choices = [("", _("Everybody")), *_groups()]


def _with_note(title: Any, *notes: Any) -> str:
    """The title of a choice with what it means."""
    return " ".join([f"{title}.", *(str(one) for one in notes if one)])
