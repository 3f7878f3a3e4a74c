"""Write a recommendation, answer it, close it with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.domain.matrix import Reading
from commonlight.web.assessment.enums import ClaimState
from commonlight.web.assessment.models import Claim
from commonlight.web.assessment.words import answers_kinds, recommendation_words
from commonlight.web.policy import Actor
from commonlight.web.thread.forms import JoinForm
from commonlight.web.ui.punctuation import named
from commonlight.web.workspaces.models import Organisation

__all__ = ["AcceptForm", "CloseForm", "RecommendationForm"]

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RecommendationForm(forms.Form):
    """What should change, for whom, and what it answers."""

    text = forms.CharField(
        label=_("What should be done?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answers = forms.ChoiceField(label=_("What does it answer?"), widget=forms.RadioSelect)
    claims = forms.ModelMultipleChoiceField(
        label=_("Which claims?"), queryset=Claim.objects.none(), required=False
    )
    principle = forms.ChoiceField(label=_("Which principle?"), required=False)
    about = forms.CharField(label=_("Which flag or difference?"), required=False, max_length=300)
    addressee = forms.ModelChoiceField(
        label=_("For which organisation?"), queryset=Organisation.objects.none()
    )

    def __init__(self, *given: Any, actor: Actor, reading: Reading, **more: Any) -> None:
        super().__init__(*given, **more)
        fields: Any = self.fields
        fields["text"].help_text = recommendation_words()["text"]["example"]
        missing = set() if reading.assessment.rows.exists() else {"flag"}
        if not reading.differences:
            missing.add("difference")
        fields["answers"].choices = [
            (name, row["title"]) for name, row in answers_kinds().items() if name not in missing
        ]
        if len(missing) == 2:
            del self.fields["about"]
        claims = fields["claims"]
        touching = Case(When(pk__in=_concerned(reading, self.initial), then=0), default=1)
        tagged = reading.assessment.claims.filter(state=ClaimState.TAGGED)
        claims.queryset = tagged.order_by(touching, "number")
        claims.label_from_instance = lambda one: named(one.number, one.text[:90])
        claims.widget.attrs["size"] = 8
        fields["principle"].choices = [
            ("", _("None")),
            *((one.id, one.title) for one in (*reading.model.principles, *reading.model.values)),
        ]
        fields["addressee"].queryset = Organisation.objects.of(actor.workspace)

    def clean(self) -> dict[str, Any]:
        """A claim without evidence needs the claim; a gap needs the principle."""
        given = super().clean() or {}
        answers = given.get("answers")
        if answers in ("claimed", "contradicted") and not given.get("claims"):
            self.add_error("claims", _("Choose the claim that it answers."))
        if answers == "gap" and not given.get("principle"):
            self.add_error("principle", _("Choose the principle or value that has the gap."))
        return given


def _concerned(reading: Reading, known: Mapping[str, Any]) -> list[int]:
    """The claims that touch the principle with the gap; else those that are contradicted."""
    principle = known.get("principle")
    return [
        one.claim.pk
        for one in reading.tagged
        if (
            any(item.id == principle for item in one.items)
            if principle
            else one.now == "contradicted"
        )
    ]


class AcceptForm(forms.Form):
    """Who takes it on, and until when."""

    accountable = forms.ModelChoiceField(
        label=_("Which organisation is accountable?"),
        help_text=_("Exactly one. Others may help."),
        queryset=Organisation.objects.none(),
    )
    due_on = forms.DateField(label=_("Done by"), widget=DAY)

    def __init__(self, *given: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*given, **more)
        accountable: Any = self.fields["accountable"]
        accountable.queryset = Organisation.objects.of(actor.workspace)


class CloseForm(JoinForm):
    """The questions that are asked when a recommendation is closed."""

    what_changed = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    side_effect = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    verdict_again = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, look at the claims again")), ("no", _("No"))],
        initial="yes",
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        words = {one["id"]: one for one in recommendation_words()["closing_question"]}
        for name, question in (
            ("ground", "evidence"),
            ("what_changed", "what_changed"),
            ("side_effect", "side_effect"),
            ("verdict_again", "verdict_again"),
        ):
            self.fields[name].label = words[question]["title"]
            self.fields[name].help_text = words[question]["help"]
        refusal = next(one for one in recommendation_words()["button"] if one["id"] == "close")
        self.fields["ground"].error_messages["required"] = refusal["refusal"]
        self.order_fields(("ground", "note", "what_changed", "side_effect", "verdict_again"))
