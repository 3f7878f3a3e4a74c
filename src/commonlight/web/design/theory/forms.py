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


def _step(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """The words of a step."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=STEP_LENGTH,
        widget=_area(2),
    )


def _of_link(label: Any, help_text: Any = "", *, rows: int = 2) -> forms.CharField:
    """Something that is said of a link, and may stay open."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LINK_LENGTH,
        widget=_area(rows),
    )


def _harm() -> forms.CharField:
    return _of_link(_("Possible harm"), _("Who may lose by it, and what would you see first?"))


def _witness(label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        choices=[("", _("Not said")), *Witness.choices],
    )


def _own_judgement(help_text: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=_("This rests on our own judgement"), help_text=help_text, required=False
    )


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
    text = _step(
        _("Step"), _("A few words, such as “Youth workers are at the station in the evening”.")
    )
    witness = _witness(_("Where do its values come from?"), _("For indicators only."))


class StepForm(StepFields, WithRevision):
    """A step that is there."""


class AddStepForm(StepFields):
    """A new step, and the link that leads to it."""

    after = forms.ChoiceField(
        label=_("Which step leads to it?"),
        help_text=_("The link from that step is made with it."),
        required=False,
    )
    mechanism = _of_link(
        _("How does the one lead to the other?"),
        _("The mechanism: what has to happen in people or at the place."),
    )
    assumption = _of_link(_("What must be true for this?"), _("The assumption, in one sentence."))

    def __init__(self, *given: Any, steps: Iterable[Step], **more: Any) -> None:
        super().__init__(*given, **more)
        after: Any = self.fields["after"]
        after.choices = [("", _("None, it stands alone for now")), *_choices(steps)]


class ChainForm(forms.Form):
    """A whole chain: three steps and what makes one follow from the other.

    Only the three steps are required; what else stays open, the checks of the theory name.
    """

    sometimes_required = ("*_assumption", "indicator", "harm")

    activity = _step(_("What do you do?"))
    change = _step(
        _("What does that change?"),
        _("In people, in opportunity or at the place. This is the mechanism."),
    )
    first_assumption = _of_link(
        _("It changes this only if …"),
        _("The assumption, such as “the same workers come each evening”."),
    )
    outcome = _step(
        _("What do you hope for?"),
        _("The outcome, such as “Fewer threats at the station”."),
    )
    second_assumption = _of_link(_("The change leads to this only if …"))
    indicator = _step(
        _("How would you notice?"),
        _("Something that can be counted, asked or observed."),
        required=False,
    )
    witness = _witness(_("Where do these values come from?"))
    harm = _harm()
    is_own_judgement = _own_judgement(_("Leave it empty when you will link evidence to it."))


class LinkFields(forms.Form):
    """Between which steps, how, on which condition, how sure, and what may go wrong."""

    source = forms.ChoiceField(label=_("From step"))
    target = forms.ChoiceField(label=_("To step"))
    mechanism = _of_link(
        _("Mechanism"),
        _("How does the one lead to the other? What happens in people or at the place?"),
        rows=3,
    )
    assumption = _of_link(_("Assumption"), _("What must be true here for this to follow?"))
    confidence = forms.ChoiceField(label=_("Confidence"), initial="unknown")
    harm = _harm()
    is_own_judgement = _own_judgement(_("Tick it when there is no evidence and you say so."))

    def __init__(self, *given: Any, steps: Iterable[Step], **more: Any) -> None:
        super().__init__(*given, **more)
        fields: Any = self.fields
        fields["source"].choices = fields["target"].choices = _choices(steps)
        fields["confidence"].choices = [
            (one["id"], one["title"]) for one in content()["confidence"]
        ]


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
