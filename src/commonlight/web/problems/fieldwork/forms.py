"""The forms of the positive lens, of sessions and observations, and of the audit workspace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.problems.fieldwork.catalogue import (
    card_words,
    none_found_words,
    people_speak_in,
    voice_choices,
)
from commonlight.web.problems.fieldwork.domain.sessions import consent_choices
from commonlight.web.problems.fieldwork.enums import Nature, ObservationKind, PeopleBand, Tone
from commonlight.web.ui.punctuation import named

__all__ = [
    "AuditForm",
    "CheckForm",
    "EntryForm",
    "NoneFoundForm",
    "ObservationForm",
    "ProposalForm",
    "ReasonForm",
    "SessionForm",
    "UseForm",
    "UseObservationForm",
]

RELEASE, RETURN = "release", "return"


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_lines(2))


class UseForm(forms.Form):
    """One answer to a question of the positive lens."""

    text = forms.CharField(label=_("Your answer"), max_length=300, widget=_lines(2))
    told_by = forms.CharField(
        label=_("Who says so?"),
        help_text=_("A group or an organisation, never a person: “parents at the playground”."),
        max_length=150,
        required=False,
    )


class NoneFoundForm(forms.Form):
    """Nothing was found, and where one looked."""

    where_looked = forms.CharField(max_length=500, widget=_lines(2))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["where_looked"].label = none_found_words()["where_looked"]


class SessionForm(forms.Form):
    """A session, written down before its observations."""

    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.CharField(
        label=_("Hours"),
        help_text=_("For example “from 20.00 to 22.00”."),
        max_length=60,
        required=False,
    )
    place = forms.CharField(label=_("Place"), max_length=150)
    consent = forms.ChoiceField(
        label=_("Was the consent note given?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the consent note was given.")},
    )
    groups = forms.MultipleChoiceField(
        label=_("Which groups took part?"),
        help_text=_("Categories only. No names and no list of who was there."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = forms.ChoiceField(
        label=_("How many people?"),
        choices=PeopleBand.choices,
        widget=forms.RadioSelect,
        initial=PeopleBand.UP_TO_FIVE,
    )
    remarks = forms.CharField(
        label=_("What should a reader keep in mind?"),
        help_text=_("For example “it rained”, or “a superior was in the room”."),
        max_length=500,
        widget=_lines(2),
        required=False,
    )

    def __init__(self, *given: Any, method: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["consent"].choices = consent_choices(method)  # type: ignore[attr-defined]
        self.fields["consent"].help_text = card_words()["consent_needed"]
        groups: Any = self.fields["groups"]
        groups.choices = voice_choices()
        if not people_speak_in(method):
            groups.label, groups.help_text = _("Which groups were seen?"), card_words()["seen_only"]


class ObservationForm(forms.Form):
    """An observation in three taps: the sentence, the kind, the button."""

    text = forms.CharField(label=_("What did you see or hear?"), max_length=300, widget=_lines(2))
    tone = forms.ChoiceField(
        label=_("Is it good or trouble?"),
        choices=Tone.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose: good, trouble or neither.")},
    )
    kind = forms.ChoiceField(
        label=_("Seen or heard?"), choices=ObservationKind.choices, widget=forms.RadioSelect
    )
    spot = forms.CharField(label=_("Where exactly?"), max_length=100, required=False)
    count = forms.IntegerField(
        label=_("How many, if you counted?"), min_value=0, max_value=1_000_000, required=False
    )

    def __init__(self, *given: Any, with_quotes: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [
            one for one in ObservationKind.choices if with_quotes or one[0] != ObservationKind.QUOTE
        ]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["text"].help_text = card_words()["no_names"]


class UseObservationForm(forms.Form):
    """What rests on an observation."""

    claim = forms.ChoiceField(
        label=_("What does it support?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what rests on this observation.")},
    )
    note = forms.CharField(
        label=_("What does it show?"),
        help_text=_("One sentence. It is read beside the link."),
        max_length=300,
        widget=_lines(2),
        required=False,
    )

    def __init__(self, *given: Any, claims: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["claim"].choices = claims  # type: ignore[attr-defined]


class AuditForm(forms.Form):
    """A new safety audit."""

    title = forms.CharField(label=_("Title"), max_length=150)
    place = forms.CharField(
        label=_("Place"), help_text=_("The whole city, a district or a square."), max_length=150
    )
    first_day = forms.DateField(
        label=_("First day that it looks at"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    last_day = forms.DateField(
        label=_("Last day that it looks at"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )


class EntryForm(forms.Form):
    """What a partner knows, in a block of the audit."""

    text = forms.CharField(
        label=_("What do you know?"),
        help_text=_("One or two sentences. You say what it rests on after saving."),
        max_length=600,
        widget=_lines(3),
    )
    nature = forms.ChoiceField(
        label=_("What is it?"),
        choices=Nature.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose: risk, strength or fact.")},
    )
    groups = forms.MultipleChoiceField(
        label=_("Whose view is in it?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    public_text = forms.CharField(
        label=_("The same for everybody"),
        help_text=_(
            "Plain words for the public version, without small numbers. Empty: it stays inside."
        ),
        max_length=600,
        widget=_lines(3),
        required=False,
    )
    problem = forms.ChoiceField(label=_("Does it speak of one problem?"), required=False)

    def __init__(self, *given: Any, problems: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["groups"].choices = voice_choices()  # type: ignore[attr-defined]
        known = [(str(one.pk), named(one.number, one.title)) for one in problems]
        self.fields["problem"].choices = [("", _("No, of the place")), *known]  # type: ignore[attr-defined]


class ProposalForm(forms.Form):
    """What stands above the public version."""

    introduction = forms.CharField(
        label=_("What residents should know"),
        help_text=_("Short sentences: why you looked, what comes next, whom to ask."),
        max_length=2000,
        widget=_lines(5),
        required=False,
    )


class CheckForm(forms.Form):
    """What the second person decides."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(RELEASE, _("Make it public")), (RETURN, _("Return with a comment"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to make it public or to return it.")},
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Needed when you return it: say what must change."),
        max_length=1000,
        widget=_lines(3),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A return needs words."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("decision") == RETURN and not given.get("comment", "").strip():
            self.add_error("comment", _("Say what must change."))
        return given
