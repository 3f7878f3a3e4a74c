"""Forms of concept cards, of tests and of the toolkit specification, as the content tells them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.concerned import Concerned, concerned_by
from commonlight.web.design.domain.catalogue import (
    card_fields,
    groups,
    sides,
    specification_fields,
)
from commonlight.web.design.enums import Verdict
from commonlight.web.design.forms.contacts import RefusesContacts
from commonlight.web.design.models import Concept, ConceptVersion, Idea
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "ChangeForm",
    "ConceptForm",
    "ConceptReasonForm",
    "PrototypeTestForm",
    "SpecificationForm",
]

LATER = ("sides", "ideas")
"""Fields of the card that no approval asks for."""

NEEDED = (
    "cause",
    "why_it_should_work",
    "users",
    "designed_with",
    "organisations",
    "who_does_it",
    "who_may_lose",
)
"""Fields that a draft may leave open and that an approval asks for."""

MOST_IDEAS = 100
"""An idea that goes on comes from a few ideas; more than this are not offered in one list."""


class ConceptForm(RefusesContacts):
    """The card. A draft needs a name and a sentence; the rest may come later."""

    name = forms.CharField()
    in_one_sentence = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    cause: forms.ModelChoiceField[Any] = forms.ModelChoiceField(queryset=None, required=False)
    sides = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    why_it_should_work = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    users = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    designed_with = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    organisations: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Organisations that do it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    who_does_it = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    good_uses_kept = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    who_may_lose = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    cost_guess = forms.CharField(required=False)
    ideas = forms.CharField(required=False)
    sometimes_required = NEEDED

    def __init__(self, *given: Any, problem: Problem, **more: Any) -> None:
        super().__init__(*given, **more)
        self._problem = problem
        for name, row in card_fields().items():
            _tell(self.fields["ideas" if name == "from_ideas" else name], row)
        self.fields["who_does_it"].max_length = 240  # type: ignore[attr-defined]
        self.fields["who_does_it"].validators.append(_longest(240))
        self.fields["ideas"].help_text = _(
            "Their numbers, with commas between them. Minority ideas included."
        )
        self._offer(problem)
        self.likely_choices = _likely(concerned_by(problem))

    def _offer(self, problem: Problem) -> None:
        """What can be chosen: causes of the problem, groups, organisations of the workspace."""
        fields: Any = self.fields
        standing = Cause.objects.of(problem.workspace).filter(
            problem=problem, withdrawn_at__isnull=True
        )
        is_touched = Q(pk=self.initial.get("cause"))
        fields["cause"].queryset = standing.filter(Q(left_out_reason="") | is_touched)
        fields["cause"].empty_label = _("None yet")
        titles = [(name, one["title"]) for name, one in groups().items()]
        fields["sides"].choices = list(sides().items())
        fields["users"].choices = fields["designed_with"].choices = titles
        fields["organisations"].queryset = Organisation.objects.of(problem.workspace).order_by(
            "name"
        )

    def first_fields(self) -> list[Any]:
        """What a concept needs before it can be approved."""
        return [one for one in self if one.name not in LATER]

    def later_fields(self) -> list[Any]:
        """What can wait, or is never needed."""
        return [self[name] for name in LATER]

    def is_later_given(self) -> bool:
        """Whether something stands in what can wait, beyond the idea that it began with."""
        return any(
            one.errors or (one.value() and one.name != "ideas") for one in self.later_fields()
        )

    def clean_ideas(self) -> list[Idea]:
        """The ideas with these numbers."""
        words = self.cleaned_data["ideas"].replace(";", ",").split(",")
        texts = [one.strip().lstrip("#") for one in words if one.strip()]
        wrong = [one for one in texts if not one.isdecimal() or len(one) > 6]
        if wrong:
            raise forms.ValidationError(
                _("“%(text)s” is no number of an idea."), params={"text": wrong[0][:40]}
            )
        if len(texts) > MOST_IDEAS:
            raise forms.ValidationError(_("A concept comes from a few ideas. Name fewer."))
        numbers = {int(one) for one in texts}
        found = list(self._problem.ideas.filter(number__in=numbers))
        missing = sorted(numbers - {one.number for one in found})
        if missing:
            raise forms.ValidationError(
                _("This problem has no idea %(number)d."), params={"number": missing[0]}
            )
        return found

    def clean_name(self) -> str:
        """A name is one line."""
        return " ".join(self.cleaned_data["name"].split())


class ChangeForm(ConceptForm):
    """The card anew, with the test or the reason that moved it."""

    test: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label=_("Which test led to this change?"),
        required=False,
        empty_label=_("No test"),
    )
    reason = forms.CharField(
        label=_("Or why do you change it?"),
        help_text=_("A change cites a test or gives a reason."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *given: Any, concept: Concept, version: ConceptVersion, **more: Any) -> None:
        super().__init__(*given, problem=concept.problem, initial=_initial(version), **more)
        test: Any = self.fields["test"]
        test.queryset = concept.tests.all()
        test.label_from_instance = lambda one: (
            _("Test %(number)d: %(verdict)s")
            % {
                "number": one.number,
                "verdict": one.get_verdict_display(),
            }
        )


class PrototypeTestForm(RefusesContacts):
    """What somebody saw when the concept was tried."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    what = forms.CharField(
        label=_("What was tried?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    testers = forms.MultipleChoiceField(
        label=_("Who tried it, by category"), widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=10_000)
    seen = forms.CharField(
        label=_("What did you see?"),
        help_text=_("What happened, not what you think of it. No names."),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    verdict = forms.ChoiceField(
        label=_("What follows?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    because = forms.CharField(
        label=_("Because"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *given: Any, problem: Problem, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["testers"]
        field.choices = [(name, one["title"]) for name, one in groups().items()]
        self.likely_choices = {"testers": concerned_by(problem).all}
        self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> Any:
        """A test lies in the past."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Record what you saw."))
        return day


class ConceptReasonForm(RefusesContacts):
    """Why a concept is returned or set aside."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SpecificationForm(RefusesContacts):
    """The fields of the toolkit specification; it can be saved half done.

    `card` tells what the record says already; what stands in the form as it stands there is read
    and not asked.
    """

    def __init__(self, *given: Any, card: Mapping[str, str], **more: Any) -> None:
        super().__init__(*given, **more)
        self._card = card
        for name, row in specification_fields().items():
            self.fields[name] = forms.CharField(
                label=row["title"],
                help_text=row["help"],
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def taken_fields(self) -> list[Any]:
        """What the concept card has answered."""
        return [one for one in self if self._is_taken(one.name)]

    def first_fields(self) -> list[Any]:
        """What a specification needs and the card does not say."""
        return self._others(required=True)

    def more_fields(self) -> list[Any]:
        """What nobody has to know yet."""
        return self._others(required=False)

    def is_taken_wrong(self) -> bool:
        """Whether something that the card has answered was not understood."""
        return any(one.errors for one in self.taken_fields())

    def is_more_given(self) -> bool:
        """Whether something stands in what nobody has to know yet."""
        return any(one.errors or one.value() for one in self.more_fields())

    def _is_taken(self, name: str) -> bool:
        told = self._card.get(name, "")
        return bool(told) and self.initial.get(name) == told

    def _others(self, *, required: bool) -> list[Any]:
        rows = specification_fields().items()
        names = [name for name, one in rows if one["required"] == required]
        return [self[name] for name in names if not self._is_taken(name)]


def _likely(concerned: Concerned) -> dict[str, Collection[str]]:
    """Whom the problem concerns; nobody who was only heard is taken to have designed it."""
    return dict.fromkeys(("users", "designed_with"), concerned.all)


def _initial(version: ConceptVersion) -> dict[str, Any]:
    return {
        **{name: getattr(version, name) for name in card_fields() if hasattr(version, name)},
        "cause": version.cause_id,
        "organisations": [one.pk for one in version.organisations.all()],
        "ideas": ", ".join(str(one.number) for one in version.ideas.all()),
    }


def _tell(field: Any, row: Mapping[str, Any]) -> None:
    """Label, help and longest length as the content says them."""
    field.label, field.help_text = row["title"], row["help"]
    if "max_characters" in row and isinstance(field, forms.CharField):
        field.max_length = row["max_characters"]
        field.validators.append(_longest(row["max_characters"]))
        field.widget.attrs["maxlength"] = row["max_characters"]


def _longest(length: int) -> Any:
    return MaxLengthValidator(length)
