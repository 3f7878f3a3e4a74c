"""Ask partners apart, put the closing time off, and answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commonlight.web.content import read_content
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.causing import families
from commonlight.web.problems.domain.solutions import read_problem
from commonlight.web.problems.domain.words import contact_refusal
from commonlight.web.problems.forms.problem import PlainForm, solution_refusal
from commonlight.web.problems.methods import names_a_contact
from commonlight.web.problems.models import Statement

__all__ = ["AnswerForm", "AskForm", "PutOffForm", "told_already"]

DAYS = 7
NOON = time(12)
STATED = {
    "what": "sentence",
    "where": "place",
    "when": "period",
    "who_is_harmed": "groups_harmed",
}
"""Questions of the frame, and the parts of the statement that say the same."""


class ClosingForm(PlainForm):
    """A day and an hour, by the clock of the city."""

    closes_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    @property
    def closes_at(self) -> datetime:
        """The moment that was chosen."""
        given = self.cleaned_data
        return timezone.make_aware(datetime.combine(given["closes_on"], given["closes_time"]))


class AskForm(ClosingForm):
    """Who is asked, until when."""

    organisations = forms.MultipleChoiceField(
        label=_("Who is asked?"),
        help_text=_(
            "Any member of an organisation can answer for it. Choose at least two. Those whose "
            "people have been here, and those with a part in this problem, are ticked already."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two organisations.")},
    )
    field_order = ("organisations", "closes_on", "closes_time")

    def __init__(self, *given: Any, organisations: Iterable[Any], **more: Any) -> None:
        """`organisations` carry `members`, `has_been_here` and `is_likely`: ticked at first."""
        rows = list(organisations)
        day = timezone.localdate() + timedelta(days=DAYS)
        more["initial"] = {
            "organisations": [str(one.pk) for one in rows if one.is_likely],
            "closes_on": day,
            "closes_time": NOON,
        }
        super().__init__(*given, **more)
        chosen: Any = self.fields["organisations"]
        chosen.choices = [(str(one.pk), _with_members(one)) for one in rows]


def _with_members(organisation: Any) -> str:
    """The name, and whether anybody would find the questions."""
    if not organisation.members:
        return now_in_words("%(name)s (nobody here can answer for it)") % {
            "name": organisation.name
        }
    if organisation.has_been_here:
        words = ngettext(
            "%(name)s (%(count)s person can answer)",
            "%(name)s (%(count)s people can answer)",
            organisation.members,
        )
    else:
        words = ngettext(
            "%(name)s (%(count)s person can answer, but has never signed in)",
            "%(name)s (%(count)s people can answer, but none has ever signed in)",
            organisation.members,
        )
    return words % {"name": organisation.name, "count": organisation.members}


class PutOffForm(ClosingForm):
    """A later closing time, and why."""

    reason = forms.CharField(
        label=_("Why is it put off?"),
        help_text=_("Everybody who was asked reads this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """The short frame, as `content/frames.toml` asks it."""

    def __init__(self, *given: Any, answers: dict[str, Any] | None = None, **more: Any) -> None:
        more["initial"] = _initial(answers or {})
        super().__init__(*given, **more)
        for question in questions():
            for name, field in _fields(question):
                self.fields[name] = field

    @property
    def groups(self) -> list[tuple[dict[str, Any], list[Any]]]:
        """Each question with its fields."""
        return [(one, [self[name] for name, _field in _fields(one)]) for one in questions()]

    def clean(self) -> dict[str, Any]:
        """Refuse contacts and solutions; a cause needs its family, and a family its cause."""
        given = super().clean() or {}
        for name, text in list(given.items()):
            if isinstance(text, str) and names_a_contact(text):
                self.add_error(name, contact_refusal())
        for question in questions():
            if question.get("refuses_solutions"):
                found = read_problem(given.get(question["id"]) or "")
                if found.is_refused:
                    self.add_error(question["id"], solution_refusal(found))
            if question["kind"] == "causes":
                self._clean_causes(question, given)
        return given

    def _clean_causes(self, question: dict[str, Any], given: dict[str, Any]) -> None:
        name = question["id"]
        for number in range(1, question["max_items"] + 1):
            text, family = given.get(f"{name}_{number}"), given.get(f"{name}_{number}_family")
            if text and not family:
                self.add_error(f"{name}_{number}_family", _("Choose a family for this cause."))
            if family and not text:
                self.add_error(f"{name}_{number}", _("Say this cause in a few words."))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they are sealed."""
        return _answers(self.cleaned_data)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed so far, whole or not, no longer than the questions allow."""
        longest = {
            name: getattr(field, "max_length", None) or 40 for name, field in self.fields.items()
        }
        return _answers({name: self.data.get(name, "")[:most] for name, most in longest.items()})


def told_already(actor: Actor, statement: Statement) -> dict[str, str]:
    """What the organisation itself has written in the statement, where it fits a question.

    Of the words of others nothing is told, so that each answers alone.
    """
    author = statement.author
    if statement.is_joint or author is None or author.organisation_id != actor.organisation_id:
        return {}
    longest = {one["id"]: one.get("max_length", 0) for one in questions()}
    told = {name: str(getattr(statement, part)) for name, part in STATED.items()}
    return {name: text for name, text in told.items() if len(text) <= longest[name]}


def questions() -> list[dict[str, Any]]:
    """The questions of the frame."""
    found: list[dict[str, Any]] = read_content("commonlight.web.problems", "frames")["question"]
    return found


def _fields(question: dict[str, Any]) -> list[tuple[str, forms.Field]]:
    name = question["id"]
    if question["kind"] == "causes":
        return _cause_fields(question)
    if question["kind"] == "choice":
        rows = [(one["id"], one["title"]) for one in question["answer"]]
        return [
            (
                name,
                forms.ChoiceField(
                    label=question["title"],
                    help_text=question["help"],
                    choices=rows,
                    widget=forms.RadioSelect,
                ),
            )
        ]
    rows_shown = 3 if question["max_length"] > 160 else 2
    field = forms.CharField(
        label=question["title"],
        help_text=question["help"],
        max_length=question["max_length"],
        widget=forms.Textarea(attrs={"rows": rows_shown}),
    )
    return [(name, field)]


def _cause_fields(question: dict[str, Any]) -> list[tuple[str, forms.Field]]:
    found: list[tuple[str, forms.Field]] = []
    for number in range(1, question["max_items"] + 1):
        is_asked = number <= question["min_items"]
        text = forms.CharField(
            label=_("Cause %(number)s") % {"number": number},
            max_length=question["max_length"],
            required=is_asked,
        )
        family = forms.ChoiceField(
            label=_("Family of cause %(number)s") % {"number": number},
            choices=[("", _("Choose a family")), *families().items()],
            required=is_asked,
        )
        start = f"{question['id']}_{number}"
        found += [(start, text), (f"{start}_family", family)]
    return found


def _initial(answers: dict[str, Any]) -> dict[str, Any]:
    found = {one["id"]: answers.get(one["id"], "") for one in questions()}
    for question in questions():
        if question["kind"] == "causes":
            for number, one in enumerate(answers.get(question["id"]) or (), start=1):
                found[f"{question['id']}_{number}"] = one["text"]
                found[f"{question['id']}_{number}_family"] = one["family"]
    return found


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in questions():
        name = question["id"]
        if question["kind"] != "causes":
            found[name] = given.get(name) or ""
            continue
        rows = [
            {
                "text": given.get(f"{name}_{n}") or "",
                "family": given.get(f"{name}_{n}_family") or "",
            }
            for n in range(1, question["max_items"] + 1)
        ]
        found[name] = [one for one in rows if one["text"] or one["family"]]
    return found
