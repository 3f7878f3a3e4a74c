"""The forms of steps, links, versions, comments and files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.theory.domain.checks import content
from commonlight.web.design.theory.enums import StepKind, Witness
from commonlight.web.design.theory.models import LINK_LENGTH, STEP_LENGTH, Step
from commonlight.web.ui.punctuation import named

__all__ = [
    "AddLinkForm",
    "AddStepForm",
    "AnswerForm",
    "ChainForm",
    "CommentForm",
    "ImportForm",
    "KeepForm",
    "LinkForm",
    "StepForm",
]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WithRevision(forms.Form):
    """The revision that was opened; `over` is sent by who has read what another wrote since."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    over = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def opened_revision(self) -> int:
        """The revision that may be replaced."""
        given = self.cleaned_data
        return int(given.get("over") or given.get("revision") or 0)


class StepFields(forms.Form):
    """What a step is."""

    kind = forms.ChoiceField(
        label=_("Kind of step"),
        choices=StepKind.choices,
        help_text=_(
            "Activity: what you do. Mechanism: what changes in people or at the place. Outcome: "
            "what you hope for. Indicator: how you would notice. Possible harm: who may lose."
        ),
    )
    text = forms.CharField(
        label=_("Step"),
        help_text=_("A few words, such as “Youth workers are at the station in the evening”."),
        max_length=STEP_LENGTH,
        widget=_area(2),
    )
    witness = forms.ChoiceField(
        label=_("Where do its values come from?"),
        help_text=_("For indicators only."),
        required=False,
        choices=[("", _("Not said")), *Witness.choices],
    )


class StepForm(StepFields, WithRevision):
    """A step that is there."""


class AddStepForm(StepFields):
    """A new step, and the link that leads to it."""

    after = forms.ChoiceField(
        label=_("Which step leads to it?"),
        help_text=_("The link from that step is made with it."),
        required=False,
    )
    mechanism = forms.CharField(
        label=_("How does the one lead to the other?"),
        help_text=_("The mechanism: what has to happen in people or at the place."),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    assumption = forms.CharField(
        label=_("What must be true for this?"),
        help_text=_("The assumption, in one sentence."),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )

    def __init__(self, *given: Any, steps: Iterable[Step], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["after"].choices = [  # type: ignore[attr-defined]
            ("", _("None, it stands alone for now")),
            *_choices(steps),
        ]


class ChainForm(forms.Form):
    """A whole chain: three steps and what makes one follow from the other.

    Only the three steps are required; what else stays open, the checks of the theory name.
    """

    sometimes_required = ("*_assumption", "indicator", "harm")

    activity = forms.CharField(label=_("What do you do?"), max_length=STEP_LENGTH, widget=_area(2))
    change = forms.CharField(
        label=_("What does that change?"),
        help_text=_("In people, in opportunity or at the place. This is the mechanism."),
        max_length=STEP_LENGTH,
        widget=_area(2),
    )
    first_assumption = forms.CharField(
        label=_("It changes this only if …"),
        help_text=_("The assumption, such as “the same workers come each evening”."),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    outcome = forms.CharField(
        label=_("What do you hope for?"),
        help_text=_("The outcome, such as “Fewer threats at the station”."),
        max_length=STEP_LENGTH,
        widget=_area(2),
    )
    second_assumption = forms.CharField(
        label=_("The change leads to this only if …"),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    indicator = forms.CharField(
        label=_("How would you notice?"),
        help_text=_("Something that can be counted, asked or observed."),
        required=False,
        max_length=STEP_LENGTH,
        widget=_area(2),
    )
    witness = forms.ChoiceField(
        label=_("Where do these values come from?"),
        required=False,
        choices=[("", _("Not said")), *Witness.choices],
    )
    harm = forms.CharField(
        label=_("Possible harm"),
        help_text=_("Who may lose by it, and what would you see first?"),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    is_own_judgement = forms.BooleanField(
        label=_("This rests on our own judgement"),
        help_text=_("Leave it empty when you will link evidence to it."),
        required=False,
    )


class LinkFields(forms.Form):
    """Between which steps, how, on which condition, how sure, and what may go wrong."""

    source = forms.ChoiceField(label=_("From step"))
    target = forms.ChoiceField(label=_("To step"))
    mechanism = forms.CharField(
        label=_("Mechanism"),
        help_text=_("How does the one lead to the other? What happens in people or at the place?"),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(3),
    )
    assumption = forms.CharField(
        label=_("Assumption"),
        help_text=_("What must be true here for this to follow?"),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    confidence = forms.ChoiceField(label=_("Confidence"), initial="unknown")
    harm = forms.CharField(
        label=_("Possible harm"),
        help_text=_("Who may lose by it, and what would you see first?"),
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(2),
    )
    is_own_judgement = forms.BooleanField(
        label=_("This rests on our own judgement"),
        help_text=_("Tick it when there is no evidence and you say so."),
        required=False,
    )

    def __init__(self, *given: Any, steps: Iterable[Step], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = _choices(steps)
        for name in ("source", "target"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        words = [(one["id"], one["title"]) for one in content()["confidence"]]
        self.fields["confidence"].choices = words  # type: ignore[attr-defined]


class LinkForm(LinkFields, WithRevision):
    """A link that is there."""


class AddLinkForm(LinkFields):
    """A new link."""


class KeepForm(forms.Form):
    """What the version is."""

    note = forms.CharField(
        label=_("What is this version?"),
        help_text=_("A few words, such as “After the meeting with the schools”."),
        required=False,
        max_length=200,
    )


class CommentForm(forms.Form):
    """What a partner says."""

    text = forms.CharField(label=_("Comment"), max_length=1000, widget=_area(3))


class AnswerForm(forms.Form):
    """What the partner is answered."""

    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("It stays beside the comment, and closes it."),
        max_length=1000,
        widget=_area(3),
    )


class ImportForm(forms.Form):
    """A file with a theory."""

    file = forms.FileField(
        label=_("File"), help_text=_("A file that “Export as JSON” has made, at most 1 MB.")
    )


def _choices(steps: Iterable[Step]) -> list[tuple[str, str]]:
    return [(str(one.number), named(one.number, one.text)) for one in steps]
